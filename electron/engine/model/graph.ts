import onnxProto from 'onnx-proto';
import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';
import type { ModelEntry } from './manifest.ts';

/** Whether a graph's declared shape (a name stands for any length) accepts the wanted one (null for any length). */
export function fits(shape: readonly (number | string)[], wanted: (number | null)[]): boolean {
  return (
    shape.length === wanted.length &&
    shape.every((length, i) => typeof length === 'string' || wanted[i] === null || length === wanted[i])
  );
}

/**
 * Cuts an ONNX graph down to one of its outputs, and changes the declared height and width (N x C x H x W) of what goes in and
 * comes out. ONNX Runtime runs every node, also those that only lead to outputs that nobody asks for, and enforces the
 * declared size, although a graph that only convolves and resizes works at any size.
 */
export function cutDown(graph: Uint8Array, output: string, size: number): Uint8Array {
  const { ModelProto } = onnxProto.onnx;
  const model = ModelProto.decode(graph);
  if (!model.graph) return graph;
  const { node = [], initializer = [], input = [], output: outputs = [] } = model.graph;
  const needed = new Set([output]);
  // A graph lists its nodes in the order in which they run.
  const kept = (node ?? []).toReversed().filter((each) => {
    const isNeeded = each.output?.some((name) => needed.has(name)) ?? false;
    if (isNeeded) for (const name of each.input ?? []) needed.add(name);
    return isNeeded;
  });
  model.graph.node = kept.reverse();
  model.graph.initializer = (initializer ?? []).filter(({ name }) => name != null && needed.has(name));
  model.graph.output = (outputs ?? []).filter(({ name }) => name === output);
  for (const { type } of [...(input ?? []), ...model.graph.output]) {
    const dims = type?.tensorType?.shape?.dim ?? [];
    if (dims.length === 4) for (const side of dims.slice(2)) side.dimValue = size;
  }
  return ModelProto.encode(model).finish();
}

export function mismatch(
  { id, name }: Pick<ModelEntry, 'id' | 'name'>,
  problem: FaultParams['MODEL_MISMATCH']['problem'],
  cause?: unknown,
): LookalikeError {
  return new LookalikeError({ code: 'MODEL_MISMATCH', params: { name, problem } }, { item: id, cause });
}

/**
 * Scales a vector to length 1.
 * @throws LookalikeError MODEL_OUTPUT_INVALID for a vector without a direction (NaN, infinite or zero)
 */
export function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const norm = Math.sqrt(square);
  if (!Number.isFinite(norm) || norm < 1e-12) throw new LookalikeError('MODEL_OUTPUT_INVALID');
  return vector.map((value) => value / norm);
}
