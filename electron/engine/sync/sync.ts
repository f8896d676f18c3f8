import type { Snapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type {
  FeedFormat,
  FeedMapping,
  ImportProgress,
  ImportReport,
  SyncPlan,
} from '../../contract/publishing.ts';
import type { StagedRow } from '../catalog/rows.ts';
import { adopted, type Ownership, ownershipOf, sourceOfRow, sourcesOf } from '../catalog/sources.ts';
import type { Staging } from '../catalog/staging.ts';
import { type OpenFeed, openFeed } from '../feed/feed.ts';
import { isUrl } from '../feed/resource.ts';
import type { Embedder } from '../model/embedder.ts';
import { askedWaitMs } from '../net/failure.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { checkBeforePublish, checkFound, checkRemovals, feedEmpty } from './gates.ts';
import type { SyncMemory } from './memory.ts';
import { PlanBuilder } from './plan.ts';
import { ProblemLog } from './problem-log.ts';
import { Spool } from './spool.ts';
import { ImageStager } from './stager.ts';
import { UnseenPictures } from './unseen.ts';
import { Waits } from './waits.ts';

const PROGRESS_EVERY_MS = 250;
/** With more than this share of a feed's pictures still to come, nothing is published. */
const MOST_TO_COME = 0.1;

export interface SyncParts {
  catalog: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
  memory: SyncMemory;
  /** For what a sync needs on disk while it runs. */
  dataDir: string;
}

/** What to read, and how. */
export interface FeedRef {
  /** Absolute path or http(s) URL. */
  ref: string;
  /** Of the saved source that it is; empty for none. */
  sourceId: string;
  /** It is the sample catalog. */
  sample: boolean;
  /** What to call its snapshots; left out: as the feed calls itself. */
  name?: string;
  format?: FeedFormat;
  mapping?: FeedMapping;
  charset?: string;
  imageBase?: string;
  headers?: Record<string, string>;
}

export interface SyncOptions {
  /** Go on although more than 30 % of the published products would be removed. */
  confirmRemovals: boolean;
  /** False leaves the work staged, for `publishStaged`. */
  publish: boolean;
  /** Nobody asked for it just now: what someone has rolled back is not brought back. */
  scheduled: boolean;
  /** Embed every picture again, and take nothing over from what is published. */
  afresh: boolean;
}

/**
 * What a sync would do, without doing it: nothing is staged, no picture is fetched.
 * @throws LookalikeError FEED_*, CATALOG_UNREADABLE, CANCELLED
 */
export async function* planSync(
  parts: SyncParts,
  request: FeedRef,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, SyncPlan> {
  const meter = new ProgressMeter();
  const feed = yield* opened(request, null, { meter, waits: new Waits(meter) }, signal);
  // No validator was given, so the feed cannot be "unchanged".
  if (feed === 'unchanged') throw new Error('an unasked "unchanged"');
  const { ref, sourceId } = request;
  const own = ownershipOf(sourceId, ref, await parts.catalog.liveInfo());
  const into = { catalog: parts.catalog, spool: null, own, sourceId };
  const read = yield* watched(meter, signal, (stop) => readAll(feed, into, meter, stop));
  const perImage = parts.memory.secondsPerImage;
  if (feed.paged) {
    read.problems.add({ item: ref, image: null, code: 'FEED_PAGED', params: feed.paged });
  }
  return {
    source: ref,
    sourceId,
    name: request.name ?? feed.name,
    format: feed.format,
    pack: null,
    ...read.problems.report(),
    secondsEstimate: perImage === null ? null : perImage * read.plan.pictures.toFetch,
    ...read.plan,
  };
}

/**
 * Brings a source's products to what its feed says: new and changed pictures are read and embedded, what is known by its hash
 * is reused, what the feed no longer has goes. Everything is staged, checked and then published in one step. Cancelled,
 * refused or killed in between, the published catalog is as it was, and the next sync goes on from the staged work.
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
    return yield* syncRead(parts, request, options, { meter, waits, started }, signal);
  } catch (error) {
    const toCome = feedToCome(error, waits);
    if (!toCome) throw error;
    return { ...nothingChanged(request, await parts.catalog.liveInfo(), started), toCome };
  }
}

async function* syncRead(
  parts: SyncParts,
  request: FeedRef,
  options: SyncOptions,
  { meter, waits, started }: { meter: ProgressMeter; waits: Waits; started: number },
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const { catalog, embedder, gate, memory, dataDir } = parts;
  yield meter.now;
  const { ref, sourceId, sample } = request;
  const waiting = (stop: AbortSignal) => ({ signal: stop, onWait: () => meter.start('waiting', null) });
  // Before the feed is opened: its server would not wait for another sync to end.
  yield* watched(meter, signal, (stop) => catalog.whenFree(waiting(stop)));
  const live = await catalog.liveInfo();
  const writesAnyway = options.afresh || (await catalog.needsMending());
  const validator = writesAnyway ? null : memory.validatorOf(request, versionOf(live, sourceId));
  const feed = yield* opened(request, validator, { meter, waits }, signal);
  if (feed === 'unchanged') return nothingChanged(request, live, started);

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
    const into = { catalog, spool, own: staging.own, sourceId };
    const read = yield* watched(meter, signal, (stop) => readAll(feed, into, meter, stop));
    if (feed.paged) {
      const toCome = { pictures: 0, hosts: [], retryAt: null, paged: feed.paged };
      return { ...nothingChanged(request, live, started), ...read.problems.report(), toCome };
    }
    // Said before how much would go: why nothing is usable is what can be mended.
    if (read.plan.products.after === 0) throw feedEmpty(read.problems);
    if (!options.confirmRemovals) checkRemovals(read.plan.removed.count, read.plan.products.before);

    // Said in a plan always, and by syncs when it is news: a saved source would say it for ever.
    if (memory.saidUnused(request.ref, read.unused)) read.problems.drop('COLUMN_UNUSED');

    // What a sync before this one has left for `publishStaged` is about to be mixed with this one's.
    await memory.noteStaged(null);
    yield* seeUnseen(parts, staging, meter, signal);
    if (!options.afresh) await adoptRows(catalog, staging);
    const host = pictureHost(request);
    const stager = new ImageStager(staging, { embedder, gate }, { meter, waits }, host, sourceId);
    const embedding = performance.now();
    yield* watched(meter, signal, (stop) => stager.stage(() => spool.products(), spool.images, stop));
    const speed = { added: stager.made.hashes.size, all: spool.images };
    await memory.noteSpeed(speed, (performance.now() - embedding) / 1000);
    const { problems } = read;
    problems.addAll(stager.problems);
    const { toCome } = stager;
    // A part of a catalog must not look like all of it.
    const mayPublish = toCome === null || toCome.pictures <= spool.images * MOST_TO_COME;
    if (mayPublish) {
      await checkBeforePublish(staging, stager, problems, options.confirmRemovals);
      await staging.remove(stager.unwanted());
    } else {
      await checkFound(staging, stager.made);
    }

    await memory.noteUnused(request.ref, read.unused);
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    meter.start('publishing', null);
    yield meter.now;
    const seconds = (performance.now() - started) / 1000;
    const undoes = options.scheduled && staging.wasRolledBack();
    const publishes = options.publish && mayPublish && staging.differsFromLive() && !undoes;
    // Once the feed has been read, which says its own name.
    const name = request.name ?? feed.name;
    const brought = [{ id: sourceId, name, ref, sample }];
    const published = publishes ? await staging.publish(name, ref, seconds, brought) : null;
    if (!options.publish && mayPublish) await memory.noteStaged({ name, ref, sourceId, sample });
    if (options.publish) {
      // Pictures change behind a file's back, and what failed is tried again: only a site whose pictures are all here
      // can say "nothing changed" for them too.
      // What was rolled back and left so has to be read again when someone asks for it.
      const complete = isUrl(request.ref) && stager.problems.total === 0 && !toCome && !undoes;
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
  } finally {
    await staging.close();
    await spool.remove();
  }
}

/**
 * Publishes what is staged, through the same gates.
 * @returns null when there is nothing that readers do not see already
 * @throws LookalikeError GATE_REMOVALS, FEED_EMPTY, CATALOG_BUSY, STORAGE_FAILED
 */
export async function publishStaged(
  { catalog, memory }: SyncParts,
  confirmRemovals: boolean,
): Promise<ImportReport['published']> {
  const staged = memory.staged;
  if (!staged) return null;
  const { name, ref, sourceId, sample } = staged;
  const staging = await catalog.stage({ owned: (live) => ownershipOf(sourceId, ref, live) });
  try {
    if (!staging.differsFromLive()) return null;
    const { total, added, removed } = staging.changes();
    if (total === 0) throw feedEmpty(new ProblemLog());
    if (!confirmRemovals) checkRemovals(removed, total - added + removed);
    const published = await staging.publish(name, ref, null, [{ id: sourceId, name, ref, sample }]);
    await memory.noteStaged(null);
    return published;
  } finally {
    await staging.close();
  }
}

/** Gives the products that are taken over to their source, pictures and all. */
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

/** The snapshot that last changed a source; null when nothing of it is live. */
export function versionOf(live: Snapshot | null, sourceId: string): number | null {
  return sourcesOf(live).find(({ id }) => id === sourceId)?.version ?? null;
}

/** Opens a feed, showing when its server is waited for. */
function opened(
  request: FeedRef,
  validator: string | null,
  { meter, waits }: { meter: ProgressMeter; waits: Waits },
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, OpenFeed | 'unchanged'> {
  return watched(meter, signal, (stop) =>
    openFeed(request.ref, {
      ...request,
      validator,
      signal: stop,
      wait: (host, until) => waits.until(host, until, stop),
    }),
  );
}

/** What is to come when a feed's own server asks to be left alone for longer than a sync waits; null for other errors. */
function feedToCome(error: unknown, waits: Waits): ImportReport['toCome'] | null {
  if (!(error instanceof LookalikeError) || error.code !== 'FEED_UNREACHABLE') return null;
  const asked = askedWaitMs(error.cause);
  if (asked === null || !error.item || !isUrl(error.item)) return null;
  const retryAt = waits.retryAt(Date.now() + asked, false);
  return { pictures: 0, hosts: [new URL(error.item).host], retryAt, feed: true };
}

/** Lets the model look at what came while another one was in use, or what is damaged, from the catalog's own thumbnails. */
export async function* seeUnseen(
  { embedder, gate }: SyncParts,
  staging: Staging,
  meter: ProgressMeter,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, void> {
  const pictures = await staging.unseen('staged');
  if (pictures.length === 0) return;
  meter.start('embedding', pictures.length);
  const unseen = new UnseenPictures(staging, embedder, gate, meter);
  yield* watched(meter, signal, (stop) => unseen.embed(pictures, stop));
  await checkFound(staging, unseen.made);
}

/** Path or URL at whose host a private address is meant: the feed's, or the one that was given for its pictures. */
function pictureHost({ ref, imageBase }: FeedRef): string {
  return isUrl(ref) ? ref : (imageBase ?? ref);
}

/** Reads the whole feed: into the spool if there is one, and against what is published. `unused`: columns, by name. */
async function readAll(
  feed: OpenFeed,
  {
    catalog,
    spool,
    own,
    sourceId,
  }: { catalog: LiveCatalog; spool: Spool | null; own: Ownership | null; sourceId: string },
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<{ plan: ReturnType<PlanBuilder['finish']>; problems: ProblemLog; unused: string[] }> {
  meter.start('reading', null);
  // What is published, not what answers until that is in memory: removals are counted against it.
  await catalog.caughtUp();
  using snapshot = await catalog.products();
  const builder = new PlanBuilder(snapshot, own, sourceId);
  const problems = new ProblemLog();
  const unused = new Set<string>();
  for await (const item of feed.items) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    for (const problem of item.problems) {
      problems.add(problem);
      if (problem.code === 'COLUMN_UNUSED') unused.add(problem.params.column);
    }
    if (!item.product) continue;
    builder.add(item.product);
    await spool?.add(item.product);
    meter.advance();
  }
  return { plan: builder.finish(), problems, unused: [...unused].sort() };
}

/** The report of a sync that had nothing to read. */
export function nothingChanged(
  { ref, sourceId }: Pick<FeedRef, 'ref' | 'sourceId'>,
  live: Snapshot | null,
  started: number,
): ImportReport {
  const { products = 0, images = 0 } = sourcesOf(live).find(({ id }) => id === sourceId) ?? {};
  return {
    source: ref,
    sourceId,
    products: { total: products, added: 0, changed: 0, unchanged: products, removed: 0 },
    images: { total: images, embedded: 0, reused: images },
    problems: [],
    seconds: (performance.now() - started) / 1000,
    published: null,
  };
}

/**
 * Yields the meter's state while `work` runs, and gives its answer. Left early, it stops the work and waits for it. The
 * signal that the work is given stays good after it has ended: what it opened can be used.
 */
export async function* watched<T>(
  meter: ProgressMeter,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): AsyncGenerator<ImportProgress, T> {
  const stop = new AbortController();
  const running = work(AbortSignal.any([signal, stop.signal]));
  let ended = false;
  // Looked at last; a failure must not count as unhandled before that.
  const end = running
    .then(
      () => {},
      () => {},
    )
    .finally(() => {
      ended = true;
    });
  let leftEarly = true;
  try {
    // The phase that has just begun.
    yield meter.now;
    while (!ended) {
      let timer: NodeJS.Timeout | undefined;
      const tick = new Promise((resolve) => {
        timer = setTimeout(resolve, PROGRESS_EVERY_MS);
      });
      await Promise.race([end, tick]);
      clearTimeout(timer);
      yield meter.now;
    }
    leftEarly = false;
  } finally {
    if (leftEarly) stop.abort();
    await end;
  }
  return running;
}
