import type { CropBox } from '../../contract/search.ts';
import { unit } from '../model/graph.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Calibration } from './calibration.ts';
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

/** The deviations by which the middle may be less like its nearest style than all of the photo is like its own. */
const MOST_LOSS = 0.5;

/** Whether a photo is worth a closer look. Where familiarity is not known (null), it is not. */
export function isUnlike(familiarity: number | null): boolean {
  return familiarity !== null && familiarity < UNLIKE;
}

/**
 * A photo and its middle as one, each counting the same. The photo alone, where the middle is clearly less like every style: a
 * close-up shows too little of a thing already.
 * @param middle the embedding of `MIDDLE`
 */
export async function withMiddle(
  whole: QueryImage,
  middle: Float32Array,
  snapshot: Searchable,
  { scales }: Calibration,
): Promise<QueryImage> {
  const nearest = async (vector: Float32Array) =>
    (await snapshot.nearest(vector, 1, {})).neighbours[0]?.score ?? 0;
  const loss = (await nearest(whole.vector)) - (await nearest(middle));
  if (loss > MOST_LOSS * scales.visual.deviation) return whole;
  const sum = whole.vector.map((value, i) => value + (middle[i] ?? 0));
  return { ...whole, vector: unit(sum), own: whole.vector, closer: true };
}
