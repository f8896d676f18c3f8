import { Index, type Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { toArrow } from './arrow.ts';
import { countChanges } from './compare.ts';
import { keepFieldIndexes } from './field-search.ts';
import { columnIn } from './filters.ts';
import type { CatalogLock } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { keptVersions, liveVersion, moveLive, reclaim } from './published.ts';
import { type CatalogRow, isSameRow, readContents, readStagedRows, type StagedRow } from './rows.ts';
import { type ImageContent, tableSchema } from './schema.ts';

export type { StagedRow };

/** Cosine distance of a vector to itself, with what float32 loses. */
export const SAME_VECTOR = 1e-4;

/** An index on `key` saves each merge a scan of the table; below this the scan is cheaper than keeping the index. */
const INDEX_FROM_ROWS = 5000;

/**
 * The catalog's newest version, where an import writes. What is staged is on disk but not seen by anyone until
 * `publish`; a killed import leaves it behind and the next one finds it here.
 */
export class Staging {
  /** What readers see, by key. */
  readonly published: ReadonlyMap<string, StagedRow>;
  /** Every staged row by its key, kept up to date by the writes of this staging. */
  readonly rows: ReadonlyMap<string, StagedRow>;
  readonly #rows: Map<string, StagedRow>;
  /** What readers saw before someone rolled it back; null when what is live is the newest snapshot. */
  readonly #rolledBack: ReadonlyMap<string, StagedRow> | null;
  readonly #table: Table;
  /** Where else a known image can be: the newest version as this staging found it, and what readers see. */
  readonly #earlier: readonly Table[];
  readonly #modelId: string;
  readonly #log: SnapshotLog;
  readonly #lock: CatalogLock;
  readonly #onClose: () => void;

  private constructor(
    tables: { table: Table; earlier: readonly Table[] },
    modelId: string,
    log: SnapshotLog,
    lock: CatalogLock,
    onClose: () => void,
    rows: Record<'staged' | 'published', Map<string, StagedRow>> & {
      rolledBack: Map<string, StagedRow> | null;
    },
  ) {
    this.#table = tables.table;
    this.#earlier = tables.earlier;
    this.#modelId = modelId;
    this.#log = log;
    this.#lock = lock;
    this.#onClose = onClose;
    this.#rows = rows.staged;
    this.rows = rows.staged;
    this.published = rows.published;
    this.#rolledBack = rows.rolledBack;
  }

  /**
   * @param openTable a handle of its own each time, at the newest version
   * @param onClose called when the handles have been closed
   */
  static async open(
    openTable: () => Promise<Table>,
    modelId: string,
    log: SnapshotLog,
    lock: CatalogLock,
    onClose: () => void,
  ): Promise<Staging> {
    const tableAt = async (version: number) => {
      const table = await openTable();
      await table.checkout(version);
      return table;
    };
    const table = await openTable();
    const before = await tableAt(await table.version());
    const staged = await readStagedRows(before);
    const live = await liveVersion(table);
    const earlier = [before];
    let published = new Map<string, StagedRow>();
    let rolledBack: Map<string, StagedRow> | null = null;
    if (live !== null) {
      const liveTable = await tableAt(live);
      earlier.push(liveTable);
      published = await readStagedRows(liveTable);
      const [newest = live] = await keptVersions(table);
      if (newest > live) {
        const newestTable = await tableAt(newest);
        rolledBack = await readStagedRows(newestTable);
        newestTable.close();
      }
    }
    return new Staging({ table, earlier }, modelId, log, lock, onClose, { staged, published, rolledBack });
  }

  /** What is already known of these images, by hash, so that they need not be decoded or embedded again. */
  async contentOf(imageHashes: readonly string[]): Promise<Map<string, ImageContent>> {
    const contents = new Map<string, ImageContent>();
    // This staging may have put another picture in the only row that had one; what it wrote itself stays.
    for (const table of [...this.#earlier, this.#table]) {
      const missing = imageHashes.filter((hash) => !contents.has(hash));
      if (missing.length > 0) await readContents(table, missing, contents);
    }
    return contents;
  }

  /** Adds rows or replaces those with the same key. Keys must differ within one call (Lance would keep both). */
  async write(rows: readonly CatalogRow[]): Promise<void> {
    if (rows.length === 0) return;
    const known = rows.filter(({ row }) => this.#rows.has(row.key));
    const fresh = rows.filter(({ row }) => !this.#rows.has(row.key));
    const schema = tableSchema(rows[0]?.content.vector.length ?? 0);
    await this.#storage(async () => {
      // A merge looks through the whole table for its keys; what is known not to be there is only added.
      if (fresh.length > 0) await this.#table.add(toArrow(fresh, schema));
      if (known.length === 0) return;
      await this.#table
        .mergeInsert('key')
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute(toArrow(known, schema));
    });
    for (const { row } of rows) this.#rows.set(row.key, row);
  }

  /** Takes rows away, by key. */
  async remove(keys: readonly string[]): Promise<void> {
    const batch = 500;
    for (let i = 0; i < keys.length; i += batch) {
      await this.#storage(() => this.#table.delete(columnIn('key', keys.slice(i, i + batch))));
    }
    for (const key of keys) this.#rows.delete(key);
  }

  /** Whether a staged image is found at the vector it was given: the nearest there is, or as near as that. */
  async finds(imageHash: string, vector: Float32Array): Promise<boolean> {
    const search = () =>
      this.#table.vectorSearch(vector).distanceType('cosine').select(['imageHash', '_distance']).limit(1);
    const [nearest] = await search().toArray();
    if (nearest?.imageHash === imageHash) return true;
    const [own] = await search()
      .where(columnIn('imageHash', [imageHash]))
      .toArray();
    return Number(own?._distance) - Number(nearest?._distance) < SAME_VECTOR;
  }

  /** How many products differ between what is published and what is staged. */
  changes(): ImportReport['products'] {
    return countChanges(this.published, this.rows);
  }

  /** Whether publishing would change what readers see: this import's writes, or those of one that was killed. */
  differsFromLive(): boolean {
    return !sameRows(this.rows, this.published);
  }

  /** Whether what is staged has been live and was rolled back: only someone who asks for it may bring that back. */
  wasRolledBack(): boolean {
    if (!this.#rolledBack) return false;
    const { added, changed, removed } = countChanges(this.#rolledBack, this.rows);
    return added + changed + removed === 0;
  }

  /**
   * Makes what is staged the live snapshot: all of it or, if anything fails, nothing.
   * @param seconds what the import took, for the list of snapshots; null when it was not measured
   */
  async publish(name: string, source: string, seconds: number | null = null): Promise<PublishedSnapshot> {
    return this.#storage(async () => {
      await this.#keepIndex();
      await keepFieldIndexes(this.#table);
      await reclaim(this.#table, this.#lock.exclusive);
      const info: PublishedSnapshot = {
        version: await this.#table.version(),
        name,
        source,
        publishedAt: new Date().toISOString(),
        products: new Set([...this.#rows.values()].map((row) => row.productId)).size,
        images: this.#rows.size,
      };
      await this.#log.write({ ...info, modelId: this.#modelId, seconds });
      await moveLive(this.#table, info.version);
      return info;
    });
  }

  /** Lets the next writer in. What is staged stays. */
  async close(): Promise<void> {
    this.#table.close();
    for (const table of this.#earlier) table.close();
    this.#onClose();
    await this.#lock.release();
  }

  async #keepIndex(): Promise<void> {
    const indexed = (await this.#table.listIndices()).some((index) => index.columns.includes('key'));
    if (!indexed && this.#rows.size >= INDEX_FROM_ROWS) {
      await this.#table.createIndex('key', { config: Index.btree() });
    }
  }

  async #storage<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new LookalikeError('STORAGE_FAILED', { cause });
    }
  }
}

function sameRows(a: ReadonlyMap<string, StagedRow>, b: ReadonlyMap<string, StagedRow>): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((row) => isSameRow(b.get(row.key), row));
}
