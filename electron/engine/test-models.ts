// Further models for tests of switching: the starter's weights with another preprocessing, and a tiny model that fails on a
// black picture.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { installedModels } from './model/files.ts';
import type { EmbedderEntry } from './model/manifest.ts';
import { MODELS } from './test-catalog.ts';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;

/**
 * Installs both in `<dataDir>/models`, under the ids `other` and `mean`.
 * @param mean how the second model reduces each channel of a picture
 */
export async function installTestModels(dataDir: string, mean: 'mean' | 'maximum' = 'mean'): Promise<void> {
  const root = join(dataDir, 'models');
  const [starter] = (await installedModels([MODELS])).filter(({ entry }) => entry.id === 'starter-2');
  if (!starter) throw new Error('the starter model is not there');
  const [file] = starter.entry.files;
  if (!file) throw new Error('the starter model has no file');
  const image = { ...starter.entry.image, mean: [0.6, 0.6, 0.6] };
  const other = { ...starter.entry, id: 'other', supersedes: undefined, name: 'Other model', image };
  await mkdir(join(root, 'other'), { recursive: true });
  await copyFile(join(starter.folder, file.path), join(root, 'other', file.path));

  const bytes = oneColor(mean === 'mean' ? 'ReduceMean' : 'ReduceMax');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const small = {
    ...other,
    id: 'mean',
    name: 'Mean colour',
    dim: 3,
    image: { ...image, file: 'mean.onnx', size: 32, mean: [0, 0, 0], std: [1, 1, 1] },
    files: [{ path: 'mean.onnx', bytes: bytes.length, sha256 }],
  };
  await mkdir(join(root, 'mean'), { recursive: true });
  await writeFile(join(root, 'mean', 'mean.onnx'), bytes);
  await writeFile(join(root, 'manifest.json'), JSON.stringify({ formatVersion: 1, models: [other, small] }));
}

/** A graph of one node: a number for each channel. */
function oneColor(opType: string): Uint8Array {
  const end = (name: string, sizes: (number | string)[]) => {
    const dim = sizes.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
    return { name, type: { tensorType: { elemType: TensorProto.DataType.FLOAT, shape: { dim } } } };
  };
  const attribute = [
    { name: 'axes', type: AttributeProto.AttributeType.INTS, ints: [2, 3] },
    { name: 'keepdims', type: AttributeProto.AttributeType.INT, i: 0 },
  ];
  const node = [{ opType, input: ['pixel_values'], output: ['image_embeds'], attribute }];
  const graph = {
    name: 'mean',
    node,
    input: [end('pixel_values', ['batch', 3, 32, 32])],
    output: [end('image_embeds', ['batch', 3])],
  };
  return ModelProto.encode({ irVersion: 8, opsetImport: [{ version: 17 }], graph }).finish();
}

/** A graph with an endless loop: it repeats `pixel_values`, and `image_embeds` never comes. */
export function endlessModel(like: EmbedderEntry): { bytes: Uint8Array; entry: EmbedderEntry } {
  const { FLOAT, BOOL, INT64 } = TensorProto.DataType;
  const value = (name: string, elemType: number, sizes: (number | string)[]) => {
    const dim = sizes.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
    return { name, type: { tensorType: { elemType, shape: { dim } } } };
  };
  const ints = (name: string, numbers: number[]) => ({
    name,
    type: AttributeProto.AttributeType.INTS,
    ints: numbers,
  });
  const body = {
    name: 'round',
    node: [
      { opType: 'Identity', input: ['going'], output: ['going_on'] },
      { opType: 'Identity', input: ['carried'], output: ['carried_on'] },
    ],
    input: [value('turn', INT64, []), value('going', BOOL, []), value('carried', FLOAT, ['batch', 3])],
    output: [value('going_on', BOOL, []), value('carried_on', FLOAT, ['batch', 3])],
  };
  const keepdims = { name: 'keepdims', type: AttributeProto.AttributeType.INT, i: 0 };
  const graph = {
    name: 'endless',
    node: [
      {
        opType: 'ReduceMean',
        input: ['pixel_values'],
        output: ['first'],
        attribute: [ints('axes', [2, 3]), keepdims],
      },
      {
        opType: 'Loop',
        input: ['', 'yes', 'first'],
        output: ['image_embeds'],
        attribute: [{ name: 'body', type: AttributeProto.AttributeType.GRAPH, g: body }],
      },
    ],
    initializer: [{ name: 'yes', dataType: BOOL, dims: [], int32Data: [1] }],
    input: [value('pixel_values', FLOAT, ['batch', 3, 32, 32])],
    output: [value('image_embeds', FLOAT, ['batch', 3])],
  };
  const bytes = ModelProto.encode({ irVersion: 8, opsetImport: [{ version: 17 }], graph }).finish();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const image = { ...like.image, file: 'endless.onnx', size: 32 };
  const files = [{ path: 'endless.onnx', bytes: bytes.length, sha256 }];
  return { bytes, entry: { ...like, id: 'endless', name: 'Endless', dim: 3, image, files } };
}
