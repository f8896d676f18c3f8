import { join } from 'node:path';
import { LookalikeError } from '../contract/errors.ts';
import type { ProviderId, ProviderState } from '../contract/models.ts';
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
import { Catalog } from './catalog/catalog.ts';
import type { Snapshot } from './catalog/snapshot.ts';
import { makePreview } from './images/photo.ts';
import { loadedSharpBuild } from './images/sharp-build.ts';
import { Embedder } from './model/embedder.ts';
import { installedModels, type LocatedModel } from './model/files.ts';
import { ModelStore, type ModelStoreOptions } from './model/install/store.ts';
import { Turns } from './model/turns.ts';
import { Publisher } from './publisher.ts';
import { photoBytes } from './search/query.ts';
import { Search } from './search/search.ts';

export interface EngineOptions {
  /** Holds the catalog and installed models; made when missing. */
  dataDir: string;
  /** Folders of models with a manifest.json, in order of preference. */
  modelRoots: string[];
  /** The feed of the sample catalog that ships with the app. */
  sampleFeed: string;
  /** Where the catalog is: a folder or anything LanceDB accepts. Default `<dataDir>/catalog`. */
  catalogUri?: string;
  /** Default: the model of the published catalog, else the best that is installed. */
  modelId?: string;
  /** The value of a saved source's secret header. Default: there are no secrets. */
  secretOf?: (sourceId: string) => Promise<string | null>;
}

const LOOK_EVERY_MS = 5000;

/** The product without its windows: the app's engine process, the CLI and the tests all open this. */
export class Engine {
  /** Sources, plans and syncs. */
  readonly publisher: Publisher;
  /** Snapshots: which are kept, how they differ, which is live. */
  readonly catalog: Catalog;
  /** The models of this machine: installing, verifying, removing. */
  readonly models: ModelStore;
  readonly #embedder: Embedder;
  readonly #search: Search;
  readonly #watchers: Set<() => void>;

  /** Use `openEngine`. */
  constructor(
    catalog: Catalog,
    embedder: Embedder,
    turns: Turns,
    publisher: Publisher,
    models: Omit<ModelStoreOptions, 'inUse'>,
    watchers: Set<() => void>,
  ) {
    this.catalog = catalog;
    this.publisher = publisher;
    this.#embedder = embedder;
    this.#search = new Search(catalog, embedder, turns);
    this.#watchers = watchers;
    this.models = new ModelStore({ ...models, inUse: async () => [this.#embedder.info.id] });
  }

  async status(): Promise<Status> {
    return {
      model: this.#embedder.info,
      provider: this.#embedder.provider,
      subjectModel: null,
      imageDecoder: await loadedSharpBuild(),
      snapshot: await this.catalog.liveInfo(),
      importing: this.publisher.busy,
      switchingTo: null,
      notices: [],
    };
  }

  /**
   * The status now, and again whenever it has changed; ends when the signal aborts. Looks by itself now and then, because
   * another process (the CLI) may have published.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<Status, void> {
    let wake = () => {};
    const onChange = () => wake();
    this.#watchers.add(onChange);
    signal.addEventListener('abort', onChange);
    let told = '';
    try {
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const status = await this.status();
        const now = JSON.stringify(status);
        if (now !== told) yield status;
        told = now;
        const timer = setTimeout(onChange, LOOK_EVERY_MS);
        await changed;
        clearTimeout(timer);
      }
    } finally {
      this.#watchers.delete(onChange);
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
    if (picture) await this.search({ query: { kind: 'photo', photo: { bytes: picture.bytes } }, limit: 1 });
  }

  search(request: SearchRequest): Promise<SearchResponse> {
    return this.#search.search(request);
  }

  /** @throws LookalikeError PRODUCT_UNKNOWN, CATALOG_EMPTY */
  async product(productId: string): Promise<ProductDetails> {
    const images = (await this.#snapshot()).product(productId);
    const first = images[0]?.row;
    if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: productId });
    return {
      productId: first.productId,
      sku: first.sku,
      title: first.title,
      category: first.category,
      brand: first.brand,
      color: first.color,
      price: first.price,
      currency: first.currency,
      availability: first.availability,
      url: first.url,
      groupId: first.groupId,
      attributes: first.attributes,
      thumbnails: images.map(({ row }) => row.imageHash),
    };
  }

  async thumbnails(ids: string[]): Promise<Thumbnail[]> {
    return (await this.#snapshot()).thumbnails(ids);
  }

  /** See `makePreview`. */
  async preview(photo: Photo): Promise<{ bytes: Uint8Array<ArrayBuffer>; width: number; height: number }> {
    const { bytes, width, height } = await makePreview(await photoBytes(photo));
    return { bytes: Uint8Array.from(bytes), width, height };
  }

  /** Makes another kept snapshot the live one; see `Catalog.rollback`. */
  async rollBack(version: number): Promise<SnapshotInfo> {
    const snapshot = await this.catalog.rollback(version);
    for (const tell of this.#watchers) tell();
    return snapshot;
  }

  // biome-ignore lint/correctness/useYield: filled in with the next change
  async *useModel(id: string, _signal: AbortSignal): AsyncGenerator<ImportProgress, ImportReport> {
    throw new LookalikeError('MODEL_MISSING', { item: id });
  }

  async listProviders(): Promise<ProviderState[]> {
    return [{ id: 'cpu', name: 'Processor', state: 'in use', detail: null, msPerImage: null }];
  }

  useProvider(_id: ProviderId): Promise<ProviderState[]> {
    return this.listProviders();
  }

  async close(): Promise<void> {
    await this.#embedder.close();
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
  const uri = options.catalogUri ?? join(options.dataDir, 'catalog');
  const model = await chooseModel(options, uri);
  const turns = new Turns();
  const embedder = await Embedder.load(model, turns);
  const catalog = await Catalog.open(uri, embedder.info);
  const watchers = new Set<() => void>();
  const { dataDir, sampleFeed, secretOf = async () => null } = options;
  const onChange = () => {
    for (const tell of watchers) tell();
  };
  const publisher = await Publisher.open(
    { dataDir, sampleFeed, secretOf, onChange },
    { catalog, embedder, turns },
  );
  const models = { folder: join(dataDir, 'models'), roots: options.modelRoots };
  return new Engine(catalog, embedder, turns, publisher, models, watchers);
}

async function chooseModel({ modelRoots, modelId }: EngineOptions, uri: string): Promise<LocatedModel> {
  const installed = await installedModels(modelRoots);
  const wanted = modelId ?? (await Catalog.publishedModels(uri))[0];
  const model = wanted === undefined ? installed[0] : installed.find(({ entry }) => entry.id === wanted);
  if (model) return model;
  throw new LookalikeError('MODEL_MISSING', {
    detail: wanted
      ? `The model "${wanted}" is not installed. Installed: ${installed.map(({ entry }) => entry.id).join(', ') || 'none'}.`
      : 'No model is installed. Run "npm run prepare" to build the starter model.',
    ...(wanted ? { item: wanted } : {}),
  });
}
