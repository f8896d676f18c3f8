import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault, FaultParams } from '../../contract/faults.ts';
import {
  type FeedInspection,
  type FeedRequest,
  type FeedSource,
  feedRequest,
  type ImportProgress,
  type ImportReport,
  incompleteness,
  type PackProgress,
  type PackReport,
  type Source,
  type SourceStatus,
  type SyncOutcome,
  type SyncPlan,
  type SyncRequest,
  syncRequest,
} from '../../contract/publishing.ts';
import { inspectFeed } from '../feed/inspect.ts';
import { isUrl } from '../feed/resource.ts';
import { splitCredentials } from '../net/credentials.ts';
import { type ExportRequest, exportPack } from '../pack/export.ts';
import { planSync } from '../sync/dry-run.ts';
import { SyncMemory } from '../sync/memory.ts';
import { publishStaged } from '../sync/publish-staged.ts';
import { removeProducts } from '../sync/remove-products.ts';
import type { FeedRef, SyncParts } from '../sync/request.ts';
import { syncFeed } from '../sync/sync.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { isPack, PlannedPack, packParts, planPack, syncPack } from './pack-source.ts';
import { Sources } from './sources.ts';

/** An incomplete sync is gone on with at most so late. */
const LOOK_EVERY_MS = 1000;
/** How often a sync looks whether the one before it has ended. */
const TURN_EVERY_MS = 100;

export interface PublisherOptions {
  dataDir: string;
  sampleFeed: string;
  /** The value of a saved source's secret header, for the origin it would be sent to, from wherever this process may keep it. */
  secretOf: (sourceId: string, origin: string) => Promise<string | null>;
  /** Told when a sync starts and when it has ended. */
  onChange: () => void;
}

type PartsInUse = Omit<SyncParts, 'memory' | 'dataDir'>;

/** The admin's side of the engine: sources, what a sync would do, doing it. One sync at a time. */
export class Publisher {
  readonly sources: Sources;
  readonly #options: PublisherOptions;
  readonly #memory: SyncMemory;
  readonly #plannedPack = new PlannedPack();
  readonly #inUse: () => PartsInUse;
  /** What is being done with the catalog, for whoever comes second. */
  #busy: Occupation | null = null;
  /** An incomplete sync that goes on by itself, just as it was asked for; forgotten when the process ends. */
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
  }

  /** @param inUse the model that answers now and its table; they stay the same while the publisher is busy */
  static async open(options: PublisherOptions, inUse: () => PartsInUse): Promise<Publisher> {
    const { dataDir } = options;
    return new Publisher(options, await SyncMemory.open(dataDir), await Sources.open(dataDir), inUse);
  }

  /** Files of its own that were damaged. */
  get faults(): Fault[] {
    return [this.sources.fault, this.#memory.fault].filter((fault) => fault !== null);
  }

  get busy(): boolean {
    return this.#busy !== null;
  }

  /**
   * Keeps all others that would write the catalog out until the answer is called.
   * @param reason what they are told
   * @throws LookalikeError CATALOG_BUSY
   */
  occupy(reason: Occupation): () => void {
    if (this.#busy !== null) throw new LookalikeError({ code: 'CATALOG_BUSY', params: this.#busy });
    this.#setBusy(reason);
    return () => this.#setBusy(null);
  }

  /** Another model answers from now on: what syncs have left says nothing of its table. */
  async forgetModel(): Promise<void> {
    await this.#memory.forget();
  }

  /** See `inspectFeed` of the feed room. */
  async inspect(request: FeedRequest, signal: AbortSignal): Promise<FeedInspection> {
    const { ref, ...options } = await this.#feedRef(request);
    return inspectFeed(ref, { ...options, signal });
  }

  /** See `planSync`, and `planPack` for a pack. */
  async *plan(request: FeedRequest, signal: AbortSignal): AsyncGenerator<ImportProgress, SyncPlan> {
    const feed = await this.#feedRef(request);
    return yield* isPack(feed.ref)
      ? planPack(this.#parts, feed, this.#plannedPack, signal)
      : planSync(this.#parts, feed, signal);
  }

  /** See `syncFeed`, and `syncPack` for a pack. The outcome is kept with the saved source, if it is one's. */
  async *sync(
    request: SyncRequest,
    signal: AbortSignal,
    scheduled = false,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const release = yield* this.#turn(signal);
    this.#unfinished = null;
    try {
      const { sourceId } = syncRequest.parse(request);
      const report = yield* this.#recorded(sourceId, this.#run(request, scheduled, signal));
      const retryAt = report.toCome?.retryAt ?? null;
      if (retryAt !== null) this.#unfinished = { request, retryAt: Date.parse(retryAt) };
      return report;
    } finally {
      release();
    }
  }

  /**
   * Publishes the catalog without the products of a source, and of those that its pack has brought.
   * @param source id of a source, saved or not; empty for what was imported without one
   * @returns null when it has none
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  async removeProducts(source: string): Promise<Snapshot | null> {
    const release = this.occupy(IMPORTING);
    try {
      const { catalog } = this.#parts;
      const saved = this.sources.list().find((entry) => entry.source.id === source)?.source;
      const ref = saved && this.#locate(saved.location).url;
      const ofSource = ({ id, ref: from }: SnapshotSource) => id === source || from === ref;
      const published = await removeProducts(catalog, ofSource);
      await catalog.caughtUp();
      return published;
    } finally {
      release();
    }
  }

  /** Deletes what was kept for a publish that has not come. */
  close(): Promise<void> {
    return this.#plannedPack.drop();
  }

  /** Publishes what a sync with `publish: false` has staged; null when nothing is. */
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
   * Syncs saved sources when they are due, and goes on with a sync that is incomplete, saved or not, until the signal
   * aborts; what goes wrong is kept with the source. A list of sources that cannot be read has none that is due.
   */
  async keepSchedule(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#keepSourcesSynced(signal), this.#keepGoing(signal)]);
  }

  async #keepSourcesSynced(signal: AbortSignal): Promise<void> {
    if (!this.sources.readable) return;
    await this.sources.keepSchedule(({ location, format, mapping, charset = null, imageBase = null, id }) => {
      const how = { format, mapping, charset, imageBase, sourceId: id };
      return this.#syncQuietly({ source: location, ...how }, signal);
    }, signal);
  }

  async #keepGoing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#unfinished && this.#unfinished.retryAt <= Date.now())
        await this.#syncQuietly(this.#unfinished.request, signal);
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #syncQuietly(request: SyncRequest, signal: AbortSignal): Promise<void> {
    // Someone is syncing by hand; the next look will find this still due.
    if (this.busy) return;
    const steps = this.sync(request, signal, true);
    try {
      while (!(await steps.next()).done);
    } catch (error) {
      // Even what nobody expected: the other sources are due all the same.
      if (!(error instanceof LookalikeError)) console.error(error);
    }
  }

  /** Waits for the sync that is under way; everything else that is being done with the catalog turns a sync away. */
  async *#turn(signal: AbortSignal): AsyncGenerator<ImportProgress, () => void> {
    const meter = new ProgressMeter();
    meter.start('waiting', null);
    while (this.#busy?.by === 'import') {
      yield meter.now;
      await wait(TURN_EVERY_MS, undefined, { signal }).catch((cause: unknown) => {
        throw new LookalikeError('CANCELLED', { cause });
      });
    }
    return this.occupy(IMPORTING);
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
    const feed = await this.#feedRef(request);
    const { confirmRemovals, publish, afresh } = syncRequest.parse(request);
    const report = isPack(feed.ref)
      ? yield* syncPack(this.#parts, feed, { confirmRemovals, scheduled, afresh }, this.#plannedPack, signal)
      : yield* syncFeed(this.#parts, feed, { confirmRemovals, publish, scheduled, afresh }, signal);
    // Whoever is told that it is published asks the next question of it.
    await this.#parts.catalog.caughtUp();
    return report;
  }

  async *#recorded(
    sourceId: string | null,
    run: AsyncGenerator<ImportProgress, ImportReport>,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const note = async (outcome: Outcome) => {
      if (sourceId) await this.sources.noteOutcome(sourceId, { at: new Date().toISOString(), ...outcome });
    };
    // What it was when nobody waits for the end.
    let outcome = failed(new LookalikeError('CANCELLED'));
    try {
      const report = yield* run;
      outcome = succeeded(report);
      return report;
    } catch (error) {
      outcome = failed(
        error instanceof LookalikeError
          ? error
          : new LookalikeError({ code: 'INTERNAL', params: { said: String(error) } }, { cause: error }),
      );
      throw error;
    } finally {
      // A record that cannot be kept must not hide what there was to record.
      await note(outcome).catch(console.error);
    }
  }

  async #feedRef(request: FeedRequest): Promise<FeedRef> {
    const { source, format, mapping, charset, imageBase, sourceId } = feedRequest.parse(request);
    const { url: ref, headers } = this.#locate(source);
    // A list that cannot be read fails here: a secret must not be left out.
    const saved =
      sourceId === null
        ? null
        : (this.sources.list().find((entry) => entry.source.id === sourceId)?.source ?? null);
    const secret = saved && (await this.#secret(saved, ref));
    return {
      ref,
      sourceId: sourceId ?? '',
      sample: source.kind === 'sample',
      ...(saved && { name: saved.name }),
      ...(format && { format }),
      ...(mapping && { mapping }),
      ...(charset && { charset }),
      ...(imageBase && { imageBase }),
      headers: { ...headers, ...secret },
    };
  }

  /** The header that a saved source's server wants to see: never for another origin than it was entered for. */
  async #secret({ id, secretHeader }: Source, ref: string): Promise<Record<string, string>> {
    if (secretHeader === null || !isUrl(ref)) return {};
    const secret = await this.#options.secretOf(id, new URL(ref).origin);
    if (secret === null) {
      throw new LookalikeError({ code: 'SECRET_UNAVAILABLE', params: { reason: 'unreadable' } });
    }
    return { [secretHeader]: secret };
  }

  /** A password in an address goes on as a header: the address is shown and kept, in snapshots for ever. */
  #locate(source: FeedSource): ReturnType<typeof splitCredentials> {
    if (source.kind === 'url') return splitCredentials(source.url);
    const path = source.kind === 'sample' ? this.#options.sampleFeed : resolve(source.path);
    return { url: path, headers: {} };
  }

  get #parts(): SyncParts {
    return { ...this.#inUse(), memory: this.#memory, dataDir: this.#options.dataDir };
  }

  #setBusy(busy: Occupation | null): void {
    this.#busy = busy;
    this.#options.onChange();
  }
}

/** What keeps all others from writing the catalog. */
type Occupation = FaultParams['CATALOG_BUSY'];
const IMPORTING: Occupation = { by: 'import', model: null };

type Outcome = Omit<SyncOutcome, 'at'>;

function succeeded(report: ImportReport): Outcome {
  const { problems, moreProblems = [], published } = report;
  const unlisted = moreProblems.reduce((sum, { count }) => sum + count, 0);
  const count = problems.length + unlisted;
  const fault = incompleteness(report);
  if (report.toCome && fault) {
    const { retryAt } = report.toCome;
    const later = retryAt !== null && { retryAt };
    return { result: 'incomplete', fault, problems: count, ...later };
  }
  return { result: published ? 'published' : 'unchanged', fault: null, problems: count };
}

function failed({ code, fault }: LookalikeError): Outcome {
  if (code === 'CANCELLED') return { result: 'cancelled', fault, problems: 0 };
  return { result: code.startsWith('GATE_') ? 'refused' : 'failed', fault, problems: 0 };
}
