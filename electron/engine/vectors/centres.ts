import { QuantisedVectors } from './quantised.ts';
import type { Vectors } from './vectors.ts';

/** K-means: rows that are looked at for each centre, and how often. More made the lists no better (see bench). */
const SAMPLED_EACH = 32;
const PASSES = 6;
/**
 * In all passes but the last two this share of the centres, those with the fewest rows, move to some of the `LONELY` rows
 * that are furthest from theirs: two kinds of things that began with one centre would never part.
 */
const MOVED = 1 / 16;
const LONELY = 1 / 5;
/** Between two steps, about a millisecond of work. */
const ROWS_A_STEP = 32;

/** Unit vectors, each the middle of a list of rows. */
export class Centres {
  readonly count: number;
  readonly dim: number;
  readonly #flat: Float32Array;
  readonly #quantised: QuantisedVectors;

  /** @param flat `dim` numbers a centre */
  constructor(flat: Float32Array, dim: number) {
    this.count = flat.length / dim;
    this.dim = dim;
    this.#flat = flat;
    this.#quantised = new QuantisedVectors(this.count, dim);
    this.#quantised.set(0, flat);
  }

  /** The numbers of all, a view. */
  get flat(): Float32Array {
    return this.#flat;
  }

  /** The number of the centre nearest to a vector, and how near it is. */
  nearest(vector: Float32Array): { centre: number; score: number } {
    const scores = this.scores(vector);
    let [centre, score] = [0, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < scores.length; i++) {
      const its = scores[i] ?? 0;
      if (its > score) [centre, score] = [i, its];
    }
    return { centre, score };
  }

  /** How near each centre is, to a hundredth; valid until the next call. */
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
 * Spherical k-means on a sample of the rows, spread evenly; the same rows give the same centres. A step at a time, so
 * that others can use the processor in between.
 * @param count not more than there are rows
 */
export function* trainCentres(vectors: Vectors, count: number): Generator<void, Centres> {
  const { dim } = vectors;
  const sample = spread(vectors.count, count * SAMPLED_EACH);
  const flat = new Float32Array(count * dim);
  for (const [centre, n] of spread(sample.length, count).entries()) {
    flat.set(vectors.at(sample[n] ?? 0), centre * dim);
  }
  let centres = new Centres(flat, dim);
  for (let left = PASSES - 1; left >= 0; left--) {
    const moved = left > 1 ? Math.floor(count * MOVED) : 0;
    centres = new Centres(yield* nextCentres(vectors, sample, centres, moved), dim);
  }
  return centres;
}

/** The middles of the rows that are nearest to each centre; some centres move, and all that no row is near to. */
function* nextCentres(
  vectors: Vectors,
  sample: Uint32Array,
  centres: Centres,
  moved: number,
): Generator<void, Float32Array> {
  const { count, dim } = centres;
  const sums = new Float32Array(count * dim);
  const members = new Uint32Array(count);
  const scores = new Float32Array(sample.length);
  for (const [n, row] of sample.entries()) {
    if (n % ROWS_A_STEP === 0) yield;
    const vector = vectors.at(row);
    const { centre, score } = centres.nearest(vector);
    scores[n] = score;
    members[centre] = (members[centre] ?? 0) + 1;
    const start = centre * dim;
    for (let i = 0; i < dim; i++) sums[start + i] = (sums[start + i] ?? 0) + (vector[i] ?? 0);
  }
  for (let centre = 0; centre < count; centre++) {
    const middle = sums.subarray(centre * dim, (centre + 1) * dim);
    const length = Math.hypot(...middle) || 1;
    for (let i = 0; i < dim; i++) middle[i] = (middle[i] ?? 0) / length;
  }
  const fewest = Uint32Array.from(members.keys()).sort(
    (a, b) => (members[a] ?? 0) - (members[b] ?? 0) || a - b,
  );
  const empty = members.reduce((sum, its) => sum + (its === 0 ? 1 : 0), 0);
  const moving = fewest.subarray(0, Math.max(moved, empty));
  const lonely = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  const places = spread(Math.ceil(lonely.length * LONELY), moving.length);
  for (const [i, centre] of moving.entries()) {
    sums.set(vectors.at(sample[lonely[places[i] ?? 0] ?? 0] ?? 0), centre * dim);
  }
  return sums;
}

/** `count` of the numbers below `total`, spread evenly; all of them when there are fewer. */
export function spread(total: number, count: number): Uint32Array {
  const length = Math.min(total, count);
  return Uint32Array.from({ length }, (_, i) => Math.floor((i * total) / length));
}
