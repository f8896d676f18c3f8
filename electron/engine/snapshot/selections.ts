import { LRUCache } from 'lru-cache';
import type { Filters } from '../../contract/search.ts';
import { membersOf } from '../vectors/groups.ts';
import type { Grouping } from './grouping.ts';
import { filterProducts } from './product-filter.ts';
import type { RowSelection } from './ranking.ts';
import type { ResidentRows } from './resident.ts';

/** The part of a snapshot that passes filters. */
export interface Selected {
  rows: RowSelection;
  /** Number of styles with a product that passes. */
  styles: number;
  hasStyle: (style: number) => boolean;
}

const MOST_BYTES = 50e6;

/** The products, pictures and styles of a snapshot that pass filters. Results are cached. */
export class Selections {
  readonly #rows: ResidentRows;
  readonly #grouping: Grouping;
  readonly #firstRows: Uint32Array;
  readonly #known: LRUCache<string, Selected>;
  #all: Selected | null = null;

  /** @param firstRows one row of each product */
  constructor(rows: ResidentRows, grouping: Grouping, firstRows: Uint32Array) {
    this.#rows = rows;
    this.#grouping = grouping;
    this.#firstRows = firstRows;
    this.#known = new LRUCache({
      maxSize: MOST_BYTES,
      sizeCalculation: ({ rows: { pictures } }) => pictures.mask.length + firstRows.length + 1,
    });
  }

  of(filters: Filters): Selected {
    if (Object.keys(filters).length === 0) return this.all;
    const key = JSON.stringify(filters);
    const known = this.#known.get(key);
    if (known) return known;
    const filtered = filterProducts(this.#rows, this.#firstRows, filters);
    const selected = this.#select((product) => filtered.passes(product), true);
    this.#known.set(key, selected);
    return selected;
  }

  /** The whole snapshot. */
  get all(): Selected {
    this.#all ??= this.#select(() => true, false);
    return this.#all;
  }

  #select(passes: (product: number) => boolean, filtered: boolean): Selected {
    const { pictureOf, pictures } = this.#rows;
    const { products, productOf, styleOf, styleStarts } = this.#grouping;
    const isIn = new Uint8Array(this.#firstRows.length);
    const mask = new Uint8Array(pictures.count);
    let [count, styles, last] = [0, 0, -1];
    for (let product = 0; product < isIn.length; product++) {
      if (!passes(product)) continue;
      isIn[product] = 1;
      if (styleOf[product] !== last) styles++;
      last = styleOf[product] ?? 0;
      for (const row of membersOf(products, product)) {
        const picture = pictureOf[row] ?? 0;
        count += 1 - (mask[picture] ?? 0);
        mask[picture] = 1;
      }
    }
    return {
      rows: { pictures: { mask, count, filtered }, passes: (row) => isIn[productOf[row] ?? 0] === 1 },
      styles,
      hasStyle: (style) => isIn.subarray(styleStarts[style], styleStarts[style + 1]).includes(1),
    };
  }
}
