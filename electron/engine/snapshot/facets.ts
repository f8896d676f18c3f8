import type { Facets } from '../../contract/search.ts';
import type { Conditions } from '../words/conditions.ts';
import type { Grouping } from './grouping.ts';
import {
  conditionName,
  type Filtered,
  type FilteredRows,
  filterProducts,
  VALUE_FIELDS,
  type ValueField,
} from './product-filter.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';
import type { Terms } from './terms.ts';

/** With more different values than this among the filtered products, an attribute is a description, not a filter. */
const MOST_VALUES = 60;
/** With more than this in the whole catalog, its values are not counted at all. */
const MOST_COUNTED = 2000;

/**
 * An attribute with more values than this, nearly one for each design, names the products (a handle, an article number) and
 * is not a filter. In a smaller catalog, few values prove nothing.
 */
const FEW_VALUES = 10;
/** The least average number of designs per value of an attribute. */
const DESIGNS_A_VALUE = 1.25;

export type Count = { value: string; count: number };
type Passes = (product: number) => boolean;

/**
 * Counts the styles that each value of a field would leave in the result. A style counts once, however many of its sizes
 * pass.
 */
export class FacetCounter {
  readonly #rows: ResidentRows;
  readonly #firstRows: Uint32Array;
  readonly #filtered: FilteredRows;
  readonly #styleOf: Uint32Array;
  /** Names of attributes that are not filters: they have too many values, or nearly one for each design. */
  readonly unusable: ReadonlySet<string>;

  /** @param grouping the products of a style are consecutive, and so are the styles of a design */
  constructor(filtered: FilteredRows, { styleOf, designOf }: Pick<Grouping, 'styleOf' | 'designOf'>) {
    const { rows, firstRows } = filtered;
    this.#filtered = filtered;
    this.#rows = rows;
    this.#firstRows = firstRows;
    this.#styleOf = styleOf;
    this.unusable = unusableNames(
      rows.terms,
      firstRows,
      styleOf.map((style) => designOf[style] ?? 0),
    );
  }

  /**
   * Counts, for each field, the styles that each of its values would leave with all the *other* filters applied: choosing
   * one value must not set the numbers of the field's other values to zero.
   * @param among only these products
   */
  count(filters: Conditions, among: Passes = () => true): Facets {
    const filtered = filterProducts(this.#filtered, filters);
    const but = (name: string): Passes => {
      const passes = filtered.passesBut(name);
      return (product) => passes(product) && among(product);
    };
    const [category, brand, color, availability, source] = VALUE_FIELDS.map((field) =>
      this.#countValues(field, but(conditionName(field))),
    );
    return {
      category: category ?? [],
      brand: brand ?? [],
      color: color ?? [],
      availability: availability ?? [],
      source: source ?? [],
      price: this.#priceRange(but(conditionName('price'))),
      attributes: this.#countAttributes(filters, filtered, among),
    };
  }

  #countValues(field: ValueField, passes: Passes): Count[] {
    const { values, of }: NumberedColumn = this.#rows.columns[field];
    const counter = new StyleCounter(values.length, this.#styleOf);
    for (let product = 0; product < this.#firstRows.length; product++) {
      if (passes(product)) counter.add(of[this.#firstRows[product] ?? 0] ?? 0, product);
    }
    return sortedCounts(
      values.flatMap((value, number) => {
        const count = counter.counts[number] ?? 0;
        return value === null || count === 0 ? [] : [{ value, count }];
      }),
    );
  }

  #countAttributes(filters: Conditions, filtered: Filtered, among: Passes): Facets['attributes'] {
    const chosen = Object.keys(filters.attributes ?? {});
    const facets = this.#countTerms((product) => filtered.passes(product) && among(product));
    for (const name of chosen) {
      const passes = filtered.passesBut(conditionName('attributes', name));
      const values = this.#countTerms((product) => passes(product) && among(product)).get(name);
      if (values) facets.set(name, values);
    }
    return attributeFacets(facets, chosen);
  }

  /** For each attribute, the number of styles with each of its values. */
  #countTerms(passes: Passes): Map<string, Count[]> {
    const { terms } = this.#rows;
    const counter = new StyleCounter(terms.all.length, this.#styleOf);
    for (let product = 0; product < this.#firstRows.length; product++) {
      if (!passes(product)) continue;
      for (const number of terms.of(this.#firstRows[product] ?? 0)) counter.add(number, product);
    }
    const facets = new Map<string, Count[]>();
    for (const [number, { name, value }] of terms.all.entries()) {
      const count = counter.counts[number] ?? 0;
      if (count === 0 || this.unusable.has(name)) continue;
      const values = facets.get(name);
      if (values) values.push({ value, count });
      else facets.set(name, [{ value, count }]);
    }
    return facets;
  }

  #priceRange(passes: Passes): Facets['price'] {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let product = 0; product < this.#firstRows.length; product++) {
      const value = this.#rows.prices[this.#firstRows[product] ?? 0] ?? Number.NaN;
      // Most products do not change the range, so the filters are checked only for those that do.
      if (!(value < min || value > max) || !passes(product)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return min <= max ? { min, max } : null;
  }
}

/** Counts the different styles, or designs, of each number. */
class StyleCounter {
  readonly counts: Uint32Array;
  readonly #styleOf: Uint32Array;
  /** For each number the style counted last, plus 1. */
  readonly #last: Uint32Array;

  constructor(length: number, styleOf: Uint32Array) {
    this.counts = new Uint32Array(length);
    this.#last = new Uint32Array(length);
    this.#styleOf = styleOf;
  }

  /** @param product the products of a style must be consecutive */
  add(number: number, product: number): void {
    const style = (this.#styleOf[product] ?? 0) + 1;
    if (this.#last[number] === style) return;
    this.#last[number] = style;
    this.counts[number] = (this.counts[number] ?? 0) + 1;
  }
}

/** @param designOf each product's design; the products of a design are consecutive */
function unusableNames(terms: Terms, firstRows: Uint32Array, designOf: Uint32Array): Set<string> {
  const counter = new StyleCounter(terms.all.length, designOf);
  for (const [product, row] of firstRows.entries())
    for (const number of terms.of(row)) counter.add(number, product);
  const names = new Map<string, { values: number; designs: number }>();
  for (const [number, { name }] of terms.all.entries()) {
    const designs = counter.counts[number] ?? 0;
    if (designs === 0) continue;
    const sum = names.get(name) ?? { values: 0, designs: 0 };
    names.set(name, { values: sum.values + 1, designs: sum.designs + designs });
  }
  const unusable = new Set<string>();
  for (const [name, { values, designs }] of names) {
    const isName = values > FEW_VALUES && designs < values * DESIGNS_A_VALUE;
    if (isName || values > MOST_COUNTED || terms.isCrowded(name)) unusable.add(name);
  }
  return unusable;
}

/** The attributes that can be filtered by: those in use, and those with more than one value but not too many. */
export function attributeFacets(
  counts: ReadonlyMap<string, Count[]>,
  chosen: readonly string[],
): Facets['attributes'] {
  return [...counts]
    .filter(([name, values]) => chosen.includes(name) || (values.length > 1 && values.length <= MOST_VALUES))
    .map(([name, values]) => ({ name, values: sortedCounts(values) }))
    .sort((a, b) => NATURAL.compare(a.name, b.name));
}

/** B2 before B10. */
const NATURAL = new Intl.Collator(undefined, { numeric: true });

export function sortedCounts(counts: Count[]): Count[] {
  return counts.sort((a, b) => b.count - a.count || NATURAL.compare(a.value, b.value));
}
