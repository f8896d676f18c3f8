import { type Connection, connect, type Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import type { Snapshot as SnapshotInfo } from '../../contract/schemas.ts';
import { type CatalogLock, lockCatalog } from './lock.ts';
import { liveVersion, SnapshotLog } from './published.ts';
import { tableSchema } from './schema.ts';
import { Snapshot } from './snapshot.ts';
import { Staging } from './staging.ts';

/** The model whose vectors a table holds: tables of different models cannot be mixed. */
export interface CatalogModel {
  id: string;
  dim: number;
}

/** The Lance tables at one URI: one for each model's images, and the log of what was published. */
export class Catalog {
  readonly #db: Connection;
  readonly #uri: string;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  #live: { version: number; snapshot: Promise<Snapshot> } | null = null;
  /** Only ever asked for the tag: each snapshot has a handle of its own, checked out at its version. */
  #table: Table | null = null;

  private constructor(db: Connection, uri: string, model: CatalogModel, log: SnapshotLog) {
    this.#db = db;
    this.#uri = uri;
    this.#model = model;
    this.#log = log;
  }

  /**
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel): Promise<Catalog> {
    try {
      const db = await connect(uri);
      return new Catalog(db, uri, model, new SnapshotLog(db));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
    }
  }

  /**
   * Ids of the models that have a published catalog at this URI.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async publishedModels(uri: string): Promise<string[]> {
    try {
      const db = await connect(uri);
      const published: string[] = [];
      for (const name of await db.tableNames()) {
        if (!name.startsWith(TABLE_PREFIX)) continue;
        if ((await liveVersion(await db.openTable(name))) !== null)
          published.push(name.slice(TABLE_PREFIX.length));
      }
      return published;
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
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
  async liveInfo(): Promise<SnapshotInfo | null> {
    const version = await this.#liveVersion();
    return version === null ? null : this.#log.read(this.#model.id, version);
  }

  /**
   * The one writer of this catalog, until it is closed. Readers go on reading what is published.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_FAILED
   */
  async stage(): Promise<Staging> {
    const lock: CatalogLock = await lockCatalog(this.#uri);
    try {
      const schema = tableSchema(this.#model.dim);
      const open = () => this.#db.createEmptyTable(tableName(this.#model.id), schema, { existOk: true });
      return await Staging.open(open, this.#model.id, this.#log, lock);
    } catch (cause) {
      await lock.release();
      throw new LookalikeError('STORAGE_FAILED', { item: this.#uri, cause });
    }
  }

  async #load(version: number): Promise<Snapshot> {
    try {
      const table = await this.#db.openTable(tableName(this.#model.id));
      await table.checkout(version);
      const info = await this.#log.read(this.#model.id, version);
      return await Snapshot.load(table, info, this.#model.dim);
    } catch (cause) {
      if (cause instanceof LookalikeError) throw cause;
      throw new LookalikeError('CATALOG_UNREADABLE', { item: this.#uri, cause });
    }
  }

  async #liveVersion(): Promise<number | null> {
    const name = tableName(this.#model.id);
    try {
      if (!this.#table) {
        if (!(await this.#db.tableNames()).includes(name)) return null;
        this.#table = await this.#db.openTable(name);
      }
      return await liveVersion(this.#table);
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: this.#uri, cause });
    }
  }
}

const TABLE_PREFIX = 'images-';
const tableName = (modelId: string) => `${TABLE_PREFIX}${modelId}`;
