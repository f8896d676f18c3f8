import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { cellsOf, toArrow } from './arrow.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { columnIn } from './filters.ts';
import { forgetIntegrity, noteNewest, readIntegrity, withFilesOf, writeIntegrity } from './integrity.ts';
import { manifestsOf, PRODUCT_IMAGES, tableFolder } from './layout.ts';
import { SnapshotLog } from './log.ts';
import { rewind } from './mend.ts';
import { moveLive } from './published.ts';
import { fromTableRow, type ImageRow, ROW_COLUMNS, rowSchema } from './schema.ts';
import { PICTURE_STORE } from './stores.ts';
import { columnsIn } from './version-1.ts';
import { type OldSnapshot, tablesOfVersion1 } from './version-1-snapshots.ts';

/** Rows copied at once. */
const ROWS_AT_ONCE = 4096;

/** Writes the table of product images: a version for each snapshot, under its name. */
export async function copyRows(
  db: Connection,
  uri: string,
  { snapshots, live }: { snapshots: readonly OldSnapshot[]; live: OldSnapshot },
  advance: (count: number) => void,
): Promise<void> {
  // A killed migration has left this table.
  if ((await db.tableNames()).includes(PRODUCT_IMAGES)) await db.dropTable(PRODUCT_IMAGES);
  await forgetIntegrity(uri, PRODUCT_IMAGES);
  const table = await db.createEmptyTable(PRODUCT_IMAGES, rowSchema());
  await rewind(table, await table.version(), await highestVersion(uri));
  const log = new SnapshotLog(db, uri);
  const head = new Map<string, string>();
  const versions = new Map<OldSnapshot, number>();
  for (const snapshot of [...snapshots].sort((a, b) => snapshotOrder(a, b))) {
    const { name } = snapshot.table;
    const from = await db.openTable(name, undefined, { version: snapshot.entry.version });
    const products = await bringTo(table, head, from, advance);
    from.close();
    await keepFieldIndexes(table);
    const version = await ownVersion(table, versions);
    const replaced = [...versions.values()].at(-1) ?? null;
    const entry = { ...snapshot.entry, version, products, images: head.size, replaced };
    versions.set(snapshot, version);
    await log.write(entry);
    await moveLive(table, version);
    const noted = await readIntegrity(uri, PRODUCT_IMAGES);
    const kept = [...versions.values()];
    const notes = await withFilesOf(uri, PRODUCT_IMAGES, noted, entry, kept);
    await writeIntegrity(uri, PRODUCT_IMAGES, { ...notes, live: version });
  }
  const version = versions.get(live);
  if (version !== undefined) {
    await moveLive(table, version);
    const noted = await readIntegrity(uri, PRODUCT_IMAGES);
    await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, live: version });
  }
  table.close();
  const stores = [PICTURE_STORE.name, ...snapshots.map(({ table: { modelId } }) => `features-${modelId}`)];
  for (const name of new Set(stores)) await noteNewest(uri, name);
}

const snapshotOrder = (a: OldSnapshot, b: OldSnapshot) =>
  a.entry.publishedAt.localeCompare(b.entry.publishedAt);

/**
 * The highest version that a table of version 1 has. New snapshots get higher numbers, so that a reference to an old number
 * never means another snapshot.
 */
async function highestVersion(uri: string): Promise<number> {
  let highest = 0;
  for (const modelId of await tablesOfVersion1(uri)) {
    const folder = join(uri, tableFolder(`images-${modelId}`));
    highest = Math.max(highest, ...(await manifestsOf(folder)).keys());
  }
  return highest;
}

/** Makes a new version even when two successive snapshots have the same rows. */
async function ownVersion(table: Table, versions: ReadonlyMap<OldSnapshot, number>): Promise<number> {
  const version = await table.version();
  if (![...versions.values()].includes(version)) return version;
  await rewind(table, version, version);
  return table.version();
}

/**
 * Makes the newest rows equal to those of a table of version 1.
 * @param head the newest rows by key; kept up to date
 * @returns number of their products
 */
async function bringTo(
  table: Table,
  head: Map<string, string>,
  from: Table,
  advance: (count: number) => void,
): Promise<number> {
  const columns = await columnsIn(from, ROW_COLUMNS);
  const [seen, products] = [new Set<string>(), new Set<string>()];
  let [fresh, changed]: [ImageRow[], ImageRow[]] = [[], []];
  const write = async () => {
    if (fresh.length > 0) await table.add(toArrow(fresh.map(cellsOf), rowSchema()));
    if (changed.length > 0) {
      const merging = table.mergeInsert('key').whenMatchedUpdateAll();
      await merging.execute(toArrow(changed.map(cellsOf), rowSchema()));
    }
    [fresh, changed] = [[], []];
  };
  for await (const batch of from.query().select(columns)) {
    for (const record of batch.toArray()) {
      const row = fromTableRow(record.toJSON());
      const digest = JSON.stringify(row);
      const before = head.get(row.key);
      if (before === undefined) fresh.push(row);
      else if (before !== digest) changed.push(row);
      head.set(row.key, digest);
      seen.add(row.key);
      products.add(row.uid);
      if (fresh.length + changed.length >= ROWS_AT_ONCE) await write();
    }
    advance(batch.numRows);
  }
  await write();
  const gone = [...head.keys()].filter((key) => !seen.has(key));
  for (let i = 0; i < gone.length; i += 500) await table.delete(columnIn('key', gone.slice(i, i + 500)));
  for (const key of gone) head.delete(key);
  return products.size;
}
