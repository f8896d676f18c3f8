import { readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { storageError } from '../files/storage-error.ts';
import { cellsOf, readerOf, toArrow } from './arrow.ts';
import { arrow } from './arrow-library.ts';
import { type Condition, examine } from './condition.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { columnIn } from './filters.ts';
import {
  forgetIntegrity,
  type LogEntry,
  noteNewest,
  readIntegrity,
  withFilesOf,
  writeIntegrity,
} from './integrity.ts';
import { integrityFile, manifestsOf, PRODUCT_IMAGES, tableFolder } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { openNewest, rewind } from './mend.ts';
import { moveLive } from './published.ts';
import { fromTableRow, type ImageRow, ROW_COLUMNS, rowSchema } from './schema.ts';
import { setAside } from './set-aside.ts';
import { featureStore, openStore, PICTURE_STORE, readHashes } from './stores.ts';
import { connectTables, isFolder } from './tables.ts';
import { columnsIn } from './version-1.ts';

/** The version of the tables that this app writes. Version 1 had a table for each model, with all of every row in it. */
export const SCHEMA_VERSION = 2;
const FILE = 'schema.json';

const schemaFile = z.object({
  schema: z.int().min(1),
  /** Tables of the version before that are still to be deleted: the tables of this version are whole. */
  leftOver: z.array(z.string()).default([]),
});
type SchemaFile = z.infer<typeof schemaFile>;

/** Snapshots that are brought forward, the newest first: as many as are kept. */
const MOST_SNAPSHOTS = 10;
/** Pictures that are copied at once, 10 KB each, and rows. */
const PICTURES_AT_ONCE = 256;
const ROWS_AT_ONCE = 4096;
/** Bytes of a thumbnail, and of a row with its part of the indexes, for the estimate of what is needed on disk. */
const THUMBNAIL_BYTES = 12_000;
const ROW_BYTES = 2000;
const SPARE_BYTES = 20e6;

export interface MigrationOptions {
  /** Whose live snapshot goes on answering; else that of the model that was published last. */
  modelInUse?: string | null;
  /** Told how many pictures and rows of all are brought forward; never when there is nothing to do. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Bytes that are free where a folder lies. Default: what the system says. */
  freeSpace?: (folder: string) => Promise<number>;
}

/**
 * Brings the tables in a catalog's folder to this app's version, without feed, network or model. Cancelled, or killed at any
 * moment, it begins again with the pictures that were copied; the tables of the version before stay until all of it is done.
 * @throws LookalikeError CATALOG_TOO_NEW, CATALOG_NEEDS_SPACE, CATALOG_BUSY, STORAGE_*, CANCELLED
 */
export async function bringForward(uri: string, options: MigrationOptions = {}): Promise<void> {
  if (!isFolder(uri) || !(await isBehind(uri))) return;
  const lock = await lockCatalog(uri);
  try {
    // Another process may have done it meanwhile.
    if (!(await isBehind(uri))) return;
    const { schema } = await schemaOf(uri);
    if (schema < SCHEMA_VERSION) await fromVersion1(uri, options);
    await removeLeftOver(uri);
  } catch (cause) {
    throw storageError(cause, uri);
  } finally {
    await lock.release();
  }
}

/** Says of new tables which version they are. Needs the lock. */
export async function noteSchema(uri: string): Promise<void> {
  if (!isFolder(uri) || (await readSchema(uri)) !== null) return;
  await writeSchema(uri, { schema: SCHEMA_VERSION, leftOver: [] });
}

/** @throws LookalikeError CATALOG_TOO_NEW */
async function isBehind(uri: string): Promise<boolean> {
  const { schema, leftOver } = await schemaOf(uri);
  if (schema <= SCHEMA_VERSION) return schema < SCHEMA_VERSION || leftOver.length > 0;
  const params = { version: schema, known: SCHEMA_VERSION };
  throw new LookalikeError({ code: 'CATALOG_TOO_NEW', params }, { item: uri });
}

/** What is noted or, where nothing is or the note is damaged, what the tables tell. */
async function schemaOf(uri: string): Promise<SchemaFile> {
  const noted = await readSchema(uri);
  if (noted) return noted;
  const tables = await tablesOfVersion1(uri);
  return { schema: tables.length > 0 ? 1 : SCHEMA_VERSION, leftOver: [] };
}

async function readSchema(uri: string): Promise<SchemaFile | null> {
  try {
    return schemaFile.parse(JSON.parse(await readFile(join(uri, FILE), 'utf8')));
  } catch {
    return null;
  }
}

const writeSchema = (uri: string, file: SchemaFile) =>
  writeFileAtomic(join(uri, FILE), `${JSON.stringify(file)}\n`);

/** A model's table of version 1. */
interface OldTable {
  modelId: string;
  name: string;
  condition: Condition;
}

/** A snapshot of version 1. */
interface OldSnapshot {
  table: OldTable;
  entry: LogEntry;
}

async function tablesOfVersion1(uri: string): Promise<string[]> {
  const names = await readdir(uri).catch(() => []);
  return names.flatMap((name) => /^images-(.+)\.lance$/.exec(name)?.[1] ?? []).sort();
}

/** Counts what a migration has done, and ends it when it is cancelled. */
type Advance = (count: number) => void;

function counter(total: number, { onProgress, signal }: MigrationOptions): Advance {
  let done = 0;
  return (count) => {
    if (signal?.aborted) throw new LookalikeError('CANCELLED');
    // What only an older snapshot has is not in the total.
    done = Math.min(total, done + count);
    onProgress?.(done, total);
  };
}

async function fromVersion1(uri: string, options: MigrationOptions): Promise<void> {
  const { modelInUse = null, freeSpace = freeBytes } = options;
  const db = await connectTables(uri);
  try {
    const tables: OldTable[] = [];
    for (const modelId of await tablesOfVersion1(uri)) {
      const name = `images-${modelId}`;
      const noted = await readIntegrity(uri, modelId);
      tables.push({ modelId, name, condition: await examine({ uri, table: name, noted, how: 'bytes' }) });
    }
    const whole = tables.filter(({ condition }) => condition.answering !== null);
    for (const { name, condition } of whole) {
      // Lance opens nothing of a table with one damaged manifest.
      (await openNewest(db, uri, name, condition.answering ?? 0)).close();
    }
    const snapshots = await snapshotsOf(db, uri, whole);
    const live = chooseLive(snapshots, modelInUse);
    if (live) {
      const kept = [...new Set([...snapshots.slice(-MOST_SNAPSHOTS + 1), live])];
      const { needed, total } = await measure(db, snapshots, kept);
      const free = await freeSpace(uri);
      if (free < needed) {
        throw new LookalikeError({ code: 'CATALOG_NEEDS_SPACE', params: { needed, free } }, { item: uri });
      }
      const advance = counter(total, options);
      advance(0);
      for (const table of whole) await copyPictures(db, table, snapshots, advance);
      await copyRows(db, uri, { snapshots: kept, live }, advance);
    }
    const [damaged, left] = [tables.filter((table) => !whole.includes(table)), whole];
    await setAside(
      uri,
      damaged.map(({ name }) => tableFolder(name)),
    );
    const files = left.flatMap(({ name, modelId }) => [tableFolder(name), integrityFile(modelId)]);
    const notes = damaged.map(({ modelId }) => integrityFile(modelId));
    await writeSchema(uri, { schema: SCHEMA_VERSION, leftOver: [...files, ...notes] });
  } finally {
    db.close();
  }
}

async function removeLeftOver(uri: string): Promise<void> {
  const { leftOver, ...file } = await schemaOf(uri);
  if (leftOver.length === 0) return;
  for (const name of leftOver) await rm(join(uri, name), { recursive: true, force: true });
  await writeSchema(uri, { ...file, leftOver: [] });
}

/** The whole snapshots of all models, the oldest first. */
async function snapshotsOf(db: Connection, uri: string, tables: readonly OldTable[]): Promise<OldSnapshot[]> {
  const logged = await new SnapshotLog(db, uri).all().catch((): LogEntry[] => []);
  const snapshots: OldSnapshot[] = [];
  for (const table of tables) {
    const { modelId, name, condition } = table;
    const noted = (await readIntegrity(uri, modelId)).snapshots;
    const known = [...logged.filter((entry) => entry.modelId === modelId), ...noted];
    for (const version of condition.kept) {
      if (condition.damaged.has(version)) continue;
      const entry = known.findLast((each) => each.version === version);
      snapshots.push({ table, entry: entry ?? (await recovered(db, name, modelId, version)) });
    }
  }
  return snapshots.sort((a, b) => a.entry.publishedAt.localeCompare(b.entry.publishedAt));
}

async function recovered(db: Connection, name: string, modelId: string, version: number): Promise<LogEntry> {
  const table = await db.openTable(name, undefined, { version });
  const made = (await table.listVersions()).find((each) => each.version === version)?.timestamp;
  const images = await table.countRows();
  table.close();
  const publishedAt = (made ?? new Date(0)).toISOString();
  const counts = { products: images, images, seconds: null, replaced: null };
  return { modelId, version, name: `Snapshot ${version}`, source: '', publishedAt, ...counts };
}

/** What readers saw with the model in use or, where that has nothing, with the one that was published last. */
function chooseLive(snapshots: readonly OldSnapshot[], modelInUse: string | null): OldSnapshot | undefined {
  const answers = ({ table, entry }: OldSnapshot) => entry.version === table.condition.answering;
  return (
    snapshots.find((snapshot) => answers(snapshot) && snapshot.table.modelId === modelInUse) ??
    snapshots.findLast(answers)
  );
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * What a migration needs on disk, in bytes, and how much there is to do: each model's pictures and each snapshot's rows.
 * @param kept the snapshots that are brought forward
 */
async function measure(
  db: Connection,
  snapshots: readonly OldSnapshot[],
  kept: readonly OldSnapshot[],
): Promise<{ needed: number; total: number }> {
  let [needed, total] = [SPARE_BYTES, 0];
  for (const modelId of new Set(snapshots.map(({ entry }) => entry.modelId))) {
    const [newest] = snapshots.filter(({ entry }) => entry.modelId === modelId).slice(-1);
    if (!newest) continue;
    const table = await db.openTable(newest.table.name, undefined, { version: newest.entry.version });
    const pictures = (await readHashes(table)).size;
    const features = 4 * (dimOf(await table.schema()) + 256);
    needed += pictures * (THUMBNAIL_BYTES + features) + (await table.countRows()) * ROW_BYTES;
    total += pictures;
    table.close();
  }
  for (const { table, entry } of kept) {
    const snapshot = await db.openTable(table.name, undefined, { version: entry.version });
    total += await snapshot.countRows();
    snapshot.close();
  }
  return { needed, total };
}

/** Numbers in a vector of a table of version 1. */
function dimOf(schema: Awaited<ReturnType<Table['schema']>>): number {
  const type: unknown = schema.fields.find(({ name }) => name === 'vector')?.type;
  return type instanceof arrow.FixedSizeList ? type.listSize : 0;
}

/** Copies what a model's table knows of pictures, each once: those of its snapshots and of what was staged. */
async function copyPictures(
  db: Connection,
  table: OldTable,
  snapshots: readonly OldSnapshot[],
  advance: Advance,
): Promise<void> {
  const newest = await db.openTable(table.name);
  const dim = dimOf(await newest.schema());
  const store = featureStore({ id: table.modelId, dim });
  const [pictures, features] = [await openStore(db, PICTURE_STORE), await openStore(db, store)];
  const known = { pictures: await readHashes(pictures), features: await readHashes(features) };
  // Of a migration that was cancelled or killed.
  advance(known.features.size);
  const versions = snapshots.flatMap(({ table: { name }, entry }) =>
    name === table.name ? [entry.version] : [],
  );
  // Newest first, because what is staged there was written over what is older.
  for (const version of [...versions, null]) {
    const from = version === null ? newest : await db.openTable(table.name, undefined, { version });
    // What was staged and not published may be damaged; it is only work that can be done again.
    const rowIds = await newPictures(from, known.features).catch((error: unknown) => {
      if (version !== null) throw error;
      console.error(error);
      return [];
    });
    for (let i = 0; i < rowIds.length; i += PICTURES_AT_ONCE) {
      const cells = await readOldPictures(from, rowIds.slice(i, i + PICTURES_AT_ONCE));
      const fresh = cells.filter(({ imageHash }) => !known.pictures.has(imageHash));
      if (fresh.length > 0) await pictures.add(toArrow(fresh, PICTURE_STORE.schema));
      await features.add(toArrow(cells, store.schema));
      for (const { imageHash } of cells) known.pictures.add(imageHash);
      for (const { imageHash } of cells) known.features.add(imageHash);
      advance(cells.length);
    }
    if (version !== null) from.close();
  }
  for (const each of [pictures, features]) await each.optimize({ cleanupOlderThan: new Date() });
  for (const each of [newest, pictures, features]) each.close();
}

/** Lance's numbers of a row for each picture that is not known. */
async function newPictures(table: Table, known: ReadonlySet<string>): Promise<bigint[]> {
  const found = new Map<string, bigint>();
  for await (const batch of table.query().select(['imageHash']).withRowId()) {
    const hashOf = readerOf(batch, 'imageHash');
    const rowIds = batch.getChild('_rowid');
    for (let i = 0; i < batch.numRows; i++) {
      const hash = String(hashOf(i));
      if (!known.has(hash)) found.set(hash, BigInt(rowIds?.get(i)));
    }
  }
  return [...found.values()];
}

async function readOldPictures(table: Table, rowIds: bigint[]) {
  const rows = await table
    .takeRowIds(rowIds)
    .select(['imageHash', 'vector', 'colorSignature'])
    .withRowId()
    .toArray();
  const thumbnails = await table.fetchBlobs(
    'thumbnail',
    rows.map((row) => BigInt(row._rowid)),
  );
  return rows.flatMap((row, i) => {
    const thumbnail = thumbnails[i];
    const vector = Float32Array.from(row.vector.toArray());
    const colorSignature = Float32Array.from(row.colorSignature.toArray());
    return thumbnail ? [{ imageHash: String(row.imageHash), vector, colorSignature, thumbnail }] : [];
  });
}

/** Makes the table of product images: a version for each snapshot, under its name. */
async function copyRows(
  db: Connection,
  uri: string,
  { snapshots, live }: { snapshots: readonly OldSnapshot[]; live: OldSnapshot },
  advance: Advance,
): Promise<void> {
  // What a migration that was killed has left.
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

/** The highest version that a table of version 1 has: whoever names one of those must not get another snapshot. */
async function highestVersion(uri: string): Promise<number> {
  let highest = 0;
  for (const modelId of await tablesOfVersion1(uri)) {
    const folder = join(uri, tableFolder(`images-${modelId}`));
    highest = Math.max(highest, ...(await manifestsOf(folder)).keys());
  }
  return highest;
}

/** Two snapshots in a row with the same rows are two versions all the same. */
async function ownVersion(table: Table, versions: ReadonlyMap<OldSnapshot, number>): Promise<number> {
  const version = await table.version();
  if (![...versions.values()].includes(version)) return version;
  await rewind(table, version, version);
  return table.version();
}

/**
 * Makes the newest rows those of a table of version 1.
 * @param head what is known of the newest rows, by key; kept up to date
 * @returns how many products they are of
 */
async function bringTo(
  table: Table,
  head: Map<string, string>,
  from: Table,
  advance: Advance,
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
