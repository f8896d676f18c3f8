// Shared by the product exports of the shop systems.
import type { FaultParams } from '../../../contract/faults.ts';
import { requiredLayout, type TableLayout, tableLayout, tableRows } from '../delimited.ts';
import type { FeedDocument } from '../document.ts';
import type { FeedPart, Fields } from '../format.ts';
import { problem } from '../problem.ts';

const COLOR = /^(colou?r|farbe|couleur|colore|kleur|màu|màu sắc)$/i;

/** Names of a column in the languages of its shop system, in the form of `folded`. */
export type ColumnNames<Name extends string> = Record<Name, readonly string[]>;

/** A row by the meaning of its columns. Columns without a meaning are in `rest` under their own names. */
export interface ShopRow<Name extends string> {
  cells: Partial<Record<Name, string>>;
  rest: Fields;
  place: string;
}

/** Letters and digits of a column's name, without accents: "In stock?" and "instock" are the same. */
export const folded = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Whether a document is a table with a column for each of these meanings. */
export function hasColumns<Name extends string>(
  { head }: FeedDocument,
  names: ColumnNames<Name>,
  needed: readonly Name[],
): boolean {
  const columns = new Set(tableLayout(head)?.columns.map(folded));
  return needed.every((meaning) => names[meaning].some((name) => columns.has(name)));
}

/**
 * The rows of an export in order, and the problems of some rows.
 * @throws LookalikeError FEED_INVALID when the export has no header, or is truncated
 */
export async function* shopRows<Name extends string>(
  { head, text, url }: FeedDocument,
  names: ColumnNames<Name>,
): AsyncGenerator<ShopRow<Name> | Extract<FeedPart, { problem: unknown }>> {
  const layout = requiredLayout({ head, url });
  const meanings = meaningsOf(layout, names);
  for await (const row of tableRows(text, layout, url)) {
    if ('problem' in row) yield row;
    else yield { ...byMeaning(row.fields, meanings), place: row.place };
  }
}

function meaningsOf<Name extends string>(
  { columns }: TableLayout,
  names: ColumnNames<Name>,
): Map<string, Name> {
  const meanings = new Map<string, Name>();
  for (const meaning in names) {
    const found = columns.find((column) => names[meaning].includes(folded(column)));
    if (found !== undefined) meanings.set(found, meaning);
  }
  return meanings;
}

function byMeaning<Name extends string>(fields: Fields, meanings: ReadonlyMap<string, Name>) {
  const cells: Partial<Record<Name, string>> = {};
  const rest: Fields = {};
  for (const [column, cell] of Object.entries(fields)) {
    const meaning = meanings.get(column);
    if (meaning === undefined) rest[column] = cell;
    else cells[meaning] = String(cell);
  }
  return { cells, rest };
}

/** A problem for a product that the shop's customers do not see. It is left out, and counted. */
export function hidden(item: string, reason: FaultParams['ITEM_NOT_PUBLISHED']['reason']): FeedPart {
  return { problem: problem(item, { code: 'ITEM_NOT_PUBLISHED', params: { reason, count: 1 } }) };
}

/** Separates the colour from the other options of a product, whatever the shop calls it. */
export function colorAmong(options: Fields): { color: unknown; others: Fields } {
  const name = Object.keys(options).find((each) => COLOR.test(each.trim()));
  const others = Object.fromEntries(Object.entries(options).filter(([each]) => each !== name));
  return { color: name === undefined ? undefined : options[name], others };
}

/** The last part of the first of several paths: "Tops" of "Men > Tops, Sale" and of "Default Category/Men/Tops". */
export function lastCategory(written: string | undefined, between: RegExp): string | undefined {
  return written?.split(/[,;|]/)[0]?.split(between).at(-1)?.trim();
}

/** Combines a quantity, the shop's own word for stock, and whether it accepts orders without stock. */
export function stockOf(
  quantity: string | undefined,
  inStock: boolean | undefined,
  backorders: boolean,
): string | undefined {
  const count =
    quantity === undefined || quantity.trim() === '' ? Number.NaN : Number(quantity.replace(',', '.'));
  if (inStock === false) return 'out of stock';
  if (!Number.isNaN(count)) return count > 0 ? 'in stock' : backorders ? 'backorder' : 'out of stock';
  return inStock ? 'in stock' : undefined;
}
