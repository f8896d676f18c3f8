import { QuantisedVectors } from './quantised.ts';

/** Which rows belong together: group `g` has `rows[starts[g]]` up to but not `rows[starts[g + 1]]`. */
export interface Groups {
  starts: Uint32Array;
  rows: Uint32Array;
}

/** A group, its row nearest to a query, and how near that is. */
export interface FoundGroup {
  group: number;
  row: number;
  score: number;
}

/**
 * Vectors in memory, and the exact search through them. A scan of their bytes (`QuantisedVectors`) tells which few can
 * be among the nearest at all; only these are compared in full.
 */
export class Vectors {
  readonly #dim: number;
  readonly #flat: Float32Array;
  readonly #quantised: QuantisedVectors;
  #leastOf = new Float32Array();

  constructor(count: number, dim: number) {
    this.#dim = dim;
    this.#flat = new Float32Array(count * dim);
    this.#quantised = new QuantisedVectors(count, dim);
  }

  /** Takes `vectors` (`dim` numbers a row) as the rows from `from` on. */
  set(from: number, vectors: Float32Array): void {
    this.#flat.set(vectors, from * this.#dim);
    this.#quantised.set(from, vectors);
  }

  /** A view, not to be changed. */
  at(row: number): Float32Array {
    return this.#flat.subarray(row * this.#dim, (row + 1) * this.#dim);
  }

  /**
   * The dot product with a row. Eight sums at once: V8 does not vectorise, but the processor overlaps independent
   * additions.
   */
  similarity(query: Float32Array, row: number): number {
    const vectors = this.#flat;
    const start = row * this.#dim;
    const whole = this.#dim - (this.#dim % 8);
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
    for (let i = whole; i < this.#dim; i++) a += (vectors[start + i] ?? 0) * (query[i] ?? 0);
    return a + b + c + d + e + f + g + h;
  }

  /**
   * The groups nearest to a query, best first; equal ones in the order of their numbers. A group counts as its nearest
   * row, the first of equal ones.
   * @param selected numbers of the groups to choose from, each once
   */
  nearest(query: Float32Array, limit: number, groups: Groups, selected: Uint32Array): FoundGroup[] {
    if (limit === 0) return [];
    const { least, perError, always, widest } = this.#quantised.bounds(query);
    const { errors } = this.#quantised;
    const { starts, rows } = groups;
    // Used again by each search: to get a fresh megabyte takes longer than to fill it.
    if (this.#leastOf.length < selected.length) this.#leastOf = new Float32Array(selected.length);
    const leastOf = this.#leastOf.subarray(0, selected.length);
    for (let i = 0; i < selected.length; i++) {
      const group = selected[i] ?? 0;
      const end = starts[group + 1] ?? 0;
      let nearest = Number.NEGATIVE_INFINITY;
      for (let at = starts[group] ?? 0; at < end; at++) {
        const score = least[rows[at] ?? 0] ?? 0;
        if (score > nearest) nearest = score;
      }
      leastOf[i] = nearest;
    }
    // As many groups as are wanted are at least this near, so none that cannot be is among the nearest.
    const threshold = nthLargest(leastOf, limit);
    const found: FoundGroup[] = [];
    for (let i = 0; i < selected.length; i++) {
      if ((leastOf[i] ?? 0) + widest < threshold) continue;
      const group = selected[i] ?? 0;
      const its = rows.subarray(starts[group], starts[group + 1]);
      const canBe = its.some(
        (row) => (least[row] ?? 0) + (errors[row] ?? 0) * perError + always >= threshold,
      );
      if (canBe) found.push(this.#nearestOf(query, group, its));
    }
    return found.sort((a, b) => b.score - a.score || a.group - b.group).slice(0, limit);
  }

  #nearestOf(query: Float32Array, group: number, rows: Uint32Array): FoundGroup {
    let [nearest, best] = [0, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const score = this.similarity(query, row);
      if (score > best) [nearest, best] = [row, score];
    }
    return { group, row: nearest, score: best };
  }
}

/** The `n`th largest of the values, from 1; -Infinity when there are fewer. */
function nthLargest(values: Float32Array, n: number): number {
  if (values.length < n) return Number.NEGATIVE_INFINITY;
  // Dealt out to `n` hands, each hand has a value that reaches the least of the hands' best: the nth largest does too.
  // That leaves a few hundred to sort, where sorting all would take longer than comparing all vectors.
  const best = new Float32Array(n).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0, hand = 0; i < values.length; i++) {
    if ((values[i] ?? 0) > (best[hand] ?? 0)) best[hand] = values[i] ?? 0;
    hand = hand + 1 === n ? 0 : hand + 1;
  }
  const floor = best.reduce((lowest, value) => Math.min(lowest, value));
  const large: number[] = [];
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) >= floor) large.push(values[i] ?? 0);
  return Float32Array.from(large).sort()[large.length - n] ?? Number.NEGATIVE_INFINITY;
}
