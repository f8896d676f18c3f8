import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { retried } from '../files/changes.ts';
import { readOr } from '../files/reads.ts';
import { isOfTheDisk } from '../files/storage-error.ts';
import { examine, examineStore } from './condition.ts';
import { forgetIntegrity, type Integrity, isOfIndex, readIntegrity, writeIntegrity } from './integrity.ts';
import {
  bytesOf,
  manifestsOf,
  PRODUCT_IMAGES,
  readManifest,
  tableFolder,
  tagFile,
  VERSIONS,
} from './layout.ts';
import { LIVE, snapshotTag } from './published.ts';
import { rowSchema } from './schema.ts';
import { setAside } from './set-aside.ts';
import { readHashes, type Store } from './stores.ts';
import { restoreVersion } from './tables.ts';

export interface MendOptions {
  /** Versions that could not be read. */
  unreadable: ReadonlySet<number>;
  /** Before rows are copied to a new version, bytes are compared; to move a tag, lengths are enough. */
  how: 'lengths' | 'bytes';
  /** Also rebuilds the full-text indexes, and drops staged rows that were not published. */
  words?: boolean;
}

const TABLE = PRODUCT_IMAGES;

/**
 * Repairs the product images so that they can be written. Damaged files are set aside, with the snapshots that need them;
 * missing tags are restored; and the newest version is made an intact one. When no snapshot is intact, the whole table is
 * set aside, and the next write starts a new one. Needs the lock. If this is killed, the next call continues.
 * @returns whether anything was repaired, so that the next publish happens even when no row has changed
 */
export async function mendRows(
  db: Connection,
  uri: string,
  { unreadable, how, words = false }: MendOptions,
): Promise<boolean> {
  const noted = await readIntegrity(uri, TABLE);
  const condition = await examine({ uri, table: TABLE, noted, unreadable, how });
  const { live, answering, kept, damaged, files } = condition;
  const table = tableFolder(TABLE);
  if (live === null) return clearUnpublished(db, uri);
  if (answering === null) {
    await beginAnew(db, uri, Math.max(0, ...kept));
    return true;
  }
  const folder = join(uri, table);
  const manifests = await manifestsOf(folder);
  // Numbers of lost versions must not be given to new ones: tags and other processes still refer to them.
  const highest = Math.max(...kept, ...manifests.keys());
  const lost = kept.filter((version) => damaged.has(version));
  const lostFiles = lost.flatMap((version) => [
    manifests.get(version) ?? [],
    tagFile(snapshotTag(version)),
    ...(version === live ? [tagFile(LIVE)] : []),
  ]);
  const aside = files.filter(
    ({ path, how }) => how !== 'missing' && !isOfIndex(path.slice(table.length + 1)),
  );
  await setAside(uri, [
    ...new Set([...aside.map(({ path }) => path), ...lostFiles.flat().map((file) => `${table}/${file}`)]),
  ]);

  const handle = await openNewest(db, uri, TABLE, answering);
  try {
    await restoreTags(
      handle,
      folder,
      answering,
      kept.filter((version) => !damaged.has(version)),
    );
    const newest = await handle.version();
    if (words || newest < highest || (newest !== answering && !(await isWhole(folder, newest)))) {
      await rewind(handle, answering, highest);
    }
    const indexes = new Set(words ? await indexesOf(folder, answering) : condition.brokenIndexes);
    for (const name of indexes) await retried(() => handle.dropIndex(name));
    // A rewind temporarily gives the numbers of missing manifests to other versions.
    const remaining = [...manifests].flatMap(([version, path]) => (lost.includes(version) ? [] : [path]));
    if (files.length > 0 || lost.length > 0)
      await writeIntegrity(
        uri,
        TABLE,
        without(
          noted,
          files.map(({ path }) => path.slice(table.length + 1)),
          lost,
          remaining,
          answering,
        ),
      );
    return files.length > 0 || lost.length > 0 || indexes.size > 0;
  } finally {
    handle.close();
  }
}

/**
 * Sets the product images aside and starts a new table. Its versions continue after those of the old one, because readers,
 * of other processes too, identify a snapshot by its number.
 * @param published the highest known number of a snapshot
 */
export async function beginAnew(db: Connection, uri: string, published = 0): Promise<void> {
  const highest = Math.max(published, ...(await manifestsOf(join(uri, tableFolder(TABLE)))).keys());
  await setAside(uri, [tableFolder(TABLE)]);
  await forgetIntegrity(uri, TABLE);
  const table = await db.createEmptyTable(TABLE, rowSchema());
  const first = await table.version();
  if (first <= highest) await rewind(table, first, highest);
  table.close();
}

/** Deletes a table that does not open and was never published: at most staged rows are lost. */
async function clearUnpublished(db: Connection, uri: string): Promise<boolean> {
  const table = tableFolder(TABLE);
  if (!(await readOr(() => stat(join(uri, table)), null))) return false;
  try {
    const handle = await db.openTable(TABLE);
    await handle.query().toArrow();
    handle.close();
    return false;
  } catch (error) {
    if (isOfTheDisk(error)) throw error;
    await setAside(uri, [table]);
    await forgetIntegrity(uri, TABLE);
    return true;
  }
}

/**
 * Opens the table at its newest version. Manifests that keep Lance from opening it are set aside, down to `atLeast`.
 * @throws Error of Lance when that version does not open either, or when a file cannot be read now
 */
export async function openNewest(db: Connection, uri: string, name: string, atLeast: number): Promise<Table> {
  for (;;) {
    try {
      const table = await db.openTable(name);
      await table.listVersions();
      return table;
    } catch (error) {
      if (isOfTheDisk(error)) throw error;
      const bad = await unreadableManifest(db, uri, name, atLeast);
      if (bad === null) throw error;
      await setAside(uri, [`${tableFolder(name)}/${bad}`]);
    }
  }
}

/** The path of a manifest that Lance cannot read; null when there is none, or only that of `needed`. */
async function unreadableManifest(
  db: Connection,
  uri: string,
  name: string,
  needed: number,
): Promise<string | null> {
  const folder = join(uri, tableFolder(name));
  const newestFirst = [...(await manifestsOf(folder))].sort(([a], [b]) => b - a);
  // Lance reads the newest manifest before any other, so that one is checked without Lance.
  for (const [version, path] of newestFirst) {
    const manifest = await readOr(() => readManifest(join(folder, path)), null);
    if (manifest === null && version !== needed) return path;
  }
  for (const [version, path] of newestFirst) {
    if (version === needed) continue;
    const opened = await db.openTable(name, undefined, { version }).catch((error: unknown) => {
      if (isOfTheDisk(error)) throw error;
      return null;
    });
    if (!opened) return path;
    opened.close();
  }
  return null;
}

async function restoreTags(
  table: Table,
  folder: string,
  live: number,
  kept: readonly number[],
): Promise<void> {
  const tags = await table.tags();
  const existingTags = await tags.list();
  if (!(LIVE in existingTags)) await retried(() => tags.create(LIVE, live));
  for (const version of kept) {
    const name = snapshotTag(version);
    if (!(name in existingTags) && (await manifestsOf(folder)).has(version))
      await retried(() => tags.create(name, version));
  }
}

/** From the manifest, because Lance lists no indexes when it cannot read one of them. */
async function indexesOf(folder: string, version: number): Promise<string[]> {
  const manifest = (await manifestsOf(folder)).get(version);
  if (manifest === undefined) return [];
  return (await readManifest(join(folder, manifest))).indexes.map(({ name }) => name);
}

/** Whether the files of an unpublished version exist, with the lengths from its manifest. */
async function isWhole(folder: string, version: number): Promise<boolean> {
  const manifest = (await manifestsOf(folder)).get(version);
  if (manifest === undefined) return false;
  const { files } = await readManifest(join(folder, manifest));
  for (const { path, bytes } of files) {
    const size = await bytesOf(join(folder, path));
    if (size === null || size === 0 || (bytes !== null && size !== bytes)) return false;
  }
  return true;
}

/** Makes the newest version equal to an older one, under a number that no version had before. */
export async function rewind(table: Table, to: number, highest: number): Promise<void> {
  do {
    await retried(() => restoreVersion(table, to));
  } while ((await table.version()) <= highest);
}

function without(
  noted: Integrity,
  paths: readonly string[],
  lost: readonly number[],
  manifests: readonly string[],
  live: number,
): Integrity {
  const removed = new Set(paths);
  const isThere = (path: string) =>
    !removed.has(path) && (!path.startsWith(`${VERSIONS}/`) || manifests.includes(path));
  const files = Object.fromEntries(Object.entries(noted.files).filter(([path]) => isThere(path)));
  const snapshots = noted.snapshots.filter(({ version }) => !lost.includes(version));
  return { ...noted, live, files, snapshots, broken: [] };
}

/**
 * Repairs a table whose newest version counts, so that it can be written. A damaged one is set aside as a whole and started
 * anew; its content is made again. Needs the lock.
 * @param isUnreadable whether reading it has failed
 * @returns whether anything was repaired
 */
export async function mendStore(
  db: Connection,
  uri: string,
  store: Store,
  { how, isUnreadable = false }: Pick<MendOptions, 'how'> & { isUnreadable?: boolean },
): Promise<boolean> {
  const { name, schema } = store;
  const noted = await readIntegrity(uri, name);
  const { state, files } = await examineStore({ uri, table: name, noted, how });
  if (state === 'whole' && !isUnreadable && (await canBeRead(db, store))) {
    await setAside(
      uri,
      files.map(({ path }) => path),
    );
    return files.length > 0;
  }
  const folder = join(uri, tableFolder(name));
  const isThere = (await readOr(() => stat(folder), null)) !== null;
  if (!isThere && state === 'absent') return false;
  const highest = Math.max(noted.live ?? 0, ...(await manifestsOf(folder)).keys());
  await setAside(uri, [tableFolder(name)]);
  await forgetIntegrity(uri, name);
  // Readers identify what they have read by its version, so a number is never used twice.
  const table = await db.createEmptyTable(name, schema);
  if ((await table.version()) <= highest) await rewind(table, await table.version(), highest);
  table.close();
  return true;
}

async function canBeRead(db: Connection, { name }: Store): Promise<boolean> {
  try {
    const table = await db.openTable(name);
    await readHashes(table);
    table.close();
    return true;
  } catch (error) {
    if (isOfTheDisk(error)) throw error;
    return false;
  }
}
