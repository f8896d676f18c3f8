import type { Filters } from '../../contract/search.ts';
import { attributesOf } from '../catalog/schema.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';

/** The fields that are filtered by value. */
export const VALUE_FIELDS = ['category', 'brand', 'color', 'availability', 'source'] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** One filter: a field, a price range, or an attribute's values. */
interface Condition {
  name: string;
  passes: (row: number) => boolean;
}

/** More than one condition fails. */
const SEVERAL = 0xffff;

/** The products that pass all filters, and those that fail only one of them, which counting facets needs. */
export class Filtered {
  /** For each product 0 when all conditions hold, `n + 1` when only the nth fails, `SEVERAL` when several do. */
  readonly #failing: Uint16Array;
  readonly #names: readonly string[];

  constructor(failing: Uint16Array, names: readonly string[]) {
    this.#failing = failing;
    this.#names = names;
  }

  passes(product: number): boolean {
    return this.#failing[product] === 0;
  }

  /** Whether a product passes all filters but one (`conditionName`), or all filters when that one is not set. */
  passesBut(name: string): (product: number) => boolean {
    const own = this.#names.indexOf(name) + 1;
    return (product) => {
      const failing = this.#failing[product] ?? SEVERAL;
      return failing === 0 || failing === own;
    };
  }
}

/** The name of a filter's condition. */
export const conditionName = (field: keyof Filters, attribute = ''): string =>
  JSON.stringify([field, attribute]);

/**
 * Filters products by the columns in memory: one pass over the products for each condition, however many values it has. The
 * result is the same as that of Lance's SQL (catalog/filters.ts).
 * @param firstRows one row of each product
 */
export function filterProducts(rows: ResidentRows, firstRows: Uint32Array, filters: Filters): Filtered {
  const conditions = conditionsOf(rows, filters);
  const failing = new Uint16Array(firstRows.length);
  for (const [n, { passes }] of conditions.entries()) {
    for (let product = 0; product < firstRows.length; product++) {
      if (failing[product] === SEVERAL || passes(firstRows[product] ?? 0)) continue;
      failing[product] = failing[product] === 0 ? n + 1 : SEVERAL;
    }
  }
  return new Filtered(
    failing,
    conditions.map(({ name }) => name),
  );
}

function conditionsOf(rows: ResidentRows, filters: Filters): Condition[] {
  const conditions: Condition[] = [];
  for (const field of VALUE_FIELDS) {
    const values = filters[field];
    if (values)
      conditions.push({ name: conditionName(field), passes: hasValue(rows.columns[field], values) });
  }
  const { min, max } = filters.price ?? {};
  if (min !== undefined || max !== undefined) {
    const [least, most] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
    const { prices } = rows;
    // Products without a price (NaN) do not pass.
    const passes = (row: number) => {
      const price = prices[row] ?? Number.NaN;
      return price >= least && price <= most;
    };
    conditions.push({ name: conditionName('price'), passes });
  }
  // The fastest conditions come first: attributes may have to be read as text.
  for (const [attribute, values] of Object.entries(filters.attributes ?? {})) {
    conditions.push({
      name: conditionName('attributes', attribute),
      passes: hasAttribute(rows, attribute, values),
    });
  }
  return conditions;
}

function hasValue({ values, of, numberOf }: NumberedColumn, wanted: readonly string[]) {
  const isWanted = new Uint8Array(values.length);
  for (const value of wanted) {
    const number = numberOf(value);
    if (number !== undefined) isWanted[number] = 1;
  }
  return (row: number) => isWanted[of[row] ?? 0] === 1;
}

function hasAttribute({ terms, fields }: ResidentRows, name: string, wanted: readonly string[]) {
  if (terms.isCrowded(name)) {
    // The attribute has too many values to be numbered.
    const values = new Set(wanted);
    return (row: number) =>
      attributesOf(String(fields.value('attributes', row))).some(
        ([attribute, value]) => attribute === name && values.has(value),
      );
  }
  const isWanted = new Uint8Array(terms.all.length);
  for (const value of wanted) {
    const number = terms.numberOf(name, value);
    if (number !== undefined) isWanted[number] = 1;
  }
  return (row: number) => terms.of(row).some((number) => isWanted[number] === 1);
}
