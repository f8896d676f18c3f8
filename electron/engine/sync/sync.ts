import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { StagedRow } from '../catalog/rows.ts';
import { adopted, ownershipOf, sourceOfRow, sourcesOf } from '../catalog/sources.ts';
import type { Staging } from '../catalog/staging.ts';
import type { OpenFeed } from '../feed/feed.ts';
import { isUrl } from '../feed/resource.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';
import { checkBeforePublish, checkFound, checkRemovals, feedEmpty } from './gates.ts';
import { nothingChanged } from './nothing-changed.ts';
import { feedToCome, openWaiting, type ReadFeed, readAll } from './read-feed.ts';
import type { FeedRef, SyncOptions, SyncParts } from './request.ts';
import { Spool } from './spool.ts';
import { ImageStager } from './stager.ts';
import { seeSubjects } from './subject-colors.ts';
import { seeUnseen } from './unseen.ts';
import { Waits } from './waits.ts';

/** When more than this share of a feed's pictures is still missing, nothing is published. */
const MOST_TO_COME = 0.1;

/**
 * Brings a source's products to what its feed says. New and changed pictures are read and embedded, pictures known by their
 * hash are reused, and products that the feed no longer has are removed. Everything is staged, checked, and then published
 * in one step. If the sync is cancelled, refused or killed, the published catalog does not change, and the next sync
 * continues from the staged work.
 * @returns the report, after progress about four times a second
 * @throws LookalikeError FEED_*, GATE_*, CATALOG_BUSY, STORAGE_FAILED, CANCELLED
 */
export async function* syncFeed(
  parts: SyncParts,
  request: FeedRef,
  options: SyncOptions,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const started = performance.now();
  const meter = new ProgressMeter();
  const waits = new Waits(meter);
  try {
    return yield* syncRead({ parts, request, options, meter, waits, started, signal });
  } catch (error) {
    const toCome = feedToCome(error, waits);
    if (!toCome) throw error;
    return { ...nothingChanged(request, await parts.catalog.liveInfo(), started), toCome };
  }
}

/** What one sync carries from step to step. */
interface Run {
  parts: SyncParts;
  request: FeedRef;
  options: SyncOptions;
  meter: ProgressMeter;
  waits: Waits;
  /** By `performance.now()`. */
  started: number;
  signal: AbortSignal;
}

/** Opens the feed and what is needed to stage it, and always closes both. */
async function* syncRead(run: Run): AsyncGenerator<ImportProgress, ImportReport> {
  const { parts, request, options, meter, started, signal } = run;
  const { catalog, memory, dataDir } = parts;
  yield meter.now;
  const { ref, sourceId } = request;
  const waiting = (stop: AbortSignal) => ({ signal: stop, onWait: () => meter.start('waiting', null) });
  // Wait before the feed is opened: its server would not wait until another sync ends.
  yield* watched(meter, signal, (stop) => catalog.whenFree(waiting(stop)));
  const live = await catalog.liveInfo();
  const writesAnyway =
    options.afresh || (await catalog.needsMending()) || (await catalog.rows.lackSubjects());
  const validator = writesAnyway ? null : memory.validatorOf(request, versionOf(live, sourceId));
  const feed = yield* openWaiting(request, validator, run, signal);
  if (feed === 'unchanged') return nothingChanged(request, live, started);

  // The catalog begins anew without the products of other sources that no snapshot gives back.
  const lost = (await catalog.history.unreadableSources()).filter(({ id }) => id !== sourceId);
  const owned = (now: Snapshot | null) => ownershipOf(sourceId, ref, now);
  const stage = { afresh: options.afresh, owned, waiting: waiting(signal) };
  const staging = await catalog.stage(stage).catch(async (error: unknown) => {
    await feed.close();
    throw error;
  });
  const spool = await Spool.create(dataDir).catch(async (error: unknown) => {
    await Promise.all([feed.close(), staging.close()]);
    throw error;
  });
  try {
    return yield* stageFeed(run, { feed, staging, spool, live, lost });
  } finally {
    await staging.close();
    await spool.remove();
  }
}

interface OpenSync {
  feed: OpenFeed;
  staging: Staging;
  spool: Spool;
  /** The snapshot that was live when the sync began. */
  live: Snapshot | null;
  /** Other sources whose products no snapshot gives back. */
  lost: SnapshotSource[];
}

/** Reads the feed, stages its pictures and rows, and publishes them if the gates allow it. */
async function* stageFeed(run: Run, open: OpenSync): AsyncGenerator<ImportProgress, ImportReport> {
  const { parts, request, options, meter, waits, started, signal } = run;
  const { catalog, embedder, gate, memory } = parts;
  const { feed, staging, spool, live, lost } = open;
  const into = { catalog, spool, own: staging.own, sourceId: request.sourceId };
  const read = yield* watched(meter, signal, (stop) => readAll(feed, into, meter, stop));
  if (feed.paged) {
    const toCome = { pictures: 0, hosts: [], retryAt: null, paged: feed.paged };
    return { ...nothingChanged(request, live, started), ...read.problems.report(), toCome };
  }
  // Thrown before the gate on removals: the user can mend the reason why no product is usable.
  if (read.plan.products.after === 0) throw feedEmpty(read.problems);
  if (!options.confirmRemovals) checkRemovals(read.plan.removed.count, read.plan.products.before);

  // A plan always names unused columns. A saved source syncs often, so its syncs name each of them only once.
  if (memory.saidUnused(request.ref, read.unused)) read.problems.drop('COLUMN_UNUSED');

  // Rows staged by an earlier sync for `publishStaged` are about to be mixed with this sync's rows.
  await memory.noteStaged(null);
  yield* seeUnseen(parts, staging, meter, signal);
  yield* seeSubjects(staging, parts.gate, meter, signal);
  if (!options.afresh) await adoptRows(catalog, staging);
  const host = pictureHost(request);
  const stager = new ImageStager(staging, { embedder, gate }, { meter, waits }, host, request.sourceId);
  const embedding = performance.now();
  yield* watched(meter, signal, (stop) => stager.stage(() => spool.products(), spool.images, stop));
  const speed = { added: stager.made.hashes.size, all: spool.images };
  await memory.noteSpeed(speed, (performance.now() - embedding) / 1000);
  for (const { id, name, products } of lost)
    read.problems.add({ item: id, image: null, code: 'SOURCE_LOST', params: { name, products } });
  read.problems.addAll(stager.problems);
  return yield* finish(run, open, stager, read);
}

/** Checks what is staged, publishes it if the gates allow it, and notes for the next sync what this sync has seen. */
async function* finish(
  { parts, request, options, meter, started, signal }: Run,
  { feed, staging, spool, live }: OpenSync,
  stager: ImageStager,
  { problems, unused }: ReadFeed,
): AsyncGenerator<ImportProgress, ImportReport> {
  const { memory } = parts;
  const { ref, sourceId, sample } = request;
  const { toCome } = stager;
  // An incomplete catalog must not look like a complete one.
  const mayPublish = toCome === null || toCome.pictures <= spool.images * MOST_TO_COME;
  if (mayPublish) {
    await checkBeforePublish(staging, stager, problems, options.confirmRemovals);
    await staging.remove(stager.unwanted());
  } else {
    await checkFound(staging, stager.made);
  }

  await memory.noteUnused(ref, unused);
  if (signal.aborted) throw new LookalikeError('CANCELLED');
  meter.start('publishing', null);
  yield meter.now;
  const seconds = (performance.now() - started) / 1000;
  const undoes = options.scheduled && staging.wasRolledBack();
  const publishes = options.publish && mayPublish && staging.differsFromLive() && !undoes;
  // Use the feed's own name, known now that the feed has been read.
  const name = request.name ?? feed.name;
  const brought = [{ id: sourceId, name, ref, sample }];
  const published = publishes ? await staging.publish(name, ref, seconds, brought) : null;
  if (!options.publish && mayPublish) await memory.noteStaged({ name, ref, sourceId, sample });
  if (options.publish) {
    // A validator lets the next sync end without reading the feed. It is noted only when all pictures are here: a picture
    // can change while the feed stays the same, and pictures that failed must be tried again. A feed whose snapshot was
    // rolled back is read again when the user asks for a sync.
    const complete = isUrl(ref) && stager.problems.total === 0 && !toCome && !undoes;
    const version = published?.version ?? versionOf(live, sourceId);
    await memory.noteValidator(request, complete ? feed.validator : null, version);
  }
  const total = staging.ownRows.size;
  const embedded = stager.made.hashes.size;
  return {
    source: ref,
    sourceId,
    products: staging.changes(),
    images: { total, embedded, reused: total - embedded },
    ...problems.report(),
    seconds,
    published,
    ...(toCome && { toCome }),
  };
}

/** Assigns the adopted products to their source, with their pictures. */
async function adoptRows(catalog: LiveCatalog, staging: Staging): Promise<void> {
  const adopter = staging.own?.adopter ?? null;
  const live = adopter === null ? null : await catalog.liveInfo();
  if (adopter === null || !live) return;
  const isOfNone = (row: StagedRow) => sourceOfRow(row) === '';
  for await (const rows of catalog.rows.scan(live.version, isOfNone)) {
    await staging.carry(rows.map((row) => adopted(row, adopter)));
  }
  await staging.remove([...staging.rows.values()].filter(isOfNone).map(({ key }) => key));
}

/** The snapshot that last changed a source; null when none of the source's products is live. */
function versionOf(live: Snapshot | null, sourceId: string): number | null {
  return sourcesOf(live).find(({ id }) => id === sourceId)?.version ?? null;
}

/** Path or URL whose host may have a private address: the feed's own, or the one given for its pictures. */
function pictureHost({ ref, imageBase }: FeedRef): string {
  return isUrl(ref) ? ref : (imageBase ?? ref);
}
