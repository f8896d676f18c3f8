import { Index, type Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { storageError } from '../files/storage-error.ts';
import { toArrow } from './arrow.ts';
import { countChanges } from './compare.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { columnIn, sourceIn } from './filters.ts';
import { type LogEntry, readIntegrity, withFilesOf, writeIntegrity } from './integrity.ts';
import type { CatalogLock } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { uidOfKey } from './product-ids.ts';
import { dropKept, keptVersions, liveVersion, moveLive, reclaim } from './published.ts';
import { type CatalogRow, isSameRow, readContents, readStagedRows, type StagedRow } from './rows.ts';
import { type ImageContent, tableSchema } from './schema.ts';
import { type BroughtSource, nextSources, type Ownership, ownRows, sourceOfRow } from './sources.ts';
import { isFolder } from './tables.ts';

export type { StagedRow };

/** Cosine distance of a vector to itself, with what float32 loses. */
export const SAME_VECTOR = 1e-4;

/** An index on `key` saves each merge a scan of the table; below this the scan is cheaper than keeping the index. */
const INDEX_FROM_ROWS = 5000;

export interface StagingParts {
  /** A handle of its own each time, at the newest version. */
  openTable: () => Promise<Table>;
  uri: string;
  modelId: string;
  log: SnapshotLog;
  lock: CatalogLock;
  /** Called when the handles have been closed. */
  onClose: () => void;
  /** Begin with none of the rows that are owned, and reuse nothing that is known of any image. */
  afresh: boolean;
  /** What this import may change; null is everything. */
  own: Ownership | null;
  /** The table was damaged: it is published again even when no row has changed. */
  mended: boolean;
  /** What is live. */
  before: PublishedSnapshot | null;
}

/**
 * The catalog's newest version, where an import writes. What is staged is on disk but not seen by anyone until
 * `publish`; a killed import leaves it behind and the next one finds it here.
 */
export class Staging {
  /** What readers see, by key. */
  readonly published: ReadonlyMap<string, StagedRow>;
  /** Every staged row by its key, kept up to date by the writes of this staging. */
  readonly rows: ReadonlyMap<string, StagedRow>;
  /** Hashes of the images whose content `contentOf` has: they need not be embedded. */
  readonly knownImages: ReadonlySet<string>;
  readonly #rows: Map<string, StagedRow>;
  /** What readers saw before someone rolled it back; null when what is live is the newest snapshot. */
  readonly #rolledBack: ReadonlyMap<string, StagedRow> | null;
  readonly #table: Table;
  /** Where else a known image can be: the newest version as this staging found it, and what readers see. */
  readonly #earlier: readonly Table[];
  readonly #parts: StagingParts;

  private constructor(
    tables: { table: Table; earlier: readonly Table[] },
    parts: StagingParts,
    rows: Record<'staged' | 'published', Map<string, StagedRow>> & {
      rolledBack: Map<string, StagedRow> | null;
    },
  ) {
    this.#table = tables.table;
    this.#earlier = tables.earlier;
    this.#parts = parts;
    this.#rows = rows.staged;
    this.rows = rows.staged;
    this.published = rows.published;
    this.#rolledBack = rows.rolledBack;
    const known = parts.afresh ? [] : [...rows.published.values(), ...rows.staged.values()];
    this.knownImages = new Set(known.map((row) => row.imageHash));
  }

  static async open(parts: StagingParts): Promise<Staging> {
    const { openTable, afresh, own } = parts;
    const tableAt = async (version: number) => {
      const table = await openTable();
      await table.checkout(version);
      return table;
    };
    const table = await openTable();
    const live = await liveVersion(table);
    if (afresh) await table.delete(own ? sourceIn([...own.ids]) : 'true');
    const before = await tableAt(await table.version());
    const staged = await readStagedRows(before);
    const earlier = [before];
    let published = new Map<string, StagedRow>();
    let rolledBack: Map<string, StagedRow> | null = null;
    if (live !== null) {
      const liveTable = await tableAt(live);
      published = await readStagedRows(liveTable);
      // What is begun afresh takes nothing over.
      if (afresh) liveTable.close();
      else earlier.push(liveTable);
      const [newest = live] = await keptVersions(table);
      if (newest > live) {
        const newestTable = await tableAt(newest);
        rolledBack = await readStagedRows(newestTable);
        newestTable.close();
      }
    }
    return new Staging({ table, earlier }, parts, { staged, published, rolledBack });
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

  /** What this import may change; null is everything. */
  get own(): Ownership | null {
    return this.#parts.own;
  }

  /** The staged rows that this import may change; see `ownRows`. */
  get ownRows(): ReadonlyMap<string, StagedRow> {
    return ownRows(this.rows, this.own);
  }

  /** The same of what readers see. */
  get ownPublished(): ReadonlyMap<string, StagedRow> {
    return ownRows(this.published, this.own);
  }

  /** How many of the products that are owned differ between what is published and what is staged. */
  changes(): ImportReport['products'] {
    return countChanges(this.ownPublished, this.ownRows);
  }

  /** Keys of rows of other sources that another import has staged and not published, and of those that it has removed or changed. */
  strayed(): { added: string[]; missing: Set<string> } {
    const { own } = this;
    const isOther = (row: StagedRow) => own !== null && !own.ids.has(sourceOfRow(row));
    const added = [...this.rows.values()].filter((row) => isOther(row) && !this.published.has(row.key));
    const missing = [...this.published.values()].filter(
      (row) => isOther(row) && !isSameRow(this.rows.get(row.key), row),
    );
    return { added: added.map(({ key }) => key), missing: new Set(missing.map(({ key }) => key)) };
  }

  /**
   * Whether publishing would change what readers see: this import's writes, or those of one that was killed; and whether
   * it has to be done all the same, because the table was mended or begun afresh.
   */
  differsFromLive(): boolean {
    const { afresh, mended } = this.#parts;
    return afresh || mended || !sameRows(this.rows, this.published);
  }

  /** Whether what is staged has been live and was rolled back: only someone who asks for it may bring that back. */
  wasRolledBack(): boolean {
    if (!this.#rolledBack) return false;
    const { added, changed, removed } = countChanges(ownRows(this.#rolledBack, this.own), this.ownRows);
    return added + changed + removed === 0;
  }

  /**
   * Makes what is staged the live snapshot: all of it or, if anything fails, nothing.
   * @param seconds what the import took, for the list of snapshots; null when it was not measured
   * @param brought the sources whose products the import has brought; without it, products of no source
   * @throws LookalikeError STORAGE_*, CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
   */
  publish(
    name: string,
    source: string,
    seconds: number | null = null,
    brought: readonly BroughtSource[] = [{ id: '', name, ref: source, sample: false }],
  ): Promise<PublishedSnapshot> {
    return this.#publish({ name, source, seconds, publishedAt: new Date().toISOString() }, brought);
  }

  /** Publishes the rows of a snapshot again under its own name, in its place. */
  async republish(snapshot: LogEntry): Promise<PublishedSnapshot> {
    return this.#publish({ ...snapshot, seconds: null }, [], snapshot);
  }

  async #publish(
    entry: Pick<LogEntry, 'name' | 'source' | 'publishedAt' | 'seconds'>,
    brought: readonly BroughtSource[],
    inPlaceOf: LogEntry | null = null,
  ): Promise<PublishedSnapshot> {
    const { log, lock, modelId, uri } = this.#parts;
    return this.#storage(async () => {
      await this.#keepIndex();
      await keepFieldIndexes(this.#table);
      await reclaim(this.#table, lock.exclusive);
      const replaced = inPlaceOf ? inPlaceOf.replaced : await liveVersion(this.#table);
      await this.#ownVersion();
      const version = await this.#table.version();
      const before = { snapshot: this.#parts.before, rows: this.published };
      const info: PublishedSnapshot = {
        version,
        name: entry.name,
        source: entry.source,
        publishedAt: entry.publishedAt,
        products: new Set([...this.#rows.keys()].map(uidOfKey)).size,
        images: this.#rows.size,
        sources: nextSources(this.#rows, before, brought, version),
      };
      const logged = { ...info, modelId, seconds: entry.seconds, replaced };
      const kept = (await keptVersions(this.#table)).filter((version) => version !== inPlaceOf?.version);
      const noted = isFolder(uri)
        ? await withFilesOf(uri, modelId, await readIntegrity(uri, modelId), logged, kept)
        : null;
      // The new version's files and not yet its name: should this process be killed now, it was never published.
      if (noted) await writeIntegrity(uri, modelId, { ...noted, snapshots: noted.snapshots.slice(0, -1) });
      await log.write(logged);
      await lock.verify();
      await moveLive(this.#table, info.version);
      if (inPlaceOf) await dropKept(this.#table, inPlaceOf.version);
      // It is published: what only helps after damage must not make a failure of it.
      if (noted) await writeIntegrity(uri, modelId, { ...noted, live: info.version }).catch(console.error);
      return info;
    });
  }

  /** Lets the next writer in. What is staged stays. */
  async close(): Promise<void> {
    this.#table.close();
    for (const table of this.#earlier) table.close();
    this.#parts.onClose();
    await this.#parts.lock.release();
  }

  /**
   * Gives rows that have been published before, and are published again after a roll back, a version of their own: the
   * list of snapshots has a row for each publish, and none changes its date.
   */
  async #ownVersion(): Promise<void> {
    const version = await this.#table.version();
    if (!(await keptVersions(this.#table)).includes(version)) return;
    await this.#table.checkout(version);
    await this.#table.restore();
  }

  async #keepIndex(): Promise<void> {
    const indexed = (await this.#table.listIndices()).some((index) => index.columns.includes('key'));
    if (!indexed && this.#rows.size >= INDEX_FROM_ROWS) {
      await this.#table.createIndex('key', { config: Index.btree() });
    }
  }

  async #storage<T>(work: () => Promise<T>): Promise<T> {
    this.#parts.lock.require();
    try {
      return await work();
    } catch (cause) {
      // A folder that was deleted meanwhile fails in many words of Lance's.
      await this.#parts.lock.verify();
      throw storageError(cause);
    }
  }
}

function sameRows(a: ReadonlyMap<string, StagedRow>, b: ReadonlyMap<string, StagedRow>): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((row) => isSameRow(b.get(row.key), row));
}
