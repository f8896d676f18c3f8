import onnxProto from 'onnx-proto';
import type { Tensor } from './gguf.ts';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;
type Attribute = onnxProto.onnx.IAttributeProto;

type Activation = 'Relu' | 'HardSwish';

/** An inverted residual block; the sizes between kernel and squeezeExcite are in channels. */
type Block = readonly [
  kernel: number,
  input: number,
  expanded: number,
  output: number,
  squeezeExcite: boolean,
  activation: Activation,
  stride: number,
];

/**
 * `features.1` to `features.11`.
 * Source: torchvision/models/mobilenetv3.py, `_mobilenet_v3_conf('mobilenet_v3_small')`.
 */
const BLOCKS: readonly Block[] = [
  [3, 16, 16, 16, true, 'Relu', 2],
  [3, 16, 72, 24, false, 'Relu', 2],
  [3, 24, 88, 24, false, 'Relu', 1],
  [5, 24, 96, 40, true, 'HardSwish', 2],
  [5, 40, 240, 40, true, 'HardSwish', 1],
  [5, 40, 240, 40, true, 'HardSwish', 1],
  [5, 40, 120, 48, true, 'HardSwish', 1],
  [5, 48, 144, 48, true, 'HardSwish', 1],
  [5, 48, 288, 96, true, 'HardSwish', 2],
  [5, 96, 576, 96, true, 'HardSwish', 1],
  [5, 96, 576, 96, true, 'HardSwish', 1],
];

/** Channels of `features.12`, the last convolution: the length of the embedding. */
const EMBEDDING_SIZE = 576;

const WHITENING = 'whitening';

/** Not PyTorch's default: torchvision's MobileNetV3 sets it, and the GGUF metadata repeats it (`mobilenet.bn_eps`). */
const BATCH_NORM_EPSILON = 1e-3;

/** HardSwish needs opset 14 or later; 17 goes with IR version 8, the newest that onnx-proto knows. */
const OPSET = 17;
const IR_VERSION = 8;

/**
 * Builds the ONNX model of MobileNetV3-Small's pooled and whitened features from weights with torchvision's names: input `pixel_values`
 * [batch, 3, 224, 224], output `image_embeds` [batch, 576], float32, not normalised. The classifier is left out. The same
 * weights always give the same bytes. Throws when a weight is missing.
 * @param whitening what the pooled features are multiplied with (`whitening.ts`); null for the features as they are
 */
export function mobileNetV3Small(weights: ReadonlyMap<string, Tensor>, whitening: Tensor | null): Uint8Array {
  const graph = new Graph(whitening ? new Map([...weights, [WHITENING, whitening]]) : weights);
  let x = convNormActivation(graph, 'pixel_values', 'features.0', {
    kernel: 3,
    stride: 2,
    activation: 'HardSwish',
  });
  for (const [index, block] of BLOCKS.entries()) {
    x = invertedResidual(graph, x, `features.${index + 1}.block`, block);
  }
  x = convNormActivation(graph, x, 'features.12', { activation: 'HardSwish' });
  const pooled = graph.add('GlobalAveragePool', [x]);
  if (whitening)
    graph.add('MatMul', [graph.add('Flatten', [pooled]), graph.weight(WHITENING)], [], 'image_embeds');
  else graph.add('Flatten', [pooled], [], 'image_embeds');
  return graph.encode({ input: ['pixel_values', 3, 224, 224], output: ['image_embeds', EMBEDDING_SIZE] });
}

/** Widens (1x1), filters each channel separately, weighs the channels, narrows (1x1), adds the input. */
function invertedResidual(graph: Graph, input: string, path: string, block: Block): string {
  const [kernel, inputWidth, expanded, outputWidth, squeezes, activation, stride] = block;
  let layer = 0;
  const nextPath = () => `${path}.${layer++}`;
  let x = input;
  if (expanded !== inputWidth) x = convNormActivation(graph, x, nextPath(), { activation });
  x = convNormActivation(graph, x, nextPath(), { kernel, stride, groups: expanded, activation });
  if (squeezes) x = squeezeExcite(graph, x, nextPath());
  x = convNormActivation(graph, x, nextPath(), {});
  return stride === 1 && inputWidth === outputWidth ? graph.add('Add', [x, input]) : x;
}

/** Weighs each channel by statistics of the whole image. */
function squeezeExcite(graph: Graph, input: string, path: string): string {
  const pooled = graph.add('GlobalAveragePool', [input]);
  const squeezed = graph.add('Relu', [convolution(graph, pooled, `${path}.fc1`, { bias: true })]);
  const excited = convolution(graph, squeezed, `${path}.fc2`, { bias: true });
  // PyTorch's hardsigmoid has slope 1/6; ONNX's default is 0.2.
  const scale = graph.add('HardSigmoid', [excited], [float('alpha', 1 / 6)]);
  return graph.add('Mul', [scale, input]);
}

/** Convolution and batch normalisation (which the runtime folds into one), then the activation, if any. */
function convNormActivation(
  graph: Graph,
  input: string,
  path: string,
  { activation, ...shape }: { kernel?: number; stride?: number; groups?: number; activation?: Activation },
): string {
  const norm = ['weight', 'bias', 'running_mean', 'running_var'].map((name) =>
    graph.weight(`${path}.1.${name}`),
  );
  const x = graph.add(
    'BatchNormalization',
    [convolution(graph, input, `${path}.0`, shape), ...norm],
    [float('epsilon', BATCH_NORM_EPSILON)],
  );
  return activation ? graph.add(activation, [x]) : x;
}

/** A square convolution, padded so that stride 1 keeps the size. */
function convolution(
  graph: Graph,
  input: string,
  path: string,
  {
    kernel = 1,
    stride = 1,
    groups = 1,
    bias = false,
  }: { kernel?: number; stride?: number; groups?: number; bias?: boolean },
): string {
  const padding = (kernel - 1) / 2;
  return graph.add(
    'Conv',
    [input, graph.weight(`${path}.weight`), ...(bias ? [graph.weight(`${path}.bias`)] : [])],
    [
      ints('kernel_shape', [kernel, kernel]),
      ints('pads', [padding, padding, padding, padding]),
      ints('strides', [stride, stride]),
      { name: 'group', type: AttributeProto.AttributeType.INT, i: groups },
    ],
  );
}

/** An ONNX graph under construction: nodes in order of execution, and the weights they use. */
class Graph {
  readonly #weights: ReadonlyMap<string, Tensor>;
  readonly #used = new Map<string, Tensor>();
  readonly #nodes: onnxProto.onnx.INodeProto[] = [];

  constructor(weights: ReadonlyMap<string, Tensor>) {
    this.#weights = weights;
  }

  /** Adds the weight with this name to the graph and returns the name, for use as a node's input. */
  weight(name: string): string {
    const tensor = this.#weights.get(name);
    if (!tensor) throw new Error(`MobileNetV3-Small needs a weight named ${name}`);
    this.#used.set(name, tensor);
    return name;
  }

  /** Appends a node and returns the name of its output. */
  add(
    opType: string,
    input: string[],
    attribute: Attribute[] = [],
    name = `${opType}_${this.#nodes.length}`,
  ): string {
    this.#nodes.push({ name, opType, input, output: [name], attribute });
    return name;
  }

  /** Serialises the model. `input` and `output` are a name and the sizes after the batch's. */
  encode(ends: { input: [string, ...number[]]; output: [string, ...number[]] }): Uint8Array {
    return ModelProto.encode({
      irVersion: IR_VERSION,
      producerName: 'lookalike',
      opsetImport: [{ version: OPSET }],
      graph: {
        name: 'mobilenetv3_small_features',
        node: this.#nodes,
        input: [floatBatch(ends.input)],
        output: [floatBatch(ends.output)],
        initializer: [...this.#used].map(([name, { dims, values }]) => ({
          name,
          dims,
          dataType: TensorProto.DataType.FLOAT,
          rawData: new Uint8Array(values.buffer),
        })),
      },
    }).finish();
  }
}

function floatBatch([name, ...dims]: [string, ...number[]]): onnxProto.onnx.IValueInfoProto {
  const dim = [{ dimParam: 'batch' }, ...dims.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: TensorProto.DataType.FLOAT, shape: { dim } } } };
}

function float(name: string, f: number): Attribute {
  return { name, type: AttributeProto.AttributeType.FLOAT, f };
}

function ints(name: string, values: number[]): Attribute {
  return { name, type: AttributeProto.AttributeType.INTS, ints: values };
}
