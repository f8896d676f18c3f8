// Finds products by their codes: SKU or barcode, in any spelling.
import type { Table } from '@lancedb/lancedb';
import { gtinOf, skuKeyOf } from '../../contract/product-codes.ts';
import { codeIs } from '../catalog/filters.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { columnsIn } from '../catalog/version-1.ts';

/** A product whose code was typed. */
export interface CodeMatch {
  uid: string;
  id: string;
  sku: string;
  brand: string;
}

/** A shorter beginning of a SKU is not specific enough: "16" of "16-07". */
const LEAST_BEGINNING = 4;
const LONGEST_CODE = 64;
/** A code without digits is typed as no more words than this: "bt whi l". */
const MOST_WORDS = 4;
const COLUMNS = ['key', 'productId', 'sku', 'skuKey', 'gtin', 'brand'];

/**
 * The products whose SKU or barcode equals the text. Case, separators, dashes of any kind and padding zeros do not matter.
 * If there is none, the products whose SKU begins with the text, up to one of its separators: "AB1234" finds AB-1234-RED.
 * @param where SQL that the products must satisfy; null for none
 */
export async function findByCode(table: Table, text: string, where: string | null): Promise<CodeMatch[]> {
  const skuKey = skuKeyOf(text);
  const gtin = gtinOf(text);
  const isWords = !/\d/.test(skuKey);
  // Most text has no digits and more words than any code: a query of words does not wait for this look-up.
  const mayBeCode = !isWords || text.trim().split(/\s+/).length <= MOST_WORDS;
  if (skuKey === '' || skuKey.length > LONGEST_CODE || !mayBeCode) return [];
  if ((await columnsIn(table, COLUMNS)).length < COLUMNS.length) return [];
  // "BT-NAV" is the beginning of sizes' SKUs. "coat" is a word, although SKUs may begin with it.
  const begins = skuKey.length >= LEAST_BEGINNING && (!isWords || /\p{L}[\p{Pd}_./]\p{L}/u.test(text));
  const code = codeIs(skuKey, gtin, begins);
  const rows = await table
    .query()
    .where(where === null ? code : `(${code}) AND ${where}`)
    .select(COLUMNS)
    .toArray();
  const isWhole = (row: Row) => row.skuKey === skuKey || (gtin !== null && row.gtin === gtin);
  const whole = rows.filter(isWhole);
  const found = whole.length > 0 ? whole : rows.filter(({ sku }) => beginsWith(String(sku), skuKey));
  const products = new Map<string, CodeMatch>();
  for (const { key, productId, sku, brand } of found) {
    const uid = uidOfKey(String(key));
    products.set(uid, { uid, id: String(productId), sku: String(sku), brand: String(brand ?? '') });
  }
  return [...products.values()];
}

type Row = Record<string, unknown>;

/** Whether the first segments of the SKU, up to a separator, have this key. */
function beginsWith(sku: string, skuKey: string): boolean {
  const ends = [...sku.matchAll(/[^\p{L}\p{N}]/gu)].map(({ index }) => index);
  return ends.some((end) => skuKeyOf(sku.slice(0, end)) === skuKey);
}
