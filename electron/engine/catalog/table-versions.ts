import type { Connection, Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { featuresTable, PICTURES, PRODUCT_IMAGES } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { openNewest } from './mend.ts';
import { connectTables, isFolder } from './tables.ts';

/** A version of the product images, with pictures and features, over its own connection. */
export interface TableVersion {
  /** The product images, checked out at the version. */
  table: Table;
  /**
   * The pictures at their newest version. Null when they cannot be opened: products are then found and shown without
   * pictures.
   */
  pictures: Table | null;
  /** The model's features at their newest version. */
  features: Table;
  /** Closes the tables and their connection. */
  close: () => void;
}

/**
 * Opens the tables at published versions. Each version has its own connection, because a connection keeps the index files
 * that it has read open as long as it exists.
 */
export class TableVersions {
  readonly #db: Connection;
  readonly #uri: string;
  readonly #modelId: string;

  /** @param db the catalog's own connection, for tables at their newest version */
  constructor(db: Connection, uri: string, modelId: string) {
    this.#db = db;
    this.#uri = uri;
    this.#modelId = modelId;
  }

  /**
   * Opens all tables at a version of the product images. The caller closes them.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  open(version: number): Promise<TableVersion> {
    return this.reading(async () => {
      const { table, db, close } = await this.openRows(version);
      try {
        const features = await db.openTable(featuresTable(this.#modelId)).catch((cause: unknown) => {
          throw featuresUnreadable(this.#modelId, cause);
        });
        const pictures = await db.openTable(PICTURES).catch((error: unknown) => {
          console.error(error);
          return null;
        });
        const closeAll = () => {
          features.close();
          pictures?.close();
          close();
        };
        return { table, pictures, features, close: closeAll };
      } catch (error) {
        close();
        throw error;
      }
    });
  }

  /** Opens only the product images at a version. The caller closes them. */
  async openRows(version: number): Promise<{ table: Table; db: Connection; close: () => void }> {
    const db = await connectTables(this.#uri);
    try {
      const table = await this.#openRowsOver(db, version);
      const close = () => {
        table.close();
        db.close();
      };
      return { table, db, close };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Reads from the product images at a version.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  readRows<T>(version: number, read: (table: Table) => Promise<T>): Promise<T> {
    return this.reading(async () => {
      const { table, close } = await this.openRows(version);
      try {
        return await read(table);
      } finally {
        close();
      }
    });
  }

  /** Reads from a table at its newest version; null when the table does not exist. */
  async readNewest<T>(name: string, read: (table: Table) => Promise<T>): Promise<T | null> {
    if (!(await this.#db.tableNames()).includes(name)) return null;
    const table = await this.#db.openTable(name);
    try {
      return await read(table);
    } finally {
      table.close();
    }
  }

  /** Opens the product images at their newest version, which has the tags. */
  openNewestRows(): Promise<Table> {
    return this.#db.openTable(PRODUCT_IMAGES);
  }

  /** Runs a read of the tables. A failure of Lance becomes CATALOG_UNREADABLE. */
  async reading<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof LookalikeError) throw cause;
      throw new LookalikeError('CATALOG_UNREADABLE', { item: this.#uri, cause });
    }
  }

  #openRowsOver(db: Connection, version: number): Promise<Table> {
    const open = () => db.openTable(PRODUCT_IMAGES, undefined, { version });
    return open().catch(async (error: unknown) => {
      if (!isFolder(this.#uri)) throw error;
      // Lance reads the newest manifest first, whichever version is opened. So a damaged newest manifest is set aside.
      const lock = await lockCatalog(this.#uri);
      try {
        (await openNewest(this.#db, this.#uri, PRODUCT_IMAGES, version)).close();
        return await open();
      } finally {
        await lock.release();
      }
    });
  }
}

/** The error for unreadable features, which every version needs. */
export function featuresUnreadable(modelId: string, cause: unknown): LookalikeError {
  return new LookalikeError('CATALOG_UNREADABLE', { item: featuresTable(modelId), cause });
}
