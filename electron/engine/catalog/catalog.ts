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

/** The model whose features are read. Features of different models cannot be compared. */
export interface CatalogModel {
  id: string;
  dim: number;
}

/**
 * The Lance tables at one URI, as one model sees them: the product images, whose versions are published and can be rolled
 * back to; their pictures; the features that each model makes of the pictures; and the log of publishes.
 */
export class Catalog {
  /** Where the tables are: a folder, or any location that LanceDB supports (`s3://…`). */
  readonly uri: string;
  /** The kept snapshots. */
  readonly history: SnapshotHistory;
  /** The rows of kept snapshots, read from disk. */
  readonly rows: SnapshotRows;
  /** Opens the tables at published versions. */
  readonly versions: TableVersions;
  readonly #db: Connection;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  /** Tracks which versions exist, and which of them are intact. */
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
   * @param uri a folder, or any location that LanceDB supports (`s3://…`)
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel): Promise<Catalog> {
    return new Catalog(await connectCatalog(uri), uri, model);
  }

  /** Closes the tables. The catalog must not be used after this call. */
  async close(): Promise<void> {
    this.#db.close();
  }

  get modelId(): string {
    return this.#model.id;
  }

  /**
   * The version that answers queries: the published one or, when that is damaged, the newest intact one; null before the
   * first import. The `live` tag is read on every call, so that a publish by another process is noticed.
   * @throws LookalikeError CATALOG_DAMAGED when something is published and no version of it is intact
   */
  async answeringVersion(): Promise<number | null> {
    const { condition } = await this.#watch.look();
    if (condition.features.state === 'absent') return null;
    if (condition.answering === null && condition.live !== null)
      throw new LookalikeError(catalogDamaged(condition, null), { item: this.uri });
    return condition.answering;
  }

  /** Whether any version can be read. False before the first import. */
  async isReadable(): Promise<boolean> {
    return (await this.#watch.look()).condition.answering !== null;
  }

  /**
   * Whether the answering version was published before hashes of its files were noted. In that case damage is found only by
   * reading it.
   */
  async isUnnoted(): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const { condition, noted } = await this.#watch.look();
    return (
      condition.answering !== null && !noted.snapshots.some(({ version }) => version === condition.answering)
    );
  }

  /**
   * Counts a version that could not be read as damaged, so that the next query uses another one.
   * @returns whether there may be another one
   */
  distrust(version: number, error: unknown): Promise<boolean> {
    return this.#watch.distrust(version, error);
  }

  /** See `SnapshotHistory.live`. */
  liveInfo(): Promise<PublishedSnapshot | null> {
    return this.history.live();
  }

  /** The damage to this catalog, for the status. */
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

  /** Whether the next sync must write even if its feed has not changed. */
  needsMending(): Promise<boolean> {
    return this.#repair.isNeeded();
  }

  /** Damage to the list of snapshots, which all models share; null when it is intact. */
  listDamage(): Promise<DamagedFile | null> {
    return this.#log.damage();
  }

  /**
   * Reads every byte of the kept versions and compares it with the hashes that were noted when they were published. Damage
   * that is found here is known from then on, in other processes too.
   * @param options.pause awaited between megabytes
   * @throws LookalikeError CATALOG_UNREADABLE, CANCELLED
   */
  check(options: Pick<Examination, 'pause' | 'count'> = {}): Promise<CatalogCondition> {
    return this.#watch.check(options);
  }

  /**
   * Makes the caller the only writer of this catalog until the staging is closed. Readers go on reading the published
   * version. Damage is repaired first; see `mendRows`.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*, CANCELLED
   */
  stage(options: StageOptions = {}): Promise<Staging> {
    return this.#access.stage(options);
  }

  /**
   * Waits until no process writes this catalog.
   * @throws LookalikeError STORAGE_*, CANCELLED
   */
  whenFree(waiting: Waiting): Promise<void> {
    return this.#access.whenFree(waiting);
  }

  /**
   * Rebuilds the full-text indexes. Staged rows that were not published are lost.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  mendWords(): Promise<void> {
    return this.#access.republishWithNewIndexes();
  }

  /**
   * Thumbnails by image hash. Missing thumbnails are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    return this.rows.thumbnails(imageHashes);
  }

  /** Size in bytes of the whole catalog, with all models and snapshots; null when it is not a folder of this machine. */
  async diskUse(): Promise<DiskUse | null> {
    return isFolder(this.uri) ? folderUse(this.uri) : null;
  }
}
