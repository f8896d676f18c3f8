import { createHash } from 'node:crypto';
import type { Snapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';
import type { ImportReport, PackFacts, PackProgress } from '../../contract/publishing.ts';
import { isSameRow, type StagedRow } from '../catalog/rows.ts';
import type { ImageRow } from '../catalog/schema.ts';
import { type BroughtSource, type Ownership, sourceOfRow, sourcesOf } from '../catalog/sources.ts';
import type { Staging } from '../catalog/staging.ts';
import { keepCalibration } from '../files/calibrations.ts';
import { invalid, PackArchive } from './archive.ts';
import type { KindredPacks, PackParts } from './export.ts';
import {
  LIMITS,
  MANIFEST,
  manifestHead,
  manifest as manifestSchema,
  type PackManifest,
  type PackModel,
  type PackPart,
  READ_VERSIONS,
  SIGNATURE,
} from './format.ts';
import { decodeRows, type PackRow } from './rows.ts';
import { isSigned, publicKey } from './signature.ts';

/** An Ed25519 public key of a publisher whose packs are accepted. */
export interface TrustedKey {
  name: string;
  pem: string;
}

export interface PackImportRequest {
  /** Path of the pack on this machine. */
  path: string;
  /** Path or URL that the pack came from, for the list of snapshots. */
  source: string;
  /** Name of the new snapshot; default: the pack's own name. */
  name?: string;
  /** Only packs signed with one of these keys are accepted; default: any pack. */
  trustedKeys?: readonly TrustedKey[];
  /** The import runs on a schedule: it does not bring back a snapshot that someone has rolled back. */
  scheduled?: boolean;
  /** Reuse nothing of the published catalog. */
  afresh?: boolean;
  /** Id of the saved source of this pack, for the report; empty for none. */
  sourceId?: string;
  /** Checks what is staged, and throws if it must not be published. */
  beforePublish?: (staging: Staging) => void | Promise<void>;
}

/**
 * Brings the catalog to the content of a pack, without embedding anything unless the pack is of a kindred model. The whole pack is checked before anything is
 * written. Then its rows are staged and published in one step, like those of a feed. If the import is refused, cancelled or
 * killed, the published catalog does not change, and the next import continues from the staged rows.
 * @throws LookalikeError PACK_*, CATALOG_BUSY, STORAGE_FAILED, CANCELLED, and what `beforePublish` throws
 */
export async function* importPack(
  { catalog, model, dataDir, kindred }: PackParts & { kindred?: KindredPacks },
  {
    path,
    source,
    name,
    trustedKeys,
    scheduled = false,
    afresh = false,
    sourceId = '',
    beforePublish,
  }: PackImportRequest,
  signal: AbortSignal,
): AsyncGenerator<PackProgress, ImportReport> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const pack = await OpenPack.open(path, [model, ...(kindred?.models ?? [])], trustedKeys);
  try {
    const { sources } = yield* check(pack, signal);
    const embed = pack.manifest.model.id === model.id ? null : (kindred?.embed ?? null);
    const owned = (live: Snapshot | null) => ownedByPack(sources, source, live);
    const staging = await catalog.stage({ afresh, owned, waiting: { signal, onWait: () => {} } });
    try {
      const embedded = yield* stage(pack, staging, embed, signal);
      await beforePublish?.(staging);
      const { images, name: ownName } = pack.manifest.snapshot;
      yield { phase: 'publishing', done: images, total: images };
      // Before it is published: whoever reads the snapshot then knows how to rank it.
      const { calibration } = pack.manifest;
      if (calibration && !embed) await keepCalibration(dataDir, model.id, calibration);
      const differs = staging.differsFromLive() && !(scheduled && staging.wasRolledBack());
      const snapshotName = name ?? ownName;
      const brought = broughtBy(pack.manifest, sources, { name: snapshotName, ref: source });
      return {
        source,
        sourceId,
        products: staging.changes(),
        images: { total: images, embedded, reused: images - embedded },
        problems: [],
        published: differs ? await staging.publish(snapshotName, source, seconds(), brought) : null,
        seconds: seconds(),
      };
    } finally {
      await staging.close();
    }
  } finally {
    pack.close();
  }
}

/**
 * Checks a whole pack as `importPack` does, without writing anything.
 * @param take called with every row, in the pack's order
 * @throws LookalikeError PACK_*, CANCELLED
 */
export async function* readPack(
  { model, kindred }: Pick<PackParts, 'model'> & { kindred?: Pick<KindredPacks, 'models'> },
  { path, source, trustedKeys }: Pick<PackImportRequest, 'path' | 'source' | 'trustedKeys'>,
  take: (row: ImageRow) => void,
  signal: AbortSignal,
): AsyncGenerator<
  PackProgress,
  { facts: PackFacts; name: string; owned: (live: Snapshot | null) => Ownership }
> {
  const pack = await OpenPack.open(path, [model, ...(kindred?.models ?? [])], trustedKeys);
  try {
    const { sources } = yield* check(pack, signal, take);
    const { created, snapshot } = pack.manifest;
    const owned = (live: Snapshot | null) => ownedByPack(sources, source, live);
    return { name: snapshot.name, owned, facts: { created, ...pack.signed } };
  } finally {
    pack.close();
  }
}

/**
 * What the import of a pack may change: the sources of the pack's products, and the sources that the same pack has brought
 * before. Products that an earlier pack brought without a source belong to the pack's source if it has only one.
 */
function ownedByPack(sources: ReadonlySet<string>, ref: string, live: Snapshot | null): Ownership {
  const before = sourcesOf(live).filter((source) => source.ref === ref);
  const ids = new Set([...sources, ...before.map(({ id }) => id)]);
  const [only = '', ...others] = sources;
  return { ids, adopter: others.length === 0 && only !== '' && ids.has('') ? only : null };
}

/** The sources of a pack, under the names that the pack gives them. */
function broughtBy(
  { snapshot }: PackManifest,
  sources: ReadonlySet<string>,
  { name, ref }: { name: string; ref: string },
): BroughtSource[] {
  return [...sources].map((id) => {
    const named = snapshot.sources?.find((source) => source.id === id);
    return { id, name: named?.name ?? name, ref, sample: named?.sample ?? false };
  });
}

/** A pack whose manifest was checked: its signature if one is required, its format and its model. */
class OpenPack {
  readonly manifest: PackManifest;
  readonly signed: Pick<PackFacts, 'signature' | 'signer'>;
  readonly #archive: PackArchive;

  private constructor(archive: PackArchive, manifest: PackManifest, signed: OpenPack['signed']) {
    this.#archive = archive;
    this.manifest = manifest;
    this.signed = signed;
  }

  static async open(
    path: string,
    models: AcceptedModels,
    trustedKeys: readonly TrustedKey[] | undefined,
  ): Promise<OpenPack> {
    const keys = trustedKeys?.map(({ name, pem }) => ({ name, key: publicKey(pem) }));
    const archive = await PackArchive.open(path);
    try {
      const bytes = await archive.read(MANIFEST, LIMITS.manifestBytes);
      const signature = archive.has(SIGNATURE) ? await archive.read(SIGNATURE, 64) : null;
      const signer = signature && keys?.find(({ key }) => isSigned(bytes, signature, key))?.name;
      if (keys && !signer) throw new LookalikeError('PACK_UNTRUSTED', { item: path });
      const unchecked = signature ? 'unchecked' : 'none';
      const signed: OpenPack['signed'] = signer
        ? { signature: 'trusted', signer }
        : { signature: unchecked, signer: null };
      const manifest = parseManifest(path, bytes);
      checkModel(path, manifest, models);
      checkParts(path, manifest, archive);
      return new OpenPack(archive, manifest, signed);
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  /**
   * Reads a part and checks its hash every time, because the file can change between two readings.
   * @throws LookalikeError PACK_INVALID
   */
  async rows({ name, bytes, sha256, rows }: PackPart): Promise<PackRow[]> {
    const content = await this.#archive.read(name, bytes);
    if (createHash('sha256').update(content).digest('hex') !== sha256) {
      throw this.invalid({ reason: 'changed', file: name });
    }
    try {
      const { model, formatVersion } = this.manifest;
      return decodeRows(content, rows, model.dim, formatVersion);
    } catch (cause) {
      throw this.invalid({ reason: 'rows', file: name }, cause);
    }
  }

  invalid(params: FaultParams['PACK_INVALID'], cause?: unknown): LookalikeError {
    return invalid(this.#archive.path, params, cause);
  }

  close(): void {
    this.#archive.close();
  }
}

function parseManifest(path: string, bytes: Uint8Array): PackManifest {
  try {
    const document: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const { formatVersion } = manifestHead.parse(document);
    if (!READ_VERSIONS.includes(formatVersion)) {
      throw invalid(path, { reason: 'format', version: formatVersion, known: [...READ_VERSIONS] });
    }
    return manifestSchema.parse(document);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw invalid(path, { reason: 'manifest' }, cause);
  }
}

/** The model in use, and the ids of kindred ones. */
type AcceptedModels = readonly [PackModel, ...kindred: string[]];

function checkModel(path: string, { model: made }: PackManifest, [here, ...kindred]: AcceptedModels): void {
  if (kindred.includes(made.id)) return;
  if (made.id === here.id && made.dim === here.dim && made.sha256 === here.sha256) return;
  const params = { made: made.id, here: here.id };
  throw new LookalikeError({ code: 'PACK_MODEL_DIFFERS', params }, { item: path });
}

/** Checks that the manifest and the archive list the same parts, each once, and that the numbers agree. */
function checkParts(path: string, { parts, snapshot }: PackManifest, archive: PackArchive): void {
  const named = new Set(parts.map(({ name }) => name));
  if (named.size !== parts.length) throw invalid(path, { reason: 'part-named-twice' });
  const strange = archive.names.find((name) => name !== MANIFEST && name !== SIGNATURE && !named.has(name));
  if (strange !== undefined) throw invalid(path, { reason: 'unlisted', file: strange });
  const missing = parts.find(({ name }) => !archive.has(name));
  if (missing) throw invalid(path, { reason: 'missing', file: missing.name });
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows !== snapshot.images) {
    throw invalid(path, { reason: 'pictures', announced: snapshot.images, found: rows });
  }
}

async function* check(
  pack: OpenPack,
  signal: AbortSignal,
  take?: (row: ImageRow) => void,
): AsyncGenerator<PackProgress, { sources: ReadonlySet<string> }> {
  const { parts, snapshot } = pack.manifest;
  const keys = new Set<string>();
  const pictures = new Set<string>();
  const products = new Set<string>();
  const sources = new Set<string>();
  yield { phase: 'checking', done: 0, total: snapshot.images };
  for (const part of parts) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    for (const { row, content } of await pack.rows(part)) {
      if (content) pictures.add(row.imageHash);
      else if (!pictures.has(row.imageHash)) throw pack.invalid({ reason: 'rows', file: part.name });
      if (keys.has(row.key)) throw pack.invalid({ reason: 'row-twice', key: row.key });
      keys.add(row.key);
      products.add(row.uid);
      sources.add(row.source);
      take?.(row);
    }
    yield { phase: 'checking', done: keys.size, total: snapshot.images };
  }
  if (products.size !== snapshot.products) {
    throw pack.invalid({ reason: 'products', announced: snapshot.products, found: products.size });
  }
  return { sources };
}

/**
 * Writes the rows that differ from what is staged, and removes those that the pack does not have.
 * @param embed makes the vectors of new pictures; null where those of the pack count
 * @returns the number of pictures that were embedded
 */
async function* stage(
  pack: OpenPack,
  staging: Staging,
  embed: KindredPacks['embed'] | null,
  signal: AbortSignal,
): AsyncGenerator<PackProgress, number> {
  const { parts, snapshot } = pack.manifest;
  const own = staging.own;
  const isOwn = (row: StagedRow) => own === null || own.ids.has(sourceOfRow(row));
  const unwanted = new Set([...staging.rows.values()].filter(isOwn).map(({ key }) => key));
  let [done, embedded] = [0, 0];
  for (const part of parts) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    const rows = await pack.rows(part);
    if (embed) embedded += await embedNew(rows, staging, embed);
    const isThere = (row: ImageRow) =>
      isSameRow(staging.rows.get(row.key), row) && staging.pictures.isKnown(row.imageHash);
    await staging.pictures.addSubjects(newSubjects(rows, staging));
    await staging.write(rows.filter(({ row }) => !isThere(row)));
    for (const { row } of rows) unwanted.delete(row.key);
    done += rows.length;
    yield { phase: 'staging', done, total: snapshot.images };
  }
  await staging.remove([...unwanted]);
  return embedded;
}

/** Replaces the vectors of pictures that the catalog lacks. @returns their number */
async function embedNew(
  rows: readonly PackRow[],
  { pictures }: Staging,
  embed: KindredPacks['embed'],
): Promise<number> {
  const fresh = rows.flatMap(({ row, content }) =>
    content && !pictures.isKnown(row.imageHash) ? [content] : [],
  );
  const vectors = await embed(fresh.map(({ thumbnail }) => thumbnail));
  for (const [i, content] of fresh.entries()) content.vector = vectors[i] ?? content.vector;
  return fresh.length;
}

/** The colours of subjects that the pack has and the catalog lacks. */
function newSubjects(rows: readonly PackRow[], { pictures }: Staging): Map<string, Uint8Array> {
  return new Map(
    rows.flatMap(({ row: { imageHash }, content }): [string, Uint8Array][] => {
      const colors = content?.subjectColors;
      return colors && pictures.lacksSubject(imageHash) ? [[imageHash, colors]] : [];
    }),
  );
}
