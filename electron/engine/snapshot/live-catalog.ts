import { setImmediate } from 'node:timers/promises';
import type { Connection } from '@lancedb/lancedb';
import type { Thumbnail } from '../../contract/catalog.ts';
import type { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { Catalog, type CatalogModel, connected, type StageOptions } from '../catalog/catalog.ts';
import type { Staging } from '../catalog/staging.ts';
import { Live } from './live.ts';
import { loadSnapshot, type Pause } from './load.ts';
import type { Snapshot } from './snapshot.ts';
import { thumbnailCache } from './thumbnails.ts';

export interface LiveCatalogOptions {
  /** Lets others have the thread while a snapshot is read into memory and another one answers. */
  pause?: Pause;
  /** Called when another snapshot is being read into memory, answers, or could not be read. */
  onChange?: () => void;
}

/**
 * A catalog whose published snapshot is held in memory for queries. `live` returns it; `caughtUp` waits for a publish to
 * be answered from.
 *
 * @example
 * const catalog = await LiveCatalog.open(uri, model);
 * using snapshot = await catalog.live();
 * const found = await snapshot?.nearest(vector, 12, {});
 */
export class LiveCatalog extends Catalog {
  readonly #dim: number;
  readonly #live: Live;
  readonly #pause: Pause;
  readonly #thumbnails = thumbnailCache();

  private constructor(db: Connection, uri: string, model: CatalogModel, options: LiveCatalogOptions) {
    super(db, uri, model);
    const { pause = () => setImmediate(), onChange = () => {} } = options;
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
    return new LiveCatalog(await connected(uri), uri, model, options);
  }

  /**
   * The snapshot that answers: the published one or, while that is being read into memory, the one before; null before
   * the first import. Where the published one is damaged it is the newest whole one. The caller holds it (`using`).
   * @throws LookalikeError CATALOG_DAMAGED, CATALOG_UNREADABLE when nothing is in memory and no version can be read
   */
  async live(): Promise<Snapshot | null> {
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
      return this.live();
    }
  }

  /** As `live`, but null where nothing can be read: a dry run treats that as no catalog. */
  async readable(): Promise<Snapshot | null> {
    return (await this.isReadable()) ? this.live() : null;
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
    if (await this.isUnnoted()) (await this.live().catch(() => null))?.[Symbol.dispose]();
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
    using snapshot = await this.readable();
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

  async #load(version: number, before: Snapshot | null): Promise<Snapshot> {
    const info = await this.infoOf(version);
    // Where nothing answers yet a query may be waiting for this: to give way to that query would be to wait for it.
    const pause = before ? this.#pause : () => setImmediate();
    const read = async () => {
      const opened = { info, modelId: this.modelId, ...(await this.tableAt(version)) };
      return loadSnapshot(opened, this.#dim, before, this.#thumbnails, pause);
    };
    // Another process can make room in the tables of pictures and features while they are read.
    return this.reading(() => read().catch(() => read()));
  }
}
