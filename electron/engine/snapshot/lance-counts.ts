import { z } from 'zod';
import type { Facets } from '../../contract/search.ts';
import type { Conditions } from '../words/conditions.ts';
import { attributeFacets, type Count, sortedCounts } from './facets.ts';
import type { LanceReader } from './lance-reader.ts';
import { VALUE_FIELDS } from './product-filter.ts';

/** Counts over the rows that pass filters. */
interface Counts {
  fields: ReadonlyMap<string, Count[]>;
  price: Facets['price'];
  /** The values of each attribute, by its name. */
  attributes: Map<string, Count[]>;
}

const STYLE = ['styleId', 'uid', 'productId'];
const COLUMNS = [...VALUE_FIELDS, 'price', 'attributeTerms', ...STYLE];
const term = z.tuple([z.string(), z.string()]);

/**
 * Counts the styles that each filter value would leave, by reading the rows that pass from Lance.
 * @param unusable names of attributes that are not filters
 */
export async function lanceFacets(
  reader: LanceReader,
  filters: Conditions,
  unusable: ReadonlySet<string>,
  passes: (styleId: string) => boolean = () => true,
): Promise<Facets> {
  const all = await countRows(reader, filters, passes);
  // The values of a field are counted without that field's own filter.
  const without = async (field: keyof Conditions): Promise<Counts> => {
    if (filters[field] === undefined) return all;
    const { [field]: _, ...others } = filters;
    return countRows(reader, others, passes);
  };
  const fields: Count[][] = [];
  for (const field of VALUE_FIELDS) fields.push((await without(field)).fields.get(field) ?? []);
  const [category = [], brand = [], color = [], availability = [], source = []] = fields;
  const { price } = await without('price');
  const chosen = Object.keys(filters.attributes ?? {});
  const attributes = new Map(all.attributes);
  for (const name of chosen) {
    const { [name]: _, ...others } = filters.attributes ?? {};
    const values = (await countRows(reader, { ...filters, attributes: others }, passes)).attributes.get(name);
    if (values) attributes.set(name, values);
  }
  return {
    category,
    brand,
    color,
    availability,
    source,
    price,
    attributes: attributeFacets(attributes, chosen).filter(({ name }) => !unusable.has(name)),
  };
}

/** The styles of the rows that pass. */
export interface ScannedStyles {
  /** By their ids. */
  numbers: ReadonlyMap<string, number>;
  /** The styles whose rows are not all consecutive. */
  scattered: ReadonlySet<number>;
}

export async function scanStyles(reader: LanceReader, filters: Conditions): Promise<ScannedStyles> {
  const numbers = new Map<string, number>();
  const scattered = new Set<number>();
  let before = -1;
  for await (const rows of reader.scan(filters, STYLE)) {
    for (let row = 0; row < rows.count; row++) {
      const styleId = String(rows.cell('styleId', row));
      const known = numbers.get(styleId);
      const style = known ?? numbers.size;
      if (known === undefined) numbers.set(styleId, style);
      else if (style !== before) scattered.add(style);
      before = style;
    }
  }
  return { numbers, scattered };
}

async function countRows(
  reader: LanceReader,
  filters: Conditions,
  passes: (styleId: string) => boolean,
): Promise<Counts> {
  const { numbers, scattered } = await scanStyles(reader, filters);
  const fields = new Map(VALUE_FIELDS.map((field) => [field, new ValueCounter(scattered)]));
  const terms = new ValueCounter(scattered);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const rows of reader.scan(filters, COLUMNS)) {
    for (let row = 0; row < rows.count; row++) {
      const styleId = String(rows.cell('styleId', row));
      if (!passes(styleId)) continue;
      const style = numbers.get(styleId) ?? -1;
      for (const [field, counter] of fields) counter.add(rows.cell(field, row), style);
      for (const each of rows.terms(row)) terms.add(each, style);
      const price = rows.cell('price', row);
      if (typeof price !== 'number') continue;
      [min, max] = [Math.min(min, price), Math.max(max, price)];
    }
  }
  const attributes = new Map<string, Count[]>();
  for (const { value: json, count } of terms.counts()) {
    const [name, value] = term.parse(JSON.parse(json));
    const values = attributes.get(name);
    if (values) values.push({ value, count });
    else attributes.set(name, [{ value, count }]);
  }
  return {
    fields: new Map([...fields].map(([field, counter]) => [field, sortedCounts(counter.counts())])),
    price: min <= max ? { min, max } : null,
    attributes,
  };
}

/**
 * Counts styles by value, each once per value. For a style with consecutive rows it is enough to know the last style
 * counted. Remembering every counted style would take the memory that searching with Lance saves.
 */
class ValueCounter {
  readonly #counts = new Map<string, { count: number; last: number; scattered: Set<number> }>();
  readonly #scattered: ReadonlySet<number>;

  constructor(scattered: ReadonlySet<number>) {
    this.#scattered = scattered;
  }

  add(value: unknown, style: number): void {
    if (typeof value !== 'string') return;
    const known = this.#counts.get(value) ?? { count: 0, last: -1, scattered: new Set() };
    this.#counts.set(value, known);
    if (known.last === style || known.scattered.has(style)) return;
    known.count++;
    known.last = style;
    if (this.#scattered.has(style)) known.scattered.add(style);
  }

  counts(): Count[] {
    return [...this.#counts].map(([value, { count }]) => ({ value, count }));
  }
}
