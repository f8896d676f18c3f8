import { setImmediate } from 'node:timers/promises';
import type { Connection } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot, Thumbnail } from '../../contract/catalog.ts';
import type { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { Catalog, type CatalogModel } from '../catalog/catalog.ts';
import { connectCatalog } from '../catalog/connect.ts';
import type { Staging } from '../catalog/staging.ts';
import type { StageOptions } from '../catalog/write-access.ts';
import { chooseAnswer, type MemoryLimit } from './answer-choice.ts';
import { LanceSnapshot } from './lance-snapshot.ts';
import { Live } from './live.ts';
import { loadSnapshot } from './load.ts';
import { type PublishedProducts, readProducts } from './published-products.ts';
import type { Searchable } from './searchable.ts';
import type { Pause } from './slices.ts';
import { Snapshot } from './snapshot.ts';
import { thumbnailCache } from './thumbnails.ts';

export interface LiveCatalogOptions {
  /** Yields the thread while a snapshot is read into memory and another one answers queries. */
  pause?: Pause;
  /** The memory that a catalog may take before LanceDB searches it on disk. */
  memory?: MemoryLimit;
  /** Called when another snapshot is being read into memory, starts to answer, or could not be read. */
  onChange?: () => void;
}

/**
 * A catalog whose published snapshot answers queries: from memory or, when it is larger than the memory it may take, through
 * LanceDB. `searchable` returns it. `caughtUp` waits until a new publish answers.
 * @example
 * const catalog = await LiveCatalog.open(uri, model);
 * using snapshot = await catalog.searchable();
 * const found = await snapshot?.nearest(vector, 12, {});
 */
export class LiveCatalog extends Catalog {
  readonly #dim: number;
  readonly #live: Live;
  readonly #pause: Pause;
  readonly #limit: MemoryLimit;
  readonly #thumbnails = thumbnailCache();

  private constructor(db: Connection, uri: string, model: CatalogModel, options: LiveCatalogOptions) {
    super(db, uri, model);
    const { pause = () => setImmediate(), onChange = () => {}, memory = {} } = options;
    this.#limit = memory;
    this.#dim = model.dim;
    this.#pause = pause;
    this.#live = new Live({ load: (version, before) => this.#load(version, before), onChange });
  }

  /**
   * @param uri a folder, or any location that LanceDB supports (`s3://…`)
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static override async open(
    uri: string,
    model: CatalogModel,
    options: LiveCatalogOptions = {},
  ): Promise<LiveCatalog> {
    return new LiveCatalog(await connectCatalog(uri), uri, model, options);
  }

  /**
   * The snapshot that answers queries: the published one or, while that is being read into memory, the previous one; null
   * before the first import. When the published one is damaged, the newest intact one answers. The caller holds it
   * (`using`).
   * @throws LookalikeError CATALOG_DAMAGED, CATALOG_UNREADABLE when nothing is in memory and no version can be read
   */
  async searchable(): Promise<Searchable | null> {
    let version: number | null;
    try {
      version = await this.answeringVersion();
    } catch (error) {
      return this.#live.despite(error);
    }
    if (version === null) return null;
    try {
      return await this.#live.at(version);
    } catch (error) {
      if (!(await this.distrust(version, error))) throw error;
      return this.searchable();
    }
  }

  /**
   * A kept snapshot, whether or not it answers queries; it shares with the one that does what both have. The caller holds it.
   * @throws LookalikeError SNAPSHOT_UNKNOWN when it is not kept, or damaged; CATALOG_UNREADABLE
   */
  async kept(version: number): Promise<Searchable> {
    await this.history.kept(version);
    using answering = await this.searchable();
    return answering?.info.version === version ? answering.hold() : this.#load(version, answering);
  }

  /**
   * The snapshot that answers queries, with its rows in memory.
   * @throws Error when LanceDB answers
   */
  async live(): Promise<Snapshot | null> {
    const snapshot = await this.searchable();
    if (snapshot === null || snapshot instanceof Snapshot) return snapshot;
    snapshot[Symbol.dispose]();
    throw new Error('The catalog is not in memory.');
  }

  /**
   * The products of the answering snapshot, for a sync to compare with; null before the first import, and when nothing can
   * be read. When the catalog is not in memory, only the fields are read, for as long as the caller holds them: no query was
   * made, so vectors and measurements are not needed.
   */
  async products(): Promise<PublishedProducts | null> {
    if (!(await this.isReadable())) return null;
    if (this.#live.answering) {
      const snapshot = await this.searchable();
      if (snapshot === null || snapshot instanceof Snapshot) return snapshot;
      snapshot[Symbol.dispose]();
    }
    const version = await this.answeringVersion();
    if (version === null) return null;
    try {
      return await this.#readProducts(version);
    } catch (error) {
      if (!(await this.distrust(version, error))) throw error;
      return this.products();
    }
  }

  async #readProducts(version: number): Promise<PublishedProducts> {
    const { table, close } = await this.versions.open(version);
    try {
      return await this.versions.reading(async () => readProducts(await this.history.infoOf(version), table));
    } finally {
      close();
    }
  }

  /** Where queries of a snapshot are answered: in memory, or by LanceDB. */
  answererOf(info: Pick<PublishedSnapshot, 'images'>): Searchable['answeredBy'] {
    return chooseAnswer(info, this.#dim, this.#limit);
  }

  /** See `Catalog.damage`. Also reports pictures of the answering snapshot that the model has not embedded. */
  override async damage(): Promise<Fault[]> {
    const faults = await super.damage();
    const { unseen: pictures } = this.#live;
    if (pictures > 0) faults.push({ code: 'CATALOG_PICTURES_UNSEEN', params: { pictures } });
    return faults;
  }

  /** The snapshot that answers, the one that is being read into memory, and the last failure. Never waits. */
  get memory(): Pick<Live, 'answering' | 'loading' | 'failure'> {
    return this.#live;
  }

  /** See `Live.beforeAnswering`. */
  beforeAnswering(prepare: Parameters<Live['beforeAnswering']>[0]): void {
    this.#live.beforeAnswering(prepare);
  }

  /**
   * Starts to read the published snapshot, if another one answers now.
   * @throws LookalikeError CATALOG_DAMAGED, CATALOG_UNREADABLE when nothing is in memory
   */
  async follow(): Promise<void> {
    try {
      const version = await this.answeringVersion();
      if (version !== null) this.#live.follow(version);
    } catch (error) {
      using _answering = this.#live.despite(error);
    }
  }

  /**
   * Resolves when the published snapshot answers, or could not be read (`memory.failure`). A publisher waits for this, so
   * that its next query sees the publish. Resolves at once as long as no query was made.
   */
  async caughtUp(): Promise<void> {
    const version = await this.answeringVersion().catch(() => null);
    if (version !== null) await this.#live.caughtUp(version);
  }

  /**
   * Counts the live snapshot as damaged, after a failure to read it, and waits until another one answers.
   * @returns whether there may be another one
   */
  async distrustLive(error: LookalikeError): Promise<boolean> {
    const version = await this.answeringVersion().catch(() => null);
    if (version === null || !(await this.distrust(version, error))) return false;
    await this.caughtUp();
    return true;
  }

  override async stage(options?: StageOptions): Promise<Staging> {
    // Otherwise the writer would carry over damage that nothing else can find.
    if (await this.isUnnoted()) (await this.searchable().catch(() => null))?.[Symbol.dispose]();
    return super.stage(options);
  }

  override async mendWords(): Promise<void> {
    await super.mendWords();
    await this.caughtUp();
  }

  /**
   * Thumbnails by image hash, for comparisons: of the answering snapshot, or else of the newest kept snapshot that has them.
   * Missing ones are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  override async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    using snapshot = (await this.isReadable()) ? await this.searchable() : null;
    const found = (await snapshot?.thumbnails(imageHashes)) ?? [];
    const has = new Set(found.map(({ id }) => id));
    const missing = imageHashes.filter((id) => !has.has(id));
    return missing.length === 0 ? found : [...found, ...(await super.thumbnails(missing))];
  }

  /** Frees memory and files. Nothing may be asked of the catalog after this call. */
  override async close(): Promise<void> {
    await this.#live.close();
    await super.close();
  }

  async #load(version: number, before: Searchable | null): Promise<Searchable> {
    const info = await this.history.infoOf(version);
    // While nothing answers yet, a query may be waiting for this. Giving way to that query would block both.
    const pause = before ? this.#pause : () => setImmediate();
    const read = async (): Promise<Searchable> => {
      const opened = { info, modelId: this.modelId, ...(await this.versions.open(version)) };
      if (this.answererOf(info) === 'lance')
        return LanceSnapshot.open(opened, this.#dim, this.#thumbnails, pause);
      const known = before instanceof Snapshot ? before : null;
      return loadSnapshot(opened, this.#dim, known, this.#thumbnails, pause);
    };
    // Another process may prune the tables of pictures and features while they are read.
    return this.versions.reading(() => read().catch(() => read()));
  }
}
