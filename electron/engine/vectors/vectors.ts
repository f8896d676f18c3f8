import type { Centres } from './centres.ts';
import { GroupBounds, type Groups } from './group-bounds.ts';
import { QuantisedVectors, type Runs } from './quantised.ts';

/** A group, its row nearest to a query, and how near that is. */
export interface FoundGroup {
  group: number;
  row: number;
  score: number;
}

export interface Found {
  groups: FoundGroup[];
  /** `exact` is as if every row had been compared. */
  search: 'exact' | 'index';
}

/** Where to look for what is near: an inverted file (Jégou, Douze and Schmid 2011) of whole vectors. */
export interface VectorIndex {
  /** The middle of each list. */
  centres: Centres;
  /** The rows of list `n` stand at the places from `starts[n]` up to but not `starts[n + 1]`. */
  starts: Uint32Array;
  /** The row that stands at each place. */
  order: Uint32Array;
  /** How much nearer to a query than the middle of its list a row may be; further where rows near the query are left out. */
  reach: { near: number; far: number };
  /** A query that is less near to every middle is not like the rows: for that, too, rows may be further. */
  familiar: number;
}

interface Scanned {
  runs: number[];
  search: Found['search'];
}

/** A row that does not follow the one scanned before it takes as long as this many that do. */
const JUMP = 10;
/** For each group that is wanted, so many rows say how near it must be. */
const FIRST_ROWS = 4;
/** However few are wanted, lists are chosen as for the 200 that colour orders (search/picture-ranking.ts). */
export const DEPTH = 200;
/** Rows whose vectors lie in one piece of memory, so that more rows can be added without copying any. */
const BLOCK = 1024;
/** Rows brought to their places between two steps, in less than a millisecond. */
const MOVES_A_STEP = 200;

/**
 * Vectors in memory, and the search through them. A scan of their bytes (`QuantisedVectors`) tells which few can be among
 * the nearest at all; only these are compared in full. That is exact, unless an index says which rows need not be scanned.
 */
export class Vectors {
  readonly dim: number;
  readonly #blocks: Float32Array[] = [];
  readonly #quantised: QuantisedVectors;
  #count = 0;
  #index: VectorIndex | null = null;
  /** Rows that were written after the index had been made: they stand in no list, or in one that is not theirs. */
  #unlisted = new Set<number>();
  /** Rows written since an index began to be built; null while none is. */
  #written: Set<number> | null = null;
  readonly #bounds = new GroupBounds();

  constructor(count: number, dim: number) {
    this.dim = dim;
    this.#quantised = new QuantisedVectors(0, dim);
    this.grow(count);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Makes room for as many rows in all. New rows are all zeros until they are set.
   * @throws RangeError when there is no memory for them
   */
  grow(count: number): void {
    if (count <= this.#count) return;
    this.#quantised.grow(count);
    while (this.#blocks.length * BLOCK < count) this.#blocks.push(new Float32Array(BLOCK * this.dim));
    this.#count = count;
  }

  /** Takes `vectors` (`dim` numbers a row) as the rows from `from` on. */
  set(from: number, vectors: Float32Array): void {
    for (let start = 0, row = from; start < vectors.length; start += this.dim, row++) {
      this.at(row).set(vectors.subarray(start, start + this.dim));
      if (this.#index) this.#unlisted.add(row);
      this.#written?.add(row);
    }
    this.#quantised.set(from, vectors);
  }

  /** A view, not to be changed. */
  at(row: number): Float32Array {
    const start = (row % BLOCK) * this.dim;
    return this.#blockOf(row).subarray(start, start + this.dim);
  }

  /**
   * The dot product with a row. Eight sums at once: V8 does not vectorise, but the processor overlaps independent
   * additions.
   */
  similarity(query: Float32Array, row: number): number {
    const vectors = this.#blockOf(row);
    const start = (row % BLOCK) * this.dim;
    const whole = this.dim - (this.dim % 8);
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < whole; i += 8) {
      const at = start + i;
      a += (vectors[at] ?? 0) * (query[i] ?? 0);
      b += (vectors[at + 1] ?? 0) * (query[i + 1] ?? 0);
      c += (vectors[at + 2] ?? 0) * (query[i + 2] ?? 0);
      d += (vectors[at + 3] ?? 0) * (query[i + 3] ?? 0);
      e += (vectors[at + 4] ?? 0) * (query[i + 4] ?? 0);
      f += (vectors[at + 5] ?? 0) * (query[i + 5] ?? 0);
      g += (vectors[at + 6] ?? 0) * (query[i + 6] ?? 0);
      h += (vectors[at + 7] ?? 0) * (query[i + 7] ?? 0);
    }
    for (let i = whole; i < this.dim; i++) a += (vectors[start + i] ?? 0) * (query[i] ?? 0);
    return a + b + c + d + e + f + g + h;
  }

  /** From now on notes which rows are written, because the index about to be built will not know them. */
  beginIndex(): void {
    this.#written = new Set();
  }

  /** Searches by an index from when its rows stand in their places, a step at a time; searches in between are exact. */
  *adopt(index: VectorIndex): Generator<void, void> {
    this.#index = null;
    for (const [place, row] of index.order.entries()) {
      if (place % MOVES_A_STEP === 0) yield;
      this.#quantised.move(row, place);
    }
    this.#index = index;
    this.#unlisted = this.#written ?? new Set();
    this.#written = null;
  }

  /**
   * The groups nearest to a query, best first; equal ones in the order of their numbers. A group counts as its nearest
   * row, the first of equal ones.
   * @param selected numbers of the groups to choose from, each once
   */
  nearest(query: Float32Array, limit: number, groups: Groups, selected: Uint32Array): Found {
    if (limit === 0 || selected.length === 0) return { groups: [], search: 'exact' };
    const rows = countRows(groups, selected);
    const wanted = Math.min(Math.max(limit, this.#index ? DEPTH : 0), selected.length);
    this.#bounds.begin(groups, selected, wanted);
    const scanned =
      this.#scanNear(query, wanted, groups, rows) ?? this.#scanSelected(query, groups, selected, rows);
    return { groups: this.#nearestIn(scanned.runs, query, limit, groups), search: scanned.search };
  }

  /**
   * Scans the lists that can have one of the groups wanted, nearest lists first: what they have tells how near the middle
   * of a list must be. All lists, when these are more than half; nothing (null) when to scan the `rows` that pass is faster.
   */
  #scanNear(query: Float32Array, wanted: number, groups: Groups, rows: number): Scanned | null {
    if (!this.#index) return null;
    const { centres, starts } = this.#index;
    const few = rows * JUMP < this.count;
    const scores = centres.scores(query);
    const lists = Uint32Array.from(scores.keys()).sort(
      (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
    );
    const reach = this.#reachOf(scores[lists[0] ?? 0] ?? 0, rows === groups.rows.length);
    // What the index does not know is always looked at.
    const scanned: Scanned = { runs: this.#runsOf(this.#unlisted), search: 'index' };
    let [due, pending, passing, places] = [wanted * FIRST_ROWS, 0, 0, 0];
    let least = Number.NEGATIVE_INFINITY;
    for (const list of lists) {
      const isExact = scanned.search === 'exact';
      if (!isExact && (scores[list] ?? 0) + reach < least) break;
      const [from, to] = [starts[list] ?? 0, starts[list + 1] ?? 0];
      scanned.runs.push(from, to);
      if (isExact) continue;
      places += to - from;
      if (places * 2 > (few ? rows * JUMP : this.count)) {
        if (few) return null;
        scanned.search = 'exact';
      }
      passing += rows === groups.rows.length ? to - from : this.#countPassing(from, to, groups);
      if (passing < due) continue;
      this.#scan(query, scanned.runs.slice(pending), groups);
      least = this.#bounds.raiseFloor();
      [pending, due] = [scanned.runs.length, passing * 2];
    }
    this.#scan(query, scanned.runs.slice(pending), groups);
    return scanned;
  }

  /** All rows of the groups, and all others, too, where that is faster than jumping from one to the next. */
  #scanSelected(query: Float32Array, groups: Groups, selected: Uint32Array, rows: number): Scanned {
    const runs = rows * JUMP < this.count ? this.#runsOf(rowsOf(groups, selected)) : [0, this.count];
    this.#scan(query, runs, groups);
    return { runs, search: 'exact' };
  }

  #reachOf(nearest: number, allPass: boolean): number {
    const { near = 0, far = 0 } = this.#index?.reach ?? {};
    return allPass && nearest >= (this.#index?.familiar ?? 0) ? near : far;
  }

  #countPassing(from: number, to: number, { of }: Groups): number {
    const { rowAt } = this.#quantised;
    let count = 0;
    for (let place = from; place < to; place++) if (this.#bounds.counts(of[rowAt[place] ?? 0] ?? 0)) count++;
    return count;
  }

  /** Where rows stand. */
  #runsOf(rows: Iterable<number>): number[] {
    const runs: number[] = [];
    for (const row of rows) {
      const place = this.#quantised.placeOf[row] ?? 0;
      if (runs.at(-1) === place) runs[runs.length - 1] = place + 1;
      else runs.push(place, place + 1);
    }
    return runs;
  }

  /** The nearest of the groups that count and have a row in the runs, which have been scanned. */
  #nearestIn(runs: Runs, query: Float32Array, limit: number, groups: Groups): FoundGroup[] {
    const { least, perError, always, widest } = this.#quantised.bounds(query, []);
    const { errors, rowAt } = this.#quantised;
    const { starts, rows, of } = groups;
    // As many groups as are wanted are at least this near, so none that cannot be is among the nearest.
    const threshold = this.#bounds.raiseFloor();
    const found: FoundGroup[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let place = runs[run] ?? 0; place < end; place++) {
        const score = least[place] ?? 0;
        if (score + widest < threshold) continue;
        const row = rowAt[place] ?? 0;
        const group = of[row] ?? 0;
        if (score + (errors[row] ?? 0) * perError + always < threshold || !this.#bounds.counts(group))
          continue;
        this.#bounds.leaveOut(group);
        found.push(this.#nearestOf(query, group, rows.subarray(starts[group], starts[group + 1])));
      }
    }
    return found.sort((a, b) => b.score - a.score || a.group - b.group).slice(0, limit);
  }

  /** Scans runs of memory, and notes what that says of each group. */
  #scan(query: Float32Array, runs: Runs, { of }: Groups): void {
    const { least } = this.#quantised.bounds(query, runs);
    const { rowAt } = this.#quantised;
    for (let run = 0; run < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let place = runs[run] ?? 0; place < end; place++) {
        const score = least[place] ?? 0;
        if (score > this.#bounds.floor) this.#bounds.raise(of[rowAt[place] ?? 0] ?? 0, score);
      }
    }
  }

  #nearestOf(query: Float32Array, group: number, rows: Uint32Array): FoundGroup {
    let [nearest, best] = [0, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const score = this.similarity(query, row);
      if (score > best) [nearest, best] = [row, score];
    }
    return { group, row: nearest, score: best };
  }

  #blockOf(row: number): Float32Array {
    const block = this.#blocks[Math.floor(row / BLOCK)];
    if (!block) throw new RangeError(`There is no row ${row}.`);
    return block;
  }
}

function* rowsOf({ starts, rows }: Groups, selected: Uint32Array): Generator<number, void> {
  for (const group of selected) {
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) yield rows[at] ?? 0;
  }
}

function countRows({ starts, rows }: Groups, selected: Uint32Array): number {
  if (selected.length === starts.length - 1) return rows.length;
  let count = 0;
  for (const group of selected) count += (starts[group + 1] ?? 0) - (starts[group] ?? 0);
  return count;
}
