import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { snapshot } from '../../contract/catalog.ts';
import { remove, retried, writeWhole } from '../files/changes.ts';
import { readOr } from '../files/reads.ts';
import { textOf } from '../files/text-of.ts';
import { bytesOf, INDICES, integrityFile, manifestsOf, readManifest, tableFolder } from './layout.ts';

/** The record of a publish. */
export const logEntry = snapshot.extend({
  modelId: z.string(),
  // The first catalogs lack this column.
  seconds: z.number().nullable().default(null),
  // Older catalogs lack this too.
  replaced: z.number().int().nullable().default(null),
});
export type LogEntry = z.infer<typeof logEntry>;

const file = z.object({ bytes: z.int(), sha256: z.string() });

const schema = z.object({
  format: z.literal(1),
  /**
   * Of the product images: the version that was published last, or rolled back to since. Of another table: its version at
   * the last publish.
   */
  live: z.int().nullable(),
  /** The kept snapshots with their log entries, so that they keep their names when the log is damaged. */
  snapshots: z.array(logEntry),
  /** Size and hash of the files of the kept versions when they were published, by path below the table's folder. */
  files: z.record(z.string(), file),
  /** Files that were found damaged since. */
  broken: z.array(z.string()),
});

/**
 * The notes on a table's files. They are written beside the table at every publish, so that a changed byte is noticed. Lance
 * never changes a file once it is written.
 */
export type Integrity = Readonly<z.infer<typeof schema>>;

export const NOTHING: Integrity = { format: 1, live: null, snapshots: [], files: {}, broken: [] };

/**
 * Empty for a table that was last published before such notes existed, and when the notes themselves are damaged.
 * @throws HeldError, Error of the file system when the notes cannot be read now
 */
export async function readIntegrity(uri: string, table: string): Promise<Integrity> {
  return (await readOr(() => readIntact(uri, table), null)) ?? NOTHING;
}

/**
 * Whether the notes exist and are damaged.
 * @throws HeldError, Error of the file system when they cannot be read now
 */
export async function isIntegrityDamaged(uri: string, table: string): Promise<boolean> {
  return (await readOr(() => readIntact(uri, table), 'damaged')) === 'damaged';
}

/**
 * Null when there are no notes.
 * @throws Error when the notes are damaged. They begin with their own hash, so that damaged notes accuse no intact file
 */
async function readIntact(uri: string, table: string): Promise<Integrity | null> {
  const text = await textOf(join(uri, integrityFile(table)));
  if (text === null) return null;
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== hashOf(body)) throw new Error('The notes were changed.');
  return schema.parse(JSON.parse(body));
}

/** @throws Error of the file system; the previous notes then remain */
export async function writeIntegrity(uri: string, table: string, noted: Integrity): Promise<void> {
  const body = JSON.stringify(noted);
  await writeWhole(join(uri, integrityFile(table)), `${hashOf(body)}\n${body}`);
}

export async function forgetIntegrity(uri: string, table: string): Promise<void> {
  await remove(join(uri, integrityFile(table)));
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** All files that a version needs, below the table's folder. Indexes are listed apart, because they can be rebuilt. */
export interface Needs {
  rows: { path: string; bytes: number | null }[];
  /** Files of the indexes. */
  indexes: string[];
  /** Lance's names of the indexes, by folder. */
  indexNames: ReadonlyMap<string, string>;
}

/**
 * The files that a version needs: from its manifest and, for the files of its indexes, from the notes and the disk.
 * @throws Error when the manifest cannot be read
 */
export async function needsOf(folder: string, manifest: string, noted: Integrity): Promise<Needs> {
  const { files, indexes } = await readManifest(join(folder, manifest));
  const paths = new Set<string>();
  for (const index of indexes) {
    for (const path of Object.keys(noted.files)) if (path.startsWith(`${index.folder}/`)) paths.add(path);
    for (const name of await readOr(() => readdir(join(folder, index.folder)), [])) {
      paths.add(`${index.folder}/${name}`);
    }
  }
  return {
    rows: [{ path: manifest, bytes: null }, ...files],
    indexes: [...paths],
    indexNames: new Map(indexes.map(({ folder, name }) => [folder, name])),
  };
}

/**
 * The notes for publishing `next`: the files of the kept versions and of the next one. Files without notes are read and
 * hashed.
 * @param kept versions that are kept beside it
 */
export async function withFilesOf(
  uri: string,
  table: string,
  noted: Integrity,
  next: LogEntry,
  kept: readonly number[],
): Promise<Integrity> {
  const files = await filesOf(uri, table, noted, [...kept, next.version]);
  const snapshots = noted.snapshots.filter(
    ({ version }) => kept.includes(version) && version !== next.version,
  );
  const broken = noted.broken.filter((path) => path in files);
  return { ...noted, snapshots: [...snapshots, next], files, broken };
}

/** Notes the files of the newest version of a table without snapshots. */
export async function noteNewest(uri: string, table: string): Promise<void> {
  const newest = Math.max(0, ...(await manifestsOf(join(uri, tableFolder(table)))).keys());
  const noted = await readIntegrity(uri, table);
  const files = await filesOf(uri, table, noted, [newest]);
  if (noted.live === newest && Object.keys(files).join() === Object.keys(noted.files).join()) return;
  const broken = noted.broken.filter((path) => path in files);
  await writeIntegrity(uri, table, { ...NOTHING, live: newest, files, broken });
}

/** The files that versions need. Files without notes are read and hashed. */
async function filesOf(
  uri: string,
  table: string,
  noted: Integrity,
  versions: readonly number[],
): Promise<Integrity['files']> {
  const folder = join(uri, tableFolder(table));
  const manifests = await manifestsOf(folder);
  const files: Integrity['files'] = {};
  for (const version of new Set(versions)) {
    const manifest = manifests.get(version);
    const needs = manifest === undefined ? null : await readOr(() => needsOf(folder, manifest, noted), null);
    if (!needs) continue;
    for (const path of [...needs.rows.map((row) => row.path), ...needs.indexes]) {
      const known = files[path] ?? noted.files[path] ?? (await measure(join(folder, path)));
      if (known) files[path] = known;
    }
  }
  // Nobody rolls back to the other versions, but Lance reads all manifests to list its versions.
  for (const path of manifests.values()) {
    const known = files[path] ?? noted.files[path] ?? (await measure(join(folder, path)));
    if (known) files[path] = known;
  }
  return files;
}

/** Null when the file is missing: that is damage, and must not be noted as the right state. */
async function measure(path: string): Promise<z.infer<typeof file> | null> {
  const bytes = await bytesOf(path);
  return bytes === null ? null : { bytes, sha256: await retried(() => sha256Of(path)) };
}

const MOST_READ_AT_ONCE = 1 << 20;

/**
 * The sha256 of a file.
 * @param pause awaited between megabytes, so that queries go first
 * @returns hex
 */
export async function sha256Of(path: string, pause: () => Promise<void> = async () => {}): Promise<string> {
  const hash = createHash('sha256');
  await using file = await open(path);
  // No larger than the file: a catalog has hundreds of files of some kilobytes, and a megabyte for each would burden the
  // garbage collector.
  const buffer = Buffer.allocUnsafe(Math.min(MOST_READ_AT_ONCE, (await file.stat()).size + 1));
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    await pause();
  }
}

/** Whether a path belongs to an index, which can be rebuilt. */
export const isOfIndex = (path: string): boolean => path.startsWith(`${INDICES}/`);
