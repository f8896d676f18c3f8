import type { Table } from '@lancedb/lancedb';
import type { FeedFields, Product, ProductChange, SnapshotDiff } from '../../contract/catalog.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { columnIn } from './filters.ts';
import { uidOfKey } from './product-ids.ts';
import { readStagedRows, type StagedRow } from './rows.ts';
import { fromTableRow, type ImageRow, ROW_COLUMNS } from './schema.ts';

const MOST_EXAMPLES = 50;
/** Products whose rows are compared at once. This limits memory, however many products changed. */
const AT_ONCE = 500;
/**
 * Characters of an attribute that are shown. An attribute can be a whole description, and a list of changes has no room for
 * two of them.
 */
const MOST_CHARACTERS = 200;

type Rows = ReadonlyMap<string, Pick<StagedRow, 'key' | 'productId' | 'rowHash' | 'imageHash'>>;
type Changes = Omit<SnapshotDiff, 'from' | 'to'>;
/** The fields that people see of a product, whether it is a row of the catalog or an item of a feed. */
export type ShownProduct = FeedFields &
  Partial<Pick<Product, 'colorFrom'>> & { attributes: Record<string, unknown> };

/** Counts the products whose shown fields differ. */
export function countChanges(before: Rows, after: Rows): ImportReport['products'] {
  const { added, changed, removed, total } = differing(before, after);
  return {
    total,
    added: added.length,
    changed: changed.length,
    unchanged: total - added.length - changed.length,
    removed: removed.length,
  };
}

/** Compares two versions of a table, each checked out, and returns the changed products. Reads no vectors. */
export async function compareTables(before: Table, after: Table): Promise<Changes> {
  const { added, changed, removed } = differing(await readStagedRows(before), await readStagedRows(after));
  const diff: Changes = {
    added: { count: added.length, examples: await examplesOf(after, added) },
    removed: { count: removed.length, examples: await examplesOf(before, removed) },
    changed: { count: 0, examples: [] },
    priceOnly: { count: 0, examples: [] },
  };
  for (let i = 0; i < changed.length; i += AT_ONCE) {
    const ids = changed.slice(i, i + AT_ONCE);
    const was = await readProducts(before, ids);
    for (const [id, images] of await readProducts(after, ids)) {
      const change = changeOf(images, was.get(id));
      // Hashes can differ without a visible difference, when a later version of the app normalises feeds differently.
      if (!change || change.changes.length === 0) continue;
      const kind = isPriceOnly(change.changes) ? diff.priceOnly : diff.changed;
      kind.count++;
      if (kind.examples.length < MOST_EXAMPLES) kind.examples.push(change);
    }
  }
  return diff;
}

/** The uids of the products that differ, in order. */
function differing(before: Rows, after: Rows) {
  const was = contentByProduct(before);
  const is = contentByProduct(after);
  const ids = [...is.keys()];
  return {
    total: ids.length,
    added: ids.filter((id) => !was.has(id)),
    changed: ids.filter((id) => was.has(id) && was.get(id) !== is.get(id)),
    removed: [...was.keys()].filter((id) => !is.has(id)),
  };
}

/** Everything that a product shows, its fields and its pictures in order, as one text to compare. */
function contentByProduct(rows: Rows): Map<string, string> {
  const products = new Map<string, string>();
  for (const { key, rowHash, imageHash } of [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const uid = uidOfKey(key);
    products.set(uid, `${products.get(uid) ?? ''}${rowHash} ${imageHash} `);
  }
  return products;
}

async function examplesOf(table: Table, ids: readonly string[]): Promise<ProductChange[]> {
  const products = await readProducts(table, ids.slice(0, MOST_EXAMPLES));
  return [...products.values()].flatMap((images) => changeOf(images) ?? []);
}

/** The image rows of these products, in the order of the uids and of each product's pictures. */
async function readProducts(table: Table, uids: readonly string[]): Promise<Map<string, ImageRow[]>> {
  const products = new Map(uids.map((uid): [string, ImageRow[]] => [uid, []]));
  if (uids.length === 0) return products;
  const found = await table
    .query()
    .where(columnIn('uid', uids))
    .select([...ROW_COLUMNS])
    .toArray();
  const rows = found.map((row) => fromTableRow(row.toJSON()));
  rows.sort((a, b) => a.imageIndex - b.imageIndex);
  for (const row of rows) products.get(row.uid)?.push(row);
  return products;
}

/** @param was the product's rows before; without them the product counts as added */
function changeOf(images: readonly ImageRow[], was?: readonly ImageRow[]): ProductChange | null {
  const [first] = images;
  if (!first) return null;
  const { uid, productId, title, imageHash: thumbnail } = first;
  return { uid, productId, title, thumbnail, changes: was ? changesOf(was, images) : [] };
}

/** The fields and free attributes that differ between two states of a product, without pictures. */
export function changedFields(was: ShownProduct, is: ShownProduct): ProductChange['changes'] {
  const before = shownFields(was);
  const after = shownFields(is);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after)
    .map(({ field, before, after }) => ({ field, before: shortened(before), after: shortened(after) }));
}

export function isPriceOnly(changes: ProductChange['changes']): boolean {
  return changes.every(({ field }) => field === 'price' || field === 'currency');
}

function changesOf(was: readonly ImageRow[], is: readonly ImageRow[]): ProductChange['changes'] {
  const changes = was[0] && is[0] ? changedFields(was[0], is[0]) : [];
  const pictures = (rows: readonly ImageRow[]) => rows.map(({ imageHash }) => imageHash).join();
  if (pictures(was) !== pictures(is)) {
    changes.push({ field: 'images', before: was.length, after: is.length });
  }
  return changes;
}

function shownFields(product: ShownProduct): Map<string, string | number | null> {
  const { sku, title, category, brand, price, currency, availability, url, groupId, size, stock, gtin } =
    product;
  // A colour found in the picture is not the feed's.
  const color = product.colorFrom === 'picture' ? null : product.color;
  const stated = { sku, title, category, brand, color, price, currency, availability, url };
  const fields = { ...stated, groupId, size, stock, gtin };
  const attributes = Object.entries(product.attributes).map(([name, value]): [string, string | number] => [
    `attributes.${name}`,
    typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value),
  ]);
  return new Map<string, string | number | null>([...Object.entries(fields), ...attributes]);
}

function shortened(value: string | number | null): string | number | null {
  if (typeof value !== 'string' || value.length <= MOST_CHARACTERS) return value;
  return `${value.slice(0, MOST_CHARACTERS)}…`;
}
