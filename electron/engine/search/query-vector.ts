import { deviationOf } from './statistics.ts';

/** One part of a query: a unit vector, and how much it counts. The weight of what is not wanted is negative. */
export interface QueryPart {
  vector: Float32Array;
  weight: number;
}

/**
 * The weight of the text that is not wanted. Beside text it counts half: enough to rank a plain product above a striped one
 * of the same kind, and not enough to rank every plain product above it. Beside a picture it counts as much as the picture,
 * because the picture shows what is not wanted.
 */
export function unwantedWeight(ofPicture: number, ofWords: number): number {
  return -(ofPicture + ofWords / 2);
}

/** In a catalog of one picture no similarity varies, and a deviation of 0 must not divide. */
const LEAST_DEVIATION = 1e-3;

/**
 * Adds the parts of a query up to one unit vector. Each part is weighted by how much its similarities vary over the catalog.
 * In models like CLIP, pictures and texts lie in cones of their own (Liang et al. 2022, "Mind the Gap"): a text is about
 * equally unlike all pictures, and a plain sum follows the picture alone. With these weights, half means half: ranking by
 * the sum is ranking by `weight` times the deviations above the ordinary that a product has in each part.
 * @param similarities of a vector to a sample of the catalog's products
 */
export function composeVector(
  parts: readonly QueryPart[],
  similarities: (vector: Float32Array) => readonly number[],
): Float32Array | null {
  const counting = parts.filter(({ weight }) => weight !== 0);
  const [first] = counting;
  if (!first) return null;
  if (counting.length === 1 && first.weight > 0) return first.vector;
  const sum = new Float32Array(first.vector.length);
  for (const { vector, weight } of counting) {
    const share = weight / Math.max(deviationOf(similarities(vector)), LEAST_DEVIATION);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + share * (vector[i] ?? 0);
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / (length || 1));
}
