// Reads tables and packs of version 1. They lack some columns, and mark a colour found in the picture inside the colour's
// text.
import type { Table } from '@lancedb/lancedb';
import { skuKeyOf } from '../../contract/product-codes.ts';
import { uidOf, uidOfKey } from './product-ids.ts';

/** The columns that version 1 lacks. A table gets them, empty, with the first write. */
export const ADDED_COLUMNS = [
  'uid',
  'source',
  'styleId',
  'size',
  'stock',
  'gtin',
  'colorFrom',
  'skuKey',
] as const;

/** The text after a colour that was found in the picture and not given by the feed: "green (by picture)". */
const SEEN_MARK = ' (by picture)';

/** A row's value of a column; null or undefined when the column is empty or missing. */
type Read = (column: string) => unknown;

/** The values of columns that a row of version 1 lacks, derived from its other columns. */
const IMPLIED: Record<string, (read: Read) => unknown> = {
  uid: (read) => uidOf('', String(read('productId'))),
  source: () => '',
  styleId: (read) => uidOf('', String(read('productId'))),
  colorFrom: (read) => {
    const color = read('color');
    if (typeof color !== 'string') return null;
    return color.endsWith(SEEN_MARK) ? 'picture' : 'feed';
  },
  skuKey: (read) => skuKeyOf(String(read('sku'))),
};

/** A row's value of a column, whichever version wrote the row. */
export function cellOf(column: string, read: Read): unknown {
  const value = read(column);
  if (column === 'color') return withoutMark(value);
  if (column === 'key' && read('uid') == null) return keyOf(String(value), String(read('productId')));
  return value ?? IMPLIED[column]?.(read) ?? null;
}

/** Those of the columns that exist in a table. */
export async function columnsIn(table: Table, columns: readonly string[]): Promise<string[]> {
  const { fields } = await table.schema();
  const names = new Set(fields.map(({ name }) => name));
  return columns.filter((column) => names.has(column));
}

/** A key of version 1, `<productId>#<n>`, as it is now. */
const keyOf = (key: string, productId: string): string =>
  uidOf('', productId) + key.slice(uidOfKey(key).length);

const withoutMark = (color: unknown): unknown =>
  typeof color === 'string' && color.endsWith(SEEN_MARK) ? color.slice(0, -SEEN_MARK.length) : color;
