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
  /** Lets others have the thread while a snapshot is read into memory and another one answers. */
  pause?: Pause;
  /** What a catalog may take of memory before LanceDB answers in its place. */
  memory?: MemoryLimit;
  /** Called when another snapshot is being read into memory, answers, or could not be read. */
  onChange?: () => void;
}

/**
 * A catalog whose published snapshot answers queries: from memory or, where it is larger than the memory it may take, by
 * LanceDB. `searchable` returns it; `caughtUp` waits for a publish to be answered from.
 *
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
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
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
   * The snapshot that answers: the published one or, while that is being read into memory, the one before; null before
   * the first import. Where the published one is damaged it is the newest whole one. The caller holds it (`using`).
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
   * The snapshot that answers, for those who need its rows at hand.
   * @throws Error when LanceDB answers
   */
  async live(): Promise<Snapshot | null> {
    const snapshot = await this.searchable();
    if (snapshot === null || snapshot instanceof Snapshot) return snapshot;
    snapshot[Symbol.dispose]();
    throw new Error('The catalog is not in memory.');
  }

  /**
   * All products that answer, for a sync to compare with; null before the first import, and where nothing can be read. Of
   * a catalog that is not in memory the fields are read for as long as they are held: nobody has asked it anything, and its
   * vectors and what is measured of them are not needed.
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

  /** What answers queries of a snapshot: rows in memory, or LanceDB. */
  answererOf(info: Pick<PublishedSnapshot, 'images'>): Searchable['answeredBy'] {
    return chooseAnswer(info, this.#dim, this.#limit);
  }

  /** See `Catalog.damage`; and whether the model has not looked at pictures of what answers. */
  override async damage(): Promise<Fault[]> {
    const faults = await super.damage();
    const { unseen: pictures } = this.#live;
    if (pictures > 0) faults.push({ code: 'CATALOG_PICTURES_UNSEEN', params: { pictures } });
    return faults;
  }

  /** What answers, what is being read into memory and what could not be: never waits. */
  get memory(): Pick<Live, 'answering' | 'loading' | 'failure'> {
    return this.#live;
  }

  /** See `Live.beforeAnswering`. */
  beforeAnswering(prepare: Parameters<Live['beforeAnswering']>[0]): void {
    this.#live.beforeAnswering(prepare);
  }

  /**
   * Begins to read what is published, if another snapshot answers.
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
   * Resolves when what is published answers, or could not be read (`memory.failure`). Whoever publishes waits for this,
   * so that what they ask next sees it. At once as long as nothing has been asked.
   */
  async caughtUp(): Promise<void> {
    const version = await this.answeringVersion().catch(() => null);
    if (version !== null) await this.#live.caughtUp(version);
  }

  /**
   * After something of the live snapshot could not be read: counts it as damaged and waits for another one to answer.
   * @returns whether there may be another one
   */
  async distrustLive(error: LookalikeError): Promise<boolean> {
    const version = await this.answeringVersion().catch(() => null);
    if (version === null || !(await this.distrust(version, error))) return false;
    await this.caughtUp();
    return true;
  }

  override async stage(options?: StageOptions): Promise<Staging> {
    // So that the writer does not take damage over that nothing else can find.
    if (await this.isUnnoted()) (await this.searchable().catch(() => null))?.[Symbol.dispose]();
    return super.stage(options);
  }

  override async mendWords(): Promise<void> {
    await super.mendWords();
    await this.caughtUp();
  }

  /**
   * Thumbnails by image hash: of what answers, else of the newest kept snapshot that has them, for comparisons. Those
   * that none has are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  override async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    using snapshot = (await this.isReadable()) ? await this.searchable() : null;
    const found = (await snapshot?.thumbnails(imageHashes)) ?? [];
    const has = new Set(found.map(({ id }) => id));
    const missing = imageHashes.filter((id) => !has.has(id));
    return missing.length === 0 ? found : [...found, ...(await super.thumbnails(missing))];
  }

  /** Lets go of memory and files. Ask nothing of it from now on. */
  override async close(): Promise<void> {
    await this.#live.close();
    await super.close();
  }

  async #load(version: number, before: Searchable | null): Promise<Searchable> {
    const info = await this.history.infoOf(version);
    // Where nothing answers yet a query may be waiting for this: to give way to that query would be to wait for it.
    const pause = before ? this.#pause : () => setImmediate();
    const read = async (): Promise<Searchable> => {
      const opened = { info, modelId: this.modelId, ...(await this.versions.open(version)) };
      if (this.answererOf(info) === 'lance')
        return LanceSnapshot.open(opened, this.#dim, this.#thumbnails, pause);
      const known = before instanceof Snapshot ? before : null;
      return loadSnapshot(opened, this.#dim, known, this.#thumbnails, pause);
    };
    // Another process can make room in the tables of pictures and features while they are read.
    return this.versions.reading(() => read().catch(() => read()));
  }
}
