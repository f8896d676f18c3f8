import type { CropBox } from '../../contract/search.ts';

/** A pixel belongs to the subject when its mask value is at least a half. */
const SURE = 0.5;
/**
 * A piece counts in addition to the largest one when it has at least this share of its pixels: the second shoe of a pair.
 */
const PIECE = 0.2;
/** A subject smaller than this share of the picture is a speck. */
const LEAST_AREA = 0.02;
/** A crop that removes less than this share of the picture is not worth showing. */
const LEAST_CUT = 0.25;
/**
 * Room left around the subject, in shares of its sides: as much as catalog pictures have, because a tighter crop looks less
 * like them.
 */
const MARGIN = 0.15;

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: number;
}

/**
 * The box around the subject of a picture; null when there is no subject, or when it fills the picture.
 * @param mask size x size numbers, 0 for background to 1 for subject, of the whole picture squashed to a square
 */
export function subjectBox(mask: Float32Array, size: number): CropBox | null {
  const pieces = piecesOf(mask, size);
  const largest = Math.max(0, ...pieces.map(({ pixels }) => pixels));
  if (largest < LEAST_AREA * size * size) return null;
  const counted = pieces.filter(({ pixels }) => pixels >= PIECE * largest);
  const [left, right] = widened(
    Math.min(...counted.map((piece) => piece.left)) / size,
    Math.max(...counted.map((piece) => piece.right)) / size,
  );
  const [top, bottom] = widened(
    Math.min(...counted.map((piece) => piece.top)) / size,
    Math.max(...counted.map((piece) => piece.bottom)) / size,
  );
  const [width, height] = [right - left, bottom - top];
  return width * height > 1 - LEAST_CUT ? null : { x: left, y: top, width, height };
}

function widened(from: number, to: number): [from: number, to: number] {
  const margin = MARGIN * (to - from);
  return [Math.max(0, from - margin), Math.min(1, to + margin)];
}

/** The connected pieces of the subject (neighbours share a side). */
function piecesOf(mask: Float32Array, size: number): Bounds[] {
  const seen = new Uint8Array(mask.length);
  const pieces: Bounds[] = [];
  const isOpen = (at: number) => seen[at] === 0 && (mask[at] ?? 0) >= SURE;
  for (let start = 0; start < mask.length; start++) {
    if (!isOpen(start)) continue;
    const piece = { left: size, top: size, right: 0, bottom: 0, pixels: 0 };
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [x, y] = [at % size, Math.floor(at / size)];
      piece.left = Math.min(piece.left, x);
      piece.top = Math.min(piece.top, y);
      piece.right = Math.max(piece.right, x + 1);
      piece.bottom = Math.max(piece.bottom, y + 1);
      piece.pixels++;
      const beside = [x > 0 ? at - 1 : -1, x < size - 1 ? at + 1 : -1, at - size, at + size];
      for (const next of beside) {
        if (next < 0 || next >= mask.length || !isOpen(next)) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}
