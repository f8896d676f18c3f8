import type { Clause, Condition, Conditions } from '../words/conditions.ts';
import { attributeTerm } from './schema.ts';

/** Converts conditions to SQL; no other code does. Null when nothing is filtered. */
export function filtersToSql(filters: Conditions): string | null {
  const clauses: string[] = [];
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values) clauses.push(`${column} IN (${values.map(sqlText).join(', ')})`);
  };
  oneOf('category', filters.category);
  oneOf('brand', filters.brand);
  oneOf('color', filters.color);
  oneOf('availability', filters.availability);
  if (filters.source) clauses.push(sourceIn(filters.source));
  if (filters.price?.min !== undefined) clauses.push(`price >= ${sqlNumber(filters.price.min)}`);
  if (filters.price?.max !== undefined) clauses.push(`price <= ${sqlNumber(filters.price.max)}`);
  for (const [name, values] of Object.entries(filters.attributes ?? {})) {
    const terms = values.map((value) => sqlText(attributeTerm(name, value)));
    clauses.push(`array_has_any("attributeTerms", [${terms.join(', ')}])`);
  }
  clauses.push(...(filters.words ?? []).map(conditionToSql));
  return clauses.length > 0 ? clauses.join(' AND ') : null;
}

function conditionToSql({ anyOf, not }: Condition): string {
  const any = anyOf.length === 0 ? 'false' : anyOf.map((clause) => `(${clauseToSql(clause)})`).join(' OR ');
  // A row without a value meets no clause, and SQL's null is not false.
  return not ? `NOT coalesce(${any}, false)` : `(${any})`;
}

function clauseToSql(clause: Clause): string {
  const all: string[] = [];
  for (const column of ['category', 'brand', 'color', 'size'] as const) {
    const values = clause[column];
    if (!values) continue;
    const named = values.flatMap((value) => value ?? []);
    const isNamed = named.length > 0 ? `"${column}" IN (${named.map(sqlText).join(', ')})` : 'false';
    const hasNull = values.some((value) => value === null);
    all.push(hasNull ? `(${isNamed} OR "${column}" IS NULL)` : isNamed);
  }
  if (clause.attribute) {
    const terms = clause.attribute.map(({ name, value }) => sqlText(attributeTerm(name, value)));
    all.push(`array_has_any("attributeTerms", [${terms.join(', ')}])`);
  }
  if (clause.title) all.push(`regexp_like("title", ${sqlText(titlePattern(clause.title))})`);
  if (clause.untitled) all.push(`NOT regexp_like("title", ${sqlText(titlePattern(clause.untitled))})`);
  const { min, max } = clause.price ?? {};
  if (min !== undefined) all.push(`price >= ${sqlNumber(min)}`);
  if (max !== undefined) all.push(`price <= ${sqlNumber(max)}`);
  if (clause.and) all.push(clauseToSql(clause.and));
  return all.length === 0 ? 'true' : all.join(' AND ');
}

/**
 * A regular expression for a title that has a word with one of these stems, whatever its accents. It finds a little more than
 * `stemOf` does: any ending of up to four letters.
 */
function titlePattern(stems: readonly string[]): string {
  const stemPattern = (stem: string) =>
    `${Array.from(stem, (letter) => `(?:${letter}|[^\\x00-\\x7f])`).join('')}\\pL{0,4}`;
  const words = stems.map((name) => name.split(' ').map(stemPattern).join('[^\\pL\\pN]+'));
  return `(?i)(?:^|[^\\pL\\pN])(?:${words.join('|')})(?:$|[^\\pL\\pN])`;
}

/** Rows of these sources. Rows of version 1 have no source; they belong to the empty one. */
export function sourceIn(ids: readonly string[]): string {
  return `coalesce("source", '') IN (${ids.map(sqlText).join(', ')})`;
}

/**
 * Rows with a SKU or barcode.
 * @param skuKey see `skuKeyOf`: letters and digits only, so none of them is a wildcard
 * @param begins whether SKUs that begin with it count too
 */
export function codeIs(skuKey: string, gtin: string | null, begins: boolean): string {
  const sku = begins ? `"skuKey" LIKE ${sqlText(`${skuKey}%`)}` : `"skuKey" = ${sqlText(skuKey)}`;
  return gtin === null ? sku : `${sku} OR "gtin" = ${sqlText(gtin)}`;
}

/** Rows whose column has one of these values (ids and hashes). */
export function columnIn(
  column: 'key' | 'uid' | 'productId' | 'groupId' | 'imageHash' | 'modelId',
  values: readonly string[],
): string {
  return `"${column}" IN (${values.map(sqlText).join(', ')})`;
}

/** An SQL string literal. In DataFusion's dialect the quote is the only special character. */
function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function sqlNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
  return `CAST('${value}' AS DOUBLE)`;
}
