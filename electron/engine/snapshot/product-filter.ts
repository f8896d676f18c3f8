import type { Filters } from '../../contract/search.ts';
import { attributesOf } from '../catalog/schema.ts';
import type { Clause, Conditions, Condition as WordsCondition } from '../words/conditions.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';
import type { TitleIndex } from './title-index.ts';

/** The fields that are filtered by value. */
export const VALUE_FIELDS = ['category', 'brand', 'color', 'availability', 'source'] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** One filter: a field, a price range, an attribute's values, or what a word was understood as. */
interface Condition {
  name: string;
  passes: Passes;
}

type Passes = (row: number, product: number) => boolean;

/** What products are filtered by. */
export interface FilteredRows {
  rows: ResidentRows;
  /** One row of each product. */
  firstRows: Uint32Array;
  /** Read before conditions that ask for titles come. */
  titles: TitleIndex;
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
 */
export function filterProducts({ rows, firstRows, titles }: FilteredRows, filters: Conditions): Filtered {
  const conditions = [
    ...conditionsOf(rows, filters),
    ...(filters.words ?? []).map((condition, i) => ({
      name: `words ${i}`,
      passes: meets(condition, rows, titles),
    })),
  ];
  const failing = new Uint16Array(firstRows.length);
  for (const [n, { passes }] of conditions.entries()) {
    for (let product = 0; product < firstRows.length; product++) {
      if (failing[product] === SEVERAL || passes(firstRows[product] ?? 0, product)) continue;
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
    conditions.push({ name: conditionName('price'), passes: costs(rows, least, most) });
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

/** Products without a price (NaN) do not pass. */
function costs({ prices }: ResidentRows, least: number, most: number) {
  return (row: number) => {
    const price = prices[row] ?? Number.NaN;
    return price >= least && price <= most;
  };
}

function meets({ anyOf, not }: WordsCondition, rows: ResidentRows, titles: TitleIndex): Passes {
  const clauses = anyOf.map((clause) => meetsClause(clause, rows, titles));
  const [only] = clauses;
  const meetsAny: Passes =
    clauses.length === 1 && only ? only : (row, product) => clauses.some((passes) => passes(row, product));
  return not ? (row, product) => !meetsAny(row, product) : meetsAny;
}

function meetsClause(clause: Clause, rows: ResidentRows, titles: TitleIndex): Passes {
  const tests: Passes[] = [];
  for (const field of ['category', 'brand', 'color', 'size'] as const) {
    const values = clause[field];
    if (values) tests.push(hasValue(rows.columns[field], values));
  }
  if (clause.price) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = clause.price;
    tests.push(costs(rows, min, max));
  }
  if (clause.title) {
    const having = titles.having(clause.title);
    tests.push((_, product) => having[product] === 1);
  }
  if (clause.untitled) {
    const having = titles.having(clause.untitled);
    tests.push((_, product) => having[product] === 0);
  }
  if (clause.attribute) {
    const wanted = new Set(
      clause.attribute.flatMap(({ name, value }) => rows.terms.numberOf(name, value) ?? []),
    );
    tests.push((row) => rows.terms.of(row).some((number) => wanted.has(number)));
  }
  if (clause.and) tests.push(meetsClause(clause.and, rows, titles));
  const [only] = tests;
  return tests.length === 1 && only ? only : (row, product) => tests.every((passes) => passes(row, product));
}

function hasValue({ values, of, numberOf }: NumberedColumn, wanted: readonly (string | null)[]) {
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
