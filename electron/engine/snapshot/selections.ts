import { LRUCache } from 'lru-cache';
import { membersOf } from '../vectors/groups.ts';
import type { Conditions } from '../words/conditions.ts';
import type { Grouping } from './grouping.ts';
import { type FilteredRows, filterProducts } from './product-filter.ts';
import type { RowSelection } from './ranking.ts';

/** The part of a snapshot that passes filters. */
export interface Selected {
  rows: RowSelection;
  /** Number of styles with a product that passes. */
  styles: number;
  hasStyle: (style: number) => boolean;
  hasProduct: (product: number) => boolean;
  /** The first product of a style that passes. */
  firstOf: (style: number) => number;
}

const MOST_BYTES = 50e6;

/** The products, pictures and styles of a snapshot that pass filters. Results are cached. */
export class Selections {
  readonly #filtered: FilteredRows;
  readonly #grouping: Grouping;
  readonly #known: LRUCache<string, Selected>;
  #all: Selected | null = null;

  constructor(filtered: FilteredRows, grouping: Grouping) {
    this.#filtered = filtered;
    this.#grouping = grouping;
    const { firstRows } = filtered;
    this.#known = new LRUCache({
      maxSize: MOST_BYTES,
      // The pictures come later, if at all.
      sizeCalculation: () => filtered.rows.pictures.count + firstRows.length + 1,
    });
  }

  of(filters: Conditions): Selected {
    if (Object.keys(filters).length === 0) return this.all;
    const key = JSON.stringify(filters);
    const known = this.#known.get(key);
    if (known) return known;
    const filtered = filterProducts(this.#filtered, filters);
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
    const { firstRows } = this.#filtered;
    const { productOf, styleOf, styleStarts } = this.#grouping;
    const isIn = new Uint8Array(firstRows.length);
    let [styles, last] = [0, -1];
    for (let product = 0; product < isIn.length; product++) {
      if (!passes(product)) continue;
      isIn[product] = 1;
      if (styleOf[product] !== last) styles++;
      last = styleOf[product] ?? 0;
    }
    // Words are counted and listed without their pictures.
    let pictures: RowSelection['pictures'] | null = null;
    const picturesOf = () => {
      pictures ??= { ...this.#picturesOf(isIn), filtered };
      return pictures;
    };
    return {
      rows: {
        get pictures() {
          return picturesOf();
        },
        passes: (row) => isIn[productOf[row] ?? 0] === 1,
      },
      styles,
      hasProduct: (product) => isIn[product] === 1,
      hasStyle: (style) => isIn.subarray(styleStarts[style], styleStarts[style + 1]).includes(1),
      firstOf: (style) =>
        isIn.subarray(styleStarts[style], styleStarts[style + 1]).indexOf(1) + (styleStarts[style] ?? 0),
    };
  }

  /** The pictures that products show, and how many they are. */
  #picturesOf(isIn: Uint8Array): { mask: Uint8Array; count: number } {
    const { pictureOf, pictures } = this.#filtered.rows;
    const { products } = this.#grouping;
    const mask = new Uint8Array(pictures.count);
    let count = 0;
    for (let product = 0; product < isIn.length; product++) {
      if (isIn[product] === 0) continue;
      for (const row of membersOf(products, product)) {
        const picture = pictureOf[row] ?? 0;
        count += 1 - (mask[picture] ?? 0);
        mask[picture] = 1;
      }
    }
    return { mask, count };
  }
}
