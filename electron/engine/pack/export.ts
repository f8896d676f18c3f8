import { createHash, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { SnapshotInfo } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { PackProgress, PackReport } from '../../contract/publishing.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { StagedRow } from '../catalog/rows.ts';
import { sourceOfRow, sourcesOf } from '../catalog/sources.ts';
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
}

export interface ExportRequest {
  /** Absolute path of the file to write; what was there is replaced once the new one is whole. */
  path: string;
  /** Of a kept snapshot; the live one when left out. */
  version?: number;
  /** The products of this source alone; of all when left out. */
  source?: string | undefined;
  /** Ed25519, PEM. */
  signingKey?: string;
}

/**
 * Writes a snapshot as one file. The pack is made beside its place and moved there in one step.
 * @throws LookalikeError CATALOG_EMPTY, SNAPSHOT_UNKNOWN, PACK_PICTURES_MISSING, PACK_KEY_INVALID, STORAGE_FAILED, CANCELLED
 */
export async function* exportPack(
  { catalog, model }: PackParts,
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
    await file.end(makeManifest(snapshot, model, parts), key);
    await rename(unfinished, path);
    const { size: bytes } = await stat(path);
    const seconds = (performance.now() - started) / 1000;
    return { path, bytes, snapshot, signed: key !== null, seconds };
  } catch (cause) {
    throw storageError(cause, path);
  } finally {
    await file.discard();
  }
}

const MOST_EXAMPLES = 3;

/**
 * A store that imports a pack removes what the pack does not have, so one without some products would do harm silently.
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

/** What exports that were killed have left in a folder, as `<name>.lookalike-pack.<process id>.partial`. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /\.lookalike-pack\.(\d+)\.partial$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // In a folder that cannot be written it stays, and the export fails by itself.
    await rm(join(folder, name), { force: true }).catch(() => {});
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
 * What a snapshot has of one source; all of it without one.
 * @throws LookalikeError CATALOG_EMPTY when it has nothing of the source
 */
function partOf(snapshot: SnapshotInfo, source: string | undefined): SnapshotInfo {
  if (source === undefined) return snapshot;
  const own = sourcesOf(snapshot).find(({ id }) => id === source);
  if (!own) throw new LookalikeError('CATALOG_EMPTY', { item: source });
  const { name, ref, products, images } = own;
  return { ...snapshot, name, source: ref, products, images, sources: [own] };
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
    // On the disk, not only with the system, before the pack gets its name.
    const file = createWriteStream(path, { flush: true });
    this.#written = pipeline(this.#zip.outputStream, file, { signal: this.#stop.signal });
    // Looked at by each `add`; a failure must not count as unhandled before that.
    this.#written.catch(() => {});
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    // yazl remembers every stream it was given. One that is read through keeps nothing; Readable.from would keep the bytes.
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

  /** Removes it unless it has been moved away. */
  async discard(): Promise<void> {
    this.#stop.abort();
    await this.#written.catch(() => {});
    await rm(this.#path, { force: true });
  }
}
