import type { Connection, Table } from '@lancedb/lancedb';
import type {
  DiskUse,
  Snapshot as PublishedSnapshot,
  SnapshotDiff,
  SnapshotInfo,
  Thumbnail,
} from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { compareTables } from './compare.ts';
import { folderUse } from './disk.ts';
import { lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { keptVersions, liveVersion, moveLive } from './published.ts';
import { type CatalogRow, readStagedRows, readThumbnails, type StagedRow, scanRows } from './rows.ts';
import { tableSchema } from './schema.ts';
import { Snapshot } from './snapshot.ts';
import { Staging } from './staging.ts';
import { connectTables, isFolder } from './tables.ts';

/** The model whose vectors a table holds: tables of different models cannot be mixed. */
export interface CatalogModel {
  id: string;
  dim: number;
}

/** The Lance tables at one URI: one for each model's images, and the log of what was published. */
export class Catalog {
  /** Where its tables lie: a folder, or any place LanceDB can reach (`s3://…`). */
  readonly uri: string;
  readonly #db: Connection;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  #live: { version: number; snapshot: Promise<Snapshot> } | null = null;
  /** Only ever asked for the tag: each snapshot has a handle of its own, checked out at its version. */
  #table: Table | null = null;

  private constructor(db: Connection, uri: string, model: CatalogModel, log: SnapshotLog) {
    this.#db = db;
    this.uri = uri;
    this.#model = model;
    this.#log = log;
  }

  /**
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel): Promise<Catalog> {
    try {
      const db = await connectTables(uri);
      return new Catalog(db, uri, model, new SnapshotLog(db));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
    }
  }

  /**
   * Ids of the models that have a published catalog at this URI, the one published last first.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async publishedModels(uri: string): Promise<string[]> {
    try {
      const db = await connectTables(uri);
      const published: { modelId: string; madeAt: Date }[] = [];
      for (const name of await db.tableNames()) {
        if (!name.startsWith(TABLE_PREFIX)) continue;
        const table = await db.openTable(name);
        const live = await liveVersion(table);
        const made = (await table.listVersions()).find(({ version }) => version === live);
        if (made) published.push({ modelId: name.slice(TABLE_PREFIX.length), madeAt: made.timestamp });
      }
      published.sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
      return published.map(({ modelId }) => modelId);
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
    }
  }

  /**
   * Takes away all that a model's table holds, published snapshots included. One that is not there is gone already.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_FAILED
   */
  static async drop(uri: string, modelId: string): Promise<void> {
    const lock = await lockCatalog(uri);
    try {
      const db = await connectTables(uri);
      if (!(await db.tableNames()).includes(tableName(modelId))) return;
      await db.dropTable(tableName(modelId));
      await new SnapshotLog(db).forget(modelId);
    } catch (cause) {
      throw new LookalikeError('STORAGE_FAILED', { item: uri, cause });
    } finally {
      await lock.release();
    }
  }

  /**
   * What is published now; null before the first import. The `live` tag is read on every call (0.3 ms), so that a
   * publish by another process is seen by the next query.
   */
  async live(): Promise<Snapshot | null> {
    const version = await this.#liveVersion();
    if (version === null) return null;
    if (this.#live?.version !== version) {
      const snapshot = this.#load(version);
      this.#live = { version, snapshot };
      // A failed load must be tried again by the next call, not remembered.
      snapshot.catch(() => {
        if (this.#live?.snapshot === snapshot) this.#live = null;
      });
    }
    return this.#live.snapshot;
  }

  /** What is published now, without reading it into memory. */
  async liveInfo(): Promise<PublishedSnapshot | null> {
    const version = await this.#liveVersion();
    return version === null ? null : this.#log.read(this.#model.id, version);
  }

  /**
   * The one writer of this catalog, until it is closed. Readers go on reading what is published.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_FAILED
   */
  async stage(): Promise<Staging> {
    const lock = await lockCatalog(this.uri);
    try {
      const schema = tableSchema(this.#model.dim);
      const open = () => this.#db.createEmptyTable(tableName(this.#model.id), schema, { existOk: true });
      return await Staging.open(open, this.#model.id, this.#log, lock);
    } catch (cause) {
      await lock.release();
      throw new LookalikeError('STORAGE_FAILED', { item: this.uri, cause });
    }
  }

  /**
   * The snapshots that can be gone back to, newest first.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async snapshots(): Promise<SnapshotInfo[]> {
    const table = await this.#published();
    if (!table) return [];
    const [live, kept] = await this.#reading(() => Promise.all([liveVersion(table), keptVersions(table)]));
    // The first import has not written the log yet.
    if (kept.length === 0) return [];
    const entries = await this.#log.entries(this.#model.id);
    return kept.flatMap((version) => {
      const entry = entries.get(version);
      return entry ? [{ ...entry, live: version === live }] : [];
    });
  }

  /**
   * What going from one snapshot to another would change for readers.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async compareSnapshots(from: number, to: number): Promise<SnapshotDiff> {
    const infos = { from: await this.#kept(from), to: await this.#kept(to) };
    return this.#reading(async () => {
      const [before, after] = [await this.#tableAt(from), await this.#tableAt(to)];
      try {
        return { ...infos, ...(await compareTables(before, after)) };
      } finally {
        before.close();
        after.close();
      }
    });
  }

  /**
   * Lets readers see a kept snapshot, an older one or a newer one, from their next question on. The next import brings
   * the catalog to its feed as always, whatever is live then; see `Staging.wasRolledBack` for one that brings nothing new.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED
   */
  async rollback(version: number): Promise<SnapshotInfo> {
    const lock = await lockCatalog(this.uri);
    try {
      // Asked under the lock: a publish may have dropped it a moment ago.
      const info = await this.#kept(version);
      const table = await this.#openTable();
      await moveLive(table, version).catch((cause: unknown) => {
        throw new LookalikeError('STORAGE_FAILED', { item: this.uri, cause });
      });
      table.close();
      return { ...info, live: true };
    } finally {
      await lock.release();
    }
  }

  /**
   * What tells the rows of a kept snapshot apart, by key.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async rows(version: number): Promise<Map<string, StagedRow>> {
    await this.#kept(version);
    return this.#at(version, readStagedRows);
  }

  /**
   * Thumbnails by image hash: of what is published, else of the newest kept snapshot that has them, for comparisons.
   * Those that none has are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const found = (await (await this.live())?.thumbnails(imageHashes)) ?? [];
    const table = await this.#published();
    for (const version of table ? await this.#reading(() => keptVersions(table)) : []) {
      const has = new Set(found.map(({ id }) => id));
      const missing = imageHashes.filter((id) => !has.has(id));
      if (missing.length === 0) break;
      found.push(...(await this.#at(version, (kept) => readThumbnails(kept, missing))));
    }
    return found;
  }

  /**
   * The rows of a kept snapshot with their vectors and thumbnails, some hundreds at a time.
   * @param wanted the others' thumbnails are not even read
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async *scan(
    version: number,
    wanted: (row: StagedRow) => boolean = () => true,
  ): AsyncGenerator<CatalogRow[], void> {
    await this.#kept(version);
    const table = await this.#reading(() => this.#tableAt(version));
    try {
      const batches = scanRows(table, wanted);
      let batch = await this.#reading(() => batches.next());
      while (!batch.done) {
        yield batch.value;
        batch = await this.#reading(() => batches.next());
      }
    } finally {
      table.close();
    }
  }

  /** What the whole catalog takes, all models and snapshots; null when it is not a folder of this machine. */
  async diskUse(): Promise<DiskUse | null> {
    return isFolder(this.uri) ? folderUse(this.uri) : null;
  }

  async #kept(version: number): Promise<SnapshotInfo> {
    const info = (await this.snapshots()).find((snapshot) => snapshot.version === version);
    if (!info) throw new LookalikeError('SNAPSHOT_UNKNOWN', { item: String(version) });
    return info;
  }

  async #load(version: number): Promise<Snapshot> {
    const info = await this.#log.read(this.#model.id, version);
    return this.#reading(async () => Snapshot.load(await this.#tableAt(version), info, this.#model.dim));
  }

  async #liveVersion(): Promise<number | null> {
    const table = await this.#published();
    return table && this.#reading(() => liveVersion(table));
  }

  /** The handle that tags are asked of; null while there is no table. */
  async #published(): Promise<Table | null> {
    return this.#reading(async () => {
      if (!this.#table && (await this.#db.tableNames()).includes(tableName(this.#model.id))) {
        this.#table = await this.#openTable();
      }
      return this.#table;
    });
  }

  #openTable(): Promise<Table> {
    return this.#db.openTable(tableName(this.#model.id));
  }

  async #tableAt(version: number): Promise<Table> {
    const table = await this.#openTable();
    await table.checkout(version);
    return table;
  }

  /** Reads from a version of the table. */
  #at<T>(version: number, read: (table: Table) => Promise<T>): Promise<T> {
    return this.#reading(async () => {
      const table = await this.#tableAt(version);
      try {
        return await read(table);
      } finally {
        table.close();
      }
    });
  }

  async #reading<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof LookalikeError) throw cause;
      throw new LookalikeError('CATALOG_UNREADABLE', { item: this.uri, cause });
    }
  }
}

const TABLE_PREFIX = 'images-';
const tableName = (modelId: string) => `${TABLE_PREFIX}${modelId}`;
