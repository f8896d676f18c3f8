// A model of pictures and texts with a known meaning: colours and stripes in a space of seven numbers, with a tokenizer.json
// like CLIP's. For tests of everything that involves text.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { loadSharp } from './images/sharp-build.ts';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;
const SIZE = 32;
/**
 * Red, green, blue, horizontal stripes, vertical stripes; and one number that all pictures share, and one that all texts
 * share.
 */
const DIM = 7;
const [LYING, STANDING, PICTURE, WORDS] = [3, 4, 5, 6];
export const CONTEXT = 16;

const COLORS = {
  green: [30, 160, 60],
  blue: [40, 60, 190],
  red: [200, 40, 40],
  grey: [128, 128, 128],
} as const;
type Color = keyof typeof COLORS;
type Pattern = 'plain' | 'striped' | 'ribbed';

/** A PNG of one colour, or with stripes in a darker tone, horizontal or vertical ("ribbed"). */
export async function drawCloth(color: Color, pattern: Pattern, seed = 0): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const side = 64;
  const pixels = Buffer.alloc(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const along = { plain: 0, striped: Math.floor(i / side), ribbed: i % side }[pattern];
    const tone = (Math.floor(along / 8) % 2 === 1 ? 0.4 : 1) * (1 - 0.02 * seed);
    for (const [channel, level] of COLORS[color].entries()) pixels[i * 3 + channel] = level * tone;
  }
  const drawn = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  return Uint8Array.from(await drawn.png().toBuffer());
}

const attributes = AttributeProto.AttributeType;
type Attribute = onnxProto.onnx.IAttributeProto;
const ints = (name: string, values: number[]): Attribute => ({ name, type: attributes.INTS, ints: values });
const int = (name: string, value: number): Attribute => ({ name, type: attributes.INT, i: value });
const node = (opType: string, input: string[], output: string, attribute: Attribute[] = []) => ({
  opType,
  input,
  output: [output],
  attribute,
});

const floats = (name: string, dims: number[], floatData: number[]) => ({
  name,
  dims,
  dataType: TensorProto.DataType.FLOAT,
  floatData,
});
const axes = (name: string, axis: number) => ({
  name,
  dims: [1],
  dataType: TensorProto.DataType.INT64,
  int64Data: [axis],
});

const end = (name: string, elemType: number, sizes: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: {
        dim: sizes.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })),
      },
    },
  },
});

const encode = (graph: onnxProto.onnx.IGraphProto): Uint8Array =>
  ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: { name: 'test', ...graph },
  }).finish();

/** The matrix of a projection: each row of the input, by the column of the embedding that it goes to. */
function projection(columns: readonly (readonly number[])[]): number[] {
  const inputs = columns[0]?.length ?? 0;
  return Array.from({ length: inputs }, (_, row) => columns.map((column) => column[row] ?? 0)).flat();
}

/** The mean colour without its grey, and the differences of each picture vertically and horizontally. */
function imageGraph(): Uint8Array {
  const off = [0, 0, 0];
  const hues = [[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1], off, off, off, off];
  const lines = [
    [0, 0],
    [0, 0],
    [0, 0],
    [6, 0],
    [0, 6],
    [0, 0],
    [0, 0],
  ];
  const downwards = [0, -1 / 3, 0, 0, 0, 0, 0, 1 / 3, 0];
  const sideways = [0, 0, 0, -1 / 3, 0, 1 / 3, 0, 0, 0];
  const each = (kernel: number[]) => [kernel, kernel, kernel].flat();
  const overPicture = [ints('axes', [2, 3]), int('keepdims', 0)];
  return encode({
    node: [
      node('ReduceMean', ['pixels'], 'color', overPicture),
      node('MatMul', ['color', 'hues'], 'hue'),
      node('Conv', ['pixels', 'edges'], 'changes'),
      node('Abs', ['changes'], 'change'),
      node('ReduceMean', ['change'], 'energy', overPicture),
      node('MatMul', ['energy', 'lines'], 'pattern'),
      node('Add', ['hue', 'pattern'], 'meaning'),
      node('Add', ['meaning', 'cone'], 'image_embeds'),
    ],
    input: [end('pixels', TensorProto.DataType.FLOAT, ['batch', 3, SIZE, SIZE])],
    output: [end('image_embeds', TensorProto.DataType.FLOAT, ['batch', DIM])],
    initializer: [
      floats('hues', [3, DIM], projection(hues)),
      floats('lines', [2, DIM], projection(lines)),
      floats('edges', [2, 3, 3, 3], [...each(downwards), ...each(sideways)]),
      floats('cone', [DIM], direction({ [PICTURE]: 1 })),
    ],
  });
}

const direction = (numbers: Record<number, number>) => Array.from({ length: DIM }, (_, i) => numbers[i] ?? 0);
const stripes = direction({ [LYING]: 1 });

/** In an order in which no word's beginning takes letters from the middle of a later one. */
const MEANINGS: Record<string, number[]> = {
  green: direction({ 0: -0.5, 1: 1, 2: -0.5 }),
  dress: direction({}),
  blue: direction({ 0: -0.5, 1: -0.5, 2: 1 }),
  striped: stripes,
  stripes: stripes,
  ribbed: direction({ [STANDING]: 1 }),
  photo: direction({}),
  red: direction({ 0: 1, 1: -0.5, 2: -0.5 }),
};
const [START, END] = ['<|startoftext|>', '<|endoftext|>'];

/** The mean of the tokens' meanings, under the mask if there is one. */
function textGraph(
  vocabulary: readonly string[],
  { mask, length }: { mask: boolean; length: number | string },
) {
  const meaningOf = (token: string) =>
    token === END ? direction({ [WORDS]: 3 }) : (MEANINGS[token.replace('</w>', '')] ?? direction({}));
  const whole = (token: string) =>
    token.endsWith('</w>') || token === END ? meaningOf(token) : direction({});
  const masked = [
    node('Cast', ['attention_mask'], 'kept', [int('to', TensorProto.DataType.FLOAT)]),
    node('Unsqueeze', ['kept', 'last'], 'weights'),
    node('Mul', ['meanings', 'weights'], 'weighted'),
    node('ReduceSum', ['weighted', 'along'], 'sum', [int('keepdims', 0)]),
    node('ReduceSum', ['kept', 'along'], 'count'),
    node('Div', ['sum', 'count'], 'text_embeds'),
  ];
  const all = [node('ReduceMean', ['meanings'], 'text_embeds', [ints('axes', [1]), int('keepdims', 0)])];
  const tokens = (name: string) => end(name, TensorProto.DataType.INT64, ['batch', length]);
  return encode({
    node: [node('Gather', ['table', 'input_ids'], 'meanings'), ...(mask ? masked : all)],
    input: [tokens('input_ids'), ...(mask ? [tokens('attention_mask')] : [])],
    output: [end('text_embeds', TensorProto.DataType.FLOAT, ['batch', DIM])],
    initializer: [
      floats('table', [vocabulary.length, DIM], vocabulary.flatMap(whole)),
      ...(mask ? [axes('last', 2), axes('along', 1)] : []),
    ],
  });
}

/** Byte pair encoding like CLIP's, with a token for each known word and for each character. */
function tokenizer() {
  const merges = new Map<string, [string, string]>();
  for (const word of Object.keys(MEANINGS)) {
    for (let i = 1; i < word.length; i++) {
      const pair: [string, string] = [
        word.slice(0, i),
        (word[i] ?? '') + (i === word.length - 1 ? '</w>' : ''),
      ];
      merges.set(pair.join(' '), pair);
    }
  }
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const vocabulary = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...[...merges.values()].map((pair) => pair.join('')),
    START,
    END,
  ];
  const id = (token: string) => vocabulary.indexOf(token);
  const special = (token: string) => ({
    id: id(token),
    content: token,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const file = {
    version: '1.0',
    added_tokens: [special(START), special(END)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: '[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+' },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [END, id(END)],
      cls: [START, id(START)],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    model: {
      type: 'BPE',
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab: Object.fromEntries(vocabulary.map((token, i) => [token, i])),
      merges: [...merges.values()].map((pair) => pair.join(' ')),
    },
  };
  return { vocabulary, file };
}

/**
 * Writes the model `duo` and its manifest into a folder of models.
 * @param text changes to the manifest's `text`; null for a model of pictures only
 */
export async function installDualEncoder(root: string, text: Record<string, unknown> | null = {}) {
  const { vocabulary, file } = tokenizer();
  const pad = text?.pad !== undefined;
  const contents = {
    'vision.onnx': imageGraph(),
    'text.onnx': textGraph(vocabulary, { mask: !pad, length: pad ? CONTEXT : 'tokens' }),
    'tokenizer.json': Buffer.from(JSON.stringify(file)),
  };
  const folder = join(root, 'duo');
  await mkdir(folder, { recursive: true });
  const files = [];
  for (const [path, bytes] of Object.entries(contents)) {
    if (text === null && path !== 'vision.onnx') continue;
    await writeFile(join(folder, path), bytes);
    files.push({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  const entry = { ...ENTRY, files, ...(text === null ? {} : { text: { ...TEXT, ...text } }) };
  await writeFile(join(root, 'manifest.json'), JSON.stringify({ formatVersion: 1, models: [entry] }));
  return folder;
}

const ENTRY = {
  id: 'duo',
  name: 'Tiny dual encoder',
  summary: 'For tests: knows three colours and stripes.',
  licence: 'MIT',
  tier: 'full',
  dim: DIM,
  image: {
    file: 'vision.onnx',
    input: 'pixels',
    output: 'image_embeds',
    size: SIZE,
    resize: 'squash',
    kernel: 'linear',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
};

const TEXT = {
  file: 'text.onnx',
  tokenizer: 'tokenizer.json',
  input: { ids: 'input_ids', mask: 'attention_mask' },
  output: 'text_embeds',
  context: CONTEXT,
  template: 'photo {}',
};
