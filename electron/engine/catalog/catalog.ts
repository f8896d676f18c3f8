import { setImmediate } from 'node:timers/promises';
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
import { Live } from './live.ts';
import { loadSnapshot, type Pause } from './load.ts';
import { lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { keptVersions, liveVersion, moveLive } from './published.ts';
import { type CatalogRow, readStagedRows, readThumbnails, type StagedRow, scanRows } from './rows.ts';
import { tableSchema } from './schema.ts';
import { type Snapshot, thumbnailCache } from './snapshot.ts';
import { Staging } from './staging.ts';
import { connectTables, isFolder } from './tables.ts';

/** The model whose vectors a table holds: tables of different models cannot be mixed. */
export interface CatalogModel {
  id: string;
  dim: number;
}

export interface CatalogOptions {
  /** Lets others have the thread while a snapshot is read into memory and another one answers. */
  pause?: Pause;
  /** Told when another snapshot is being read into memory, answers, or could not be read. */
  onChange?: () => void;
}

/** The Lance tables at one URI: one for each model's images, and the log of what was published. */
export class Catalog {
  /** Where its tables lie: a folder, or any place LanceDB can reach (`s3://…`). */
  readonly uri: string;
  readonly #db: Connection;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  readonly #live: Live;
  readonly #pause: Pause;
  readonly #thumbnails = thumbnailCache();
  /** Only ever asked for the tag: each snapshot has a handle of its own, checked out at its version. */
  #table: Table | null = null;

  private constructor(
    db: Connection,
    uri: string,
    model: CatalogModel,
    { pause = () => setImmediate(), onChange = () => {} }: CatalogOptions,
  ) {
    this.#db = db;
    this.uri = uri;
    this.#model = model;
    this.#log = new SnapshotLog(db);
    this.#pause = pause;
    this.#live = new Live({ load: (version, before) => this.#load(version, before), onChange });
  }

  /**
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel, options: CatalogOptions = {}): Promise<Catalog> {
    try {
      return new Catalog(await connectTables(uri), uri, model, options);
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
   * What answers: the published snapshot or, while that is being read into memory, the one before; null before the first
   * import. The caller holds it (`using`). The `live` tag is read on every call (0.3 ms), so that a publish by another
   * process is noticed by the next query.
   * @throws LookalikeError CATALOG_UNREADABLE when nothing is in memory yet and the published snapshot cannot be read
   */
  async live(): Promise<Snapshot | null> {
    let version: number | null;
    try {
      version = await this.#liveVersion();
    } catch (error) {
      return this.#live.despite(error);
    }
    return version === null ? null : this.#live.at(version);
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
   * Begins to read what is published, if something else answers.
   * @throws LookalikeError CATALOG_UNREADABLE when nothing is in memory
   */
  async follow(): Promise<void> {
    try {
      const version = await this.#liveVersion();
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
    const version = await this.#liveVersion();
    if (version !== null) await this.#live.caughtUp(version);
  }

  /** Lets go of memory and files. Ask nothing of it from now on. */
  async close(): Promise<void> {
    await this.#live.close();
    this.#table?.close();
    this.#db.close();
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
    let db: Connection | null = null;
    try {
      const own = await connectTables(this.uri);
      db = own;
      const schema = tableSchema(this.#model.dim);
      const open = () => own.createEmptyTable(tableName(this.#model.id), schema, { existOk: true });
      return await Staging.open(open, this.#model.id, this.#log, lock, () => own.close());
    } catch (cause) {
      db?.close();
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
      const [before, after] = [await this.#openAt(from), await this.#openAt(to)];
      try {
        return { ...infos, ...(await compareTables(before.table, after.table)) };
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
    using snapshot = await this.live();
    const found = (await snapshot?.thumbnails(imageHashes)) ?? [];
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
    const { table, close } = await this.#reading(() => this.#openAt(version));
    try {
      const batches = scanRows(table, wanted);
      let batch = await this.#reading(() => batches.next());
      while (!batch.done) {
        yield batch.value;
        batch = await this.#reading(() => batches.next());
      }
    } finally {
      close();
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

  async #load(version: number, before: Snapshot | null): Promise<Snapshot> {
    const info = await this.#log.read(this.#model.id, version);
    return this.#reading(async () =>
      loadSnapshot(
        { info, ...(await this.#openAt(version)) },
        this.#model.dim,
        before,
        this.#thumbnails,
        // Where nothing answers yet a query may be waiting for this: to give way to that query would be to wait for it.
        before ? this.#pause : () => setImmediate(),
      ),
    );
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

  /**
   * The table at a version, over a connection of its own: a connection remembers what it has read of indexes, with open
   * files, for as long as it lives.
   */
  async #openAt(version: number): Promise<{ table: Table; close: () => void }> {
    const db = await connectTables(this.uri);
    const table = await db.openTable(tableName(this.#model.id));
    const close = () => {
      table.close();
      db.close();
    };
    try {
      await table.checkout(version);
      return { table, close };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Reads from a version of the table. */
  #at<T>(version: number, read: (table: Table) => Promise<T>): Promise<T> {
    return this.#reading(async () => {
      const { table, close } = await this.#openAt(version);
      try {
        return await read(table);
      } finally {
        close();
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
