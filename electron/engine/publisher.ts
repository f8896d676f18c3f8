import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LookalikeError } from '../contract/errors.ts';
import {
  type FeedInspection,
  type FeedRequest,
  feedRequest,
  type Source,
  type SourceStatus,
  type SyncOutcome,
  type SyncPlan,
  type SyncRequest,
  syncRequest,
} from '../contract/publishing.ts';
import type {
  FeedSource,
  ImportProgress,
  ImportReport,
  PackProgress,
  PackReport,
} from '../contract/schemas.ts';
import type { Staging } from './catalog/staging.ts';
import { inspectFeed } from './feed/inspect.ts';
import { isUrl, openResource } from './feed/resource.ts';
import { type ExportRequest, exportPack, type PackParts } from './pack/export.ts';
import { importPack } from './pack/import.ts';
import { checkRemovals } from './sync/gates.ts';
import { SyncMemory } from './sync/memory.ts';
import { ProgressMeter } from './sync/progress.ts';
import { Sources } from './sync/sources.ts';
import {
  type FeedRef,
  nothingChanged,
  planSync,
  publishStaged,
  type SyncParts,
  syncFeed,
} from './sync/sync.ts';

const MOST_PACK_BYTES = 8_000_000_000;
const PACK_TIMEOUT_MS = 3_600_000;

export interface PublisherOptions {
  dataDir: string;
  sampleFeed: string;
  /** The value of a saved source's secret header, from wherever this process may keep it. */
  secretOf: (sourceId: string) => Promise<string | null>;
  /** Told when a sync starts and when it has ended. */
  onChange: () => void;
}

/** The admin's side of the engine: sources, what a sync would do, doing it. One sync at a time. */
export class Publisher {
  readonly sources: Sources;
  readonly #options: PublisherOptions;
  readonly #parts: SyncParts;
  #busy = false;

  private constructor(options: PublisherOptions, parts: SyncParts, sources: Sources) {
    this.#options = options;
    this.#parts = parts;
    this.sources = sources;
  }

  /** @throws LookalikeError SOURCES_UNREADABLE */
  static async open(options: PublisherOptions, parts: Omit<SyncParts, 'memory'>): Promise<Publisher> {
    const memory = await SyncMemory.open(options.dataDir);
    return new Publisher(options, { ...parts, memory }, await Sources.open(options.dataDir));
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** See `inspectFeed` of the feed room. */
  async inspect(request: FeedRequest, signal: AbortSignal): Promise<FeedInspection> {
    const { ref, ...options } = await this.#feedRef(request);
    return inspectFeed(ref, { ...options, signal });
  }

  /** See `planSync`. */
  async *plan(request: FeedRequest, signal: AbortSignal): AsyncGenerator<ImportProgress, SyncPlan> {
    return yield* planSync(this.#parts, await this.#feedRef(request), signal);
  }

  /** See `syncFeed`, and `importPack` for a pack. The outcome is kept with the saved source, if it is one's. */
  async *sync(
    request: SyncRequest,
    signal: AbortSignal,
    scheduled = false,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    if (this.#busy) throw new LookalikeError('CATALOG_BUSY');
    this.#setBusy(true);
    try {
      const { sourceId } = syncRequest.parse(request);
      const report = yield* this.#recorded(sourceId, this.#run(request, scheduled, signal));
      return report;
    } finally {
      this.#setBusy(false);
    }
  }

  /** Publishes what a sync with `publish: false` has staged; null when nothing is. */
  publishStaged(confirmRemovals: boolean): Promise<ImportReport['published']> {
    return publishStaged(this.#parts, confirmRemovals);
  }

  /** See `exportPack`. */
  exportPack(request: ExportRequest, signal: AbortSignal): AsyncGenerator<PackProgress, PackReport> {
    return exportPack(this.#packParts, request, signal);
  }

  /** Syncs saved sources when they are due, until the signal aborts; what goes wrong is kept with the source. */
  async keepSchedule(signal: AbortSignal): Promise<void> {
    await this.sources.keepSchedule(async ({ location, format, mapping, id }) => {
      // Someone is syncing by hand; the next tick will find the source still due.
      if (this.#busy) return;
      const steps = this.sync({ source: location, format, mapping, sourceId: id }, signal, true);
      try {
        while (!(await steps.next()).done);
      } catch (error) {
        if (!(error instanceof LookalikeError)) throw error;
      }
    }, signal);
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
    const { confirmRemovals, publish } = syncRequest.parse(request);
    if (isPack(feed.ref)) return yield* this.#runPack(feed, { confirmRemovals, scheduled }, signal);
    return yield* syncFeed(this.#parts, feed, { confirmRemovals, publish, scheduled }, signal);
  }

  async *#runPack(
    { ref, headers = {} }: FeedRef,
    { confirmRemovals, scheduled }: { confirmRemovals: boolean; scheduled: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const started = performance.now();
    const { catalog, memory } = this.#parts;
    const live = await catalog.liveInfo();
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-pack-'));
    try {
      const known = memory.validatorOf(ref, live?.version ?? null);
      const pack = isUrl(ref)
        ? await download(ref, headers, known, folder, signal)
        : { path: ref, validator: null };
      if (pack === 'unchanged') return nothingChanged(ref, live, started);
      const trustedKeys = await readKeys(join(this.#options.dataDir, 'trusted-keys'));
      const beforePublish = (staging: Staging) => {
        const { total, added, removed } = staging.changes();
        if (!confirmRemovals) checkRemovals(removed, total - added + removed);
      };
      const request = {
        path: pack.path,
        source: ref,
        scheduled,
        beforePublish,
        ...(trustedKeys && { trustedKeys }),
      };
      const report = yield* inSyncWords(importPack(this.#packParts, request, signal));
      await memory.noteValidator(ref, pack.validator, report.published?.version ?? live?.version ?? null);
      return report;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  get #packParts(): PackParts {
    const { catalog, embedder } = this.#parts;
    return { catalog, model: { id: embedder.info.id, dim: embedder.info.dim, sha256: embedder.weights } };
  }

  async *#recorded(
    sourceId: string | null,
    run: AsyncGenerator<ImportProgress, ImportReport>,
  ): AsyncGenerator<ImportProgress, ImportReport> {
    const note = async (outcome: Omit<SyncOutcome, 'at'>) => {
      if (sourceId) await this.sources.noteOutcome(sourceId, { at: new Date().toISOString(), ...outcome });
    };
    try {
      const report = yield* run;
      const { products, problems, published } = report;
      const message = published
        ? `${products.added} new, ${products.changed} changed, ${products.removed} removed`
        : 'Nothing had changed';
      await note({ result: published ? 'published' : 'unchanged', message, problems: problems.length });
      return report;
    } catch (error) {
      const known =
        error instanceof LookalikeError ? error : new LookalikeError('INTERNAL', { cause: error });
      await note({ result: resultOf(known), message: known.message, problems: 0 });
      throw error;
    }
  }

  async #feedRef(request: FeedRequest): Promise<FeedRef> {
    const { source, format, mapping, sourceId } = feedRequest.parse(request);
    const secretHeader = sourceId && this.sources.get(sourceId).source.secretHeader;
    const secret = sourceId && secretHeader ? await this.#options.secretOf(sourceId) : null;
    if (secretHeader && secret === null) throw new LookalikeError('SECRET_UNAVAILABLE');
    return {
      ref: this.#ref(source),
      ...(format && { format }),
      ...(mapping && { mapping }),
      ...(secretHeader && secret !== null && { headers: { [secretHeader]: secret } }),
    };
  }

  #ref(source: FeedSource): string {
    if (source.kind === 'sample') return this.#options.sampleFeed;
    return source.kind === 'url' ? source.url : resolve(source.path);
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#options.onChange();
  }
}

function resultOf({ code }: LookalikeError): SyncOutcome['result'] {
  if (code === 'CANCELLED') return 'cancelled';
  return code.startsWith('GATE_') ? 'refused' : 'failed';
}

/** A catalog pack as a source: told by its name, and checked by what is in it. */
function isPack(ref: string): boolean {
  return (isUrl(ref) ? new URL(ref).pathname : ref).endsWith('.lookalike-pack');
}

async function download(
  url: string,
  headers: Record<string, string>,
  validator: string | null,
  folder: string,
  signal: AbortSignal,
): Promise<{ path: string; validator: string | null } | 'unchanged'> {
  const errors = { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' } as const;
  const limits = { maxBytes: MOST_PACK_BYTES, timeoutMs: PACK_TIMEOUT_MS, errors };
  const feedHost = new URL(url).host;
  const resource = await openResource(url, { ...limits, headers, validator, signal, feedHost });
  if (resource === 'unchanged') return 'unchanged';
  const path = join(folder, 'catalog.lookalike-pack');
  await pipeline(resource.stream, createWriteStream(path), { signal });
  return { path, validator: resource.validator };
}

/** The PEM files in a folder; null when there is no such folder, which accepts packs of anyone. */
async function readKeys(folder: string): Promise<string[] | null> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
    return await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new LookalikeError('PACK_KEY_INVALID', { item: folder, cause });
  }
}

/** A pack's progress in the phases of a sync, with rate and time left. */
async function* inSyncWords<T>(steps: AsyncGenerator<PackProgress, T>): AsyncGenerator<ImportProgress, T> {
  const meter = new ProgressMeter();
  let phase: PackProgress['phase'] | null = null;
  let counted = 0;
  let step = await steps.next();
  while (!step.done) {
    if (step.value.phase !== phase) {
      ({ phase } = step.value);
      meter.start(phase === 'checking' ? 'reading' : 'publishing', step.value.total);
      counted = 0;
    }
    meter.advance(step.value.done - counted);
    counted = step.value.done;
    yield meter.now;
    step = await steps.next();
  }
  return step.value;
}
