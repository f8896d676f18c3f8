import { type Centroids, spread, trainCentroids } from './centroids.ts';
import { groupBy } from './groups.ts';
import { fingerprint, type KeptIndex } from './index-file.ts';
import { DEPTH, type Selection, type VectorIndex, type Vectors } from './vectors.ts';

/** Queries for measuring recall. */
const QUERIES = 128;
/**
 * The queries are vectors of the catalog, rotated as far as another photo of the same thing would be (a cosine of about
 * 0.85), in a direction in which pictures differ.
 */
const AWAY = Math.tan(Math.acos(0.85));
/** Recall to reach among the 10 nearest, and among the `DEPTH` nearest. */
const FIRST = 10;
const RECALL = { first: 0.99, all: 0.95 };
/** The share of the cells, the nearest to a query, that a filter may leave out entirely. */
const FILTERED_OUT = 1 / 8;
/** This share of the queries may be treated as unlike the catalog, which only makes them slower. */
const UNFAMILIAR = 0.05;

/** When a larger share of the vectors is new, the centroids are trained anew. */
const MOST_NEW = 1 / 3;
/** Vectors per step. */
const VECTORS_A_STEP = 32;

/** An index of a catalog's vectors, and the part of it that later catalogs can use. */
export interface BuiltIndex {
  index: VectorIndex;
  /** Null when the kept index is used unchanged. */
  kept: KeptIndex | null;
}

/**
 * Assigns vectors to cells and measures the pruning margin. The same vectors give the same index. It yields after each step
 * (a millisecond of work or one exact search), so that other work can run in between.
 * @param catalog the vectors for measuring the margin: some vectors in memory may belong to older snapshots
 * @param kept the index of an earlier catalog: its centroids are used again and only new vectors are assigned, unless many
 * are new
 */
export function* buildIndex(
  vectors: Vectors,
  catalog: Selection,
  kept: KeptIndex | null,
): Generator<void, BuiltIndex> {
  vectors.beginIndex();
  const count = Math.round(Math.sqrt(vectors.count));
  const prints = yield* fingerprints(vectors);
  const known = kept && fits(kept, vectors.dim, count, prints) ? kept : null;
  const centroids = known?.centroids ?? (yield* trainCentroids(vectors, count));
  const cellOf = new Uint32Array(vectors.count);
  const cells = new Map<number, number>();
  for (const [id, print] of prints.entries()) {
    if (id % VECTORS_A_STEP === 0) yield;
    const cell = known?.cells.get(print) ?? centroids.nearest(vectors.at(id)).cell;
    cellOf[id] = cell;
    cells.set(print, cell);
  }
  const index = yield* measure(vectors, catalog, centroids, cellOf);
  const same = known?.cells.size === cells.size && prints.every((print) => known.cells.has(print));
  return { index, kept: same ? null : { centroids, cells } };
}

function* fingerprints(vectors: Vectors): Generator<void, Float64Array> {
  const prints = new Float64Array(vectors.count);
  for (let id = 0; id < vectors.count; id++) {
    if (id % VECTORS_A_STEP === 0) yield;
    prints[id] = fingerprint(vectors.at(id));
  }
  return prints;
}

/**
 * Whether an earlier catalog's centroids can be used again. Their number may be off by a factor of two, which hardly
 * matters.
 */
function fits({ centroids, cells }: KeptIndex, dim: number, count: number, prints: Float64Array): boolean {
  if (centroids.dim !== dim || centroids.count > 2 * count || count > 2 * centroids.count) return false;
  const unknown = prints.reduce((sum, print) => sum + (cells.has(print) ? 0 : 1), 0);
  return unknown <= MOST_NEW * prints.length;
}

/** Builds the index for these cells, and measures it with queries whose exact answers are known. */
function* measure(
  vectors: Vectors,
  catalog: Selection,
  centroids: Centroids,
  cellOf: Uint32Array,
): Generator<void, VectorIndex> {
  const bestCentroids: number[] = [];
  const margins = { near: new Margin(), far: new Margin() };
  for (const query of queries(vectors)) {
    const scores = centroids.scores(query).slice();
    bestCentroids.push(Math.max(...scores));
    const limit = quantile(scores, 1 - FILTERED_OUT);
    const others = without(catalog, (id) => (scores[cellOf[id] ?? 0] ?? 0) >= limit);
    for (const [margin, selection] of [[margins.near, catalog] as const, [margins.far, others] as const]) {
      yield;
      const found = vectors.nearest(query, DEPTH, selection).vectors;
      const ofCentroids = found.map(({ id }) => scores[cellOf[id] ?? 0] ?? 0);
      margin.note(found.at(-1)?.score ?? 0, ofCentroids);
    }
  }
  const near = margins.near.needed();
  const { starts, members: order } = groupBy(cellOf, centroids.count);
  return {
    centroids,
    starts,
    order,
    margin: { near, far: Math.max(near, margins.far.needed()) },
    familiar: quantile(bestCentroids, UNFAMILIAR),
  };
}

function without({ mask, count }: Selection, isOut: (id: number) => boolean): Selection {
  const remaining = mask.slice();
  let out = 0;
  for (let id = 0; id < remaining.length; id++) {
    if (remaining[id] !== 1 || !isOut(id)) continue;
    remaining[id] = 0;
    out++;
  }
  return { mask: remaining, count: count - out, filtered: true };
}

/**
 * The pruning margin: a quantile of (score of the last vector found - score of the cell's centroid) that reaches the recall.
 */
class Margin {
  readonly #first: number[] = [];
  readonly #all: number[] = [];

  /** @param ofCentroids the score of each found vector's centroid, best vector first */
  note(last: number, ofCentroids: readonly number[]): void {
    for (const [n, score] of ofCentroids.entries()) {
      this.#all.push(last - score);
      if (n < FIRST) this.#first.push(last - score);
    }
  }

  needed(): number {
    return Math.max(quantile(this.#first, RECALL.first), quantile(this.#all, RECALL.all));
  }
}

/** Vectors as photos would have that the catalog does not contain. */
function* queries(vectors: Vectors): Generator<Float32Array, void> {
  const sample = spread(vectors.count, QUERIES);
  const at = (n: number) => vectors.at(sample[n % sample.length] ?? 0);
  for (let n = 0; n < sample.length; n++) {
    const [one, other] = [at(n + 1), at(n + Math.ceil(sample.length / 2))];
    const difference = one.map((value, i) => value - (other[i] ?? 0));
    const scale = AWAY / (lengthOf(difference) || 1);
    const moved = at(n).map((value, i) => value + (difference[i] ?? 0) * scale);
    const length = lengthOf(moved) || 1;
    yield moved.map((value) => value / length);
  }
}

const lengthOf = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share))] ?? 0;
}
