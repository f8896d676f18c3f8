import type { Filters } from '../../contract/search.ts';
import { attributeTerm } from './schema.ts';

/** Converts filters to SQL; no other code does. Null when nothing is filtered. */
export function filtersToSql(filters: Filters): string | null {
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
  return clauses.length > 0 ? clauses.join(' AND ') : null;
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
