/** One part of a query: a unit vector, and how much it counts; less than 0 for what is not wanted. */
export interface QueryPart {
  vector: Float32Array;
  weight: number;
}

/**
 * How much what is not wanted counts. Half of the words: enough to put a plain product before a striped one of the same
 * kind, not enough to put just anything plain before it. But as much as the picture, which shows what it is to be without.
 */
export function unwantedWeight(ofPicture: number, ofWords: number): number {
  return -(ofPicture + ofWords / 2);
}

/** In a catalog of one picture nothing differs, and the weights stand as they are. */
const LEAST_DEVIATION = 1e-3;

/**
 * One unit vector of several parts: their sum, each weighted by how much its similarities vary over the catalog. In
 * models like CLIP pictures and words lie in cones of their own (Liang et al. 2022, "Mind the Gap"), so words are about
 * equally unlike all pictures, and a plain sum follows the picture alone. Like this a half is a half: ranking by the
 * sum is ranking by `weight` times how many deviations above the ordinary a product is in each part.
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

export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}
