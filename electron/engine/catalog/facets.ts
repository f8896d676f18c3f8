import { z } from 'zod';
import type { Facets, Filters } from '../../contract/search.ts';
import type { ImageRows } from './image-rows.ts';
import { plainAttributes } from './schema.ts';

/** Beyond this many different values among the products to choose from an attribute is a description, not a filter. */
const MOST_VALUES = 60;
/** Beyond this many in the whole catalog they are not even counted. */
const MOST_COUNTED = 2000;

type Field = 'category' | 'brand' | 'color' | 'availability';
/** Numbers of the products that pass the filters. */
type Select = (filters: Filters) => Promise<Uint32Array>;
type Count = { value: string; count: number };

const price = z.number();
const attributes = z.record(z.string(), z.unknown());

/** A field's different values, in the order of their numbers, and the number of each product's value. */
interface Column {
  values: (string | null)[];
  of: Uint32Array;
}

/** What products are filtered by, as numbers: counting texts and parsing attributes takes far longer than ranking. */
export class FacetCounter {
  readonly #fields: Record<Field, Column>;
  readonly #prices: Float64Array;
  readonly #attributes: AttributeColumns;

  /** @param firstRows one row of each product */
  constructor(rows: ImageRows, firstRows: Uint32Array) {
    this.#fields = {
      category: readColumn(rows, firstRows, 'category'),
      brand: readColumn(rows, firstRows, 'brand'),
      color: readColumn(rows, firstRows, 'color'),
      availability: readColumn(rows, firstRows, 'availability'),
    };
    this.#prices = Float64Array.from(firstRows, (row) => {
      const value = rows.value('price', row);
      return value === null ? Number.NaN : price.parse(value);
    });
    this.#attributes = new AttributeColumns(rows, firstRows);
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
      .sort((a, b) => a.name.localeCompare(b.name));
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
  readonly #terms: { name: string; value: string }[] = [];
  /** For each name the number of every value; null when there are too many. */
  readonly #numbers = new Map<string, Map<string, number> | null>();
  readonly #starts: Uint32Array;
  readonly #of: Uint32Array;

  constructor(rows: ImageRows, firstRows: Uint32Array) {
    const of: number[] = [];
    this.#starts = new Uint32Array(firstRows.length + 1);
    for (const [product, row] of firstRows.entries()) {
      for (const [name, value] of plainAttributes(readAttributes(rows, row))) {
        const number = this.#number(name, value);
        if (number !== null) of.push(number);
      }
      this.#starts[product + 1] = of.length;
    }
    this.#of = Uint32Array.from(of);
  }

  /** For each attribute, how many of the products have each of its values. */
  count(selected: Uint32Array): Map<string, Count[]> {
    const counts = new Uint32Array(this.#terms.length);
    for (const product of selected) {
      const end = this.#starts[product + 1] ?? 0;
      for (let at = this.#starts[product] ?? 0; at < end; at++) {
        const number = this.#of[at] ?? 0;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    }
    const facets = new Map<string, Count[]>();
    for (const [number, { name, value }] of this.#terms.entries()) {
      const count = counts[number] ?? 0;
      if (count === 0 || this.#numbers.get(name) === null) continue;
      const values = facets.get(name);
      if (values) values.push({ value, count });
      else facets.set(name, [{ value, count }]);
    }
    return facets;
  }

  /** The number of a term, a new one when it is new; null when its name has too many. */
  #number(name: string, value: string): number | null {
    const numbers = this.#numbers.get(name) ?? (this.#numbers.has(name) ? null : new Map<string, number>());
    const known = numbers?.get(value);
    if (numbers === null || known !== undefined) return known ?? null;
    const full = numbers.size === MOST_COUNTED;
    this.#numbers.set(name, full ? null : numbers.set(value, this.#terms.length));
    return full ? null : this.#terms.push({ name, value }) - 1;
  }
}

function readAttributes(rows: ImageRows, row: number): Record<string, unknown> {
  return attributes.parse(JSON.parse(String(rows.value('attributes', row))));
}

function readColumn(rows: ImageRows, firstRows: Uint32Array, field: Field): Column {
  const numbers = new Map<unknown, number>();
  const of = firstRows.map((row) => {
    const value = rows.value(field, row);
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  });
  return { values: z.array(z.string().nullable()).parse([...numbers.keys()]), of };
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

function sorted(counts: Count[]): Count[] {
  return counts.sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}
