import type { CropBox } from '../../contract/search.ts';
import { unit } from '../model/graph.ts';
import type { QueryImage } from './query-image.ts';

/**
 * A photo that is less similar to every style than so many of the catalog's own pictures are to their nearest
 * (`Calibration.familiarity`) is of another kind: taken by hand, from afar, among other things.
 */
const UNLIKE = 0.01;

/**
 * The parts around the middle that are looked at beside all of a photo. Whoever takes a photo of a thing has it in the middle, and
 * there it is as large as in the catalog's pictures. For photos of the catalog's own kind they would cost more than they give
 * (bench/README.md).
 */
export const MIDDLES: readonly CropBox[] = [0.75, 0.5].map((side) => {
  const start = (1 - side) / 2;
  return { x: start, y: start, width: side, height: side };
});

/** Whether a photo is worth a closer look. Where familiarity is not known (null), it is not. */
export function isUnlike(familiarity: number | null): boolean {
  return familiarity !== null && familiarity < UNLIKE;
}

/**
 * A photo and the parts around its middle as one: each counts the same.
 * @param middles the embeddings of the `MIDDLES`
 */
export function withMiddles(whole: QueryImage, middles: readonly Float32Array[]): QueryImage {
  const sum = whole.vector.map((value, i) =>
    middles.reduce((total, middle) => total + (middle[i] ?? 0), value),
  );
  return { ...whole, vector: unit(sum), own: whole.vector, closer: true };
}
