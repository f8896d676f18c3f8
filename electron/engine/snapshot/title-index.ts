import { setImmediate } from 'node:timers/promises';
import { tokensOf } from '../words/forms.ts';
import type { ImageRows } from './image-rows.ts';

/** Titles read before yielding the thread. */
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
  #reading: Promise<void> | null = null;

  /** @param firstRows one row of each product */
  constructor(rows: ImageRows, firstRows: Uint32Array) {
    this.#rows = rows;
    this.#firstRows = firstRows;
  }

  /** Must be called before anything else is. */
  async read(): Promise<ReadonlyMap<string, TitleStem>> {
    this.#reading ??= this.#readTitles();
    await this.#reading;
    return this.#stems;
  }

  /** Marks the products whose titles have one of the stems with 1. */
  having(stems: readonly string[]): Uint8Array {
    const marks = new Uint8Array(this.#firstRows.length);
    for (const stem of stems) for (const product of this.#stems.get(stem)?.products ?? []) marks[product] = 1;
    return marks;
  }

  async #readTitles(): Promise<void> {
    for (const [product, row] of this.#firstRows.entries()) {
      if (product % AT_ONCE === 0) await setImmediate();
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
