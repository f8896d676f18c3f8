import { attributesOf } from '../catalog/schema.ts';
import { grown } from '../vectors/quantised.ts';

/**
 * An attribute with more different values than this is not numbered any more, and is never a filter: descriptions would fill
 * the memory. The limit is twice that of `FacetCounter`, because rows of earlier snapshots have values too.
 */
const MOST_NUMBERED = 4000;

/** An attribute's name and one of its values. */
export interface Term {
  name: string;
  value: string;
}

/** The plain attributes of rows, as the numbers of their terms. */
export class Terms {
  /** By number. */
  readonly all: Term[] = [];
  /** For each name the number of every value; null when there are too many values. */
  readonly #numbers = new Map<string, Map<string, number> | null>();
  /** The terms of a row: `#lengths` numbers in `#pool`, starting at `#starts`. */
  #starts = new Uint32Array();
  #lengths = new Uint32Array();
  #pool = new Uint32Array();
  #used = 0;

  /** Makes room for `count` rows in total. */
  grow(count: number): void {
    this.#starts = grown(this.#starts, count);
    this.#lengths = grown(this.#lengths, count);
  }

  /** @param json an object of all attributes */
  set(row: number, json: string): void {
    const numbers = attributesOf(json).flatMap(([name, value]) => this.#number(name, value) ?? []);
    this.#lengths[row] = 0;
    if (this.#used + numbers.length > this.#pool.length) this.#makeRoom(numbers.length);
    this.#starts[row] = this.#used;
    this.#lengths[row] = numbers.length;
    this.#pool.set(numbers, this.#used);
    this.#used += numbers.length;
  }

  /** A view, valid until the next `set`. */
  of(row: number): Uint32Array {
    const start = this.#starts[row] ?? 0;
    return this.#pool.subarray(start, start + (this.#lengths[row] ?? 0));
  }

  /** The number of a term; undefined when no row has ever had it, or its name has too many values. */
  numberOf(name: string, value: string): number | undefined {
    return this.#numbers.get(name)?.get(value);
  }

  /** Whether an attribute has so many values that some have no number. */
  isCrowded(name: string): boolean {
    return this.#numbers.get(name) === null;
  }

  /** Moves the terms that rows still have to a new pool, with the same amount of room again. */
  #makeRoom(more: number): void {
    const needed = this.#lengths.reduce((sum, length) => sum + length, more);
    const pool = new Uint32Array(Math.max(1024, Math.ceil(needed * 1.5)));
    let used = 0;
    for (let row = 0; row < this.#starts.length; row++) {
      const rowTerms = this.of(row);
      pool.set(rowTerms, used);
      this.#starts[row] = used;
      used += rowTerms.length;
    }
    [this.#pool, this.#used] = [pool, used];
  }

  /** The number of a term, a new one if it is new; null when its name has too many values. */
  #number(name: string, value: string): number | null {
    const numbers = this.#numbers.get(name) ?? (this.#numbers.has(name) ? null : new Map<string, number>());
    const known = numbers?.get(value);
    if (numbers === null || known !== undefined) return known ?? null;
    const full = numbers.size === MOST_NUMBERED;
    this.#numbers.set(name, full ? null : numbers.set(value, this.all.length));
    return full ? null : this.all.push({ name, value }) - 1;
  }
}
