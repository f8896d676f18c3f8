import type { ProductDetails, SnapshotInfo, Thumbnail } from '../contract/catalog.ts';
import type { Embedding, EmbedRequest } from '../contract/embedding.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { FeedbackRequest } from '../contract/learning.ts';
import type { PhoneEvent, PhoneRequest } from '../contract/phone.ts';
import type { GivenFeedback, Photo, SearchRequest, SearchResponse } from '../contract/search.ts';
import type { Status } from '../contract/status.ts';
import type { Use } from '../contract/use.ts';
import { toProduct } from './catalog/schema.ts';
import type { CatalogHealth } from './catalog-health.ts';
import type { Clients } from './clients/clients.ts';
import type { Comparisons } from './compare/comparisons.ts';
import { makePreview } from './images/photo.ts';
import { loadedSharpBuild } from './images/sharp-build.ts';
import type { SubjectModels } from './model/subject.ts';
import type { ModelStore } from './models/install/store.ts';
import type { ModelInUse } from './models/model-in-use.ts';
import { openPhone } from './phone/phone.ts';
import type { Publisher } from './publish/publisher.ts';
import { secretsFault } from './publish/secrets-file.ts';
import type { LearnedHere } from './search/learned-here.ts';
import { photoBytes } from './search/query.ts';
import type { LiveCatalog } from './snapshot/live-catalog.ts';
import type { UseCounts } from './use/use-counts.ts';
import type { Asker } from './work/priority-gate.ts';

const LOOK_EVERY_MS = 5000;

export interface EngineParts {
  publisher: Publisher;
  models: ModelStore;
  modelInUse: ModelInUse;
  subjectModels: SubjectModels;
  watchers: Watchers;
  health: CatalogHealth;
  clients: Clients;
  comparisons: Comparisons;
  useCounts: UseCounts;
  dataDir: string;
}

/** Callbacks to call when something has changed. */
export class Watchers extends Set<() => void> {
  readonly tell = (): void => {
    for (const watcher of this) watcher();
  };
}

/** The product without its windows. The app's engine process, the CLI and the tests all open one. */
export class Engine {
  /** Sources, plans and syncs. */
  readonly publisher: Publisher;
  /** The models of this machine: installing and verifying. */
  readonly models: ModelStore;
  /** The model in use, and its provider. */
  readonly modelInUse: ModelInUse;
  readonly #subjectModels: SubjectModels;
  readonly #watchers: Watchers;
  /** Damage to the catalog: finds it, and repairs what needs no feed. */
  readonly health: CatalogHealth;
  /** The programs that may ask over HTTP, and the local server that they ask. */
  readonly clients: Clients;
  /** Piles of pictures that are compared with the catalog. */
  readonly comparisons: Comparisons;
  /** How often this machine is asked. */
  readonly useCounts: UseCounts;
  readonly #dataDir: string;

  /** Use `openEngine`. */
  constructor(parts: EngineParts) {
    const { publisher, models, modelInUse, subjectModels, watchers, health, dataDir } = parts;
    this.health = health;
    this.clients = parts.clients;
    this.comparisons = parts.comparisons;
    this.useCounts = parts.useCounts;
    this.#dataDir = dataDir;
    this.publisher = publisher;
    this.models = models;
    this.modelInUse = modelInUse;
    this.#subjectModels = subjectModels;
    this.#watchers = watchers;
  }

  /** The catalog of the model in use, with its snapshots. */
  get catalog(): LiveCatalog {
    return this.modelInUse.answering.catalog;
  }

  /**
   * Whether a long task is running that nobody waits for at the screen: a sync, a switch of models, an installation, a
   * comparison.
   */
  get busy(): boolean {
    return this.publisher.busy || this.models.busy || this.comparisons.busy;
  }

  /** See `openPhone`. */
  openPhone(request: PhoneRequest, signal: AbortSignal): AsyncGenerator<PhoneEvent, void> {
    const search = (asked: SearchRequest, gone: AbortSignal) => this.search(asked, gone);
    return openPhone(request, { search, dataDir: this.#dataDir }, signal);
  }

  async status(): Promise<Status> {
    const { answering, switchingTo, notices } = this.modelInUse;
    // The notices report what cannot be read.
    await this.catalog.follow().catch(() => {});
    const { answering: inMemory, loading, failure } = this.catalog.memory;
    const snapshot = inMemory ?? (await this.catalog.liveInfo().catch(() => null));
    const secrets = await secretsFault(this.#dataDir);
    const unread: Status['notices'] = [];
    if (failure && inMemory) {
      const { name, publishedAt } = inMemory;
      const params = { version: failure.version, answering: { name, publishedAt } };
      unread.push({ code: 'SNAPSHOT_NOT_READ', params });
    }
    const ofSearches = await answering.notices();
    return {
      model: answering.embedder.info,
      provider: answering.embedder.provider,
      subjectModel: await this.#subjectModels.info(),
      imageDecoder: await loadedSharpBuild(),
      snapshot,
      catalogFolder: this.catalog.uri,
      answeredBy: snapshot && this.catalog.answererOf(snapshot),
      loading: loading === null ? null : { version: loading },
      importing: this.publisher.busy && switchingTo === null,
      switchingTo,
      successor: await this.modelInUse.successor(),
      notices: [
        ...unread,
        ...(await this.health.notices()),
        ...notices,
        ...(this.#subjectModels.notice ? [this.#subjectModels.notice] : []),
        ...this.publisher.faults,
        ...(await this.models.faults()),
        ...(secrets ? [secrets] : []),
        ...(this.clients.fault ? [this.clients.fault] : []),
        ...(this.useCounts.fault ? [this.useCounts.fault] : []),
        ...ofSearches,
      ],
    };
  }

  /**
   * Yields the status now and whenever it has changed, until the signal aborts. It also checks from time to time by itself,
   * because another process (the CLI) may have published, or switched to another model, which is then used here too.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<Status, void> {
    let wake = () => {};
    const onChange = () => wake();
    this.#watchers.add(onChange);
    signal.addEventListener('abort', onChange);
    let lastTold = '';
    try {
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await this.modelInUse.follow();
        const status = await this.status();
        const now = JSON.stringify(status);
        if (now !== lastTold) yield status;
        lastTold = now;
        const timer = setTimeout(onChange, LOOK_EVERY_MS);
        await changed;
        clearTimeout(timer);
      }
    } finally {
      this.#watchers.delete(onChange);
    }
  }

  /**
   * Makes the first photo as fast as later ones: reads the catalog into memory and searches for one of its own pictures,
   * which loads and warms everything that a query uses.
   */
  async warmUp(): Promise<void> {
    using snapshot = await this.catalog.searchable();
    if (!snapshot) return;
    const [picture] = await snapshot.thumbnails(snapshot.imageHashes(1));
    if (!picture) return;
    // With the app's default crop, so that the model that proposes crops is warm too.
    const query = { kind: 'photo', photo: { bytes: picture.bytes }, crop: 'auto' } as const;
    await this.search({ query, limit: 1 });
  }

  /** Measures the best ranking for the published catalog, if that was not done yet; see `Search.calibrate`. */
  calibrate(): Promise<void> {
    return this.modelInUse.answering.calibrate();
  }

  /** What this machine has learned with the model in use. */
  get learned(): Promise<LearnedHere> {
    return this.modelInUse.answering.learned;
  }

  /** How this machine is used, and how right its answers were by what was said of them. @throws LookalikeError STORAGE_* */
  async use(): Promise<Use> {
    const months = (await this.learned).months();
    return { ...(await this.useCounts.counted()), months };
  }

  /** See `Search.giveFeedback`. */
  giveFeedback(given: FeedbackRequest): Promise<GivenFeedback | null> {
    return this.modelInUse.answering.giveFeedback(given);
  }

  /** See `Search.search`. Damage that is found while reading is repaired or worked around where possible. */
  async search(request: SearchRequest, signal?: AbortSignal, asker?: Asker): Promise<SearchResponse> {
    const ask = () => this.modelInUse.answering.search(request, signal, asker);
    try {
      return await ask();
    } catch (error) {
      if (!(await this.health.gotRound(error))) throw error;
      this.#watchers.tell();
      return ask();
    }
  }

  /** See `Search.embed`. */
  embed(request: EmbedRequest, signal?: AbortSignal, asker?: Asker): Promise<Embedding> {
    return this.modelInUse.answering.embed(request, signal, asker);
  }

  /** @throws LookalikeError PRODUCT_UNKNOWN, CATALOG_EMPTY */
  async product(productId: string): Promise<ProductDetails> {
    using snapshot = await this.catalog.searchable();
    if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
    const images = await snapshot.product(productId);
    const first = images[0]?.row;
    const style = await snapshot.styleOf(productId);
    if (!first || !style) throw new LookalikeError('PRODUCT_UNKNOWN', { item: productId });
    return {
      ...toProduct(first),
      ...style,
      attributes: first.attributes,
      thumbnails: images.map(({ row }) => row.imageHash),
    };
  }

  /** See `Catalog.thumbnails`. */
  thumbnails(ids: string[]): Promise<Thumbnail[]> {
    return this.catalog.thumbnails(ids);
  }

  /** See `makePreview`. */
  async preview(photo: Photo): Promise<{ bytes: Uint8Array<ArrayBuffer>; width: number; height: number }> {
    const { bytes, width, height } = await makePreview(await photoBytes(photo));
    return { bytes: Uint8Array.from(bytes), width, height };
  }

  /** Makes another kept snapshot the live one, and waits until it answers queries; see `Catalog.rollback`. */
  async rollBack(version: number): Promise<SnapshotInfo> {
    const snapshot = await this.catalog.history.rollback(version);
    await this.catalog.caughtUp();
    // The next write of a program looks again.
    await this.publisher.api.follow().catch(console.error);
    this.#watchers.tell();
    return snapshot;
  }

  async close(): Promise<void> {
    await this.clients.close();
    await this.useCounts.close();
    await this.comparisons.close();
    await this.publisher.close();
    await this.modelInUse.close();
    await this.#subjectModels.close();
  }
}
