import type { CropBox } from '../../contract/search.ts';
import type { Size } from './geometry.ts';

/**
 * Up to this ratio of the sides, the central square that a model sees shows most of a picture: phones take 16:9 and 20:9
 * photos.
 */
const LONGEST_SEEN_WHOLE = 2.4;
/**
 * Limits the time, because each square goes through the model. In pictures longer than 1:8 the squares are further apart.
 */
const MOST_SQUARES = 16;

/**
 * Squares along a very wide or tall picture (a banner, a strip of screenshots), each overlapping the next by half, because a
 * model sees only the central square of its input. Empty for other pictures.
 */
export function squaresAlong({ width, height }: Size): CropBox[] {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (long / short <= LONGEST_SEEN_WHOLE) return [];
  const side = short / long;
  const count = Math.min(MOST_SQUARES, Math.ceil((long - short) / (short / 2)) + 1);
  return Array.from({ length: count }, (_, i) => {
    const start = ((1 - side) * i) / (count - 1);
    return width > height
      ? { x: start, y: 0, width: side, height: 1 }
      : { x: 0, y: start, width: 1, height: side };
  });
}
