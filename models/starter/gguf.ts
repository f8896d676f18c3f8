import { readFile } from 'node:fs/promises';
import { GGMLQuantizationType, gguf } from '@huggingface/gguf';

/** A weight tensor, row-major, outermost dimension first (`[out, in, height, width]` for a convolution). */
export interface Tensor {
  dims: number[];
  values: Float32Array;
}

/**
 * Reads the fp16 tensors of a GGUF file by name, widened to fp32 (exactly). Tensors of other types are left out: here they
 * are PyTorch's `num_batches_tracked` counters. Throws on a file that is not GGUF or is truncated.
 */
export async function readHalfTensors(path: string): Promise<Map<string, Tensor>> {
  const { tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true });
  const { buffer } = Uint8Array.from(await readFile(path));
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, dtype, offset } of tensorInfos) {
    if (dtype !== GGMLQuantizationType.F16) continue;
    // GGUF lists the innermost dimension first; the values are in row-major order already.
    const dims = shape.map(Number).reverse();
    const count = dims.reduce((product, dim) => product * dim, 1);
    const halves = new Float16Array(buffer, Number(tensorDataOffset + offset), count);
    tensors.set(name, { dims, values: Float32Array.from(halves) });
  }
  return tensors;
}
