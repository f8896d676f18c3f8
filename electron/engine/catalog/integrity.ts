import { createHash } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { snapshot } from '../../contract/catalog.ts';
import { textOf } from '../files/text-of.ts';
import { bytesOf, INDICES, integrityFile, manifestsOf, readManifest, tableFolder } from './layout.ts';

/** What is remembered of a publish. */
export const logEntry = snapshot.extend({
  modelId: z.string(),
  // The first catalogs were made without this column.
  seconds: z.number().nullable().default(null),
  // Nor was this noted at first.
  replaced: z.number().int().nullable().default(null),
});
export type LogEntry = z.infer<typeof logEntry>;

const file = z.object({ bytes: z.int(), sha256: z.string() });

const schema = z.object({
  format: z.literal(1),
  /**
   * Of the product images the version that was published last, or that was rolled back to since; of another table the
   * version that it had when something was published last.
   */
  live: z.int().nullable(),
  /** The kept snapshots, as the log has them: so that they keep their names when the log is damaged. */
  snapshots: z.array(logEntry),
  /** What the files of the kept versions were when they were published, by path below the table's folder. */
  files: z.record(z.string(), file),
  /** Files that were found to be otherwise since. */
  broken: z.array(z.string()),
});

/**
 * What a table should be: noted beside it at every publish, so that a byte that has changed since is noticed.
 * Lance's files never change once they are written.
 */
export type Integrity = Readonly<z.infer<typeof schema>>;

export const NOTHING: Integrity = { format: 1, live: null, snapshots: [], files: {}, broken: [] };

/** Nothing for a table that was last published before such notes were kept, and for notes that are damaged themselves. */
export async function readIntegrity(uri: string, table: string): Promise<Integrity> {
  return (await readIntact(uri, table).catch(() => null)) ?? NOTHING;
}

/** Whether the notes are there and cannot be read. */
export async function isIntegrityDamaged(uri: string, table: string): Promise<boolean> {
  return readIntact(uri, table).then(
    () => false,
    () => true,
  );
}

/**
 * Null when there are none.
 * @throws Error when they are damaged: a hash of their own comes first, so that a damaged note accuses no good file
 */
async function readIntact(uri: string, table: string): Promise<Integrity | null> {
  const text = await textOf(join(uri, integrityFile(table)));
  if (text === null) return null;
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== hashOf(body)) throw new Error('The notes were changed.');
  return schema.parse(JSON.parse(body));
}

/** @throws Error of the file system; what was noted before is there still */
export async function writeIntegrity(uri: string, table: string, noted: Integrity): Promise<void> {
  const body = JSON.stringify(noted);
  await writeFileAtomic(join(uri, integrityFile(table)), `${hashOf(body)}\n${body}`);
}

export async function forgetIntegrity(uri: string, table: string): Promise<void> {
  await rm(join(uri, integrityFile(table)), { force: true });
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Everything that a version needs, below the table's folder; indexes apart, which can be made again. */
export interface Needs {
  rows: { path: string; bytes: number | null }[];
  /** Files of the indexes. */
  indexes: string[];
  /** What Lance calls them, by their folder. */
  indexNames: ReadonlyMap<string, string>;
}

/**
 * What a version needs, from its manifest and, for the files of its indexes, from the notes and from what is there.
 * @throws Error when the manifest cannot be read
 */
export async function needsOf(folder: string, manifest: string, noted: Integrity): Promise<Needs> {
  const { files, indexes } = await readManifest(join(folder, manifest));
  const paths = new Set<string>();
  for (const index of indexes) {
    for (const path of Object.keys(noted.files)) if (path.startsWith(`${index.folder}/`)) paths.add(path);
    for (const name of await readdir(join(folder, index.folder)).catch(() => [])) {
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
 * The notes as they are to be when `next` is published: the files of the kept versions and of the next one, those that
 * are not known yet read and hashed.
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

/** Notes what the newest version of a table without snapshots consists of. */
export async function noteNewest(uri: string, table: string): Promise<void> {
  const newest = Math.max(0, ...(await manifestsOf(join(uri, tableFolder(table)))).keys());
  const noted = await readIntegrity(uri, table);
  const files = await filesOf(uri, table, noted, [newest]);
  if (noted.live === newest && Object.keys(files).join() === Object.keys(noted.files).join()) return;
  const broken = noted.broken.filter((path) => path in files);
  await writeIntegrity(uri, table, { ...NOTHING, live: newest, files, broken });
}

/** The files that versions need, those that are not noted yet read and hashed. */
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
    const needs = manifest === undefined ? null : await needsOf(folder, manifest, noted).catch(() => null);
    if (!needs) continue;
    for (const path of [...needs.rows.map((row) => row.path), ...needs.indexes]) {
      const known = files[path] ?? noted.files[path] ?? (await measure(join(folder, path)));
      if (known) files[path] = known;
    }
  }
  // Nobody goes back to the others, but Lance reads them all to list its versions.
  for (const path of manifests.values()) {
    const known = files[path] ?? noted.files[path] ?? (await measure(join(folder, path)));
    if (known) files[path] = known;
  }
  return files;
}

/** Null when it is not there: then that is damage, not the state to be noted. */
async function measure(path: string): Promise<z.infer<typeof file> | null> {
  const bytes = await bytesOf(path);
  return bytes === null ? null : { bytes, sha256: await sha256Of(path) };
}

const MOST_READ_AT_ONCE = 1 << 20;

/**
 * @param pause awaited between megabytes, so that queries go first
 * @returns hex
 */
export async function sha256Of(path: string, pause: () => Promise<void> = async () => {}): Promise<string> {
  const hash = createHash('sha256');
  await using file = await open(path);
  // As large as the file: a catalog has hundreds of files of some kilobytes, and a megabyte for each is work for the collector.
  const buffer = Buffer.allocUnsafe(Math.min(MOST_READ_AT_ONCE, (await file.stat()).size + 1));
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    await pause();
  }
}

/** Whether a path is of an index, which can be made again. */
export const isOfIndex = (path: string): boolean => path.startsWith(`${INDICES}/`);
