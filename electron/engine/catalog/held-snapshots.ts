import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { remove, writeWhole } from '../files/changes.ts';
import { jsonOrNull, readOr } from '../files/reads.ts';
import { storageError } from '../files/storage-error.ts';
import { isFolder } from './tables.ts';

const hold = z.object({ version: z.number().int() });

/** The notes of held snapshots, a file for each holder. */
const folderOf = (uri: string): string => join(uri, 'held-snapshots');
const fileOf = (uri: string, holder: string): string => join(folderOf(uri), `${holder}.json`);

/**
 * Keeps a snapshot although newer ones are published: it stays among those that can be rolled back to until it is released.
 * Every process that publishes reads these notes.
 * @param holder a name for the note; a second call with it replaces the first
 * @throws LookalikeError STORAGE_*
 */
export async function holdSnapshot(uri: string, holder: string, version: number): Promise<void> {
  if (!isFolder(uri)) return;
  const path = fileOf(uri, holder);
  try {
    await mkdir(folderOf(uri), { recursive: true });
    await writeWhole(path, JSON.stringify({ version }));
  } catch (cause) {
    throw storageError(cause, path);
  }
}

/** Lets a held snapshot go: a later publish drops it as any other. */
export async function releaseSnapshot(uri: string, holder: string): Promise<void> {
  if (isFolder(uri)) await remove(fileOf(uri, holder));
}

/** The names of all holders. */
export async function snapshotHolders(uri: string): Promise<string[]> {
  if (!isFolder(uri)) return [];
  const names = await readOr(() => readdir(folderOf(uri)), []);
  return names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
}

/**
 * The versions that are held. A note that is damaged holds nothing.
 * @throws HeldError, Error of the file system when a note cannot be read now: then nothing may be dropped
 */
export async function heldVersions(uri: string): Promise<ReadonlySet<number>> {
  const versions = new Set<number>();
  for (const holder of await snapshotHolders(uri)) {
    const text = await readOr(() => readFile(fileOf(uri, holder), 'utf8'), '');
    const { data } = hold.safeParse(jsonOrNull(text));
    if (data) versions.add(data.version);
    else console.error(`${fileOf(uri, holder)} is damaged and holds no snapshot.`);
  }
  return versions;
}
