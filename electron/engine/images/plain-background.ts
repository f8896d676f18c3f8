import { backgroundColors, distance, labAt } from './color.ts';

/** A pixel nearer to the background's colour than this (CIE76) is background if it is connected with the picture's edge. */
const BACKGROUND = 10;

/**
 * The subject of a picture on a plain background, as shops photograph products: what is left when the background is followed
 * from the edges. A white shirt on white keeps its inside, which it would lose by colour alone.
 * @param pixels size x size x 3 sRGB bytes
 * @returns size x size numbers, 1 for the subject and 0 for the background; null where the background is not plain
 */
export function maskOnPlain(pixels: Uint8Array, size: number): Float32Array | null {
  const backgrounds = backgroundColors(pixels, size);
  if (backgrounds.length === 0) return null;
  const mask = new Float32Array(size * size).fill(1);
  const open: number[] = [];
  const visit = (at: number) => {
    if (mask[at] !== 1) return;
    const color = labAt(pixels, at);
    if (backgrounds.every((background) => distance(color, background) >= BACKGROUND)) return;
    mask[at] = 0;
    open.push(at);
  };
  const last = size - 1;
  for (let i = 0; i < size; i++) for (const at of [i, last * size + i, i * size, i * size + last]) visit(at);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const x = at % size;
    if (x > 0) visit(at - 1);
    if (x < last) visit(at + 1);
    if (at >= size) visit(at - size);
    if (at < size * last) visit(at + size);
  }
  return mask;
}
