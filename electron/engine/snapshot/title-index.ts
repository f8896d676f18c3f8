import { setImmediate } from 'node:timers/promises';
import { tokensOf } from '../words/forms.ts';
import type { ImageRows } from './image-rows.ts';

/** Titles that are read in one step. */
const AT_ONCE = 200;

/** A stem that titles have. */
export interface TitleStem {
  /** The folded words with this stem. */
  words: Set<string>;
  /** Numbers of the products, ascending. */
  products: number[];
}

/** The products whose titles have words with a stem (`stemOf`). Read when words are first asked for, not with the catalog. */
export class TitleIndex {
  readonly #rows: ImageRows;
  readonly #firstRows: Uint32Array;
  readonly #stems = new Map<string, TitleStem>();
  readonly #reading: Generator<void, void>;
  #isRead = false;

  /** @param firstRows one row of each product */
  constructor(rows: ImageRows, firstRows: Uint32Array) {
    this.#rows = rows;
    this.#firstRows = firstRows;
    this.#reading = this.#readTitles();
  }

  /** Reads all titles, and yields the thread in between. */
  async read(): Promise<ReadonlyMap<string, TitleStem>> {
    while (!this.#readSome()) await setImmediate();
    return this.#stems;
  }

  /** Marks the products whose titles have one of the stems with 1. Titles that were not read yet are read at once. */
  having(stems: readonly string[]): Uint8Array {
    while (!this.#readSome());
    const marks = new Uint8Array(this.#firstRows.length);
    for (const name of stems) for (const product of this.#productsOf(name)) marks[product] = 1;
    return marks;
  }

  /** Of a name of several words, the products whose titles have them all. */
  #productsOf(name: string): readonly number[] {
    const [first, ...others] = name.split(' ').map((stem) => this.#stems.get(stem)?.products ?? []);
    return others.reduce((all: readonly number[], some) => {
      const known = new Set(some);
      return all.filter((product) => known.has(product));
    }, first ?? []);
  }

  /** @returns whether all were read */
  #readSome(): boolean {
    if (!this.#isRead) this.#isRead = this.#reading.next().done === true;
    return this.#isRead;
  }

  *#readTitles(): Generator<void, void> {
    for (const [product, row] of this.#firstRows.entries()) {
      if (product % AT_ONCE === 0) yield;
      const title = this.#rows.value('title', row);
      if (typeof title !== 'string') continue;
      for (const { stem, folded } of tokensOf(title)) {
        const known = this.#stems.get(stem) ?? { words: new Set(), products: [] };
        this.#stems.set(stem, known);
        known.words.add(folded);
        if (known.products.at(-1) !== product) known.products.push(product);
      }
    }
  }
}
