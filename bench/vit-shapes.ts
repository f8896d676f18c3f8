import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;
type Model = onnxProto.onnx.ModelProto;
type Node = onnxProto.onnx.INodeProto;
type Tensor = onnxProto.onnx.ITensorProto;

/** The width of a ViT-B, and the classes' token that is added to its patches. */
const WIDTH = 768;
const CLASS_TOKENS = 1;
/** As the 4-bit files on the hub are made: a scale for 32 weights. */
const BLOCK = 32;

/** Bits of the weights of matrix products; 32 leaves them as they are. */
export type Bits = 4 | 8 | 32;

/** The shape of an image encoder: a ViT-B that looks at squares of `patch` pixels of a picture of `size`. */
export interface VitShape {
  patch: 16 | 32;
  size: number;
  bits: Bits;
}

/**
 * Derives an image encoder of another shape from the graph of ViT-B/32 with random weights, and writes it to `<to>/<file>`
 * with the weights in the file. The values are the same random numbers, so it can be timed and means nothing.
 * @param from folder of the graph (`vision_model.onnx`) and its weights, as `make-weights.mjs` writes them
 */
export async function deriveVit(from: string, shape: VitShape, to: string): Promise<void> {
  const model = ModelProto.decode(await readFile(join(from, 'vision_model.onnx')));
  await inlineWeights(model, from);
  if (shape.patch !== 32 || shape.size !== 224) repatch(model, shape);
  if (shape.bits === 8) toEightBits(model);
  if (shape.bits === 4) toFourBits(model);
  await writeFile(to, ModelProto.encode(model).finish());
}

async function inlineWeights(model: Model, folder: string): Promise<void> {
  const files = new Map<string, Buffer>();
  for (const tensor of tensorsOf(model)) {
    const told = new Map(tensor.externalData?.map(({ key, value }) => [key, value]));
    const location = told.get('location');
    if (!location) continue;
    const bytes = files.get(location) ?? (await readFile(join(folder, location)));
    files.set(location, bytes);
    const offset = Number(told.get('offset'));
    tensor.rawData = bytes.subarray(offset, offset + Number(told.get('length')));
    tensor.externalData = [];
    tensor.dataLocation = TensorProto.DataLocation.DEFAULT;
  }
}

/** Smaller patches make more tokens: another kernel, more positions, and the number of tokens where the graph names it. */
function repatch(model: Model, { patch, size }: VitShape): void {
  const [before, after] = [7 ** 2, (size / patch) ** 2].map((patches) => patches + CLASS_TOKENS);
  const nodes = model.graph?.node ?? [];
  const conv = nodes.find(({ opType }) => opType === 'Conv');
  for (const { name, ints } of conv?.attribute ?? [])
    if (name === 'kernel_shape' || name === 'strides') ints?.splice(0, 2, patch, patch);
  for (const tensor of tensorsOf(model)) {
    if (tensor.name === conv?.input?.[1]) cutTo(tensor, [WIDTH, 3, patch, patch]);
    else if (Number(tensor.dims?.[0]) === before) growTo(tensor, [after ?? 0, WIDTH]);
  }
  for (const { opType, attribute } of nodes) {
    const value = opType === 'Constant' ? attribute?.[0]?.t : null;
    if (value?.dataType === TensorProto.DataType.INT64 && int64Of(value) === BigInt(before ?? 0))
      value.rawData = bytesOf(BigInt64Array.of(BigInt(after ?? 0)));
  }
  for (const side of model.graph?.input?.[0]?.type?.tensorType?.shape?.dim?.slice(2) ?? [])
    side.dimValue = size;
}

/**
 * Dynamic quantisation, as ONNX Runtime's tools write it: the weights in 8 bits with one scale for a matrix, the other
 * factor quantised at each run.
 */
function toEightBits(model: Model): void {
  rewriteProducts(model, ({ name, input, weights, rows, columns, output }) => {
    const { bytes, scale, zero } = eightBits(weights);
    const named = (part: string) => `${name}_${part}`;
    const tensors = [
      tensorOf(named('weight'), TensorProto.DataType.UINT8, [rows, columns], bytes),
      tensorOf(named('weight_scale'), TensorProto.DataType.FLOAT, [], Float32Array.of(scale)),
      tensorOf(named('weight_zero'), TensorProto.DataType.UINT8, [], Uint8Array.of(zero)),
    ];
    const [quantised, at, zeroAt] = [named('quantised'), named('scale'), named('zero')];
    const nodes = [
      nodeOf('DynamicQuantizeLinear', [input], [quantised, at, zeroAt]),
      nodeOf(
        'MatMulInteger',
        [quantised, named('weight'), zeroAt, named('weight_zero')],
        [named('integers')],
      ),
      nodeOf('Cast', [named('integers')], [named('floats')], [int('to', TensorProto.DataType.FLOAT)]),
      nodeOf('Mul', [at, named('weight_scale')], [named('scales')]),
      nodeOf('Mul', [named('floats'), named('scales')], [output]),
    ];
    return { nodes, tensors };
  });
}

/** The weights in 4 bits, with a scale for each block of a column, as the hub's `q4` files have them. */
function toFourBits(model: Model): void {
  model.opsetImport.push({ domain: 'com.microsoft', version: 1 });
  rewriteProducts(model, ({ name, input, weights, rows, columns, output }) => {
    const blocks = rows / BLOCK;
    const packed = new Uint8Array((columns * rows) / 2);
    const scales = new Float32Array(columns * blocks);
    for (let column = 0; column < columns; column++) {
      for (let block = 0; block < blocks; block++) {
        const at = (i: number) => weights[(block * BLOCK + i) * columns + column] ?? 0;
        let most = 0;
        for (let i = 0; i < BLOCK; i++) most = Math.max(most, Math.abs(at(i)));
        const scale = most / 7 || 1;
        scales[column * blocks + block] = scale;
        const nibble = (i: number) => Math.min(15, Math.round(at(i) / scale) + 8);
        for (let i = 0; i < BLOCK; i += 2)
          packed[((column * blocks + block) * BLOCK + i) / 2] = nibble(i) | (nibble(i + 1) << 4);
      }
    }
    const [weight, scale] = [`${name}_weight`, `${name}_scale`];
    const tensors = [
      tensorOf(weight, TensorProto.DataType.UINT8, [columns, blocks, BLOCK / 2], packed),
      tensorOf(scale, TensorProto.DataType.FLOAT, [columns * blocks], scales),
    ];
    const attributes = [int('K', rows), int('N', columns), int('bits', 4), int('block_size', BLOCK)];
    const node = nodeOf('MatMulNBits', [input, weight, scale], [output], attributes);
    return { nodes: [{ ...node, domain: 'com.microsoft' }], tensors };
  });
}

/** A product of the tokens with a matrix of weights, rows x columns, row by row. */
interface Product {
  name: string;
  input: string;
  output: string;
  weights: Float32Array;
  rows: number;
  columns: number;
}

/** Replaces each product with constant weights: MatMul, and Gemm, whose bias is then added by a node of its own. */
function rewriteProducts(
  model: Model,
  rewrite: (product: Product) => { nodes: Node[]; tensors: Tensor[] },
): void {
  const { graph } = model;
  if (!graph) throw new Error('The model has no graph.');
  const known = new Map(tensorsOf(model).map((tensor) => [tensor.name, tensor]));
  graph.node = (graph.node ?? []).flatMap((node, place) => {
    const [input = '', weight = '', bias] = node.input ?? [];
    const tensor = known.get(weight);
    const gemm = node.opType === 'Gemm';
    if (!tensor || !(gemm || node.opType === 'MatMul')) return [node];
    const turned = gemm && node.attribute?.some(({ name, i }) => name === 'transB' && Number(i) === 1);
    const [first = 0, second = 0] = tensor.dims?.map(Number) ?? [];
    const [rows, columns] = turned ? [second, first] : [first, second];
    const stored = floatsOf(tensor);
    const weights = turned ? transposed(stored, columns, rows) : stored;
    const [end = ''] = node.output ?? [];
    const name = `product_${place}`;
    const output = bias ? `${name}_product` : end;
    const { nodes, tensors } = rewrite({ name, input, output, weights, rows, columns });
    graph.initializer = [...(graph.initializer ?? []).filter((other) => other !== tensor), ...tensors];
    return bias ? [...nodes, nodeOf('Add', [output, bias], [end])] : nodes;
  });
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column] ?? 0;
  return turned;
}

function eightBits(weights: Float32Array): { bytes: Uint8Array; scale: number; zero: number } {
  let [least, most] = [0, 0];
  for (const weight of weights) [least, most] = [Math.min(least, weight), Math.max(most, weight)];
  const scale = (most - least) / 255 || 1;
  const zero = Math.round(-least / scale);
  const bytes = Uint8Array.from(weights, (weight) => Math.round(weight / scale) + zero);
  return { bytes, scale, zero };
}

const tensorsOf = (model: Model): Tensor[] => model.graph?.initializer ?? [];

function cutTo(tensor: Tensor, dims: number[]): void {
  const length = dims.reduce((product, dim) => product * dim, 4);
  tensor.dims = dims;
  tensor.rawData = tensor.rawData?.subarray(0, length) ?? null;
}

function growTo(tensor: Tensor, dims: number[]): void {
  const values = floatsOf(tensor);
  const length = dims.reduce((product, dim) => product * dim, 1);
  tensor.dims = dims;
  tensor.rawData = bytesOf(Float32Array.from({ length }, (_, i) => values[i % values.length] ?? 0));
}

function floatsOf({ rawData }: Tensor): Float32Array {
  // Copied, because the bytes may lie at any offset.
  return new Float32Array(Uint8Array.from(rawData ?? []).buffer);
}

function int64Of({ rawData }: Tensor): bigint | null {
  return rawData?.length === 8 ? Buffer.from(rawData).readBigInt64LE() : null;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function tensorOf(name: string, dataType: number, dims: number[], values: ArrayBufferView): Tensor {
  return { name, dataType, dims, rawData: bytesOf(values) };
}

function nodeOf(
  opType: string,
  input: string[],
  output: string[],
  attribute: onnxProto.onnx.IAttributeProto[] = [],
): Node {
  return { name: output[0] ?? null, opType, input, output, attribute };
}

function int(name: string, i: number): onnxProto.onnx.IAttributeProto {
  return { name, type: AttributeProto.AttributeType.INT, i };
}
