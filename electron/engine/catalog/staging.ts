import { Index, type Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { storageError } from '../files/storage-error.ts';
import { cellsOf, toArrow } from './arrow.ts';
import { countChanges } from './compare.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { columnIn, sourceIn } from './filters.ts';
import { type LogEntry, noteNewest, readIntegrity, withFilesOf, writeIntegrity } from './integrity.ts';
import { PRODUCT_IMAGES } from './layout.ts';
import type { CatalogLock } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { uidOfKey } from './product-ids.ts';
import {
  dropKept,
  expiringVersions,
  keptVersions,
  liveVersion,
  moveLive,
  pruneStore,
  reclaim,
  reclaimStore,
} from './published.ts';
import { isSameRow, readStagedRows, type StagedRow } from './rows.ts';
import { type ImageContent, type ImageRow, type PictureFeatures, rowSchema } from './schema.ts';
import { type BroughtSource, nextSources, type Ownership, ownRows, sourceOfRow } from './sources.ts';
import { readColors, readFeatures, readHashes, readThumbnails, type Store } from './stores.ts';
import { isFolder } from './tables.ts';
import { removeUnfinished } from './unfinished-files.ts';

export type { StagedRow };

/** Cosine distance of a vector to itself, with what float32 loses. */
export const SAME_VECTOR = 1e-4;

/** An index on `key` saves each merge a scan of the table; below this the scan is cheaper than keeping the index. */
const INDEX_FROM_ROWS = 5000;

/** Pictures that nothing names are deleted when there are so many, and so large a share of all. */
const LEAST_UNNAMED = 100;
const SHARE_UNNAMED = 0.1;

/** A row to be staged. */
export interface NewRow {
  row: ImageRow;
  /** What was made of its picture; null for a picture that is known (`knownImages`). */
  content: ImageContent | null;
}

export interface StagingParts {
  /** A handle of its own each time, at the newest version. */
  openTable: () => Promise<Table>;
  /** The same of a table of pictures or features. */
  openStore: (store: Store) => Promise<Table>;
  pictures: Store;
  features: Store;
  /** The features of other models, of which the colours can be taken over. */
  otherFeatures: () => Promise<Table[]>;
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
  /** A table was damaged: the rows are published again even when none has changed. */
  mended: boolean;
  /** What is live. */
  before: PublishedSnapshot | null;
}

/** A table of pictures or features that is being written, and the pictures it has. */
interface OpenStore {
  table: Table;
  store: Store;
  known: Set<string>;
}

interface StagedRows {
  staged: Map<string, StagedRow>;
  published: Map<string, StagedRow>;
  rolledBack: Map<string, StagedRow> | null;
}

/**
 * The newest version of the product images, where an import writes, with the pictures and features that its rows name. What
 * is staged is on disk but not seen by anyone until `publish`; a killed import leaves it behind and the next one finds it
 * here. A picture and its features are always written before the rows that name them.
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
  readonly #pictures: OpenStore;
  readonly #features: OpenStore;
  readonly #parts: StagingParts;
  /** Pictures that are written again although they are known, because nothing is to be taken over. */
  readonly #stale: Set<string>;
  /** The version of the features that this staging found. */
  readonly #before: number;
  /** Whether features were made of pictures that rows name already: then readers have to read them again. */
  #completed = false;

  private constructor(
    tables: { table: Table; pictures: OpenStore; features: OpenStore; before: number },
    parts: StagingParts,
    rows: StagedRows,
  ) {
    this.#table = tables.table;
    this.#pictures = tables.pictures;
    this.#features = tables.features;
    this.#before = tables.before;
    this.#parts = parts;
    this.#rows = rows.staged;
    this.rows = rows.staged;
    this.published = rows.published;
    this.#rolledBack = rows.rolledBack;
    this.#stale = new Set(parts.afresh ? [...tables.pictures.known, ...tables.features.known] : []);
  }

  static async open(parts: StagingParts): Promise<Staging> {
    const { openTable, afresh, own } = parts;
    const open = async (store: Store): Promise<OpenStore> => {
      const table = await parts.openStore(store);
      return { table, store, known: await readHashes(table) };
    };
    const pictures = await open(parts.pictures);
    const features = await open(parts.features);
    const before = await features.table.version();
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
    // Most often nothing was staged since what is live was published.
    const publishedRows = async (version: number) =>
      version === (await table.version()) ? new Map(staged) : rowsAt(version);
    const published = live === null ? new Map<string, StagedRow>() : await publishedRows(live);
    const [newest = 0] = live === null ? [] : await keptVersions(table);
    const rolledBack = live !== null && newest > live ? await rowsAt(newest) : null;
    return new Staging({ table, pictures, features, before }, parts, { staged, published, rolledBack });
  }

  /** Whether both a picture and its features are here: then a row that shows it can be written without its content. */
  isKnown(imageHash: string): boolean {
    return (
      this.#pictures.known.has(imageHash) &&
      this.#features.known.has(imageHash) &&
      !this.#stale.has(imageHash)
    );
  }

  /** What is known of these pictures, by hash. */
  featuresOf(imageHashes: readonly string[]): Promise<Map<string, PictureFeatures>> {
    return readFeatures(this.#features.table, imageHashes);
  }

  /**
   * Pictures of which this model has made nothing yet, although rows name them and their thumbnails are here: another model
   * was in use when they came, or what was made of them is damaged.
   * @param whose the staged rows, or those of the kept snapshots as well
   */
  async unseen(whose: 'staged' | 'kept'): Promise<string[]> {
    const named = new Set<string>();
    for (const { imageHash } of this.#rows.values()) named.add(imageHash);
    if (whose === 'kept') for (const hash of await this.#namedByKept()) named.add(hash);
    const { known } = this.#features;
    return [...named].filter((hash) => !known.has(hash) && this.#pictures.known.has(hash));
  }

  /** Thumbnails by hash. */
  thumbnailsOf(imageHashes: readonly string[]): Promise<Map<string, Uint8Array>> {
    return readThumbnails(this.#pictures.table, imageHashes);
  }

  /** Colour signatures that were made of pictures when another model looked at them, by hash. */
  async colorsElsewhere(imageHashes: readonly string[]): Promise<Map<string, Float32Array>> {
    const colors = new Map<string, Float32Array>();
    for (const table of await this.#parts.otherFeatures()) {
      const missing = imageHashes.filter((hash) => !colors.has(hash));
      const found = missing.length === 0 ? [] : await readColors(table, missing);
      for (const [hash, color] of found) colors.set(hash, color);
      table.close();
    }
    return colors;
  }

  /** Adds what a model has made of pictures that rows name already. */
  async addFeatures(features: ReadonlyMap<string, PictureFeatures>): Promise<void> {
    if (features.size === 0) return;
    const cells = [...features].map(([imageHash, made]) => ({ imageHash, ...made }));
    await this.#storage(() => this.#add(this.#features, cells));
    this.#completed = true;
  }

  /**
   * Adds rows or replaces those with the same key. Keys must differ within one call (Lance would keep both).
   * @throws LookalikeError CATALOG_UNREADABLE for a row without content whose picture is not known; STORAGE_*
   */
  async write(rows: readonly NewRow[]): Promise<void> {
    if (rows.length === 0) return;
    const contents = new Map<string, ImageContent>();
    for (const { row, content } of rows) {
      if (content && !this.isKnown(row.imageHash)) contents.set(row.imageHash, content);
      else if (!this.isKnown(row.imageHash))
        throw new LookalikeError('CATALOG_UNREADABLE', { item: row.key });
    }
    const cells = [...contents].map(([imageHash, content]) => ({ imageHash, ...content }));
    await this.#storage(async () => {
      await this.#add(this.#pictures, cells);
      await this.#add(this.#features, cells);
    });
    for (const hash of contents.keys()) this.#stale.delete(hash);
    await this.carry(rows.map(({ row }) => row));
  }

  /** The same for rows that are published already, whatever is known of their pictures. */
  async carry(rows: readonly ImageRow[]): Promise<void> {
    const known = rows.filter(({ key }) => this.#rows.has(key)).map(cellsOf);
    const fresh = rows.filter(({ key }) => !this.#rows.has(key)).map(cellsOf);
    await this.#storage(async () => {
      // A merge looks through the whole table for its keys; what is known not to be there is only added.
      if (fresh.length > 0) await this.#table.add(toArrow(fresh, rowSchema()));
      if (known.length === 0) return;
      await this.#table
        .mergeInsert('key')
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute(toArrow(known, rowSchema()));
    });
    for (const row of rows) this.#rows.set(row.key, row);
  }

  /** Adds to a table what it does not have; what is stale in it is replaced. */
  async #add({ table, store, known }: OpenStore, cells: readonly { imageHash: string }[]): Promise<void> {
    const fresh = cells.filter(({ imageHash }) => !known.has(imageHash));
    const stale = cells.filter(({ imageHash }) => known.has(imageHash) && this.#stale.has(imageHash));
    if (fresh.length > 0) await table.add(toArrow(fresh, store.schema));
    if (stale.length > 0) {
      const replacing = table.mergeInsert('imageHash').whenMatchedUpdateAll();
      await replacing.execute(toArrow(stale, store.schema));
    }
    for (const { imageHash } of fresh) known.add(imageHash);
  }

  /**
   * Takes away what the model made of these pictures, because it was found to be of no use, and the rows that show them and
   * that readers do not see.
   */
  async discard(imageHashes: ReadonlySet<string>): Promise<void> {
    const rows = [...this.#rows.values()].filter(
      ({ key, imageHash }) => imageHashes.has(imageHash) && this.published.get(key)?.imageHash !== imageHash,
    );
    await this.remove(rows.map(({ key }) => key));
    if (this.#parts.afresh) {
      // What it replaced is what readers need.
      await this.#storage(() => restore(this.#features.table, this.#before));
      return;
    }
    await this.#delete(this.#features.table, 'imageHash', [...imageHashes]);
    for (const hash of imageHashes) this.#features.known.delete(hash);
  }

  /** Takes rows away, by key. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#delete(this.#table, 'key', keys);
    for (const key of keys) this.#rows.delete(key);
  }

  /** Whether a staged image is found at the vector it was given: the nearest there is, or as near as that. */
  async finds(imageHash: string, vector: Float32Array): Promise<boolean> {
    const search = () =>
      this.#features.table
        .vectorSearch(vector)
        .distanceType('cosine')
        .select(['imageHash', '_distance'])
        .limit(1);
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
   * it has to be done all the same, because a table was mended or begun afresh, or features were made.
   */
  differsFromLive(): boolean {
    const { afresh, mended } = this.#parts;
    return afresh || mended || this.#completed || !sameRows(this.rows, this.published);
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
      await this.#forgetExpiring();
      await reclaim(this.#table, lock.exclusive);
      if (lock.exclusive) await removeUnfinished(uri);
      const replaced = inPlaceOf ? inPlaceOf.replaced : await liveVersion(this.#table);
      await this.#ownVersion();
      await this.#collect();
      await this.#noteStores();
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
        ? await withFilesOf(uri, PRODUCT_IMAGES, await readIntegrity(uri, PRODUCT_IMAGES), logged, kept)
        : null;
      // The new version's files and not yet its name: should this process be killed now, it was never published.
      if (noted)
        await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots: noted.snapshots.slice(0, -1) });
      await log.write(logged);
      await lock.verify();
      await moveLive(this.#table, info.version);
      if (inPlaceOf) await dropKept(this.#table, inPlaceOf.version);
      // It is published: what only helps after damage must not make a failure of it.
      if (noted)
        await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, live: info.version }).catch(console.error);
      return info;
    });
  }

  /** Lets the next writer in. What is staged stays. */
  async close(): Promise<void> {
    for (const table of [this.#table, this.#pictures.table, this.#features.table]) table.close();
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
    await restore(this.#table, version);
  }

  /**
   * Deletes the pictures that neither a kept snapshot nor a staged row names, with what all models made of them, when it is
   * worth writing the tables anew. Killed in between it has deleted less.
   */
  async #collect(): Promise<void> {
    const pictures = new Set([...this.#pictures.known, ...this.#features.known]);
    const named = new Set([...this.#rows.values()].map(({ imageHash }) => imageHash));
    const isWorthIt = () => {
      const unnamed = pictures.size - named.size;
      return unnamed >= LEAST_UNNAMED && unnamed >= pictures.size * SHARE_UNNAMED;
    };
    // The snapshots that are kept are only read when it may be.
    if (!isWorthIt()) return;
    for (const hash of await this.#namedByKept()) named.add(hash);
    if (!isWorthIt()) return;
    const unnamed = [...pictures].filter((hash) => !named.has(hash));
    const { otherFeatures, lock, uri } = this.#parts;
    const others = await otherFeatures();
    for (const table of [...others, this.#features.table, this.#pictures.table]) {
      await this.#delete(table, 'imageHash', unnamed);
      await pruneStore(table, lock.exclusive);
    }
    for (const table of others) {
      if (isFolder(uri)) await noteNewest(uri, table.name);
      table.close();
    }
    for (const hash of unnamed) {
      this.#pictures.known.delete(hash);
      this.#features.known.delete(hash);
    }
  }

  /** Before their tags go: should this process be killed in between, a note without its tag would be called damage. */
  async #forgetExpiring(): Promise<void> {
    const { uri } = this.#parts;
    const expiring = isFolder(uri) ? await expiringVersions(this.#table) : [];
    if (expiring.length === 0) return;
    const noted = await readIntegrity(uri, PRODUCT_IMAGES);
    const snapshots = noted.snapshots.filter(({ version }) => !expiring.includes(version));
    await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots });
  }

  /** Makes room in the tables of pictures and features, and notes what they consist of. */
  async #noteStores(): Promise<void> {
    const { uri, lock } = this.#parts;
    for (const { table, store } of [this.#pictures, this.#features]) {
      await reclaimStore(table, lock.exclusive);
      if (isFolder(uri)) await noteNewest(uri, store.name);
    }
  }

  /** Hashes of the pictures that kept snapshots name. */
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

  /** Takes away rows by the values of a column, some hundreds at a time. */
  async #delete(table: Table, column: 'key' | 'imageHash', values: readonly string[]): Promise<void> {
    const batch = 500;
    for (let i = 0; i < values.length; i += batch) {
      await this.#storage(() => table.delete(columnIn(column, values.slice(i, i + batch))));
    }
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

/** Makes the newest version the same as an older one. */
async function restore(table: Table, version: number): Promise<void> {
  await table.checkout(version);
  await table.restore();
  await table.checkoutLatest();
}

function sameRows(a: ReadonlyMap<string, StagedRow>, b: ReadonlyMap<string, StagedRow>): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((row) => isSameRow(b.get(row.key), row));
}
