import { join } from 'node:path';
import { LookalikeError } from '../contract/errors.ts';
import type { ProviderId, ProviderState, SwitchPlan } from '../contract/models.ts';
import type {
  ImportProgress,
  ImportReport,
  Photo,
  ProductDetails,
  SearchRequest,
  SearchResponse,
  SnapshotInfo,
  Status,
  Thumbnail,
} from '../contract/schemas.ts';
import { Answering, type AnsweringParts } from './answering.ts';
import { Catalog } from './catalog/catalog.ts';
import { toProduct } from './catalog/schema.ts';
import type { Snapshot } from './catalog/snapshot.ts';
import { makePreview } from './images/photo.ts';
import { loadedSharpBuild } from './images/sharp-build.ts';
import type { LocatedModel } from './model/files.ts';
import { ModelStore } from './model/install/store.ts';
import { SubjectModels } from './model/subject.ts';
import { Turns } from './model/turns.ts';
import { ModelChoice } from './model-choice.ts';
import { Providers } from './providers.ts';
import { Publisher } from './publisher.ts';
import { forgetIndex } from './search/indexer.ts';
import { photoBytes } from './search/query.ts';
import { planReembed, reembed } from './sync/reembed.ts';

export interface EngineOptions {
  /** Holds the catalog and installed models; made when missing. */
  dataDir: string;
  /** Folders of models with a manifest.json, in order of preference. */
  modelRoots: string[];
  /** The feed of the sample catalog that ships with the app. */
  sampleFeed: string;
  /** Where the catalog is: a folder or anything LanceDB accepts. Default `<dataDir>/catalog`. */
  catalogUri?: string;
  /** Default: the model in use, else the one of the published catalog, else the best that is installed. */
  modelId?: string;
  /** Answer with another model, and say so in the status, when that one is missing or altered. Default: fail. */
  fallBack?: boolean;
  /** The value of a saved source's secret header, for the origin it would be sent to. Default: there are no secrets. */
  secretOf?: (sourceId: string, origin: string) => Promise<string | null>;
}

const LOOK_EVERY_MS = 5000;

interface EngineParts {
  answering: Answering;
  choice: ModelChoice;
  providers: Providers;
  publisher: Publisher;
  models: ModelStore;
  shared: AnsweringParts;
  catalogUri: string;
  watchers: Set<() => void>;
}

/** The product without its windows: the app's engine process, the CLI and the tests all open this. */
export class Engine {
  /** Sources, plans and syncs. */
  readonly publisher: Publisher;
  /** The models of this machine: installing, verifying, removing. */
  readonly models: ModelStore;
  readonly #parts: EngineParts;
  #switchingTo: LocatedModel | null = null;

  /** Use `openEngine`. */
  constructor(parts: EngineParts) {
    this.publisher = parts.publisher;
    this.models = parts.models;
    this.#parts = parts;
  }

  /** Snapshots of the model in use: which are kept, how they differ, which is live. */
  get catalog(): Catalog {
    return this.#parts.answering.catalog;
  }

  async status(): Promise<Status> {
    const { answering, choice, providers, shared } = this.#parts;
    return {
      model: answering.embedder.info,
      provider: answering.embedder.provider,
      subjectModel: await shared.subjectModels.info(),
      imageDecoder: await loadedSharpBuild(),
      snapshot: await this.catalog.liveInfo(),
      importing: this.publisher.busy && this.#switchingTo === null,
      switchingTo: this.#switchingTo?.entry.name ?? null,
      notices: [choice.notice, providers.notice, shared.subjectModels.notice].filter(
        (notice) => notice !== null,
      ),
    };
  }

  /**
   * The status now, and again whenever it has changed; ends when the signal aborts. Looks by itself now and then, because
   * another process (the CLI) may have published, or switched to another model, which then answers here too.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<Status, void> {
    let wake = () => {};
    const onChange = () => wake();
    this.#parts.watchers.add(onChange);
    signal.addEventListener('abort', onChange);
    let told = '';
    try {
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await this.#follow();
        const status = await this.status();
        const now = JSON.stringify(status);
        if (now !== told) yield status;
        told = now;
        const timer = setTimeout(onChange, LOOK_EVERY_MS);
        await changed;
        clearTimeout(timer);
      }
    } finally {
      this.#parts.watchers.delete(onChange);
    }
  }

  /**
   * Makes the first photo as fast as the next ones: reads the catalog into memory and asks it for one of its own
   * pictures, which loads and warms everything a query goes through.
   */
  async warmUp(): Promise<void> {
    const snapshot = await this.catalog.live();
    if (!snapshot) return;
    const [picture] = await snapshot.thumbnails(snapshot.imageHashes(1));
    if (!picture) return;
    // As the app asks by default, so that the model that proposes crops is warm too.
    const query = { kind: 'photo', photo: { bytes: picture.bytes }, crop: 'auto' } as const;
    await this.search({ query, limit: 1 });
  }

  /** Measures how the published catalog is best ranked, if that was not done yet; see `Search.calibrate`. */
  calibrate(): Promise<void> {
    return this.#parts.answering.calibrate();
  }

  search(request: SearchRequest): Promise<SearchResponse> {
    return this.#parts.answering.search(request);
  }

  /** @throws LookalikeError PRODUCT_UNKNOWN, CATALOG_EMPTY */
  async product(productId: string): Promise<ProductDetails> {
    const images = (await this.#snapshot()).product(productId);
    const first = images[0]?.row;
    if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: productId });
    return {
      ...toProduct(first),
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

  /** Makes another kept snapshot the live one; see `Catalog.rollback`. */
  async rollBack(version: number): Promise<SnapshotInfo> {
    const snapshot = await this.catalog.rollback(version);
    this.#tell();
    return snapshot;
  }

  /**
   * What `useModel` would take. Loads the model to measure it.
   * @throws LookalikeError MODEL_*, CATALOG_UNREADABLE
   */
  async planSwitch(id: string): Promise<SwitchPlan> {
    const { answering, choice, providers, catalogUri } = this.#parts;
    const embedder = await providers.load(await choice.installed(id));
    try {
      const to = await Catalog.open(catalogUri, embedder.info);
      return await planReembed({ from: answering.catalog, to, embedder });
    } finally {
      await embedder.close();
    }
  }

  /**
   * Makes another installed model the one that answers: see `reembed`. Until that is done the one in use answers; what is
   * asked of it then is still answered by it.
   * @throws LookalikeError MODEL_*, GATE_*, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED
   */
  async *switchModel(id: string, signal: AbortSignal): AsyncGenerator<ImportProgress, ImportReport> {
    const { answering, choice, providers, shared, catalogUri } = this.#parts;
    const model = await choice.installed(id);
    const release = this.publisher.occupy(
      `The catalog is being brought to ${model.entry.name}. Wait for it to finish, or cancel it.`,
    );
    this.#switchingTo = model;
    this.#tell();
    try {
      const embedder = await providers.load(model);
      if (choice.hasOtherWeights(embedder)) await Catalog.drop(catalogUri, id);
      await choice.noteWeights(answering.embedder, embedder);
      const next = new Answering(model, embedder, await Catalog.open(catalogUri, embedder.info), shared);
      try {
        const report = yield* reembed(
          { from: answering.catalog, to: next.catalog, embedder, turns: shared.turns },
          signal,
        );
        // Read now, or the first query after the switch would wait for it.
        await next.catalog.live();
        await this.publisher.forgetModel();
        await choice.remember(id);
        await this.#replace(next);
        return report;
      } finally {
        if (this.#parts.answering !== next) await next.close();
      }
    } finally {
      this.#switchingTo = null;
      release();
    }
  }

  /** What can run the model here, the processor first. */
  listProviders(): Promise<ProviderState[]> {
    return this.#parts.providers.list(this.#parts.answering.embedder);
  }

  /**
   * Tries a provider with the model in use, and lets it run the model if it works; see `Providers.choose`.
   * @throws LookalikeError CATALOG_BUSY, MODEL_*, STORAGE_FAILED
   */
  async switchProvider(id: ProviderId): Promise<ProviderState[]> {
    const { answering, providers, shared } = this.#parts;
    const { model, catalog } = answering;
    const release = this.publisher.occupy('What runs the model is being changed. Try again in a moment.');
    try {
      const embedder = await providers.choose(id, model, answering.embedder);
      if (embedder !== answering.embedder)
        await this.#replace(new Answering(model, embedder, catalog, shared));
    } finally {
      release();
    }
    return this.listProviders();
  }

  /**
   * Deletes an installed model and its table, with all snapshots in it.
   * @throws LookalikeError MODEL_*, CATALOG_BUSY, STORAGE_FAILED
   */
  async removeModel(id: string): Promise<void> {
    const release = this.publisher.occupy('A model is being removed. Try again in a moment.');
    try {
      await this.models.remove(id);
      await Catalog.drop(this.#parts.catalogUri, id);
      await forgetIndex(this.#parts.shared.dataDir, id);
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    await this.#parts.answering.close();
    await this.#parts.shared.subjectModels.close();
  }

  /** Lets the model answer that another process has switched to. */
  async #follow(): Promise<void> {
    const { answering, choice, providers, shared, catalogUri } = this.#parts;
    if (this.publisher.busy) return;
    const id = await choice.chosenElsewhere();
    if (id === null || id === answering.model.entry.id || this.publisher.busy) return;
    const release = this.publisher.occupy('Another model is being loaded. Try again in a moment.');
    try {
      const model = await choice.installed(id);
      const embedder = await providers.load(model);
      const next = new Answering(model, embedder, await Catalog.open(catalogUri, embedder.info), shared);
      await next.catalog.live();
      await this.publisher.forgetModel();
      await this.#replace(next);
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error;
      choice.notice = `${error.message} ${answering.model.entry.name} answers in its place.`;
    } finally {
      release();
    }
  }

  /** One step for whoever asks: the query after this one goes to the next model. */
  async #replace(next: Answering): Promise<void> {
    const last = this.#parts.answering;
    this.#parts.answering = next;
    this.#tell();
    await last.close();
  }

  #tell(): void {
    for (const tell of this.#parts.watchers) tell();
  }

  async #snapshot(): Promise<Snapshot> {
    const snapshot = await this.catalog.live();
    if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
    return snapshot;
  }
}

/**
 * Wires the rooms together: chooses and loads the model, opens the catalog.
 * @throws LookalikeError MODEL_*, MANIFEST_INVALID, CATALOG_UNREADABLE
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, modelRoots, modelId, fallBack = false, sampleFeed, secretOf = async () => null } = options;
  const catalogUri = options.catalogUri ?? join(dataDir, 'catalog');
  const turns = new Turns();
  const providers = await Providers.open(dataDir, turns);
  const choice = await ModelChoice.open({ dataDir, catalogUri, modelRoots });
  const { model, embedder } = await choice.load(modelId, fallBack, providers);
  const catalog = await Catalog.open(catalogUri, embedder.info);
  const watchers = new Set<() => void>();
  const onChange = () => {
    for (const tell of watchers) tell();
  };
  const shared = { turns, dataDir, subjectModels: new SubjectModels(modelRoots) };
  const answering = new Answering(model, embedder, catalog, shared);
  const publisher = await Publisher.open({ dataDir, sampleFeed, secretOf, onChange }, () => ({
    catalog: parts.answering.catalog,
    embedder: parts.answering.embedder,
    turns,
  }));
  const models = new ModelStore({
    folder: join(dataDir, 'models'),
    roots: modelRoots,
    inUse: async () => parts.answering.embedder.info.id,
  });
  const parts = { answering, choice, providers, publisher, models, shared, catalogUri, watchers };
  return new Engine(parts);
}
