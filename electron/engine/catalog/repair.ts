import type { Connection } from '@lancedb/lancedb';
import { retried } from '../files/changes.ts';
import { isOfTheDisk } from '../files/storage-error.ts';
import { isIntegrityDamaged } from './integrity.ts';
import { featuresTable, PICTURES, PRODUCT_IMAGES } from './layout.ts';
import type { SnapshotLog } from './log.ts';
import { beginAnew, mendRows, mendStore } from './mend.ts';
import { featureStore, PICTURE_STORE } from './stores.ts';
import type { TableWatch } from './table-watch.ts';
import { isFolder } from './tables.ts';

export interface CatalogRepairParts {
  db: Connection;
  uri: string;
  model: { id: string; dim: number };
  watch: TableWatch;
  log: SnapshotLog;
}

/** Decides what must be repaired before a write, and in which order. `mend.ts` repairs one table. */
export class CatalogRepair {
  readonly #parts: CatalogRepairParts;

  constructor(parts: CatalogRepairParts) {
    this.#parts = parts;
  }

  /** Whether the next sync must write even if its feed has not changed. */
  async isNeeded(): Promise<boolean> {
    const { watch, log } = this.#parts;
    const { condition } = await watch.look();
    if (condition.files.length > 0 || condition.live !== condition.answering) return true;
    return (await this.damagedNotes()).length > 0 || (await log.damage()) !== null;
  }

  /** The tables whose notes exist and are damaged. */
  async damagedNotes(): Promise<string[]> {
    const { uri, model } = this.#parts;
    if (!isFolder(uri)) return [];
    const tables = [PRODUCT_IMAGES, PICTURES, featuresTable(model.id)];
    const areDamaged = await Promise.all(tables.map((table) => isIntegrityDamaged(uri, table)));
    return tables.filter((_, i) => areDamaged[i]);
  }

  /**
   * Repairs every table, so that all can be written. Needs the lock.
   * @param how see `MendOptions`
   * @param words also rebuilds the full-text indexes, and drops staged rows that were not published
   * @returns whether the rows must be published again although none has changed
   */
  async mend(how: 'lengths' | 'bytes', words = false): Promise<boolean> {
    const { db, uri, model, watch, log } = this.#parts;
    if (!isFolder(uri)) return false;
    const { unreadable, featuresUnreadable } = watch;
    // A publish rewrites the notes.
    const notes = await this.damagedNotes();
    const mended = [
      await mendRows(db, uri, { unreadable, how, words }),
      await mendStore(db, uri, PICTURE_STORE, { how }),
      await mendStore(db, uri, featureStore(model), { how, isUnreadable: featuresUnreadable }),
    ].includes(true);
    if (mended) watch.mended();
    // After the tables: then the notes no longer name the lost snapshots.
    await log.mend();
    return mended || notes.length > 0;
  }

  /**
   * Repairs the tables and opens them, and repairs them once more when they do not open. Needs the lock.
   * @param open receives whether anything was repaired
   */
  async openMended<T>(open: (mended: boolean) => Promise<T>, words: boolean): Promise<T> {
    const { db, uri, watch } = this.#parts;
    const mended = await this.mend('bytes', words);
    try {
      return await retried(() => open(mended));
    } catch (error) {
      if (!isFolder(uri) || isOfTheDisk(error)) throw error;
      // Damage that only Lance can see: in staged rows, or anywhere in a table without notes.
      if ((await watch.look()).condition.answering === null) await beginAnew(db, uri);
      else await this.mend('bytes', true);
      return open(true);
    }
  }
}
