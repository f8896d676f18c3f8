import { createWriteStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Snapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProgress, ImportReport, PackProgress, SyncPlan } from '../../contract/publishing.ts';
import type { ImageRow } from '../catalog/schema.ts';
import { sourcesOf } from '../catalog/sources.ts';
import type { Staging } from '../catalog/staging.ts';
import { isUrl, openResource } from '../feed/resource.ts';
import { cleanUp } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { storageError } from '../files/storage-error.ts';
import { makeWorkFolder } from '../files/work-folder.ts';
import { readPixels } from '../images/photo.ts';
import type { KindredPacks, PackParts } from '../pack/export.ts';
import { importPack, readPack, type TrustedKey } from '../pack/import.ts';
import { checkRemovals } from '../sync/gates.ts';
import { nothingChanged } from '../sync/nothing-changed.ts';
import { PlanBuilder } from '../sync/plan.ts';
import type { FeedRef, SyncParts } from '../sync/request.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';

const MOST_PACK_BYTES = 8_000_000_000;
const PACK_TIMEOUT_MS = 3_600_000;

/** Whether a source is a catalog pack, by its file name. Its content is checked when it is read. */
export function isPack(ref: string): boolean {
  return /\.lookalike-pack$/i.test(isUrl(ref) ? new URL(ref).pathname : ref);
}

interface DownloadedPack {
  ref: string;
  folder: string;
  path: string;
  /** For asking its server whether the pack has changed. */
  validator: string;
}

/** The pack of a URL that was downloaded for a dry run. Publishing it need not download it again. */
export class PlannedPack {
  #pack: DownloadedPack | null = null;

  /** Keeps a pack and deletes the previous one. */
  async keep(pack: DownloadedPack): Promise<void> {
    await this.drop();
    this.#pack = pack;
  }

  /** The pack that was downloaded from this URL; null when none is kept, or its file is missing. */
  async from(ref: string): Promise<DownloadedPack | null> {
    if (this.#pack?.ref !== ref) return null;
    const info = await stat(this.#pack.path).catch(() => null);
    return info ? this.#pack : null;
  }

  /** Deletes the pack's file. */
  async drop(): Promise<void> {
    const pack = this.#pack;
    this.#pack = null;
    if (pack) await cleanUp(pack.folder);
  }
}

/** What exporting and importing packs needs. */
export function packParts({ catalog, embedder, dataDir }: SyncParts): PackParts {
  return {
    catalog,
    dataDir,
    model: { id: embedder.info.id, dim: embedder.info.dim, sha256: embedder.weights },
  };
}

/** Thumbnails that are decoded at once, to be embedded together. */
const EMBED_AT_ONCE = 16;

/** The packs of the model's kin: those that its predecessor or its successor made. */
function kindredPacks({ embedder, kin }: SyncParts): KindredPacks {
  const vectorOf = async (thumbnail: Uint8Array) =>
    (await embedder.embedInBulk(() => readPixels(thumbnail, embedder.pixelSpec))).vector;
  const embed = async (thumbnails: readonly Uint8Array[]) => {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < thumbnails.length; from += EMBED_AT_ONCE)
      vectors.push(...(await Promise.all(thumbnails.slice(from, from + EMBED_AT_ONCE).map(vectorOf))));
    return vectors;
  };
  return { models: kin, embed };
}

/**
 * Like `syncFeed`, for a catalog pack at a path or URL. When the folder `<dataDir>/trusted-keys` exists, only packs signed
 * with one of its public keys (`*.pem`) are accepted.
 * @throws LookalikeError FEED_*, PACK_*, GATE_REMOVALS, CATALOG_BUSY, STORAGE_FAILED, CANCELLED
 */
export async function* syncPack(
  parts: SyncParts,
  feed: FeedRef,
  { confirmRemovals, scheduled, afresh }: { confirmRemovals: boolean; scheduled: boolean; afresh: boolean },
  planned: PlannedPack,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const started = performance.now();
  const { catalog, memory, dataDir } = parts;
  const { ref } = feed;
  const live = await catalog.liveInfo();
  const trustedKeys = await readKeys(dataFolder.trustedKeys(dataDir));
  const folder = await makeWorkFolder(dataDir);
  try {
    const writesAnyway = afresh || (await catalog.needsMending());
    const known = writesAnyway ? null : memory.validatorOf(feed, versionFrom(live, ref));
    const kept = await planned.from(ref);
    const validator = kept?.validator ?? known;
    const answer = isUrl(ref)
      ? yield* watched(new ProgressMeter(), signal, (stop) => download(feed, validator, folder, stop))
      : { path: ref, validator: null };
    const pack = answer === 'unchanged' && kept && kept.validator !== known ? kept : answer;
    if (pack === 'unchanged') {
      await planned.drop();
      return nothingChanged(feed, live, started);
    }
    await memory.noteStaged(null);
    const beforePublish = (staging: Staging) => {
      const { total, added, removed } = staging.changes();
      if (!confirmRemovals) checkRemovals(removed, total - added + removed);
    };
    const named = feed.name === undefined ? {} : { name: feed.name };
    const from = {
      path: pack.path,
      source: ref,
      sourceId: feed.sourceId,
      ...named,
      scheduled,
      afresh,
      beforePublish,
    };
    const request = trustedKeys ? { ...from, trustedKeys } : from;
    const report = yield* inSyncWords(
      importPack({ ...packParts(parts), kindred: kindredPacks(parts) }, request, signal),
    );
    const { added, changed, removed } = report.products;
    // A pack whose snapshot was rolled back, and which was therefore not published, must be read again when the user asks
    // for a sync.
    const undone = !report.published && added + changed + removed > 0;
    const version = report.published?.version ?? versionFrom(live, ref);
    await memory.noteValidator(feed, undone ? null : pack.validator, version);
    // Kept until here, because a refused publish may be confirmed.
    await planned.drop();
    return report;
  } finally {
    await cleanUp(folder);
  }
}

/**
 * Like `planSync`, for a catalog pack. The whole pack is checked as an import would check it, and nothing is written. A pack
 * from a URL is kept for the publish that may follow, if its server can then say whether it has changed.
 * @throws LookalikeError FEED_*, PACK_*, CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED
 */
export async function* planPack(
  parts: SyncParts,
  feed: FeedRef,
  planned: PlannedPack,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, SyncPlan> {
  const { catalog, dataDir } = parts;
  const { ref } = feed;
  const trustedKeys = await readKeys(dataFolder.trustedKeys(dataDir));
  await planned.drop();
  const folder = await makeWorkFolder(dataDir);
  let kept = false;
  try {
    const pack = isUrl(ref)
      ? yield* watched(new ProgressMeter(), signal, (stop) => download(feed, null, folder, stop))
      : { path: ref, validator: null };
    // No validator was sent, so the pack cannot be "unchanged".
    if (pack === 'unchanged') throw new Error('an unasked "unchanged"');
    const request = { path: pack.path, source: ref, ...(trustedKeys && { trustedKeys }) };
    // The rows of a product need not follow each other. Only the compared fields of each product are kept.
    const products = new Map<string, { first: ImageRow; images: string[] }>();
    const take = (row: ImageRow) => {
      const product = products.get(row.uid) ?? { first: row, images: [] };
      if (row.imageIndex < product.first.imageIndex) product.first = row;
      product.images[row.imageIndex] = row.imageHash;
      products.set(row.uid, product);
    };
    const { name, owned, facts } = yield* inSyncWords(
      readPack({ ...packParts(parts), kindred: kindredPacks(parts) }, request, take, signal),
    );
    const own = owned(await catalog.liveInfo());
    using published = await catalog.products();
    const builder = new PlanBuilder(published, own, '');
    for (const { first, images } of products.values()) {
      builder.addPacked(
        first,
        images.filter((hash) => hash !== undefined),
      );
    }
    if (pack.validator !== null) {
      await planned.keep({ ref, folder, path: pack.path, validator: pack.validator });
      kept = true;
    }
    return {
      source: ref,
      sourceId: feed.sourceId,
      name: feed.name ?? name,
      format: null,
      pack: facts,
      problems: [],
      secondsEstimate: null,
      ...builder.finish(),
    };
  } finally {
    if (!kept) await cleanUp(folder);
  }
}

/** The newest snapshot that changed a source which this pack has brought; null when none of its products is live. */
function versionFrom(live: Snapshot | null, ref: string): number | null {
  const versions = sourcesOf(live).flatMap((source) => (source.ref === ref ? [source.version] : []));
  return versions.length > 0 ? Math.max(...versions) : null;
}

async function download(
  { ref, headers = {} }: FeedRef,
  validator: string | null,
  folder: string,
  signal: AbortSignal,
): Promise<{ path: string; validator: string | null } | 'unchanged'> {
  const errors = { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' } as const;
  const limits = { reason: 'feed', maxBytes: MOST_PACK_BYTES, timeoutMs: PACK_TIMEOUT_MS, errors } as const;
  const ownHost = new URL(ref).host;
  const resource = await openResource(ref, { ...limits, headers, validator, signal, ownHost });
  if (resource === 'unchanged') return 'unchanged';
  const path = join(folder, 'catalog.lookalike-pack');
  try {
    await pipeline(resource.stream, createWriteStream(path));
  } catch (cause) {
    throw storageError(cause, path);
  }
  return { path, validator: resource.validator };
}

/** The PEM files in a folder; null when the folder does not exist, which accepts packs of any publisher. */
async function readKeys(folder: string): Promise<TrustedKey[] | null> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
    return await Promise.all(
      names.map(async (name) => ({
        name: basename(name, '.pem'),
        pem: await readFile(join(folder, name), 'utf8'),
      })),
    );
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new LookalikeError('PACK_KEY_INVALID', { item: folder, cause });
  }
}

/** Converts a pack's progress to the phases of a sync, with rate and time left. */
async function* inSyncWords<T>(steps: AsyncGenerator<PackProgress, T>): AsyncGenerator<ImportProgress, T> {
  const meter = new ProgressMeter();
  let phase: PackProgress['phase'] | null = null;
  let counted = 0;
  const ends: { result: T }[] = [];
  const noted = (async function* () {
    ends.push({ result: yield* steps });
  })();
  // `for await` closes the import, so that it releases the catalog when the caller stops iterating.
  for await (const progress of noted) {
    if (progress.phase !== phase) {
      ({ phase } = progress);
      meter.start(phase === 'checking' ? 'reading' : 'publishing', progress.total);
      counted = 0;
    }
    meter.advance(progress.done - counted);
    counted = progress.done;
    yield meter.now;
  }
  const [end] = ends;
  if (!end) throw new Error('an import without a report');
  return end.result;
}
