import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { remove, removeUnfinishedWrites } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';
import { examine } from './condition.ts';
import { readIntegrity } from './integrity.ts';
import { integrityFile, tableFolder } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { openNewest } from './mend.ts';
import { isBehind, SCHEMA_VERSION, schemaOf, writeSchema } from './schema-version.ts';
import { setAside } from './set-aside.ts';
import { readHashes } from './stores.ts';
import { connectTables, isFolder } from './tables.ts';
import { copyPictures, dimOf } from './version-1-copy-pictures.ts';
import { copyRows } from './version-1-copy-rows.ts';
import {
  chooseLive,
  type OldSnapshot,
  type OldTable,
  snapshotsOf,
  tablesOfVersion1,
} from './version-1-snapshots.ts';

/** Snapshots that are migrated, the newest first: as many as are kept. */
const MOST_SNAPSHOTS = 10;
/** Bytes of a thumbnail, and of a row with its part of the indexes, for estimating the needed disk space. */
const THUMBNAIL_BYTES = 12_000;
const ROW_BYTES = 2000;
const SPARE_BYTES = 20e6;

export interface MigrationOptions {
  /** The model whose live snapshot stays live; default: the model that was published last. */
  modelInUse?: string | null;
  /** Called with the numbers of migrated and of all pictures and rows; never when nothing has to be migrated. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Free bytes on the disk of a folder. Default: the system's answer. */
  freeSpace?: (folder: string) => Promise<number>;
}

/**
 * Migrates the tables in a catalog's folder to this app's schema version, without feed, network or model. If it is cancelled
 * or killed, the next run continues after the pictures that were copied. The tables of the previous version stay until the
 * migration is complete.
 * @throws LookalikeError CATALOG_TOO_NEW, CATALOG_NEEDS_SPACE, CATALOG_BUSY, STORAGE_*, CANCELLED
 */
export async function bringForward(uri: string, options: MigrationOptions = {}): Promise<void> {
  if (!isFolder(uri) || !(await isBehind(uri))) return;
  const lock = await lockCatalog(uri);
  try {
    // Another process may have migrated the catalog meanwhile.
    if (!(await isBehind(uri))) return;
    await removeUnfinishedWrites(uri);
    const { schema } = await schemaOf(uri);
    if (schema < SCHEMA_VERSION) await fromVersion1(uri, options);
    await removeLeftOver(uri);
  } catch (cause) {
    throw storageError(cause, uri);
  } finally {
    await lock.release();
  }
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
      // Lance cannot open a table with a damaged manifest.
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
  for (const name of leftOver) await remove(join(uri, name));
  await writeSchema(uri, { ...file, leftOver: [] });
}

/** Counts the work done, and throws when the migration is cancelled. */
type Advance = (count: number) => void;

function counter(total: number, { onProgress, signal }: MigrationOptions): Advance {
  let done = 0;
  return (count) => {
    if (signal?.aborted) throw new LookalikeError('CANCELLED');
    // Pictures that only an older snapshot has are not in the total.
    done = Math.min(total, done + count);
    onProgress?.(done, total);
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * The disk space that a migration needs, in bytes, and the amount of work: each model's pictures and each snapshot's rows.
 * @param kept the snapshots to migrate
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
