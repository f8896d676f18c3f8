/**
 * Takes out of a vector, in place, what all pictures have in common, and makes it as long as a unit. Pictures of one shop have
 * much in common, and how much depends on the shop and on the model.
 * @param sum of the vectors of all pictures
 * @param count of them
 */
export function lessCommon(vector: Float32Array, sum: Float32Array, count: number): void {
  let squared = 0;
  for (let n = 0; n < vector.length; n++) {
    const value = (vector[n] ?? 0) - (sum[n] ?? 0) / count;
    vector[n] = value;
    squared += value * value;
  }
  const length = Math.sqrt(squared) || 1;
  for (let n = 0; n < vector.length; n++) vector[n] = (vector[n] ?? 0) / length;
}
