import type { Facets, Filters } from '../../contract/search.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';
import type { Terms } from './terms.ts';

/** Beyond this many different values among the products to choose from an attribute is a description, not a filter. */
const MOST_VALUES = 60;
/** Beyond this many in the whole catalog they are not even counted. */
const MOST_COUNTED = 2000;

type Field = 'category' | 'brand' | 'color' | 'availability';
/** Numbers of the products that pass the filters. */
type Select = (filters: Filters) => Promise<Uint32Array>;
type Count = { value: string; count: number };

/** A field's different values, in the order of their numbers, and the number of each product's value. */
interface Column {
  values: readonly (string | null)[];
  of: Uint32Array;
}

/** What products are filtered by, as numbers: counting texts and parsing attributes takes far longer than ranking. */
export class FacetCounter {
  readonly #fields: Record<Field, Column>;
  readonly #prices: Float64Array;
  readonly #attributes: AttributeColumns;

  /** @param firstRows one row of each product */
  constructor(rows: ResidentRows, firstRows: Uint32Array) {
    const { category, brand, color, availability } = rows.columns;
    const column = ({ values, of }: NumberedColumn): Column => ({
      values,
      of: firstRows.map((row) => of[row] ?? 0),
    });
    this.#fields = {
      category: column(category),
      brand: column(brand),
      color: column(color),
      availability: column(availability),
    };
    this.#prices = Float64Array.from(firstRows, (row) => rows.prices[row] ?? Number.NaN);
    this.#attributes = new AttributeColumns(rows.terms, firstRows);
  }

  /**
   * Counts, for each field, the products that each of its values would leave with all the *other* filters applied: the
   * numbers beside a field's values must not fall to zero because one of them was chosen.
   */
  async count(filters: Filters, select: Select): Promise<Facets> {
    const others = (field: keyof Filters) => {
      const { [field]: _, ...rest } = filters;
      return select(rest);
    };
    const field = async (name: Field) => countColumn(this.#fields[name], await others(name));
    return {
      category: await field('category'),
      brand: await field('brand'),
      color: await field('color'),
      availability: await field('availability'),
      price: this.#priceRange(await others('price')),
      attributes: await this.#countAttributes(filters, select),
    };
  }

  async #countAttributes(filters: Filters, select: Select): Promise<Facets['attributes']> {
    const chosen = filters.attributes ?? {};
    const facets = this.#attributes.count(await select(filters));
    for (const name of Object.keys(chosen)) {
      const { [name]: _, ...rest } = chosen;
      const values = this.#attributes.count(await select({ ...filters, attributes: rest })).get(name);
      if (values) facets.set(name, values);
    }
    return [...facets]
      .filter(
        ([name, values]) =>
          Object.hasOwn(chosen, name) || (values.length > 1 && values.length <= MOST_VALUES),
      )
      .map(([name, values]) => ({ name, values: sorted(values) }))
      .sort((a, b) => NATURAL.compare(a.name, b.name));
  }

  #priceRange(selected: Uint32Array): Facets['price'] {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const product of selected) {
      const value = this.#prices[product] ?? Number.NaN;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return min <= max ? { min, max } : null;
  }
}

/** The plain attributes of every product, as numbers of name and value together. */
class AttributeColumns {
  readonly #terms: Terms;
  /** Names that have too many values to be counted. */
  readonly #crowded = new Set<string>();
  readonly #starts: Uint32Array;
  readonly #of: Uint32Array;

  constructor(terms: Terms, firstRows: Uint32Array) {
    this.#terms = terms;
    this.#starts = new Uint32Array(firstRows.length + 1);
    let length = 0;
    for (const [product, row] of firstRows.entries()) {
      length += terms.of(row).length;
      this.#starts[product + 1] = length;
    }
    this.#of = new Uint32Array(length);
    for (const [product, row] of firstRows.entries()) {
      this.#of.set(terms.of(row), this.#starts[product] ?? 0);
    }
    const values = new Map<string, number>();
    for (const number of new Set(this.#of)) {
      const name = terms.all[number]?.name ?? '';
      values.set(name, (values.get(name) ?? 0) + 1);
    }
    for (const [name, count] of values) {
      if (count > MOST_COUNTED || terms.isCrowded(name)) this.#crowded.add(name);
    }
  }

  /** For each attribute, how many of the products have each of its values. */
  count(selected: Uint32Array): Map<string, Count[]> {
    const counts = new Uint32Array(this.#terms.all.length);
    for (const product of selected) {
      const end = this.#starts[product + 1] ?? 0;
      for (let at = this.#starts[product] ?? 0; at < end; at++) {
        const number = this.#of[at] ?? 0;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    }
    const facets = new Map<string, Count[]>();
    for (const [number, { name, value }] of this.#terms.all.entries()) {
      const count = counts[number] ?? 0;
      if (count === 0 || this.#crowded.has(name)) continue;
      const values = facets.get(name);
      if (values) values.push({ value, count });
      else facets.set(name, [{ value, count }]);
    }
    return facets;
  }
}

function countColumn({ values, of }: Column, selected: Uint32Array): Count[] {
  const counts = new Uint32Array(values.length);
  for (const product of selected) {
    const number = of[product] ?? 0;
    counts[number] = (counts[number] ?? 0) + 1;
  }
  return sorted(
    values.flatMap((value, number) => {
      const count = counts[number] ?? 0;
      return value === null || count === 0 ? [] : [{ value, count }];
    }),
  );
}

/** B2 before B10. */
const NATURAL = new Intl.Collator(undefined, { numeric: true });

function sorted(counts: Count[]): Count[] {
  return counts.sort((a, b) => b.count - a.count || NATURAL.compare(a.value, b.value));
}
