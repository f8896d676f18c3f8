import type { Box } from './geometry.ts';

/**
 * What EXIF's orientations do to a picture as it is stored, to make it upright: first rows become columns, then the picture is
 * mirrored (EXIF 2.32, table 6). The number is the index; 0 stands for 1.
 */
const TURNS = [
  { transpose: false, across: false, down: false },
  { transpose: false, across: false, down: false },
  { transpose: false, across: true, down: false },
  { transpose: false, across: true, down: true },
  { transpose: false, across: false, down: true },
  { transpose: true, across: false, down: false },
  { transpose: true, across: true, down: false },
  { transpose: true, across: true, down: true },
  { transpose: true, across: false, down: true },
] as const;

const turnOf = (orientation: number) => TURNS[orientation] ?? TURNS[0];

/**
 * A frame of an upright picture, in the picture as it is stored.
 * @param frame the size that the picture is resized to, and the offset of a square in it
 * @param side of the square, in pixels
 */
export function asStored({ width, height, left, top }: Box, side: number, orientation: number): Box {
  const { transpose, across, down } = turnOf(orientation);
  const x = across ? width - side - left : left;
  const y = down ? height - side - top : top;
  return transpose ? { width: height, height: width, left: y, top: x } : { width, height, left: x, top: y };
}

/**
 * Turns a square upright.
 * @param pixels side x side x 3 bytes, row by row
 * @returns the same bytes where there is nothing to turn
 */
export function upright(pixels: Uint8Array, side: number, orientation: number): Uint8Array {
  const { transpose, across, down } = turnOf(orientation);
  if (!transpose && !across && !down) return pixels;
  const turned = new Uint8Array(pixels.length);
  for (let at = 0; at < side * side; at++) {
    const row = Math.floor(at / side);
    const column = at % side;
    const x = transpose ? row : column;
    const y = transpose ? column : row;
    const to = ((down ? side - 1 - y : y) * side + (across ? side - 1 - x : x)) * 3;
    for (let channel = 0; channel < 3; channel++) turned[to + channel] = pixels[at * 3 + channel] ?? 0;
  }
  return turned;
}
