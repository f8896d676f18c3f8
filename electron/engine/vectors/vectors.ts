import type { Centroids } from './centroids.ts';
import { ExactDot } from './exact-dot.ts';
import { KthBest } from './kth-best.ts';
import { QuantisedVectors, type Runs } from './quantised.ts';

/** Which vectors a search may find. */
export interface Selection {
  /** 1 for each id that may be found. Ids beyond its end may not. */
  mask: Uint8Array;
  /** How many ids may be found. */
  count: number;
  /** A filter leaves some of the catalog's vectors out, perhaps those nearest to the query. */
  filtered: boolean;
}

/** A vector, and its dot product with the query. */
export interface Scored {
  id: number;
  score: number;
}

export interface Nearest {
  /** Best first, equal scores by id. All vectors as near as the last one are included, so there may be more than `k`. */
  vectors: Scored[];
  /** `exact`: the result is the same as if the query had been compared with every selected vector. */
  search: 'exact' | 'index';
}

/** An inverted file (IVF; Jégou, Douze and Schmid 2011) of unquantised vectors: tells where to look for near vectors. */
export interface VectorIndex {
  centroids: Centroids;
  /** The vectors of cell `n` are in the slots from `starts[n]` up to but not including `starts[n + 1]`. */
  starts: Uint32Array;
  /** The id of the vector in each slot. */
  order: Uint32Array;
  /**
   * The pruning margin: how far a vector's score may be above the score of its cell's centroid. `far` applies when a filter
   * leaves out vectors near the query, or when the query is unlike the catalog.
   */
  margin: { near: number; far: number };
  /** A query whose best centroid scores less than this is unlike the catalog. */
  familiar: number;
}

/** The scanned `runs` of slots. */
interface Scan {
  runs: number[];
  search: Nearest['search'];
}

/** Scanning a slot that does not follow the previous one takes as long as scanning this many consecutive slots. */
const JUMP = 10;
/** Pruning begins once the scanned cells have this many vectors for each wanted one. */
const VECTORS_PER_WANTED = 4;
/** Even when fewer are wanted, cells are chosen as for the 200 that are ranked by colour (search/picture-ranking.ts). */
export const DEPTH = 200;
/** Vectors per block of memory. With blocks, vectors can be added without copying any. */
const BLOCK = 1024;
/** Vectors moved to their slots per step, in less than a millisecond. */
const MOVES_A_STEP = 200;

/**
 * Vectors in memory, numbered from 0 (their ids), and the search through them. A scan of quantised vectors
 * (`QuantisedVectors`) gives each score a lower and an upper bound. Only vectors whose upper bound reaches the k-th best
 * lower bound are compared in float32. The result is exact, unless an index leaves cells out of the scan.
 *
 * @example
 * const vectors = new Vectors(2, 3);
 * vectors.set(0, Float32Array.of(1, 0, 0, 0, 1, 0));
 * vectors.nearest(Float32Array.of(0, 1, 0), 1, { mask: Uint8Array.of(1, 1), count: 2, filtered: false });
 * // { vectors: [{ id: 1, score: 1 }], search: 'exact' }
 */
export class Vectors {
  readonly dim: number;
  readonly #blocks: Float32Array[] = [];
  readonly #quantised: QuantisedVectors;
  readonly #exact: ExactDot;
  #count = 0;
  #index: VectorIndex | null = null;
  /** Ids written after the index was built: they are in no cell, or in one that is not their own. */
  #unlisted = new Set<number>();
  /** Ids written since an index build began; null while none is in progress. */
  #written: Set<number> | null = null;

  constructor(count: number, dim: number) {
    this.dim = dim;
    this.#quantised = new QuantisedVectors(0, dim);
    this.#exact = new ExactDot(dim);
    this.grow(count);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Makes room for `count` vectors in total. New ones are all zeros until they are set.
   * @throws RangeError when there is not enough memory
   */
  grow(count: number): void {
    if (count <= this.#count) return;
    this.#quantised.grow(count);
    while (this.#blocks.length * BLOCK < count) this.#blocks.push(new Float32Array(BLOCK * this.dim));
    this.#count = count;
  }

  /** Sets the vectors from id `from` on. @param flat `dim` numbers per vector */
  set(from: number, flat: Float32Array): void {
    for (let start = 0, id = from; start < flat.length; start += this.dim, id++) {
      this.at(id).set(flat.subarray(start, start + this.dim));
      if (this.#index) this.#unlisted.add(id);
      this.#written?.add(id);
    }
    this.#quantised.set(from, flat);
  }

  /** The vector as a view, which must not be changed. */
  at(id: number): Float32Array {
    const start = (id % BLOCK) * this.dim;
    return this.#blockOf(id).subarray(start, start + this.dim);
  }

  /** The dot products of a query and vectors. */
  similarities(query: Float32Array, ids: readonly number[]): number[] {
    const vectors = ids.map((id) => this.at(id));
    return this.#exact.products(query, vectors);
  }

  /** Starts to note which ids are written, because the index about to be built will not contain them. */
  beginIndex(): void {
    this.#written = new Set();
  }

  /**
   * Moves the vectors to the slots of an index, one step at a time, and uses the index once that is done. Until then
   * searches are exact.
   */
  *adopt(index: VectorIndex): Generator<void, void> {
    this.#index = null;
    for (const [slot, id] of index.order.entries()) {
      if (slot % MOVES_A_STEP === 0) yield;
      this.#quantised.move(id, slot);
    }
    this.#index = index;
    this.#unlisted = this.#written ?? new Set();
    this.#written = null;
  }

  /** The `k` selected vectors nearest to a query, best first. */
  nearest(query: Float32Array, k: number, selection: Selection): Nearest {
    const wanted = Math.min(k, selection.count);
    if (wanted === 0) return { vectors: [], search: 'exact' };
    const best = new KthBest(Math.min(Math.max(k, this.#index ? DEPTH : 0), selection.count));
    const scan = this.#scanCells(query, best, selection) ?? this.#scanSelected(query, best, selection);
    return { vectors: this.#bestOf(scan.runs, query, wanted, best, selection), search: scan.search };
  }

  /**
   * Scans the cells that can contain one of the wanted vectors, nearest cells first. A cell is left out when its centroid's
   * score plus the pruning margin stays below the k-th best lower bound. If these cells have more than half of the vectors,
   * all cells are scanned. Returns null, without a scan, when scanning only the selected vectors is faster.
   */
  #scanCells(query: Float32Array, best: KthBest, selection: Selection): Scan | null {
    if (!this.#index) return null;
    const { centroids, starts } = this.#index;
    const few = selection.count * JUMP < this.count;
    const scores = centroids.scores(query);
    const cells = Uint32Array.from(scores.keys()).sort(
      (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
    );
    const margin = this.#marginFor(scores[cells[0] ?? 0] ?? 0, selection);
    // Vectors that are not in the index are always scanned.
    const scan: Scan = { runs: this.#runsOf(this.#unlisted), search: 'index' };
    this.#scan(query, scan.runs, best, selection);
    // Their slots may also be in scanned cells, and must not be noted twice.
    const others = (id: number) => !this.#unlisted.has(id);
    let [due, pending, selected, slots] = [best.k * VECTORS_PER_WANTED, scan.runs.length, 0, 0];
    let least = Number.NEGATIVE_INFINITY;
    for (const cell of cells) {
      const isExact = scan.search === 'exact';
      if (!isExact && (scores[cell] ?? 0) + margin < least) break;
      const [from, to] = [starts[cell] ?? 0, starts[cell + 1] ?? 0];
      scan.runs.push(from, to);
      if (isExact) continue;
      slots += to - from;
      if (slots * 2 > (few ? selection.count * JUMP : this.count)) {
        if (few) return null;
        scan.search = 'exact';
      }
      selected += selection.filtered ? this.#countSelected(from, to, selection) : to - from;
      if (selected < due) continue;
      this.#scan(query, scan.runs.slice(pending), best, selection, others);
      least = best.raiseFloor();
      [pending, due] = [scan.runs.length, selected * 2];
    }
    this.#scan(query, scan.runs.slice(pending), best, selection, others);
    return scan;
  }

  /** Scans the selected vectors, or all vectors where that is faster than jumping from one to the next. */
  #scanSelected(query: Float32Array, best: KthBest, selection: Selection): Scan {
    const few = selection.count * JUMP < this.count;
    const runs = few ? this.#runsOf(idsOf(selection)) : [0, this.count];
    this.#scan(query, runs, best, selection);
    return { runs, search: 'exact' };
  }

  #marginFor(bestCentroid: number, { filtered }: Selection): number {
    const { near = 0, far = 0 } = this.#index?.margin ?? {};
    return !filtered && bestCentroid >= (this.#index?.familiar ?? 0) ? near : far;
  }

  #countSelected(from: number, to: number, { mask }: Selection): number {
    const { idAt } = this.#quantised;
    let count = 0;
    for (let slot = from; slot < to; slot++) count += mask[idAt[slot] ?? 0] ?? 0;
    return count;
  }

  /** The slots of some vectors. */
  #runsOf(ids: Iterable<number>): number[] {
    const runs: number[] = [];
    for (const id of ids) {
      const slot = this.#quantised.slotOf[id] ?? 0;
      if (runs.at(-1) === slot) runs[runs.length - 1] = slot + 1;
      else runs.push(slot, slot + 1);
    }
    return runs;
  }

  /** Scans runs of slots and notes the lower bounds. */
  #scan(
    query: Float32Array,
    runs: Runs,
    best: KthBest,
    { mask }: Selection,
    counts: (id: number) => boolean = () => true,
  ): void {
    const { least } = this.#quantised.bounds(query, runs);
    const { idAt } = this.#quantised;
    for (let run = 0; run < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let slot = runs[run] ?? 0; slot < end; slot++) {
        const lower = least[slot] ?? 0;
        if (!(lower > best.floor)) continue;
        const id = idAt[slot] ?? 0;
        if (mask[id] && counts(id)) best.note(lower);
      }
    }
  }

  /** The best of the selected vectors in runs that were scanned. */
  #bestOf(runs: Runs, query: Float32Array, wanted: number, best: KthBest, { mask }: Selection): Scored[] {
    const { least, perError, always, widest } = this.#quantised.bounds(query, []);
    const { errors, idAt } = this.#quantised;
    // At least `wanted` vectors score this much, so a vector with a lower upper bound is not among the best.
    const floor = best.raiseFloor();
    const seen = new Set<number>();
    for (let run = 0; run < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let slot = runs[run] ?? 0; slot < end; slot++) {
        const lower = least[slot] ?? 0;
        if (lower + widest < floor) continue;
        const id = idAt[slot] ?? 0;
        if (lower + (errors[id] ?? 0) * perError + always < floor || !mask[id] || seen.has(id)) continue;
        // A vector that is not in the index may be in a scanned cell too.
        seen.add(id);
      }
    }
    const ids = [...seen];
    const scores = this.similarities(query, ids);
    const found = ids.map((id, n): Scored => ({ id, score: scores[n] ?? 0 }));
    found.sort((a, b) => b.score - a.score || a.id - b.id);
    const last = found[wanted - 1]?.score;
    let end = wanted;
    while (end < found.length && found[end]?.score === last) end++;
    return found.slice(0, end);
  }

  #blockOf(id: number): Float32Array {
    const block = this.#blocks[Math.floor(id / BLOCK)];
    if (!block) throw new RangeError(`There is no vector ${id}.`);
    return block;
  }
}

function* idsOf({ mask }: Selection): Generator<number, void> {
  for (let id = 0; id < mask.length; id++) if (mask[id]) yield id;
}
