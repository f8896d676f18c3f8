import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { storageError } from '../files/storage-error.ts';
import { PRODUCT_IMAGES } from './layout.ts';
import { type CatalogLock, lockCatalog } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { openOtherFeatures } from './model-tables.ts';
import type { CatalogRepair } from './repair.ts';
import { rowSchema } from './schema.ts';
import { noteSchema } from './schema-version.ts';
import type { SnapshotHistory } from './snapshot-history.ts';
import type { SnapshotRows } from './snapshot-rows.ts';
import type { Ownership } from './sources.ts';
import { Staging, type StagingParts } from './staging.ts';
import { featureStore, openStore, PICTURE_STORE } from './stores.ts';
import { connectTables } from './tables.ts';

/** How a writer waits for another one. */
export interface Waiting {
  signal: AbortSignal;
  onWait: () => void;
}

export interface StageOptions {
  /** Start without the owned rows, so that nothing is reused. */
  afresh?: boolean;
  /** Gives what the import may change. Called when no other process can publish any more. Default: everything. */
  owned?: (live: PublishedSnapshot | null) => Ownership;
  /** Wait for another writer. Default: throw CATALOG_BUSY. */
  waiting?: Waiting;
}

export interface WriteAccessParts {
  uri: string;
  model: { id: string; dim: number };
  log: SnapshotLog;
  history: SnapshotHistory;
  rows: SnapshotRows;
  repair: CatalogRepair;
}

/**
 * Gives write access to a catalog to one writer at a time: takes the lock, repairs damage, and opens the tables for staging.
 */
export class WriteAccess {
  readonly #parts: WriteAccessParts;

  constructor(parts: WriteAccessParts) {
    this.#parts = parts;
  }

  /**
   * See `Catalog.stage`.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*, CANCELLED
   */
  async stage({ afresh = false, owned, waiting }: StageOptions): Promise<Staging> {
    const { uri, history } = this.#parts;
    const lock = waiting ? await this.#lockWhenFree(waiting) : await lockCatalog(uri);
    try {
      const own = owned ? owned(await history.live()) : null;
      const staging = await this.#openStaging(lock, { afresh, own });
      await this.#restoreOthers(staging);
      return staging;
    } catch (cause) {
      await lock.release();
      throw storageError(cause, uri);
    }
  }

  /**
   * Waits until no process writes this catalog.
   * @throws LookalikeError STORAGE_*, CANCELLED
   */
  async whenFree(waiting: Waiting): Promise<void> {
    const lock = await this.#lockWhenFree(waiting);
    await lock.release();
  }

  /**
   * Rebuilds the full-text indexes and publishes the same rows again in place of the live snapshot, under its name. Staged
   * rows that were not published are lost.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  async republishWithNewIndexes(): Promise<void> {
    const { uri, history } = this.#parts;
    const lock = await lockCatalog(uri);
    try {
      const live = await history.live();
      if (live === null) return;
      const entry = await history.entry(live.version);
      const staging = await this.#openStaging(lock, { words: true });
      await staging.republish(entry);
      await staging.close();
    } catch (cause) {
      throw storageError(cause, uri);
    } finally {
      await lock.release();
    }
  }

  /** @throws LookalikeError STORAGE_*, CANCELLED */
  async #lockWhenFree({ signal, onWait }: Waiting): Promise<CatalogLock> {
    for (;;) {
      if (signal.aborted) throw new LookalikeError('CANCELLED');
      try {
        return await lockCatalog(this.#parts.uri);
      } catch (error) {
        if (!(error instanceof LookalikeError) || error.code !== 'CATALOG_BUSY') throw error;
        onWait();
      }
    }
  }

  /**
   * Resets rows of sources that an import does not own to their published state. Only the sync of a source may publish what
   * it has staged.
   */
  async #restoreOthers(staging: Staging): Promise<void> {
    const { history, rows } = this.#parts;
    const { added, missing } = staging.strayed();
    await staging.remove(added);
    const live = missing.size > 0 ? await history.live() : null;
    if (!live) return;
    for await (const batch of rows.scan(live.version, ({ key }) => missing.has(key)))
      await staging.carry(batch);
  }

  async #openStaging(
    lock: CatalogLock,
    {
      afresh = false,
      own = null,
      words = false,
    }: { afresh?: boolean; own?: Ownership | null; words?: boolean },
  ): Promise<Staging> {
    const { uri, model, log, history, repair } = this.#parts;
    await noteSchema(uri);
    const db = await connectTables(uri);
    const parts: Omit<StagingParts, 'mended' | 'before' | 'onClose'> = {
      openTable: () => db.createEmptyTable(PRODUCT_IMAGES, rowSchema(), { existOk: true }),
      openStore: (store) => openStore(db, store),
      pictures: PICTURE_STORE,
      features: featureStore(model),
      otherFeatures: () => openOtherFeatures(db, model.id),
      uri,
      modelId: model.id,
      log,
      lock,
      afresh,
      own,
    };
    const open = async (mended: boolean) =>
      Staging.open({ ...parts, mended, before: await history.live(), onClose: () => db.close() });
    try {
      return await repair.openMended(open, words);
    } catch (error) {
      db.close();
      throw error;
    }
  }
}
