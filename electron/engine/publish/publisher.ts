import { setTimeout as wait } from 'node:timers/promises';
import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import {
  type FeedInspection,
  type FeedRequest,
  type ImportProgress,
  type ImportReport,
  type PackProgress,
  type PackReport,
  type Source,
  type SourceStatus,
  type SyncOutcome,
  type SyncPlan,
  type SyncRequest,
  syncRequest,
} from '../../contract/publishing.ts';
import { sourcesOf } from '../catalog/sources.ts';
import { inspectFeed } from '../feed/inspect.ts';
import { readPixels } from '../images/photo.ts';
import { type ExportRequest, exportPack } from '../pack/export.ts';
import { planSync } from '../sync/dry-run.ts';
import { SyncMemory } from '../sync/memory.ts';
import { publishStaged } from '../sync/publish-staged.ts';
import { removeProducts } from '../sync/remove-products.ts';
import type { SyncParts } from '../sync/request.ts';
import { syncFeed } from '../sync/sync.ts';
import type { ApiPublished } from './api-feed.ts';
import { API_SOURCE, ApiSource } from './api-source.ts';
import { FeedRefs, type FeedRefsOptions } from './feed-refs.ts';
import { IMPORTING, Occupancy, type Occupation } from './occupancy.ts';
import { recorded } from './outcomes.ts';
import { isPack, PlannedPack, packParts, planPack, syncPack } from './pack-source.ts';
import { Sources } from './sources.ts';

/** How often the schedule is checked, and so the longest delay of continuing an incomplete sync. */
const LOOK_EVERY_MS = 1000;

export interface PublisherOptions extends FeedRefsOptions {
  dataDir: string;
  /** Called when a sync starts and when it has ended. */
  onChange: () => void;
}

type PartsInUse = Omit<SyncParts, 'memory' | 'dataDir'>;

/** The admin's side of the engine: sources, dry runs, syncs and packs. It runs one sync at a time. */
export class Publisher {
  readonly sources: Sources;
  /** The products that programs add. */
  readonly api: ApiSource;
  readonly #options: PublisherOptions;
  readonly #memory: SyncMemory;
  readonly #plannedPack = new PlannedPack();
  readonly #inUse: () => PartsInUse;
  /** What is writing the catalog. A second writer is refused with it. */
  readonly #occupancy: Occupancy;
  readonly #refs: FeedRefs;
  /** An incomplete sync that will continue by itself, with its original request. It is forgotten when the process ends. */
  #unfinished: { request: SyncRequest; retryAt: number } | null = null;

  private constructor(
    options: PublisherOptions,
    memory: SyncMemory,
    sources: Sources,
    inUse: () => PartsInUse,
  ) {
    this.#options = options;
    this.#memory = memory;
    this.#inUse = inUse;
    this.sources = sources;
    this.#occupancy = new Occupancy(options.onChange);
    this.#refs = new FeedRefs(sources, options);
    this.api = new ApiSource(options.dataDir, {
      check: (bytes) => readPixels(bytes, inUse().embedder.pixelSpec),
      sync: (request) => this.#syncToEnd(request),
      published: () => this.#publishedOfApi(),
    });
  }

  /** @param inUse gives the model in use and its table; they stay the same while the publisher is busy */
  static async open(options: PublisherOptions, inUse: () => PartsInUse): Promise<Publisher> {
    const { dataDir } = options;
    return new Publisher(options, await SyncMemory.open(dataDir), await Sources.open(dataDir), inUse);
  }

  /** The publisher's files that were damaged. */
  get faults(): Fault[] {
    return [this.sources.fault, this.#memory.fault].filter((fault) => fault !== null);
  }

  /** Whether a sync or something else is writing the catalog. */
  get busy(): boolean {
    return this.#occupancy.busy;
  }

  /** See `Occupancy.occupy`. */
  occupy(reason: Occupation): () => void {
    return this.#occupancy.occupy(reason);
  }

  /** Forgets what syncs have noted, because it says nothing about the table of the new model. */
  async forgetModel(): Promise<void> {
    await this.#memory.forget();
  }

  /** See `inspectFeed` in `feed/`. */
  async inspect(request: FeedRequest, signal: AbortSignal): Promise<FeedInspection> {
    const { ref, ...options } = await this.#refs.resolve(request);
    return inspectFeed(ref, { ...options, signal });
  }

  /** See `planSync`, and `planPack` for a pack. */
  async *plan(request: FeedRequest, signal: AbortSignal): AsyncGenerator<ImportProgress, SyncPlan> {
    const feed = await this.#refs.resolve(request);
    return yield* isPack(feed.ref)
      ? planPack(this.#parts, feed, this.#plannedPack, signal)
      : planSync(this.#parts, feed, signal);
  }

  /** See `syncFeed`, and `syncPack` for a pack. When the request is of a saved source, the outcome is kept with it. */
  async *sync(
    request: SyncRequest,
    signal: AbortSignal,
    scheduled = false,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const release = yield* this.#occupancy.turnForImport(signal);
    this.#unfinished = null;
    try {
      const { sourceId } = syncRequest.parse(request);
      const note = async (outcome: SyncOutcome) => {
        if (sourceId) await this.sources.noteOutcome(sourceId, outcome);
      };
      const report = yield* recorded(note, this.#run(request, scheduled, signal));
      const retryAt = report.toCome?.retryAt ?? null;
      if (retryAt !== null) this.#unfinished = { request, retryAt: Date.parse(retryAt) };
      return report;
    } finally {
      release();
    }
  }

  /**
   * Plans a sync of a saved source.
   * @throws LookalikeError SOURCE_UNKNOWN, and as `plan`
   */
  async *planSource(id: string, signal: AbortSignal): AsyncGenerator<ImportProgress, SyncPlan> {
    return yield* this.plan(requestOf(this.sources.get(id).source), signal);
  }

  /**
   * Syncs a saved source.
   * @throws LookalikeError SOURCE_UNKNOWN, and as `sync`
   */
  async *syncSource(
    id: string,
    confirmRemovals: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    return yield* this.sync({ ...requestOf(this.sources.get(id).source), confirmRemovals }, signal);
  }

  /**
   * Publishes the catalog without the products of a source and of the sources that its pack has brought.
   * @param source id of a source, saved or not; empty for products that were imported without one
   * @returns null when the source has no products
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  async removeProducts(source: string): Promise<Snapshot | null> {
    const release = this.occupy(IMPORTING);
    try {
      const { catalog } = this.#parts;
      const saved = this.sources.list().find((entry) => entry.source.id === source)?.source;
      const ref = saved && this.#refs.locate(saved.location).url;
      const ofSource = ({ id, ref: from }: SnapshotSource) => id === source || from === ref;
      const published = await removeProducts(catalog, ofSource);
      if (source === API_SOURCE) await this.api.clear();
      await catalog.caughtUp();
      return published;
    } finally {
      release();
    }
  }

  /** Deletes the pack that was kept for a publish. */
  close(): Promise<void> {
    return this.#plannedPack.drop();
  }

  /** Publishes what a sync with `publish: false` has staged; null when nothing is staged. */
  async publishStaged(confirmRemovals: boolean): Promise<ImportReport['published']> {
    const published = await publishStaged(this.#parts, confirmRemovals);
    await this.#parts.catalog.caughtUp();
    this.#options.onChange();
    return published;
  }

  /** See `exportPack`. */
  exportPack(request: ExportRequest, signal: AbortSignal): AsyncGenerator<PackProgress, PackReport> {
    return exportPack(packParts(this.#parts), request, signal);
  }

  /**
   * Syncs saved sources when they are due, and continues an incomplete sync, saved or not, until the signal aborts. Errors
   * are kept with their source. When the list of sources cannot be read, nothing is due.
   */
  async keepSchedule(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#keepSourcesSynced(signal), this.#keepGoing(signal)]);
  }

  async #keepSourcesSynced(signal: AbortSignal): Promise<void> {
    if (!this.sources.readable) return;
    await this.sources.keepSchedule((source) => this.#syncQuietly(requestOf(source), signal), signal);
  }

  async #keepGoing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#unfinished && this.#unfinished.retryAt <= Date.now())
        await this.#syncQuietly(this.#unfinished.request, signal);
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #syncQuietly(request: SyncRequest, signal: AbortSignal): Promise<void> {
    // A sync is already in progress. This one is still due at the next check.
    if (this.busy) return;
    const steps = this.sync(request, signal, true);
    try {
      while (!(await steps.next()).done);
    } catch (error) {
      // Even an unexpected error must not keep the other sources from their syncs.
      if (!(error instanceof LookalikeError)) console.error(error);
    }
  }

  async #syncToEnd(request: SyncRequest): Promise<ImportReport> {
    const steps = this.sync(request, new AbortController().signal);
    let step = await steps.next();
    while (!step.done) step = await steps.next();
    return step.value;
  }

  async #publishedOfApi(): Promise<ApiPublished> {
    const { catalog } = this.#parts;
    await catalog.caughtUp();
    const publishOf = (snapshot: Snapshot | null) =>
      sourcesOf(snapshot).find(({ id }) => id === API_SOURCE)?.version ?? null;
    const snapshots = await catalog.history.list();
    return {
      live: publishOf(await catalog.liveInfo()),
      kept: snapshots.map(publishOf).filter((version) => version !== null),
      ids: async () => {
        using products = await catalog.products();
        const own = [...(products?.allPublished() ?? [])].filter(
          (product) => product.text('source') === API_SOURCE,
        );
        return new Set(own.map((product) => product.text('productId')));
      },
    };
  }

  async saveSource(source: Source): Promise<SourceStatus> {
    const status = await this.sources.save(source);
    this.#options.onChange();
    return status;
  }

  async *#run(
    request: SyncRequest,
    scheduled: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const feed = await this.#refs.resolve(request);
    const { confirmRemovals, publish, afresh } = syncRequest.parse(request);
    const report = isPack(feed.ref)
      ? yield* syncPack(this.#parts, feed, { confirmRemovals, scheduled, afresh }, this.#plannedPack, signal)
      : yield* syncFeed(this.#parts, feed, { confirmRemovals, publish, scheduled, afresh }, signal);
    // Wait until the new snapshot answers queries: a caller that learns of the publish asks its next question of it.
    await this.#parts.catalog.caughtUp();
    return report;
  }

  get #parts(): SyncParts {
    return { ...this.#inUse(), memory: this.#memory, dataDir: this.#options.dataDir };
  }
}

/** How a saved source is read. */
function requestOf({ location, format, mapping, charset, imageBase, id }: Source): FeedRequest {
  return {
    source: location,
    format,
    mapping,
    charset: charset ?? null,
    imageBase: imageBase ?? null,
    sourceId: id,
  };
}
