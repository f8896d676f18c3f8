import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readOr } from '../files/reads.ts';
import { type Integrity, type Needs, needsOf, sha256Of } from './integrity.ts';
import { bytesOf, isManifestWhole, manifestsOf, readTags, tableFolder, tagFile, VERSIONS } from './layout.ts';
import { LIVE, snapshotTag, versionOfTag } from './published.ts';

/** A file of a table that differs from what was written. */
export interface DamagedFile {
  /** Relative to the catalog's folder. */
  path: string;
  how: 'missing' | 'cut' | 'changed' | 'unreadable';
}

/**
 * The condition of the product images, determined without Lance: Lance cannot open a table at all when certain files are
 * damaged.
 */
export interface Condition {
  /** The version that was published last, or rolled back to; null when nothing was published. */
  live: number | null;
  /** The version that readers get: the live one or, when that is damaged, the newest intact one. */
  answering: number | null;
  /** Versions that can be rolled back to, newest first, including the live one. */
  kept: number[];
  /** The kept versions with missing or damaged files. */
  damaged: ReadonlySet<number>;
  /** All damaged files. */
  files: DamagedFile[];
  /** Lance's names of the damaged indexes of the answering version. */
  brokenIndexes: string[];
}

/** The condition of a table without snapshots, whose newest version counts: pictures, or the features of a model. */
export interface StoreCondition {
  /** `absent`: nothing of it was ever published. Otherwise whether its newest version is intact. */
  state: 'absent' | 'whole' | 'damaged';
  /** All damaged files. Even an intact table can have damaged old manifests, which Lance reads now and then. */
  files: DamagedFile[];
}

export interface Examination {
  uri: string;
  /** The name of the table. */
  table: string;
  noted: Integrity;
  /** Versions that could not be read. */
  unreadable?: ReadonlySet<number>;
  /**
   * How much to check: `lengths` compares the length of every file and the bytes of the answering version's small files
   * (some milliseconds); `bytes` compares all bytes.
   */
  how: 'lengths' | 'bytes';
  /** Awaited between megabytes. */
  pause?: () => Promise<void>;
  /** Receives the number of bytes that were read. */
  count?: ByteCount;
}

/** Counts the bytes read by several examinations, and their total, for one progress. */
export class ByteCount {
  readonly #onProgress: (done: number, total: number) => void;
  #done = 0;
  #total = 0;

  constructor(onProgress: (done: number, total: number) => void) {
    this.#onProgress = onProgress;
  }

  expect(bytes: number): void {
    this.#total += bytes;
  }

  add(bytes: number): void {
    this.#done += bytes;
    this.#onProgress(this.#done, this.#total);
  }
}

/** Files up to this size are read as well: that takes hardly any time. */
const SMALL_BYTES = 1_000_000;

const HEALTHY_NOTHING: Condition = {
  live: null,
  answering: null,
  kept: [],
  damaged: new Set(),
  files: [],
  brokenIndexes: [],
};

const NO_NEEDS: Needs = { rows: [], indexes: [], indexNames: new Map() };

/**
 * Examines the product images on disk.
 * @throws HeldError, Error of the file system when a file cannot be read now: whether it is intact is then unknown
 */
export async function examine(options: Examination): Promise<Condition> {
  const { uri, table, noted, unreadable = new Set() } = options;
  const folder = join(uri, tableFolder(table));
  const tags = await readTags(folder);
  const manifests = await manifestsOf(folder);
  const kept = keptVersions(tags.versions, tags.damaged, noted, manifests);
  const [newest = null] = kept;
  // A table that was published but has no live tag is damaged: the tag of a snapshot is written after the live tag.
  const live = tags.versions.get(LIVE) ?? (kept.includes(noted.live ?? 0) ? noted.live : newest);
  if (live === null) return HEALTHY_NOTHING;

  const files = new Map<string, DamagedFile>();
  const add = (path: string, how: DamagedFile['how']) =>
    files.set(path, { path: `${tableFolder(table)}/${path}`, how });
  for (const name of tags.damaged) add(tagFile(name), 'unreadable');
  if (!tags.versions.has(LIVE) && !tags.damaged.includes(LIVE)) add(tagFile(LIVE), 'missing');
  for (const { version } of noted.snapshots) {
    const name = snapshotTag(version);
    const known = tags.versions.has(name) || tags.damaged.includes(name);
    if (!known && kept.includes(version)) add(tagFile(name), 'missing');
  }

  const check = new FileCheck(folder, options);
  const needs = new Map<number, Needs>();
  const damaged = new Set(unreadable);
  for (const version of kept) {
    const manifest = manifests.get(version);
    if (manifest === undefined) {
      damaged.add(version);
      add(`_versions/${version}.manifest`, 'missing');
      continue;
    }
    const found = await readOr(() => needsOf(folder, manifest, noted), null);
    if (found) {
      needs.set(version, found);
    } else {
      damaged.add(version);
      add(manifest, (await check.of(manifest, null, false)) ?? 'unreadable');
    }
  }
  check.expect([
    ...[...needs.values()].flatMap(({ rows }) => rows.map(({ path }) => path)),
    ...(needs.get(live) ?? NO_NEEDS).indexes,
  ]);
  for (const [version, { rows }] of needs) {
    for (const { path, bytes } of rows) {
      const how = await check.of(path, bytes, version === live);
      if (!how) continue;
      damaged.add(version);
      add(path, how);
    }
  }
  // Manifests of versions that are not kept. Lance reads them all to list its versions. Pruning deletes them.
  for (const [version, path] of manifests) {
    if (kept.includes(version)) continue;
    const isWhole = await isManifestWhole(join(folder, path));
    const how = isWhole ? await check.of(path, null, true) : 'unreadable';
    if (how && how !== 'missing') add(path, how);
  }
  const answering = [live, ...kept].find((version) => !damaged.has(version)) ?? null;
  const brokenIndexes = new Set<string>();
  // Only the indexes of the answering version matter: an index is rebuilt when somebody rolls back to another version.
  const { indexes, indexNames } = needs.get(answering ?? 0) ?? NO_NEEDS;
  for (const path of indexes) {
    const how = await check.of(path, null, true);
    const name = indexNames.get(path.slice(0, path.lastIndexOf('/')));
    if (!how || name === undefined) continue;
    add(path, how);
    brokenIndexes.add(name);
  }
  // An index whose whole folder is missing, in a table without notes.
  for (const [index, name] of indexNames) {
    const existing = await readOr(() => readdir(join(folder, index)), []);
    if (existing.length > 0) continue;
    add(index, 'missing');
    brokenIndexes.add(name);
  }
  return { live, answering, kept, damaged, files: [...files.values()], brokenIndexes: [...brokenIndexes] };
}

/**
 * Examines a table on disk whose newest version counts.
 * @throws HeldError, Error of the file system, as `examine` does
 */
export async function examineStore(options: Examination): Promise<StoreCondition> {
  const { uri, table, noted } = options;
  const folder = join(uri, tableFolder(table));
  const manifests = await manifestsOf(folder);
  const newest = Math.max(0, ...manifests.keys());
  const files: DamagedFile[] = [];
  const add = (path: string, how: DamagedFile['how']) =>
    files.push({ path: `${tableFolder(table)}/${path}`, how });
  if (newest === 0 && noted.live === null) return { state: 'absent', files };
  const manifest = manifests.get(newest);
  // Features that were published with a later version would be missing from this one.
  if (manifest === undefined || newest < (noted.live ?? 0)) {
    add(`${VERSIONS}/${noted.live ?? newest}.manifest`, 'missing');
    return { state: 'damaged', files };
  }
  const check = new FileCheck(folder, options);
  const needs = await readOr(() => needsOf(folder, manifest, noted), null);
  if (needs === null) add(manifest, (await check.of(manifest, null, false)) ?? 'unreadable');
  const rows = needs?.rows ?? [];
  check.expect(rows.map(({ path }) => path));
  for (const { path, bytes } of rows) {
    const how = await check.of(path, bytes, true);
    if (how) add(path, how);
  }
  const state = files.length > 0 ? 'damaged' : 'whole';
  for (const path of manifests.values()) {
    if (path === manifest) continue;
    const isWhole = await isManifestWhole(join(folder, path));
    const how = isWhole ? await check.of(path, null, true) : 'unreadable';
    if (how && how !== 'missing') add(path, how);
  }
  return { state, files };
}

/** The kept versions. Every publish leaves a tag whose name contains its version, so that a damaged tag loses nothing. */
function keptVersions(
  tags: ReadonlyMap<string, number>,
  damaged: readonly string[],
  noted: Integrity,
  manifests: ReadonlyMap<number, string>,
): number[] {
  const named = [...tags.keys(), ...damaged].flatMap((name) => versionOfTag(name) ?? []);
  const live = tags.get(LIVE);
  // Tags that are missing are taken from the notes, unless their versions are missing too.
  const remembered = noted.snapshots
    .map(({ version }) => version)
    .filter((version) => manifests.has(version));
  const lostLive = live === undefined && noted.live !== null ? [noted.live] : [];
  const versions = new Set([...named, ...(live === undefined ? [] : [live]), ...remembered, ...lostLive]);
  return [...versions].sort((a, b) => b - a);
}

/** Compares files with their notes, each file once. */
class FileCheck {
  readonly #folder: string;
  readonly #options: Examination;
  readonly #known = new Map<string, Promise<DamagedFile['how'] | null>>();
  readonly #expected = new Set<string>();

  constructor(folder: string, options: Examination) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Adds the files to the total of the progress. */
  expect(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.#expected.has(path)) continue;
      this.#expected.add(path);
      this.#options.count?.expect(this.#bytesOf(path));
    }
  }

  /**
   * The damage to a file; null when there is none.
   * @param bytes length from the manifest, for files without notes
   */
  of(path: string, bytes: number | null, isNeededNow: boolean): Promise<DamagedFile['how'] | null> {
    const known = this.#known.get(path);
    if (known) return known;
    this.expect([path]);
    const checking = this.#check(path, bytes, isNeededNow).then((how) => {
      this.#options.count?.add(this.#bytesOf(path));
      return how;
    });
    this.#known.set(path, checking);
    return checking;
  }

  /** The file's bytes in the progress, whether it exists or not. */
  #bytesOf(path: string): number {
    return this.#options.noted.files[path]?.bytes ?? 0;
  }

  async #check(path: string, bytes: number | null, isNeededNow: boolean): Promise<DamagedFile['how'] | null> {
    const { noted, how, pause } = this.#options;
    const expected = noted.files[path];
    const size = await bytesOf(join(this.#folder, path));
    if (size === null) return 'missing';
    const length = expected?.bytes ?? bytes;
    if (size === 0 || (length !== null && size < length)) return 'cut';
    if ((length !== null && size !== length) || noted.broken.includes(path)) return 'changed';
    if (!expected) return null;
    if (how === 'lengths' && !(isNeededNow && size <= SMALL_BYTES)) return null;
    const sha256 = await readOr(() => sha256Of(join(this.#folder, path), pause), null);
    if (sha256 === null) return 'unreadable';
    return sha256 === expected.sha256 ? null : 'changed';
  }
}
