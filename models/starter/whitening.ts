import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Tensor } from './gguf.ts';

/** Made by `learn-whitening.ts`: the upper triangle of a symmetric matrix, row by row, as fp16 in this machine's byte order (little-endian). */
export const WHITENING_PATH = fileURLToPath(new URL('whitening.bin', import.meta.url));

/** Rows and columns: the length of the embedding. */
export const WHITENING_SIZE = 576;

/**
 * The matrix that pooled features are multiplied with, so that what changes when a camera comes nearer counts less. Values are
 * widened from fp16, which is exact.
 */
export async function readWhitening(): Promise<Tensor> {
  const { buffer } = Uint8Array.from(await readFile(WHITENING_PATH));
  const halves = new Float16Array(buffer);
  const values = new Float32Array(WHITENING_SIZE ** 2);
  let next = 0;
  for (let row = 0; row < WHITENING_SIZE; row++) {
    for (let column = row; column < WHITENING_SIZE; column++) {
      const value = halves[next++];
      if (value === undefined) throw new Error(`${WHITENING_PATH} is too short`);
      values[row * WHITENING_SIZE + column] = value;
      values[column * WHITENING_SIZE + row] = value;
    }
  }
  return { dims: [WHITENING_SIZE, WHITENING_SIZE], values };
}
