import { Index, type Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import type { Snapshot as SnapshotInfo } from '../../contract/schemas.ts';
import { columnIn } from './filters.ts';
import type { CatalogLock } from './lock.ts';
import { compact, liveVersion, moveLive, type SnapshotLog } from './published.ts';
import { type ImageContent, type ImageRow, toTableRow } from './schema.ts';

/** What a sync must know of a staged row to tell whether it changed. */
export type StagedRow = Pick<
  ImageRow,
  'key' | 'productId' | 'imageRef' | 'imageValidator' | 'imageHash' | 'rowHash'
>;

const STAGED_COLUMNS = ['key', 'productId', 'imageRef', 'imageValidator', 'imageHash', 'rowHash'] as const;
const stagedRow = z.object({
  key: z.string(),
  productId: z.string(),
  imageRef: z.string(),
  imageValidator: z.string().nullable(),
  imageHash: z.string(),
  rowHash: z.string(),
});

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
  readonly #table: Table;
  /** The table as it was when this staging was opened. */
  readonly #before: Table;
  readonly #modelId: string;
  readonly #log: SnapshotLog;
  readonly #lock: CatalogLock;

  private constructor(
    tables: { table: Table; before: Table },
    modelId: string,
    log: SnapshotLog,
    lock: CatalogLock,
    rows: { staged: Map<string, StagedRow>; published: Map<string, StagedRow> },
  ) {
    this.#table = tables.table;
    this.#before = tables.before;
    this.#modelId = modelId;
    this.#log = log;
    this.#lock = lock;
    this.#rows = rows.staged;
    this.rows = rows.staged;
    this.published = rows.published;
  }

  /** @param openTable a handle of its own each time, at the newest version. */
  static async open(
    openTable: () => Promise<Table>,
    modelId: string,
    log: SnapshotLog,
    lock: CatalogLock,
  ): Promise<Staging> {
    const table = await openTable();
    const before = await openTable();
    const live = await liveVersion(table);
    let published = new Map<string, StagedRow>();
    if (live !== null) {
      await before.checkout(live);
      published = await readRows(before);
    }
    const version = await table.version();
    await before.checkout(version);
    const staged = live === version ? new Map(published) : await readRows(before);
    return new Staging({ table, before }, modelId, log, lock, { staged, published });
  }

  /** What is already known of these images, by hash, so that they need not be decoded or embedded again. */
  async contentOf(imageHashes: readonly string[]): Promise<Map<string, ImageContent>> {
    const contents = new Map<string, ImageContent>();
    // This staging may have put another picture in the only row that had one; what it wrote itself stays.
    for (const table of [this.#before, this.#table]) {
      const missing = imageHashes.filter((hash) => !contents.has(hash));
      if (missing.length > 0) await readContents(table, missing, contents);
    }
    return contents;
  }

  /** Adds rows or replaces those with the same key. Keys must differ within one call (Lance would keep both). */
  async write(rows: { row: ImageRow; content: ImageContent }[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#storage(async () => {
      await this.#table
        .mergeInsert('key')
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute(rows.map(({ row, content }) => toTableRow(row, content)));
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

  /** Whether publishing would change what readers see: this import's writes, or those of one that was killed. */
  async differsFromLive(): Promise<boolean> {
    return (await liveVersion(this.#table)) !== (await this.#table.version());
  }

  /** Makes what is staged the live snapshot: all of it or, if anything fails, nothing. */
  async publish(name: string, source: string): Promise<SnapshotInfo> {
    return this.#storage(async () => {
      await this.#keepIndex();
      await compact(this.#table);
      const info: SnapshotInfo = {
        version: await this.#table.version(),
        name,
        source,
        publishedAt: new Date().toISOString(),
        products: new Set([...this.#rows.values()].map((row) => row.productId)).size,
        images: this.#rows.size,
      };
      await this.#log.write(this.#modelId, info);
      await moveLive(this.#table, info.version);
      return info;
    });
  }

  /** Lets the next writer in. What is staged stays. */
  async close(): Promise<void> {
    this.#table.close();
    this.#before.close();
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

async function readRows(table: Table): Promise<Map<string, StagedRow>> {
  const rows = new Map<string, StagedRow>();
  for await (const batch of table.query().select([...STAGED_COLUMNS])) {
    for (let i = 0; i < batch.numRows; i++) {
      const row = stagedRow.parse(batch.get(i)?.toJSON());
      rows.set(row.key, row);
    }
  }
  return rows;
}

async function readContents(
  table: Table,
  imageHashes: readonly string[],
  into: Map<string, ImageContent>,
): Promise<void> {
  const found = await table
    .query()
    .where(columnIn('imageHash', imageHashes))
    .select(['imageHash', 'vector', 'colorSignature'])
    .withRowId()
    .toArray();
  const thumbnails = await table.fetchBlobs(
    'thumbnail',
    found.map((row) => BigInt(row._rowid)),
  );
  found.forEach((row, i) => {
    const thumbnail = thumbnails[i];
    if (!thumbnail) return;
    into.set(String(row.imageHash), {
      vector: Float32Array.from(row.vector),
      colorSignature: Float32Array.from(row.colorSignature),
      thumbnail,
    });
  });
}
