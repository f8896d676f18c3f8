import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { appendFile, copyFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { MODELS, range, temporaryFolder } from '../test-catalog.ts';
import { PriorityGate } from '../work/priority-gate.ts';
import { BatchQueue, programPace } from './batches.ts';
import { Embedder } from './embedder.ts';
import { installedModels } from './files.ts';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;
const SIZE = 32;

const attributes = AttributeProto.AttributeType;
const node = (
  opType: string,
  input: string[],
  output: string,
  attribute: onnxProto.onnx.IAttributeProto[] = [],
) => ({ opType, input, output: [output], attribute });

/** The mean colour: three numbers a picture. The proof run at loading gets mid-grey. */
const meansTo = (output: string) =>
  node('ReduceMean', ['pixels'], output, [
    { name: 'axes', type: attributes.INTS, ints: [2, 3] },
    { name: 'keepdims', type: attributes.INT, i: 0 },
  ]);
const less = (input: string, by: string) => node('Sub', [input, by], 'less');
const MEANS = [meansTo('embedding')];
const NAN_WHEN_DARK = [meansTo('means'), less('means', 'quarter'), node('Sqrt', ['less'], 'embedding')];
const ZERO_WHEN_DARK = [meansTo('means'), less('means', 'quarter'), node('Relu', ['less'], 'embedding')];
const NAN = [meansTo('means'), less('means', 'four'), node('Sqrt', ['less'], 'embedding')];
const ZERO = [meansTo('means'), less('means', 'means'), node('Relu', ['less'], 'embedding')];
/** Looks the colour up in a table that ends before white: for white, ONNX Runtime itself fails, with the whole batch. */
const lookUp = (table: string) => [
  meansTo('means'),
  node('Mul', ['means', 'four'], 'fourfold'),
  node('Cast', ['fourfold'], 'places', [{ name: 'to', type: attributes.INT, i: TensorProto.DataType.INT64 }]),
  node('Gather', [table, 'places'], 'embedding'),
];
/** A vector length that is known only at run time: two. */
const TWO = [
  meansTo('means'),
  node('Cast', ['pair'], 'chosen', [{ name: 'to', type: attributes.INT, i: TensorProto.DataType.BOOL }]),
  node('Compress', ['means', 'chosen'], 'embedding', [{ name: 'axis', type: attributes.INT, i: 1 }]),
];
const CONSTANTS = { quarter: [0.25], four: [4], pair: [1, 1], short: [1], long: [1, 2, 3, 4] };

/** An ONNX model for pictures of `SIZE`. A `dim` that is a name leaves the length of the vector open. */
function graph({
  input = 'pixels',
  output = 'embedding',
  size = SIZE,
  dim = 3,
  nodes = MEANS,
}: {
  input?: string;
  output?: string;
  size?: number;
  dim?: number | string;
  nodes?: onnxProto.onnx.INodeProto[];
} = {}): Uint8Array {
  const renamed = (name: string) => ({ pixels: input, embedding: output })[name] ?? name;
  const end = (name: string, sizes: (number | string)[]) => {
    const dims = sizes.map((length) =>
      typeof length === 'string' ? { dimParam: length } : { dimValue: length },
    );
    return { name, type: { tensorType: { elemType: TensorProto.DataType.FLOAT, shape: { dim: dims } } } };
  };
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      name: 'test',
      node: nodes.map((made) => ({
        ...made,
        input: made.input?.map(renamed) ?? [],
        output: made.output?.map(renamed) ?? [],
      })),
      input: [end(input, ['batch', 3, size, size])],
      output: [end(output, ['batch', dim])],
      initializer: Object.entries(CONSTANTS)
        .filter(([name]) => nodes.some((made) => made.input?.includes(name)))
        .map(([name, floatData]) => ({
          name,
          dims: [floatData.length],
          dataType: TensorProto.DataType.FLOAT,
          floatData,
        })),
    },
  }).finish();
}

/** Installs one model and locates it. */
async function install(bytes: Uint8Array, { dim = 3 } = {}) {
  const root = await temporaryFolder();
  const file = join(root, 'tiny', 'model.onnx');
  await mkdir(join(root, 'tiny'));
  await writeFile(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ path: 'model.onnx', bytes: bytes.length, sha256 }];
  await writeManifest(root, { ...ENTRY, dim, files });
  const [model] = await installedModels([root]);
  if (!model) throw new Error('the model was not found');
  return { root, file, model };
}

const ENTRY = {
  id: 'tiny',
  name: 'Tiny',
  summary: 'For tests.',
  licence: 'MIT',
  tier: 'full',
  dim: 3,
  image: {
    file: 'model.onnx',
    input: 'pixels',
    output: 'embedding',
    size: SIZE,
    resize: 'squash',
    kernel: 'cubic',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  files: [{ path: 'model.onnx' }],
};

const writeManifest = (root: string, entry: unknown) =>
  writeFile(join(root, 'manifest.json'), JSON.stringify({ formatVersion: 1, models: [entry] }));

/** A picture of one colour. */
const filled = (red: number, green: number, blue: number) =>
  Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => [red, green, blue][i % 3] ?? 0);

test('the starter model loads, and gives unit vectors that differ by picture', async () => {
  const starter = (await installedModels([MODELS])).find(({ entry }) => entry.id === 'starter-2');
  if (!starter) throw new Error('run "npm run prepare" first');
  const embedder = await Embedder.load(starter, new PriorityGate());
  const { size } = embedder.pixelSpec;
  const pictures = [40, 200].map((level) =>
    Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * level) % 251),
  );
  const [a, b] = await Promise.all(pictures.map((pixels) => embedder.embed(pixels)));
  if (!a || !b) throw new Error('no embedding');
  const dot = (one: Float32Array, other: Float32Array) =>
    one.reduce((sum, v, i) => sum + v * (other[i] ?? 0), 0);
  expect([a.length, b.length]).toEqual([576, 576]);
  expect(dot(a, a)).toBeCloseTo(1, 5);
  expect(dot(a, b)).toBeLessThan(0.99);
  await embedder.close();
});

test('a picture is normalised and laid out as the manifest says', async () => {
  const { root, model } = await install(graph());
  await writeManifest(root, {
    ...model.entry,
    image: { ...model.entry.image, mean: [0.5, 0, 0], std: [0.25, 1, 0.5] },
  });
  const [changed] = await installedModels([root]);
  if (!changed) throw new Error('the model was not found');
  const embedder = await Embedder.load(changed, new PriorityGate());
  const means = [(1 - 0.5) / 0.25, 0.2, 0.4 / 0.5];
  const length = Math.hypot(...means);
  const embedding = await embedder.embed(filled(255, 51, 102));
  embedding.forEach((value, i) => {
    expect(value).toBeCloseTo((means[i] ?? 0) / length, 5);
  });
});

test('a missing file: not among the installed models, and named when it goes afterwards', async () => {
  const { root, file, model } = await install(graph());
  await rm(file);
  expect(await installedModels([root])).toEqual([]);
  await expect(Embedder.load(model, new PriorityGate())).rejects.toMatchObject({
    code: 'MODEL_MISSING',
    item: file,
  });
});

test('a truncated file', async () => {
  const { file, model } = await install(graph());
  await truncate(file, 100);
  await expect(Embedder.load(model, new PriorityGate())).rejects.toMatchObject({
    code: 'MODEL_ALTERED',
    item: file,
  });
});

test('an altered file of the right size, and one that is longer', async () => {
  const { file, model } = await install(graph());
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  await writeFile(file, bytes);
  await expect(Embedder.load(model, new PriorityGate())).rejects.toMatchObject({
    code: 'MODEL_ALTERED',
    item: file,
  });
  await appendFile(file, 'x');
  await expect(Embedder.load(model, new PriorityGate())).rejects.toMatchObject({
    code: 'MODEL_ALTERED',
    item: file,
  });
});

test.each([
  ['another input', graph({ input: 'image' }), 'its inputs for pictures are image, not pixels'],
  ['another output', graph({ output: 'logits' }), 'it has no output embedding, only logits'],
  ['another picture size', graph({ size: 64 }), 'is not a float32 picture of 32 x 32'],
  ['another length', graph(), 'does not give 4 numbers for pictures'],
  [
    'an open length that turns out otherwise',
    graph({ dim: 'any', nodes: TWO }),
    'gave 1 x 2 where 1 x 4 was expected',
  ],
  ['a file that is not ONNX', Buffer.from('<html>Not found</html>'), 'ONNX Runtime could not load it'],
])('a graph that is not what the manifest says: %s', async (_, bytes, said) => {
  const { model } = await install(bytes, { dim: 4 });
  const error = await Embedder.load(model, new PriorityGate()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'MODEL_MISMATCH', fault: saying(said) });
});

test.each([
  ['NaN', NAN],
  ['zero', ZERO],
  ['an error', lookUp('short')],
])('a model that gives %s for everything does not load', async (_, nodes) => {
  const { model } = await install(graph({ nodes }));
  await expect(Embedder.load(model, new PriorityGate())).rejects.toMatchObject({
    code: 'MODEL_OUTPUT_INVALID',
  });
});

const DARK = filled(0, 0, 0);
const GREY = filled(127, 127, 127);
const WHITE = filled(255, 255, 255);

test.each([
  ['NaN', NAN_WHEN_DARK, DARK, WHITE],
  ['zero', ZERO_WHEN_DARK, DARK, WHITE],
  ['an error', lookUp('long'), WHITE, DARK],
])('in bulk, a picture that gives %s does not take its neighbours with it', async (_, nodes, bad, good) => {
  const { model } = await install(graph({ nodes }));
  const embedder = await Embedder.load(model, new PriorityGate());
  const pictures = [good, bad, GREY, good, GREY, bad];
  const outcomes = await Promise.allSettled(
    pictures.map((pixels) => embedder.embedInBulk(async () => ({ pixels }))),
  );
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'ok'));
  expect(codes).toEqual(['ok', 'MODEL_OUTPUT_INVALID', 'ok', 'ok', 'ok', 'MODEL_OUTPUT_INVALID']);
  await expect(embedder.embed(bad)).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID' });
});

test('runs of several pictures and of one agree, in bulk and for programs', async () => {
  const { model } = await install(graph());
  const embedder = await Embedder.load(model, new PriorityGate());
  const pictures = range(9).map((i) => filled(20 * i + 1, 255 - 20 * i, 90));
  const bulk = pictures.map((pixels) => embedder.embedInBulk(async () => ({ pixels })));
  const ofPrograms = pictures.map((pixels) => embedder.embedForProgram(async () => ({ pixels })));
  const single = await Promise.all(pictures.map((pixels) => embedder.embed(pixels)));
  const together = await Promise.all([...bulk, ...ofPrograms]);
  together.forEach(({ vector }, i) => {
    vector.forEach((value, n) => {
      expect(value).toBeCloseTo(single[i % pictures.length]?.[n] ?? Number.NaN, 6);
    });
  });
});

test('photos of programs are embedded four at a time, two while a person searches, and not before a person’s query has ended', async () => {
  const gate = new PriorityGate();
  const runs: number[] = [];
  const queue = new BatchQueue(programPace(gate), async (pictures) => {
    runs.push(pictures.length);
    return pictures.map(() => new Float32Array(1));
  });
  const ask = (count: number) =>
    Promise.all(range(count).map(() => queue.add(async () => ({ pixels: GREY }))));
  await ask(9);
  expect(runs.splice(0)).toEqual([4, 4, 1]);
  const ends = new EventEmitter();
  const person = gate.interactive(() => once(ends, 'end'));
  const programs = ask(5);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([]);
  ends.emit('end');
  await Promise.all([person, programs]);
  expect(runs).toEqual([2, 2, 1]);
});

test('while a query runs no bulk work begins, however much was queued before it', async () => {
  const gate = new PriorityGate();
  const { model } = await install(graph());
  const embedder = await Embedder.load(model, gate);
  const finished: string[] = [];
  const bulk = range(40).map(() =>
    embedder.embedInBulk(async () => ({ pixels: GREY })).then(() => finished.push('bulk')),
  );
  await bulk[0];
  finished.length = 0;
  const query = gate.interactive(async () => {
    for (const _ of range(5)) {
      await embedder.embed(WHITE);
      await new Promise((resolve) => setImmediate(resolve));
    }
    finished.push('query');
  });
  await Promise.all([query, ...bulk]);
  // At most the one batch that was running when the query came.
  expect(finished.indexOf('query')).toBeLessThanOrEqual(4);
  expect(finished.filter((what) => what === 'bulk').length).toBeGreaterThan(30);
});

test('bulk work begins when the last query of several has ended, and after one that failed', async () => {
  const gate = new PriorityGate();
  const events: string[] = [];
  const ends = new EventEmitter();
  const running = ['first', 'second'].map((name) => gate.interactive(() => once(ends, name)));
  const bulk = gate.bulk().then(() => events.push('bulk'));
  ends.emit('first');
  await running[0];
  await new Promise((resolve) => setImmediate(resolve));
  events.push('first query ended');
  ends.emit('error', new Error('failed'));
  await expect(running[1]).rejects.toThrow('failed');
  await bulk;
  expect(events).toEqual(['first query ended', 'bulk']);
});

test.each([
  ['not JSON', '{ "formatVersion": 1, "models": ['],
  ['another version', JSON.stringify({ formatVersion: 2, models: [ENTRY] })],
  ['no dim', manifestOf({ dim: undefined })],
  ['a dim of 0', manifestOf({ dim: 0 })],
  ['an id that is a path', manifestOf({ id: '../tiny' })],
  ['an image file that is not listed', manifestOf({ image: { ...ENTRY.image, file: 'other.onnx' } })],
  ['no file', manifestOf({ files: [] })],
  // What Windows cannot have, on every system.
  ...['con', 'nul', 'com1', 'lpt9'].map((id): [string, string] => [`the id ${id}`, manifestOf({ id })]),
  [
    'two files that differ by case alone',
    manifestOf({ files: [...ENTRY.files, { path: ENTRY.image.file.toUpperCase() }] }),
  ],
  ...[
    '../model.onnx',
    '/etc/passwd',
    'a/b.onnx',
    'a\\b.onnx',
    'C:model.onnx',
    '..',
    '.hidden',
    'a\0b',
    'a\n',
    'model.',
    'CON.onnx',
    'aux',
    '',
  ].map((path): [string, string] => [
    `the file path ${JSON.stringify(path)}`,
    manifestOf({ image: { ...ENTRY.image, file: path }, files: [{ path }] }),
  ]),
])('a manifest with %s is refused', async (_, text) => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'manifest.json'), text);
  const item = join(root, 'manifest.json');
  await expect(installedModels([root])).rejects.toMatchObject({ code: 'MANIFEST_INVALID', item });
});

function manifestOf(changes: Record<string, unknown>): string {
  return JSON.stringify({ formatVersion: 1, models: [{ ...ENTRY, ...changes }] });
}

test('a model that the app lists can be installed in another root, and a root may be empty', async () => {
  const { root, file } = await install(graph());
  const [data, nowhere] = [await temporaryFolder(), join(root, 'nowhere')];
  await mkdir(join(data, 'tiny'));
  await copyFile(file, join(data, 'tiny', 'model.onnx'));
  const found = await installedModels([nowhere, data, root]);
  expect(found.map(({ entry, folder }) => [entry.id, folder])).toEqual([['tiny', join(data, 'tiny')]]);
});
