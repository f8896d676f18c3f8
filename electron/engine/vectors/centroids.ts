import { QuantisedVectors } from './quantised.ts';
import type { Vectors } from './vectors.ts';

/**
 * K-means: vectors in the training sample per centroid, and passes over the sample. More did not improve the cells (see
 * bench).
 */
const SAMPLED_EACH = 32;
const PASSES = 6;
/**
 * In all passes but the last two, this share of the cells, the smallest ones, is seeded anew on vectors among the `LONELY`
 * furthest from their centroid. Otherwise two clusters that began in one cell would never separate (a bad local minimum).
 */
const MOVED = 1 / 16;
const LONELY = 1 / 5;
/** Vectors per step, about a millisecond of work. */
const VECTORS_A_STEP = 32;

/** Unit vectors, each the centroid of a cell. */
export class Centroids {
  readonly count: number;
  readonly dim: number;
  readonly #flat: Float32Array;
  readonly #quantised: QuantisedVectors;

  /** @param flat `dim` numbers per centroid */
  constructor(flat: Float32Array, dim: number) {
    this.count = flat.length / dim;
    this.dim = dim;
    this.#flat = flat;
    this.#quantised = new QuantisedVectors(this.count, dim);
    this.#quantised.set(0, flat);
  }

  /** The numbers of all centroids, as a view. */
  get flat(): Float32Array {
    return this.#flat;
  }

  /** The number of the centroid nearest to a vector, and its dot product. */
  nearest(vector: Float32Array): { cell: number; score: number } {
    const scores = this.scores(vector);
    let [cell, score] = [0, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < scores.length; i++) {
      const candidate = scores[i] ?? 0;
      if (candidate > score) [cell, score] = [i, candidate];
    }
    return { cell, score };
  }

  /** The dot product with each centroid, to a hundredth; valid until the next call. */
  scores(vector: Float32Array): Float32Array {
    const { least, perError, always } = this.#quantised.bounds(vector, [0, this.count]);
    const { errors } = this.#quantised;
    for (let i = 0; i < least.length; i++) {
      least[i] = (least[i] ?? 0) + ((errors[i] ?? 0) * perError + always) / 2;
    }
    return least;
  }
}

/**
 * Spherical k-means on an evenly spaced sample. The same vectors give the same centroids. It yields after each step, so that
 * other work can run in between.
 * @param count at most the number of vectors
 */
export function* trainCentroids(vectors: Vectors, count: number): Generator<void, Centroids> {
  const { dim } = vectors;
  const sample = spread(vectors.count, count * SAMPLED_EACH);
  const flat = new Float32Array(count * dim);
  for (const [cell, n] of spread(sample.length, count).entries()) {
    flat.set(vectors.at(sample[n] ?? 0), cell * dim);
  }
  let centroids = new Centroids(flat, dim);
  for (let passesLeft = PASSES - 1; passesLeft >= 0; passesLeft--) {
    const moved = passesLeft > 1 ? Math.floor(count * MOVED) : 0;
    centroids = new Centroids(yield* nextCentroids(vectors, sample, centroids, moved), dim);
  }
  return centroids;
}

/** One pass: computes the mean of each cell's vectors. The `moved` smallest cells and all empty ones are seeded anew. */
function* nextCentroids(
  vectors: Vectors,
  sample: Uint32Array,
  centroids: Centroids,
  moved: number,
): Generator<void, Float32Array> {
  const { count, dim } = centroids;
  const sums = new Float32Array(count * dim);
  const members = new Uint32Array(count);
  const scores = new Float32Array(sample.length);
  for (const [n, id] of sample.entries()) {
    if (n % VECTORS_A_STEP === 0) yield;
    const vector = vectors.at(id);
    const { cell, score } = centroids.nearest(vector);
    scores[n] = score;
    members[cell] = (members[cell] ?? 0) + 1;
    const start = cell * dim;
    for (let i = 0; i < dim; i++) sums[start + i] = (sums[start + i] ?? 0) + (vector[i] ?? 0);
  }
  for (let cell = 0; cell < count; cell++) {
    const mean = sums.subarray(cell * dim, (cell + 1) * dim);
    const length = Math.hypot(...mean) || 1;
    for (let i = 0; i < dim; i++) mean[i] = (mean[i] ?? 0) / length;
  }
  const fewest = Uint32Array.from(members.keys()).sort(
    (a, b) => (members[a] ?? 0) - (members[b] ?? 0) || a - b,
  );
  const empty = members.reduce((sum, its) => sum + (its === 0 ? 1 : 0), 0);
  const moving = fewest.subarray(0, Math.max(moved, empty));
  const lonely = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  const seeds = spread(Math.ceil(lonely.length * LONELY), moving.length);
  for (const [i, cell] of moving.entries()) {
    sums.set(vectors.at(sample[lonely[seeds[i] ?? 0] ?? 0] ?? 0), cell * dim);
  }
  return sums;
}

/** `count` of the numbers below `total`, spread evenly; all of them when there are fewer. */
export function spread(total: number, count: number): Uint32Array {
  const length = Math.min(total, count);
  return Uint32Array.from({ length }, (_, i) => Math.floor((i * total) / length));
}
