import type { Connection } from '@lancedb/lancedb';
import type { DiskUse, Snapshot as PublishedSnapshot, Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import type { DamagedFile, Examination } from './condition.ts';
import { connectCatalog } from './connect.ts';
import { catalogDamaged, damageReport } from './damage-report.ts';
import { folderUse } from './disk.ts';
import { SnapshotLog } from './log.ts';
import { CatalogRepair } from './repair.ts';
import { SnapshotHistory } from './snapshot-history.ts';
import { SnapshotRows } from './snapshot-rows.ts';
import type { Staging } from './staging.ts';
import { TableVersions } from './table-versions.ts';
import { type CatalogCondition, TableWatch } from './table-watch.ts';
import { isFolder } from './tables.ts';
import { type StageOptions, type Waiting, WriteAccess } from './write-access.ts';

/** The model whose features are asked for: those of different models cannot be compared. */
export interface CatalogModel {
  id: string;
  dim: number;
}

/**
 * The Lance tables at one URI, as one model sees them: the product images, which have versions that are published and can
 * be gone back to; the pictures that they show; what each model makes of those; and the log of what was published.
 */
export class Catalog {
  /** Where the tables lie: a folder, or any place LanceDB can reach (`s3://…`). */
  readonly uri: string;
  /** The snapshots that are kept. */
  readonly history: SnapshotHistory;
  /** The rows of kept snapshots, read from disk. */
  readonly rows: SnapshotRows;
  /** Opens the tables at published versions. */
  readonly versions: TableVersions;
  readonly #db: Connection;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  /** Which versions there are, and which of them are whole. */
  readonly #watch: TableWatch;
  readonly #repair: CatalogRepair;
  readonly #access: WriteAccess;

  protected constructor(db: Connection, uri: string, model: CatalogModel) {
    this.#db = db;
    this.uri = uri;
    this.#model = model;
    const log = new SnapshotLog(db, uri);
    const versions = new TableVersions(db, uri, model.id);
    const watch = new TableWatch(uri, model.id, () => versions.openNewestRows());
    const repair = new CatalogRepair({ db, uri, model, watch, log });
    const history = new SnapshotHistory({ uri, modelId: model.id, watch, log, versions, repair });
    const rows = new SnapshotRows({ modelId: model.id, watch, versions, history });
    this.#log = log;
    this.#watch = watch;
    this.#repair = repair;
    this.#access = new WriteAccess({ uri, model, log, history, rows, repair });
    this.versions = versions;
    this.history = history;
    this.rows = rows;
  }

  /**
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel): Promise<Catalog> {
    return new Catalog(await connectCatalog(uri), uri, model);
  }

  /** Closes what is open. Nothing may be asked of the catalog after this. */
  async close(): Promise<void> {
    this.#db.close();
  }

  get modelId(): string {
    return this.#model.id;
  }

  /**
   * Which version answers: the published one or, where that is damaged, the newest whole one; null before the first
   * import. The `live` tag is read on every call, so that a publish by another process is noticed.
   * @throws LookalikeError CATALOG_DAMAGED when something is published and no version of it is whole
   */
  async answeringVersion(): Promise<number | null> {
    const { condition } = await this.#watch.look();
    if (condition.features.state === 'absent') return null;
    if (condition.answering === null && condition.live !== null)
      throw new LookalikeError(catalogDamaged(condition, null), { item: this.uri });
    return condition.answering;
  }

  /** Whether any version can be read; false before the first import too. */
  async isReadable(): Promise<boolean> {
    return (await this.#watch.look()).condition.answering !== null;
  }

  /** Whether what answers was published before the bytes of its files were noted: only reading it can find damage. */
  async isUnnoted(): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const { condition, noted } = await this.#watch.look();
    return (
      condition.answering !== null && !noted.snapshots.some(({ version }) => version === condition.answering)
    );
  }

  /**
   * Counts a version that could not be read as damaged, so that the next question goes to another one.
   * @returns whether there may be another one
   */
  distrust(version: number, error: unknown): Promise<boolean> {
    return this.#watch.distrust(version, error);
  }

  /** See `SnapshotHistory.live`. */
  liveInfo(): Promise<PublishedSnapshot | null> {
    return this.history.live();
  }

  /** What is wrong with this catalog, for the status. */
  async damage(): Promise<Fault[]> {
    const { condition } = await this.#watch.look();
    if (condition.features.state === 'absent') return [];
    return damageReport({
      condition,
      answering: (version) => this.history.entry(version),
      damagedNotes: await this.#repair.damagedNotes(),
      isListDamaged: (await this.#log.damage()) !== null,
    });
  }

  /** Whether the next sync should write although its feed has not changed. */
  needsMending(): Promise<boolean> {
    return this.#repair.isNeeded();
  }

  /** Damage to the list of snapshots, which all models share; null when it is whole. */
  listDamage(): Promise<DamagedFile | null> {
    return this.#log.damage();
  }

  /**
   * Reads every byte of what is kept and compares it with what was noted when it was published; what is found to be
   * damaged counts as such from then on, in other processes too.
   * @param options.pause awaited between megabytes
   * @throws LookalikeError CATALOG_UNREADABLE, CANCELLED
   */
  check(options: Pick<Examination, 'pause' | 'count'> = {}): Promise<CatalogCondition> {
    return this.#watch.check(options);
  }

  /**
   * Makes the caller the one writer of this catalog, until the staging is closed. Readers go on reading what is published.
   * What is damaged is mended first; see `mendRows`.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*, CANCELLED
   */
  stage(options: StageOptions = {}): Promise<Staging> {
    return this.#access.stage(options);
  }

  /**
   * Waits until nobody writes this catalog.
   * @throws LookalikeError STORAGE_*, CANCELLED
   */
  whenFree(waiting: Waiting): Promise<void> {
    return this.#access.whenFree(waiting);
  }

  /**
   * Makes the indexes of words anew. What was staged and not published is lost.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  mendWords(): Promise<void> {
    return this.#access.republishWithNewIndexes();
  }

  /**
   * Thumbnails by image hash. Those that are not kept are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    return this.rows.thumbnails(imageHashes);
  }

  /** Bytes of the whole catalog, all models and snapshots; null when it is not a folder of this machine. */
  async diskUse(): Promise<DiskUse | null> {
    return isFolder(this.uri) ? folderUse(this.uri) : null;
  }
}
