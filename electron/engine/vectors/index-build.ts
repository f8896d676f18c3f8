import { type Centres, spread, trainCentres } from './centres.ts';
import { type Groups, groupRows } from './group-bounds.ts';
import { fingerprint, type KeptIndex } from './index-file.ts';
import { DEPTH, type VectorIndex, type Vectors } from './vectors.ts';

/** Queries that the recall is measured with. */
const QUERIES = 128;
/**
 * As far from a picture of the catalog as another photo of the same thing is, a cosine of about 0.85, and away in a
 * direction in which pictures differ.
 */
const AWAY = Math.tan(Math.acos(0.85));
/** Of the 10 nearest, and of the `DEPTH` nearest, so many must be found. */
const FIRST = 10;
const RECALL = { first: 0.99, all: 0.95 };
/** The lists nearest to a query that a filter may leave out altogether. */
const FILTERED_OUT = 1 / 8;
/** So many of the queries may be taken for ones that are unlike the catalog, which only takes longer. */
const UNFAMILIAR = 0.05;

/** When more of the rows than this are new, the centres are sought anew. */
const MOST_NEW = 1 / 3;
/** Between two steps. */
const ROWS = 32;

/** An index of a catalog's vectors, and what of it later catalogs can use. */
export interface BuiltIndex {
  index: VectorIndex;
  /** Null when it is what was kept before. */
  kept: KeptIndex | null;
}

/**
 * Sorts rows into lists around centres, and measures how far from the middle of its list what is near can be. The same
 * rows give the same index. A step at a time, a millisecond or one exact search, so that others can use the processor.
 * @param kept from an earlier catalog: its centres are used again and only new rows are assigned, unless much is new
 */
export function* buildIndex(
  vectors: Vectors,
  groups: Groups,
  kept: KeptIndex | null,
): Generator<void, BuiltIndex> {
  vectors.beginIndex();
  const count = Math.round(Math.sqrt(vectors.count));
  const prints = yield* fingerprints(vectors);
  const known = kept && fits(kept, vectors.dim, count, prints) ? kept : null;
  const centres = known?.centres ?? (yield* trainCentres(vectors, count));
  const lists = new Uint32Array(vectors.count);
  const now = new Map<number, number>();
  for (const [row, print] of prints.entries()) {
    if (row % ROWS === 0) yield;
    lists[row] = known?.lists.get(print) ?? centres.nearest(vectors.at(row)).centre;
    now.set(print, lists[row]);
  }
  const index = yield* measure(vectors, groups, centres, lists);
  const same = known?.lists.size === now.size && prints.every((print) => known.lists.has(print));
  return { index, kept: same ? null : { centres, lists: now } };
}

function* fingerprints(vectors: Vectors): Generator<void, Float64Array> {
  const prints = new Float64Array(vectors.count);
  for (let row = 0; row < vectors.count; row++) {
    if (row % ROWS === 0) yield;
    prints[row] = fingerprint(vectors.at(row));
  }
  return prints;
}

/** Whether an earlier catalog's centres do: within a factor of two their number hardly matters. */
function fits({ centres, lists }: KeptIndex, dim: number, count: number, prints: Float64Array): boolean {
  if (centres.dim !== dim || centres.count > 2 * count || count > 2 * centres.count) return false;
  const unknown = prints.reduce((sum, print) => sum + (lists.has(print) ? 0 : 1), 0);
  return unknown <= MOST_NEW * prints.length;
}

/** The index of rows in these lists. */
function* measure(
  vectors: Vectors,
  groups: Groups,
  centres: Centres,
  lists: Uint32Array,
): Generator<void, VectorIndex> {
  const all = Uint32Array.from({ length: groups.starts.length - 1 }, (_, group) => group);
  const listOf = (group: number) => lists[groups.rows[groups.starts[group] ?? 0] ?? 0] ?? 0;
  const nearest: number[] = [];
  const above = { near: new Reach(), far: new Reach() };
  for (const query of queries(vectors)) {
    const scores = centres.scores(query).slice();
    nearest.push(Math.max(...scores));
    const left = quantile(scores, 1 - FILTERED_OUT);
    const others = all.filter((group) => (scores[listOf(group)] ?? 0) < left);
    for (const [reach, selected] of [[above.near, all] as const, [above.far, others] as const]) {
      yield;
      const found = vectors.nearest(query, DEPTH, groups, selected).groups;
      const middles = found.map(({ row }) => scores[lists[row] ?? 0] ?? 0);
      reach.note(found.at(-1)?.score ?? 0, middles);
    }
  }
  const near = above.near.needed();
  const { starts, rows: order } = groupRows(lists, centres.count);
  return {
    centres,
    starts,
    order,
    reach: { near, far: Math.max(near, above.far.needed()) },
    familiar: quantile(nearest, UNFAMILIAR),
  };
}

/** How much less near than all that is sought the middles of its lists are. */
class Reach {
  readonly #first: number[] = [];
  readonly #all: number[] = [];

  /** @param middles how near each one's is, the nearest found first */
  note(least: number, middles: readonly number[]): void {
    const missing = middles.map((middle) => least - middle);
    for (const [index, each] of missing.entries()) {
      this.#all.push(each);
      if (index < FIRST) this.#first.push(each);
    }
  }

  /** With as much, enough is found. */
  needed(): number {
    return Math.max(quantile(this.#first, RECALL.first), quantile(this.#all, RECALL.all));
  }
}

/** Vectors like those of photos that the catalog does not have. */
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
