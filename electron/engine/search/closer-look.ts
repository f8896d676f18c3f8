import type { CropBox } from '../../contract/search.ts';
import { unit } from '../model/graph.ts';
import type { QueryImage } from './query-image.ts';

/**
 * A photo that is less similar to every style than so many of the catalog's own pictures are to their nearest
 * (`Calibration.familiarity`) is of another kind: taken by hand, from afar, among other things.
 */
const UNLIKE = 0.01;

/**
 * The part that is looked at beside all of a photo. Whoever takes a photo of a thing has it in the middle, and there it is as large
 * as in the catalog's pictures. For photos of the catalog's own kind it would cost more than it gives (bench/README.md).
 */
export const MIDDLE: CropBox = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

/** Whether a photo is worth a closer look. Where familiarity is not known (null), it is not. */
export function isUnlike(familiarity: number | null): boolean {
  return familiarity !== null && familiarity < UNLIKE;
}

/**
 * A photo and its middle as one, each counting the same.
 * @param middle the embedding of `MIDDLE`
 */
export function withMiddle(whole: QueryImage, middle: Float32Array): QueryImage {
  const sum = whole.vector.map((value, i) => value + (middle[i] ?? 0));
  return { ...whole, vector: unit(sum), own: whole.vector, closer: true };
}
