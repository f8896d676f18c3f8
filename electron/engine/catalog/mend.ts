import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { examine } from './condition.ts';
import { forgetIntegrity, type Integrity, isOfIndex, readIntegrity, writeIntegrity } from './integrity.ts';
import { bytesOf, manifestsOf, readManifest, tableFolder, tableName, tagFile, VERSIONS } from './layout.ts';
import { LIVE, snapshotTag } from './published.ts';
import { tableSchema } from './schema.ts';
import { setAside } from './set-aside.ts';

export interface MendOptions {
  /** Versions that failed when they were read. */
  unreadable: ReadonlySet<number>;
  /** Bytes are looked at before rows are carried over into a new version; lengths are enough to move a tag. */
  how: 'lengths' | 'bytes';
  /** Also makes the indexes of words anew, and forgets what was staged and not published. */
  words?: boolean;
}

/**
 * Makes a model's table one that can be written: damaged files are set aside, with the snapshots that need them; the tags
 * say again what is there; and the newest version is one that is whole. Where no snapshot is whole the whole table is set
 * aside, and the next write begins a new one. Needs the lock. Done again after it was killed, it goes on.
 * @returns whether anything was mended, so that the next publish is one even when no row has changed
 */
export async function mendTable(
  db: Connection,
  uri: string,
  model: { id: string; dim: number },
  { unreadable, how, words = false }: MendOptions,
): Promise<boolean> {
  const modelId = model.id;
  const noted = await readIntegrity(uri, modelId);
  const condition = await examine({ uri, modelId, noted, unreadable, how });
  const { live, answering, kept, damaged, files } = condition;
  const table = tableFolder(modelId);
  if (live === null) return clearUnpublished(db, uri, modelId);
  if (answering === null) {
    await beginAnew(db, uri, model, Math.max(0, ...kept));
    return true;
  }
  const folder = join(uri, table);
  const manifests = await manifestsOf(folder);
  // Numbers of versions that were lost must not be given to others: tags and memories of this process name them.
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

  const handle = await openNewest(db, uri, modelId, answering);
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
    for (const name of indexes) await handle.dropIndex(name);
    // A rewind gives the numbers of manifests that are gone to others, in between.
    const remaining = [...manifests].flatMap(([version, path]) => (lost.includes(version) ? [] : [path]));
    if (files.length > 0 || lost.length > 0)
      await writeIntegrity(
        uri,
        modelId,
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
 * Sets a whole table aside and begins a new one. Its versions begin after those of the old one: readers, of other
 * processes too, know a snapshot by its number.
 * @param published the highest number that a snapshot is known to have had
 */
export async function beginAnew(
  db: Connection,
  uri: string,
  model: { id: string; dim: number },
  published = 0,
): Promise<void> {
  const highest = Math.max(published, ...(await manifestsOf(join(uri, tableFolder(model.id)))).keys());
  await setAside(uri, [tableFolder(model.id)]);
  await forgetIntegrity(uri, model.id);
  const table = await db.createEmptyTable(tableName(model.id), tableSchema(model.dim));
  const first = await table.version();
  if (first <= highest) await rewind(table, first, highest);
  table.close();
}

/** A table that was never published holds staged rows at most: one that does not open is of no use. */
async function clearUnpublished(db: Connection, uri: string, modelId: string): Promise<boolean> {
  const table = tableFolder(modelId);
  if (!(await stat(join(uri, table)).catch(() => null))) return false;
  try {
    const handle = await db.openTable(tableName(modelId));
    await handle.query().toArrow();
    handle.close();
    return false;
  } catch {
    await setAside(uri, [table]);
    await forgetIntegrity(uri, modelId);
    return true;
  }
}

/**
 * The table at its newest version. Manifests that keep Lance from opening it are set aside, down to `atLeast`.
 * @throws Error of Lance when that one does not open either
 */
export async function openNewest(
  db: Connection,
  uri: string,
  modelId: string,
  atLeast: number,
): Promise<Table> {
  for (;;) {
    try {
      const table = await db.openTable(tableName(modelId));
      await table.listVersions();
      return table;
    } catch (error) {
      const bad = await unreadableManifest(db, uri, modelId, atLeast);
      if (bad === null) throw error;
      await setAside(uri, [`${tableFolder(modelId)}/${bad}`]);
    }
  }
}

/** The path of a manifest that Lance cannot read; null when there is none but that of `needed`. */
async function unreadableManifest(
  db: Connection,
  uri: string,
  modelId: string,
  needed: number,
): Promise<string | null> {
  const folder = join(uri, tableFolder(modelId));
  const newestFirst = [...(await manifestsOf(folder))].sort(([a], [b]) => b - a);
  // Lance reads the newest before any other, so that one is judged without Lance.
  for (const [version, path] of newestFirst) {
    const whole = await readManifest(join(folder, path)).then(
      () => true,
      () => false,
    );
    if (!whole && version !== needed) return path;
  }
  for (const [version, path] of newestFirst) {
    if (version === needed) continue;
    const opened = await db.openTable(tableName(modelId), undefined, { version }).catch(() => null);
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
  const there = await tags.list();
  if (!(LIVE in there)) await tags.create(LIVE, live);
  for (const version of kept) {
    const name = snapshotTag(version);
    if (!(name in there) && (await manifestsOf(folder)).has(version)) await tags.create(name, version);
  }
}

/** By the manifest: Lance lists none when it cannot read one. */
async function indexesOf(folder: string, version: number): Promise<string[]> {
  const manifest = (await manifestsOf(folder)).get(version);
  if (manifest === undefined) return [];
  return (await readManifest(join(folder, manifest))).indexes.map(({ name }) => name);
}

/** Whether the files of a version that was not published are there, as long as its manifest says. */
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

/** Makes the newest version the same as an older one, under a number that no version had before. */
async function rewind(table: Table, to: number, highest: number): Promise<void> {
  do {
    await table.checkout(to);
    await table.restore();
    await table.checkoutLatest();
  } while ((await table.version()) <= highest);
}

function without(
  noted: Integrity,
  paths: readonly string[],
  lost: readonly number[],
  manifests: readonly string[],
  live: number,
): Integrity {
  const gone = new Set(paths);
  const isThere = (path: string) =>
    !gone.has(path) && (!path.startsWith(`${VERSIONS}/`) || manifests.includes(path));
  const files = Object.fromEntries(Object.entries(noted.files).filter(([path]) => isThere(path)));
  const snapshots = noted.snapshots.filter(({ version }) => !lost.includes(version));
  return { ...noted, live, files, snapshots, broken: [] };
}
