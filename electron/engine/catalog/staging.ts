import type { Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { cellsOf, toArrow } from './arrow.ts';
import { countChanges } from './compare.ts';
import { sourceIn } from './filters.ts';
import { GuardedWrites } from './guarded-writes.ts';
import type { LogEntry } from './integrity.ts';
import type { CatalogLock } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { publishVersion } from './publish-version.ts';
import { keptVersions, liveVersion } from './published.ts';
import { isSameRow, readStagedRows, type StagedRow } from './rows.ts';
import { type ImageContent, type ImageRow, rowSchema } from './schema.ts';
import { type BroughtSource, type Ownership, ownRows, sourceOfRow } from './sources.ts';
import { StagedPictures } from './staged-pictures.ts';
import { readHashes, type Store } from './stores.ts';

/** A row to stage. */
export interface NewRow {
  row: ImageRow;
  /** Thumbnail and features of its picture; null for a picture that is known (`StagedPictures.isKnown`). */
  content: ImageContent | null;
}

export interface StagingParts {
  /** Opens the product images with a new handle, at the newest version. */
  openTable: () => Promise<Table>;
  /** Opens a table of pictures or features with a new handle, at the newest version. */
  openStore: (store: Store) => Promise<Table>;
  pictures: Store;
  features: Store;
  /** The features of other models, whose colour signatures can be copied. */
  otherFeatures: () => Promise<Table[]>;
  uri: string;
  modelId: string;
  log: SnapshotLog;
  lock: CatalogLock;
  /** Called when the handles are closed. */
  onClose: () => void;
  /** Start without the owned rows, and reuse nothing of what was made of pictures before. */
  afresh: boolean;
  /** What this import may change; null is everything. */
  own: Ownership | null;
  /** A table was repaired: the rows are published again even when none has changed. */
  mended: boolean;
  /** The live snapshot. */
  before: PublishedSnapshot | null;
}

interface StagedRows {
  staged: Map<string, StagedRow>;
  published: Map<string, StagedRow>;
  rolledBack: Map<string, StagedRow> | null;
}

/**
 * The newest version of the product images, where an import writes, with the pictures and features that its rows show.
 * Staged rows are on disk, but readers do not see them until `publish`. A killed import leaves them behind, and the next
 * import continues with them. A picture and its features are always written before the rows that name them.
 */
export class Staging {
  /** The rows that readers see, by key. */
  readonly published: ReadonlyMap<string, StagedRow>;
  /** Every staged row by key, kept up to date by the writes of this staging. */
  readonly rows: ReadonlyMap<string, StagedRow>;
  /** The pictures that rows can show. */
  readonly pictures: StagedPictures;
  readonly #rows: Map<string, StagedRow>;
  /** The rows that readers saw before a rollback; null when the live snapshot is the newest one. */
  readonly #rolledBack: ReadonlyMap<string, StagedRow> | null;
  readonly #table: Table;
  readonly #parts: StagingParts;
  readonly #writes: GuardedWrites;

  private constructor(
    { table, pictures, writes }: { table: Table; pictures: StagedPictures; writes: GuardedWrites },
    parts: StagingParts,
    rows: StagedRows,
  ) {
    this.#table = table;
    this.#writes = writes;
    this.pictures = pictures;
    this.#parts = parts;
    this.#rows = rows.staged;
    this.rows = rows.staged;
    this.published = rows.published;
    this.#rolledBack = rows.rolledBack;
  }

  static async open(parts: StagingParts): Promise<Staging> {
    const { openTable, afresh, own, lock } = parts;
    const writes = new GuardedWrites(lock);
    const pictures = await StagedPictures.open({ ...parts, writes, exclusive: lock.exclusive });
    const rowsAt = async (version: number) => {
      const at = await openTable();
      try {
        await at.checkout(version);
        return await readStagedRows(at);
      } finally {
        at.close();
      }
    };
    const table = await openTable();
    const live = await liveVersion(table);
    if (afresh) await table.delete(own ? sourceIn([...own.ids]) : 'true');
    const staged = await readStagedRows(table);
    // Usually nothing was staged since the live snapshot was published.
    const publishedRows = async (version: number) =>
      version === (await table.version()) ? new Map(staged) : rowsAt(version);
    const published = live === null ? new Map<string, StagedRow>() : await publishedRows(live);
    const [newest = 0] = live === null ? [] : await keptVersions(table);
    const rolledBack = live !== null && newest > live ? await rowsAt(newest) : null;
    return new Staging({ table, pictures, writes }, parts, { staged, published, rolledBack });
  }

  /**
   * Pictures that rows show and that this model has not embedded yet, although their thumbnails are stored: another model
   * was in use when they arrived, or their features are damaged.
   * @param whose only the staged rows, or those of the kept snapshots as well
   */
  async unseen(whose: 'staged' | 'kept'): Promise<string[]> {
    const named = new Set<string>();
    for (const { imageHash } of this.#rows.values()) named.add(imageHash);
    if (whose === 'kept') for (const hash of await this.#namedByKept()) named.add(hash);
    return this.pictures.unseenOf(named);
  }

  /**
   * Adds rows, or replaces those with the same key. Keys must differ within one call (Lance would keep both).
   * @throws LookalikeError CATALOG_UNREADABLE for a row without content whose picture is not known; STORAGE_*
   */
  async write(rows: readonly NewRow[]): Promise<void> {
    if (rows.length === 0) return;
    const contents = new Map<string, ImageContent>();
    for (const { row, content } of rows) {
      if (this.pictures.isKnown(row.imageHash) || contents.has(row.imageHash)) continue;
      if (!content) throw new LookalikeError('CATALOG_UNREADABLE', { item: row.key });
      contents.set(row.imageHash, content);
    }
    await this.pictures.add(contents);
    await this.carry(rows.map(({ row }) => row));
  }

  /** Writes rows that are published already, whether their pictures are known or not. */
  async carry(rows: readonly ImageRow[]): Promise<void> {
    const known = rows.filter(({ key }) => this.#rows.has(key)).map(cellsOf);
    const fresh = rows.filter(({ key }) => !this.#rows.has(key)).map(cellsOf);
    // A merge scans the whole table for its keys. Rows with new keys are only added.
    if (fresh.length > 0) await this.#writes.run(() => this.#table.add(toArrow(fresh, rowSchema())));
    if (known.length > 0) {
      await this.#writes.run(() =>
        this.#table
          .mergeInsert('key')
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute(toArrow(known, rowSchema())),
      );
    }
    for (const row of rows) this.#rows.set(row.key, row);
  }

  /**
   * Deletes the features of these pictures, because they were found to be useless, and the unpublished rows that show these
   * pictures.
   */
  async discard(imageHashes: ReadonlySet<string>): Promise<void> {
    const rows = [...this.#rows.values()].filter(
      ({ key, imageHash }) => imageHashes.has(imageHash) && this.published.get(key)?.imageHash !== imageHash,
    );
    await this.remove(rows.map(({ key }) => key));
    await this.pictures.discardFeatures(imageHashes);
  }

  /** Removes rows by key. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#writes.deleteRows(this.#table, 'key', keys);
    for (const key of keys) this.#rows.delete(key);
  }

  /** What this import may change; null is everything. */
  get own(): Ownership | null {
    return this.#parts.own;
  }

  /** The staged rows that this import may change; see `ownRows`. */
  get ownRows(): ReadonlyMap<string, StagedRow> {
    return ownRows(this.rows, this.own);
  }

  /** The published rows that this import may change. */
  get ownPublished(): ReadonlyMap<string, StagedRow> {
    return ownRows(this.published, this.own);
  }

  /** Counts the owned products that differ between the published and the staged rows. */
  changes(): ImportReport['products'] {
    return countChanges(this.ownPublished, this.ownRows);
  }

  /**
   * Keys of rows of other sources that another import has staged without publishing them, and of those that it has removed
   * or changed.
   */
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
   * Whether publishing would change what readers see, by this import's writes or those of a killed one, or whether a publish
   * is needed anyway: a table was repaired, the import reuses nothing, or features were made.
   */
  differsFromLive(): boolean {
    const { afresh, mended } = this.#parts;
    return afresh || mended || this.pictures.hasNewFeatures || !sameRows(this.rows, this.published);
  }

  /**
   * Whether the staged rows were live before and were rolled back. Only a sync that the user asks for may bring them back.
   */
  wasRolledBack(): boolean {
    if (!this.#rolledBack) return false;
    const { added, changed, removed } = countChanges(ownRows(this.#rolledBack, this.own), this.ownRows);
    return added + changed + removed === 0;
  }

  /**
   * Makes the staged rows the live snapshot: all of them or, if anything fails, none.
   * @param seconds duration of the import, for the list of snapshots; null when it was not measured
   * @param brought the sources of the import's products; default: products without a source
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

  #publish(
    entry: Pick<LogEntry, 'name' | 'source' | 'publishedAt' | 'seconds'>,
    brought: readonly BroughtSource[],
    inPlaceOf: LogEntry | null = null,
  ): Promise<PublishedSnapshot> {
    const { uri, modelId, log, lock } = this.#parts;
    return this.#writes.once(() =>
      publishVersion({
        table: this.#table,
        rows: this.#rows,
        pictures: this.pictures,
        namedByKept: () => this.#namedByKept(),
        before: { snapshot: this.#parts.before, rows: this.published },
        ...{ entry, brought, inPlaceOf, uri, modelId, log, lock },
      }),
    );
  }

  /** Lets the next writer in. Staged rows stay. */
  async close(): Promise<void> {
    this.#table.close();
    this.pictures.close();
    this.#parts.onClose();
    await this.#parts.lock.release();
  }

  /** Hashes of the pictures that kept snapshots show. */
  async #namedByKept(): Promise<Set<string>> {
    const named = new Set<string>();
    for (const version of await keptVersions(this.#table)) {
      const at = await this.#parts.openTable();
      try {
        await at.checkout(version);
        for (const hash of await readHashes(at)) named.add(hash);
      } finally {
        at.close();
      }
    }
    return named;
  }
}

function sameRows(a: ReadonlyMap<string, StagedRow>, b: ReadonlyMap<string, StagedRow>): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((row) => isSameRow(b.get(row.key), row));
}
