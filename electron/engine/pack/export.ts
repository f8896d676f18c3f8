import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { SnapshotInfo } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { PackProgress, PackReport } from '../../contract/publishing.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { StagedRow } from '../catalog/rows.ts';
import { sourceOfRow, sourcesOf } from '../catalog/sources.ts';
import { type CalibrationRecord, readCalibrations } from '../files/calibrations.ts';
import { cleanUp, HeldError, rename } from '../files/changes.ts';
import { isRunning } from '../files/process-id.ts';
import { storageError } from '../files/storage-error.ts';
import {
  FORMAT_VERSION,
  MANIFEST,
  type PackManifest,
  type PackModel,
  type PackPart,
  partName,
  SIGNATURE,
} from './format.ts';
import { encodeRows } from './rows.ts';
import { privateKey, signed } from './signature.ts';

export interface PackParts {
  catalog: Catalog;
  /** The model whose vectors the catalog holds. */
  model: PackModel;
  /** Where calibrations are kept. */
  dataDir: string;
}

/** Packs of another model whose products and pictures are taken, while this model makes the vectors of their pictures. */
export interface KindredPacks {
  /** The ids of their models. */
  models: readonly string[];
  /** The vectors of thumbnails, in their order. */
  embed: (thumbnails: readonly Uint8Array[]) => Promise<Float32Array[]>;
}

export interface ExportRequest {
  /** Absolute path of the file to write. An existing file is replaced once the new one is complete. */
  path: string;
  /** The snapshot to export; default: the live one. */
  version?: number;
  /** Export only the products of this source; default: all products. */
  source?: string | undefined;
  /** Ed25519 private key, PEM. */
  signingKey?: string;
}

/**
 * Writes a snapshot as one file. The pack is written to a temporary file in the same folder and renamed at the end. When
 * another program holds the file to be replaced, the pack gets another name beside it, which the report gives.
 * @throws LookalikeError CATALOG_EMPTY, SNAPSHOT_UNKNOWN, PACK_PICTURES_MISSING, PACK_KEY_INVALID, STORAGE_FAILED, CANCELLED
 */
export async function* exportPack(
  { catalog, model, dataDir }: PackParts,
  { path, version, source, signingKey }: ExportRequest,
  signal: AbortSignal,
): AsyncGenerator<PackProgress, PackReport> {
  const started = performance.now();
  const key = signingKey === undefined ? null : privateKey(signingKey);
  const snapshot = partOf(await chooseSnapshot(catalog, version), source);
  const isWanted = (row: StagedRow) => source === undefined || sourceOfRow(row) === source;
  await checkPictures(catalog, snapshot.version, isWanted);
  await removeAbandoned(dirname(path));
  const unfinished = `${path}.${process.pid}.partial`;
  const file = new PackFile(unfinished);
  try {
    const parts: PackPart[] = [];
    const packed = new Set<string>();
    let done = 0;
    for await (const rows of catalog.rows.scanWithContent(snapshot.version, isWanted)) {
      if (signal.aborted) throw new LookalikeError('CANCELLED');
      const bytes = encodeRows(rows, model.dim, packed);
      const name = partName(parts.length);
      await file.add(name, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      parts.push({ name, rows: rows.length, bytes: bytes.length, sha256 });
      done += rows.length;
      yield { phase: 'writing', done, total: snapshot.images };
    }
    const calibration = await calibrationOf(snapshot, model, dataDir);
    await file.end({ ...makeManifest(snapshot, model, parts), ...(calibration && { calibration }) }, key);
    const written = await putInPlace(unfinished, path);
    const { size: bytes } = await stat(written);
    const seconds = (performance.now() - started) / 1000;
    const notReplaced = written === path ? null : path;
    return { path: written, notReplaced, bytes, snapshot, signed: key !== null, seconds };
  } catch (cause) {
    throw storageError(cause, path);
  } finally {
    await file.discard();
  }
}

/** @returns where it is now: at the path, or beside what cannot be replaced there */
async function putInPlace(unfinished: string, path: string): Promise<string> {
  try {
    await rename(unfinished, path);
    return path;
  } catch (error) {
    if (!(error instanceof HeldError)) throw error;
    const beside = await freeNameBeside(path);
    await rename(unfinished, beside);
    return beside;
  }
}

/** "autumn (2).lookalike-pack" for "autumn.lookalike-pack". */
async function freeNameBeside(path: string): Promise<string> {
  const extension = extname(path);
  for (let number = 2; ; number++) {
    const beside = `${path.slice(0, path.length - extension.length)} (${number})${extension}`;
    const isTaken = await access(beside).then(
      () => true,
      () => false,
    );
    if (!isTaken) return beside;
  }
}

const MOST_EXAMPLES = 3;

/**
 * Refuses to export a snapshot whose pictures are incomplete. A store that imports a pack removes the products that the pack
 * does not have, so an incomplete pack would silently do harm.
 * @throws LookalikeError PACK_PICTURES_MISSING
 */
async function checkPictures(
  catalog: Catalog,
  version: number,
  isWanted: (row: StagedRow) => boolean,
): Promise<void> {
  const titles = new Map(
    (await catalog.rows.incomplete(version, isWanted)).map(({ uid, title }) => [uid, title]),
  );
  if (titles.size === 0) return;
  const examples = [...titles.values()].slice(0, MOST_EXAMPLES);
  throw new LookalikeError({ code: 'PACK_PICTURES_MISSING', params: { products: titles.size, examples } });
}

/** Removes `<name>.lookalike-pack.<process id>.partial` files that killed exports have left in a folder. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /\.lookalike-pack\.(\d+)\.partial$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // In a folder without write permission the file stays, and the export reports the error itself.
    await cleanUp(join(folder, name));
  }
}

async function chooseSnapshot(catalog: Catalog, version: number | undefined): Promise<SnapshotInfo> {
  const snapshots = await catalog.history.list();
  const chosen = snapshots.find((each) => (version === undefined ? each.live : each.version === version));
  if (chosen) return chosen;
  if (version === undefined) throw new LookalikeError('CATALOG_EMPTY');
  throw new LookalikeError('SNAPSHOT_UNKNOWN', { item: String(version) });
}

/**
 * The part of a snapshot that belongs to one source; the whole snapshot without a source.
 * @throws LookalikeError SOURCE_UNKNOWN when the snapshot has nothing of the source
 */
function partOf(snapshot: SnapshotInfo, source: string | undefined): SnapshotInfo {
  if (source === undefined) return snapshot;
  const own = sourcesOf(snapshot).find(({ id }) => id === source);
  if (!own) throw new LookalikeError('SOURCE_UNKNOWN', { item: source });
  const { name, ref, products, images } = own;
  return { ...snapshot, name, source: ref, products, images, sources: [own] };
}

/** What was measured of this snapshot or of one as large; who reads the pack compares the products. */
async function calibrationOf(
  { images }: SnapshotInfo,
  { id, sha256 }: PackModel,
  dataDir: string,
): Promise<CalibrationRecord | undefined> {
  const records = await readCalibrations(dataDir, id);
  return records.find((record) => record.weights === sha256 && record.images === images);
}

function makeManifest(snapshot: SnapshotInfo, model: PackModel, parts: PackPart[]): PackManifest {
  const { name, source, publishedAt, products, images, sources } = snapshot;
  return {
    format: 'lookalike-pack',
    formatVersion: FORMAT_VERSION,
    created: new Date().toISOString(),
    model: { id: model.id, dim: model.dim, sha256: model.sha256 },
    snapshot: { name, source, publishedAt, products, images, ...(sources && { sources }) },
    parts,
  };
}

/** The ZIP being written, one entry in memory at a time. */
class PackFile {
  readonly #path: string;
  readonly #zip = new ZipFile();
  readonly #stop = new AbortController();
  readonly #written: Promise<void>;

  constructor(path: string) {
    this.#path = path;
    // `flush` forces the bytes to disk before the pack gets its name.
    const file = createWriteStream(path, { flush: true });
    this.#written = pipeline(this.#zip.outputStream, file, { signal: this.#stop.signal });
    // Each `add` checks this promise. A failure must not count as an unhandled rejection before that.
    this.#written.catch(() => {});
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    // yazl keeps every stream it was given. A PassThrough that was read to its end holds no bytes; Readable.from would hold
    // them.
    const source = new PassThrough();
    this.#zip.addReadStream(source, name, { compress: false, size: bytes.length });
    source.end(bytes);
    await Promise.race([finished(source), this.#written]);
  }

  async end(manifest: PackManifest, key: KeyObject | null): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(manifest, null, 2));
    await this.add(MANIFEST, bytes);
    if (key) await this.add(SIGNATURE, signed(bytes, key));
    this.#zip.end();
    await this.#written;
  }

  /** Deletes the file unless it has been renamed. */
  async discard(): Promise<void> {
    this.#stop.abort();
    await this.#written.catch(() => {});
    await cleanUp(this.#path);
  }
}
