import type { Table } from '@lancedb/lancedb';
import { retried } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';
import { columnIn } from './filters.ts';
import type { CatalogLock } from './lock.ts';

/** Values per deletion. */
const VALUES_AT_ONCE = 500;

/** Runs writes to the tables. They are refused once the lock is lost, and their failures become storage errors. */
export class GuardedWrites {
  readonly #lock: CatalogLock;

  constructor(lock: CatalogLock) {
    this.#lock = lock;
  }

  /**
   * Runs one write of Lance, again and again while another program holds a file of the table.
   * @throws LookalikeError STORAGE_*, CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
   */
  run<T>(write: () => Promise<T>): Promise<T> {
    return this.once(() => retried(write));
  }

  /** Runs several writes that must not be begun again as a whole. @throws LookalikeError as `run` does */
  async once<T>(work: () => Promise<T>): Promise<T> {
    this.#lock.require();
    try {
      return await work();
    } catch (cause) {
      // Lance reports a deleted folder in many ways; the lock checks it reliably.
      await this.#lock.verify();
      throw storageError(cause);
    }
  }

  /** Deletes rows by the values of a column. */
  async deleteRows(table: Table, column: 'key' | 'imageHash', values: readonly string[]): Promise<void> {
    for (let i = 0; i < values.length; i += VALUES_AT_ONCE) {
      await this.run(() => table.delete(columnIn(column, values.slice(i, i + VALUES_AT_ONCE))));
    }
  }
}
