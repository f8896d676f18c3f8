import type { Connection, Table } from '@lancedb/lancedb';
import {
  type DiskUse,
  type Snapshot as PublishedSnapshot,
  snapshot as publishedSnapshot,
  type SnapshotDiff,
  type SnapshotInfo,
  type Thumbnail,
} from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { isOfTheDisk, storageError } from '../files/storage-error.ts';
import { compareTables } from './compare.ts';
import { type DamagedFile, type Examination, examineStore } from './condition.ts';
import { folderUse } from './disk.ts';
import {
  forgetIntegrity,
  isIntegrityDamaged,
  type LogEntry,
  readIntegrity,
  writeIntegrity,
} from './integrity.ts';
import { featuresTable, integrityFile, modelsWithFeatures, PICTURES, PRODUCT_IMAGES } from './layout.ts';
import { type CatalogLock, lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { beginAnew, mendRows, mendStore, openNewest } from './mend.ts';
import { bringForward, noteSchema } from './migrate.ts';
import { uidOfKey } from './product-ids.ts';
import { liveVersion, moveLive } from './published.ts';
import { type CatalogRow, readStagedRows, type StagedRow, scanRows } from './rows.ts';
import { type ImageRow, rowSchema } from './schema.ts';
import type { Ownership } from './sources.ts';
import { Staging, type StagingParts } from './staging.ts';
import {
  featureStore,
  openStore,
  PICTURE_STORE,
  readFeatures,
  readHashes,
  readThumbnails,
} from './stores.ts';
import { type CatalogCondition, TableWatch } from './table-watch.ts';
import { connectTables, isFolder } from './tables.ts';

/** The model whose features are asked for: those of different models cannot be compared. */
export interface CatalogModel {
  id: string;
  dim: number;
}

/** How long a writer waits for another one, and who is told of it. */
export interface Waiting {
  signal: AbortSignal;
  onWait: () => void;
}

export interface StageOptions {
  /** Begin with none of the rows that are owned, so that nothing is taken over. */
  afresh?: boolean;
  /** What the import may change, asked when nobody else can publish any more; everything when left out. */
  owned?: (live: PublishedSnapshot | null) => Ownership;
  /** Wait for another writer; fail with CATALOG_BUSY when left out. */
  waiting?: Waiting;
}

/** A version of the product images and what is known of their pictures, over a connection of its own. */
export interface TableVersion {
  /** The product images, checked out at the version. */
  table: Table;
  /** The pictures at their newest version; null when they cannot be opened: then all is found and nothing is seen. */
  pictures: Table | null;
  /** The model's features at their newest version. */
  features: Table;
  /** Closes the tables and their connection. */
  close: () => void;
}

/**
 * The Lance tables at one URI, as one model sees them: the product images, which have versions that are published and can
 * be gone back to; the pictures that they show; what each model makes of those; and the log of what was published.
 */
export class Catalog {
  /** Where its tables lie: a folder, or any place LanceDB can reach (`s3://…`). */
  readonly uri: string;
  readonly #db: Connection;
  readonly #model: CatalogModel;
  readonly #log: SnapshotLog;
  /** Which versions there are, and which of them are whole. */
  readonly #watch: TableWatch;

  protected constructor(db: Connection, uri: string, model: CatalogModel) {
    this.#db = db;
    this.uri = uri;
    this.#model = model;
    this.#log = new SnapshotLog(db, uri);
    this.#watch = new TableWatch(uri, model.id, () => this.#openTable());
  }

  /**
   * @param uri a folder, or any place LanceDB can reach (`s3://…`).
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(uri: string, model: CatalogModel): Promise<Catalog> {
    return new Catalog(await connected(uri), uri, model);
  }

  /**
   * Ids of the models that a published catalog at this URI can be searched with, the one that something was published with
   * last first.
   * @throws LookalikeError CATALOG_UNREADABLE when there is no reading the place at all
   */
  static async publishedModels(uri: string): Promise<string[]> {
    const db = await connected(uri);
    try {
      const names = new Set(await db.tableNames());
      const models = [...names].flatMap((name) =>
        name.startsWith(FEATURES_PREFIX) ? [name.slice(FEATURES_PREFIX.length)] : [],
      );
      if (models.length === 0 || !names.has(PRODUCT_IMAGES)) return [];
      const last = await lastModel(db, uri);
      return models.sort((a, b) => Number(b === last) - Number(a === last) || (a < b ? -1 : 1));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
    }
  }

  /**
   * Takes away all that a model has made of pictures. What is published stays, for other models.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  static async drop(uri: string, modelId: string): Promise<void> {
    const lock = await lockCatalog(uri);
    try {
      const db = await connectTables(uri);
      await forgetIntegrity(uri, featuresTable(modelId));
      if (!(await db.tableNames()).includes(featuresTable(modelId))) return;
      await db.dropTable(featuresTable(modelId));
    } catch (cause) {
      throw storageError(cause, uri);
    } finally {
      await lock.release();
    }
  }

  /** Closes what is open. Ask nothing of it from now on. */
  async close(): Promise<void> {
    this.#db.close();
  }

  /**
   * Which version answers: the published one or, where that is damaged, the newest whole one; null before the first
   * import. The `live` tag is read on every call, so that a publish by another process is noticed.
   * @throws LookalikeError CATALOG_DAMAGED when something is published and no version of it is whole
   */
  async answeringVersion(): Promise<number | null> {
    const { condition } = await this.#watch.look();
    if (condition.features.state === 'absent') return null;
    if (condition.answering === null && condition.live !== null) throw this.#damaged(condition);
    return condition.answering;
  }

  /** Whether any version can be read; false before the first import too. */
  async isReadable(): Promise<boolean> {
    return (await this.#watch.look()).condition.answering !== null;
  }

  /** Whether what answers was published before the bytes of its files were noted: only reading it can find damage. */
  async isUnnoted(): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const { condition, noted } = await this.#watch.look();
    return (
      condition.answering !== null && !noted.snapshots.some(({ version }) => version === condition.answering)
    );
  }

  /**
   * Counts a version that could not be read as damaged, so that the next question goes to another one.
   * @returns whether there may be another one
   */
  distrust(version: number, error: unknown): Promise<boolean> {
    return this.#watch.distrust(version, error);
  }

  /**
   * What is known of a publish.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async infoOf(version: number): Promise<PublishedSnapshot> {
    return publishedSnapshot.parse(await this.#entry(version));
  }

  /**
   * The table at a version. Over a connection of its own, because a connection keeps what it has read of indexes, with
   * open files, for as long as it lives.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  tableAt(version: number): Promise<TableVersion> {
    return this.reading(async () => {
      const { table, db, close } = await this.#openAt(version);
      try {
        const features = await db.openTable(featuresTable(this.#model.id)).catch((cause: unknown) => {
          throw featuresUnreadable(this.#model.id, cause);
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

  get modelId(): string {
    return this.#model.id;
  }

  /** What is published now, without reading it into memory; null when nothing is, or nothing of it can be read. */
  async liveInfo(): Promise<PublishedSnapshot | null> {
    const { condition } = await this.#watch.look();
    const { answering } = condition;
    return answering === null ? null : publishedSnapshot.parse(await this.#entry(answering));
  }

  /** What is wrong with this catalog, for the status. */
  async damage(): Promise<Fault[]> {
    const { condition } = await this.#watch.look();
    const faults: Fault[] = [];
    const { live, answering, damaged, pictures } = condition;
    if (condition.features.state === 'absent') return [];
    const [picture] = pictures.files;
    if (picture) {
      const params = { files: pictures.files.length, example: picture.path };
      faults.push({ code: 'CATALOG_PICTURES_DAMAGED', params });
    }
    const files = condition.files.filter((file) => !pictures.files.includes(file));
    const [first] = files;
    if (live !== answering || (first && answering === null)) {
      const entry = answering === null ? null : await this.#entry(answering);
      faults.push(damagedFault(condition, entry));
    } else if (first) {
      const words = condition.brokenIndexes.length > 0;
      if (words) faults.push({ code: 'WORDS_INDEX_DAMAGED', params: {} });
      const others = words ? files.filter(({ path }) => !path.includes('/_indices/')) : files;
      const [example] = others;
      if (example) {
        const params = { snapshots: damaged.size, files: others.length, example: example.path };
        faults.push({ code: 'SNAPSHOTS_DAMAGED', params });
      }
    }
    for (const table of isFolder(this.uri) ? this.#tableNames : []) {
      if (!(await isIntegrityDamaged(this.uri, table))) continue;
      const params = { file: integrityFile(table), of: 'integrity', kept: null } as const;
      faults.push({ code: 'FILE_DAMAGED', params });
    }
    if (await this.#log.damage()) {
      faults.push({ code: 'SNAPSHOT_LIST_DAMAGED', params: {} });
    }
    return faults;
  }

  /** Whether the next sync should write although its feed has not changed. */
  async needsMending(): Promise<boolean> {
    const { condition } = await this.#watch.look();
    if (condition.files.length > 0 || condition.live !== condition.answering) return true;
    return (await this.#areNotesDamaged()) || (await this.#log.damage()) !== null;
  }

  /** Damage to the list of snapshots, which all models share; null when it is whole. */
  listDamage(): Promise<DamagedFile | null> {
    return this.#log.damage();
  }

  /**
   * Reads every byte of what is kept and compares it with what was noted when it was published; what is found to be
   * damaged counts as such from then on, in other processes too.
   * @param options.pause awaited between megabytes
   * @throws LookalikeError CATALOG_UNREADABLE, CANCELLED
   */
  check(options: Pick<Examination, 'pause' | 'count'> = {}): Promise<CatalogCondition> {
    return this.#watch.check(options);
  }

  /**
   * The one writer of this catalog, until it is closed. Readers go on reading what is published. What is damaged is mended
   * first; see `mendRows`.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*, CANCELLED
   */
  async stage({ afresh = false, owned, waiting }: StageOptions = {}): Promise<Staging> {
    const lock = waiting ? await this.#lockWhenFree(waiting) : await lockCatalog(this.uri);
    try {
      const own = owned ? owned(await this.liveInfo()) : null;
      const staging = await this.#openStaging(lock, { afresh, own });
      await this.#restoreOthers(staging);
      return staging;
    } catch (cause) {
      await lock.release();
      throw storageError(cause, this.uri);
    }
  }

  /**
   * Waits until nobody writes this catalog.
   * @throws LookalikeError STORAGE_*, CANCELLED
   */
  async whenFree(waiting: Waiting): Promise<void> {
    const lock = await this.#lockWhenFree(waiting);
    await lock.release();
  }

  /** @throws LookalikeError STORAGE_*, CANCELLED */
  async #lockWhenFree({ signal, onWait }: Waiting): Promise<CatalogLock> {
    for (;;) {
      if (signal.aborted) throw new LookalikeError('CANCELLED');
      try {
        return await lockCatalog(this.uri);
      } catch (error) {
        if (!(error instanceof LookalikeError) || error.code !== 'CATALOG_BUSY') throw error;
        onWait();
      }
    }
  }

  /**
   * Puts rows of sources that an import does not own back to what is published: what another source's sync has staged is
   * for that source to publish.
   */
  async #restoreOthers(staging: Staging): Promise<void> {
    const { added, missing } = staging.strayed();
    await staging.remove(added);
    const live = missing.size > 0 ? await this.liveInfo() : null;
    if (!live) return;
    for await (const rows of this.scanRows(live.version, ({ key }) => missing.has(key)))
      await staging.carry(rows);
  }

  /**
   * Makes the indexes of words anew and publishes the same rows again in place of the live snapshot, under its name. What
   * was staged and not published is let go of.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  async mendWords(): Promise<void> {
    const lock = await lockCatalog(this.uri);
    try {
      const { answering } = (await this.#watch.look()).condition;
      if (answering === null) return;
      const live = await this.#entry(answering);
      const staging = await this.#openStaging(lock, { words: true });
      await staging.republish(live);
      await staging.close();
    } catch (cause) {
      throw storageError(cause, this.uri);
    } finally {
      await lock.release();
    }
  }

  /**
   * The snapshots that can be gone back to, newest first.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async snapshots(): Promise<SnapshotInfo[]> {
    const { condition } = await this.#watch.look();
    const { answering, kept, damaged } = condition;
    const infos: SnapshotInfo[] = [];
    for (const version of kept) {
      const isDamaged = damaged.has(version);
      const entry = await this.#entry(version).catch(() => null);
      if (entry) infos.push({ ...entry, live: version === answering, damaged: isDamaged });
    }
    return infos;
  }

  /**
   * What going from one snapshot to another would change for readers.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async compareSnapshots(from: number, to: number): Promise<SnapshotDiff> {
    const infos = { from: await this.#kept(from), to: await this.#kept(to) };
    return this.reading(async () => {
      const [before, after] = [await this.#openAt(from), await this.#openAt(to)];
      try {
        return { ...infos, ...(await compareTables(before.table, after.table)) };
      } finally {
        before.close();
        after.close();
      }
    });
  }

  /**
   * Lets readers see a kept snapshot, an older one or a newer one, from their next question on. The next import brings
   * the catalog to its feed as always, whatever is live then; see `Staging.wasRolledBack` for one that brings nothing new.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED
   */
  async rollback(version: number): Promise<SnapshotInfo> {
    const lock = await lockCatalog(this.uri);
    try {
      // Asked under the lock: a publish may have dropped it a moment ago.
      const info = await this.#kept(version);
      if (await this.needsMending()) await this.#mend('lengths');
      const table = await this.#openTable();
      await lock.verify();
      await moveLive(table, version);
      table.close();
      await this.#noteLive(version);
      return { ...info, live: true };
    } catch (cause) {
      throw storageError(cause, this.uri);
    } finally {
      await lock.release();
    }
  }

  /**
   * What tells the rows of a kept snapshot apart, by key.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async rows(version: number): Promise<Map<string, StagedRow>> {
    await this.#kept(version);
    return this.#at(version, readStagedRows);
  }

  /**
   * Thumbnails by image hash. Those that are not kept are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    return this.reading(async () => {
      const found = await this.#withTable(PICTURES, (pictures) => readThumbnails(pictures, imageHashes));
      return imageHashes.flatMap((id) => {
        const bytes = found?.get(id);
        // A copy: a Buffer may be a view on a larger pool, all of which would cross the port with it.
        return bytes ? [{ id, bytes: Uint8Array.from(bytes) }] : [];
      });
    });
  }

  /**
   * Hashes of the pictures that kept snapshots name and of which this model has made nothing yet.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async unseenPictures(): Promise<string[]> {
    const { condition } = await this.#watch.look();
    return this.reading(async () => {
      const features = featuresTable(this.#model.id);
      const known = (await this.#withTable(features, readHashes)) ?? new Set<string>();
      const named = new Set<string>();
      for (const version of condition.kept) {
        if (condition.damaged.has(version)) continue;
        for (const hash of await this.#at(version, readHashes)) named.add(hash);
      }
      return [...named].filter((hash) => !known.has(hash));
    });
  }

  /**
   * The rows of a kept snapshot with all that is known of their pictures, some hundreds at a time.
   * @param wanted the others' pictures are not even read
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE when a picture or its features are missing
   */
  async *scan(
    version: number,
    wanted: (row: StagedRow) => boolean = () => true,
  ): AsyncGenerator<CatalogRow[], void> {
    await this.#kept(version);
    const { table, pictures, features, close } = await this.tableAt(version);
    try {
      for await (const rows of this.#batches(table, wanted)) {
        yield await this.reading(() => withContents(rows, pictures, features));
      }
    } finally {
      close();
    }
  }

  /**
   * The rows of a kept snapshot whose picture, or what the model has made of it, is missing.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async incompleteRows(version: number, wanted: (row: StagedRow) => boolean): Promise<ImageRow[]> {
    const names = [PICTURES, featuresTable(this.#model.id)];
    const stores = await this.reading(() =>
      Promise.all(names.map((name) => this.#withTable(name, readHashes))),
    );
    const incomplete: ImageRow[] = [];
    for await (const rows of this.scanRows(version, wanted)) {
      incomplete.push(...rows.filter(({ imageHash }) => stores.some((hashes) => !hashes?.has(imageHash))));
    }
    return incomplete;
  }

  /**
   * The rows of a kept snapshot without their pictures, some hundreds at a time.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async *scanRows(version: number, wanted: (row: StagedRow) => boolean): AsyncGenerator<ImageRow[], void> {
    await this.#kept(version);
    const { table, close } = await this.reading(() => this.#openAt(version));
    try {
      yield* this.#batches(table, wanted);
    } finally {
      close();
    }
  }

  async *#batches(table: Table, wanted: (row: StagedRow) => boolean): AsyncGenerator<ImageRow[], void> {
    const batches = scanRows(table, wanted);
    let batch = await this.reading(() => batches.next());
    while (!batch.done) {
      yield batch.value;
      batch = await this.reading(() => batches.next());
    }
  }

  /** What the whole catalog takes, all models and snapshots; null when it is not a folder of this machine. */
  async diskUse(): Promise<DiskUse | null> {
    return isFolder(this.uri) ? folderUse(this.uri) : null;
  }

  async #kept(version: number): Promise<SnapshotInfo> {
    const info = (await this.snapshots()).find(
      (snapshot) => snapshot.version === version && !snapshot.damaged,
    );
    if (!info) throw new LookalikeError('SNAPSHOT_UNKNOWN', { item: String(version) });
    return info;
  }

  /** What is known of a publish: from the notes, from the log, or else from the table itself. */
  async #entry(version: number): Promise<LogEntry> {
    const { noted } = await this.#watch.look();
    const known = noted.snapshots.find((entry) => entry.version === version);
    return known ?? (await this.#logged())?.get(version) ?? this.#recovered(version);
  }

  /** The log's entries; null when it cannot be read. */
  #logged(): Promise<ReadonlyMap<number, LogEntry> | null> {
    return this.#log.entries().catch(() => null);
  }

  async #recovered(version: number): Promise<LogEntry> {
    const { timestamp, rows } = await this.#at(version, async (table) => ({
      timestamp: (await table.listVersions()).find((each) => each.version === version)?.timestamp,
      rows: await readStagedRows(table),
    }));
    return {
      modelId: this.#model.id,
      version,
      name: `Snapshot ${version}`,
      source: '',
      publishedAt: (timestamp ?? new Date(0)).toISOString(),
      products: new Set([...rows.keys()].map(uidOfKey)).size,
      images: rows.size,
      seconds: null,
      replaced: null,
    };
  }

  async #openStaging(
    lock: CatalogLock,
    {
      afresh = false,
      own = null,
      words = false,
    }: { afresh?: boolean; own?: Ownership | null; words?: boolean },
  ): Promise<Staging> {
    const { uri } = this;
    const { id: modelId } = this.#model;
    await noteSchema(uri);
    const db = await connectTables(uri);
    const parts: Omit<StagingParts, 'mended' | 'before' | 'onClose'> = {
      openTable: () => db.createEmptyTable(PRODUCT_IMAGES, rowSchema(), { existOk: true }),
      openStore: (store) => openStore(db, store),
      pictures: PICTURE_STORE,
      features: featureStore(this.#model),
      otherFeatures: () => openOthers(db, featuresTable(modelId)),
      uri,
      modelId,
      log: this.#log,
      lock,
      afresh,
      own,
    };
    const open = async (mended: boolean) =>
      Staging.open({ ...parts, mended, before: await this.liveInfo(), onClose: () => db.close() });
    try {
      return await this.#openMended(open, words);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async #openMended(open: (mended: boolean) => Promise<Staging>, words: boolean): Promise<Staging> {
    const mended = await this.#mend('bytes', words);
    try {
      return await open(mended);
    } catch (error) {
      if (!isFolder(this.uri) || isOfTheDisk(storageError(error))) throw error;
      // Damage that only Lance can see: in staged rows, or anywhere in a table without notes.
      if ((await this.#watch.look()).condition.answering === null) {
        await beginAnew(this.#db, this.uri);
      } else await this.#mend('bytes', true);
      return open(true);
    }
  }

  async #areNotesDamaged(): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const damaged = this.#tableNames.map((table) => isIntegrityDamaged(this.uri, table));
    return (await Promise.all(damaged)).includes(true);
  }

  async #mend(how: 'lengths' | 'bytes', words = false): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const { unreadable, featuresUnreadable } = this.#watch;
    // Notes are written anew by a publish.
    const unnoted = await this.#areNotesDamaged();
    const mended = [
      await mendRows(this.#db, this.uri, { unreadable, how, words }),
      await mendStore(this.#db, this.uri, PICTURE_STORE, { how }),
      await mendStore(this.#db, this.uri, featureStore(this.#model), {
        how,
        isUnreadable: featuresUnreadable,
      }),
    ].includes(true);
    if (mended) this.#watch.mended();
    // After the tables, whose lost snapshots the notes no longer name.
    await this.#log.mend();
    return mended || unnoted;
  }

  /** So that the live version is known when its tag is damaged. */
  async #noteLive(version: number): Promise<void> {
    if (!isFolder(this.uri)) return;
    const noted = await readIntegrity(this.uri, PRODUCT_IMAGES);
    if (noted.snapshots.length === 0) return;
    await writeIntegrity(this.uri, PRODUCT_IMAGES, { ...noted, live: version }).catch(console.error);
  }

  #damaged(condition: CatalogCondition): LookalikeError {
    return new LookalikeError(damagedFault(condition, null), { item: this.uri });
  }

  #openTable(): Promise<Table> {
    return this.#db.openTable(PRODUCT_IMAGES);
  }

  /** The tables that are noted. */
  get #tableNames(): string[] {
    return [PRODUCT_IMAGES, PICTURES, featuresTable(this.#model.id)];
  }

  /** Reads from a table at its newest version; null when there is no such table. */
  async #withTable<T>(name: string, read: (table: Table) => Promise<T>): Promise<T | null> {
    if (!(await this.#db.tableNames()).includes(name)) return null;
    const table = await this.#db.openTable(name);
    try {
      return await read(table);
    } finally {
      table.close();
    }
  }

  async #openAt(version: number): Promise<{ table: Table; db: Connection; close: () => void }> {
    const db = await connectTables(this.uri);
    try {
      const table = await this.#tableAt(db, version);
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

  #tableAt(db: Connection, version: number): Promise<Table> {
    const open = () => db.openTable(PRODUCT_IMAGES, undefined, { version });
    return open().catch(async (error: unknown) => {
      if (!isFolder(this.uri)) throw error;
      // Lance reads the newest manifest first, whichever version is asked for.
      const lock = await lockCatalog(this.uri);
      try {
        (await openNewest(this.#db, this.uri, PRODUCT_IMAGES, version)).close();
        return await open();
      } finally {
        await lock.release();
      }
    });
  }

  /** Reads from a version of the table. */
  #at<T>(version: number, read: (table: Table) => Promise<T>): Promise<T> {
    return this.reading(async () => {
      const { table, close } = await this.#openAt(version);
      try {
        return await read(table);
      } finally {
        close();
      }
    });
  }

  /** Runs what reads the tables; a failure of Lance becomes CATALOG_UNREADABLE. */
  protected async reading<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof LookalikeError) throw cause;
      throw new LookalikeError('CATALOG_UNREADABLE', { item: this.uri, cause });
    }
  }
}

const FEATURES_PREFIX = featuresTable('');

/**
 * Connects to the tables, brought to this app's version.
 * @throws LookalikeError CATALOG_UNREADABLE, CATALOG_TOO_NEW, CATALOG_NEEDS_SPACE, CATALOG_BUSY, STORAGE_*
 */
export async function connected(uri: string): Promise<Connection> {
  await bringForward(uri);
  try {
    return await connectTables(uri);
  } catch (cause) {
    throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
  }
}

/**
 * How the features of the models in a catalog's folder are, by the models' ids.
 * @param except a model that is looked at elsewhere
 */
export async function examineOthers(
  uri: string,
  except: string,
  options: Pick<Examination, 'how' | 'pause' | 'count'>,
): Promise<Map<string, DamagedFile[]>> {
  const damaged = new Map<string, DamagedFile[]>();
  for (const modelId of await modelsWithFeatures(uri)) {
    if (modelId === except) continue;
    const table = featuresTable(modelId);
    const noted = await readIntegrity(uri, table);
    const { files } = await examineStore({ ...options, uri, table, noted });
    const isUnread = await isIntegrityDamaged(uri, table);
    damaged.set(modelId, isUnread ? [...files, { path: integrityFile(table), how: 'unreadable' }] : files);
  }
  return damaged;
}

/** A failure of a model's features, which all versions need. */
export function featuresUnreadable(modelId: string, cause: unknown): LookalikeError {
  return new LookalikeError('CATALOG_UNREADABLE', { item: featuresTable(modelId), cause });
}

/** With what is known of their pictures. */
async function withContents(
  rows: readonly ImageRow[],
  pictures: Table | null,
  features: Table,
): Promise<CatalogRow[]> {
  const hashes = [...new Set(rows.map(({ imageHash }) => imageHash))];
  const thumbnails = pictures ? await readThumbnails(pictures, hashes) : new Map<string, Uint8Array>();
  const made = await readFeatures(features, hashes);
  return rows.map((row) => {
    const [thumbnail, feature] = [thumbnails.get(row.imageHash), made.get(row.imageHash)];
    if (!thumbnail || !feature) throw new LookalikeError('CATALOG_UNREADABLE', { item: row.key });
    return { row, content: { ...feature, thumbnail } };
  });
}

/** The features of all models but one. */
async function openOthers(db: Connection, except: string): Promise<Table[]> {
  const names = (await db.tableNames()).filter((name) => name.startsWith(FEATURES_PREFIX) && name !== except);
  const opened = await Promise.all(names.map((name) => db.openTable(name).catch(() => null)));
  return opened.filter((table) => table !== null);
}

/** The model that what is live was published with; null when that is not known. */
async function lastModel(db: Connection, uri: string): Promise<string | null> {
  const { live, snapshots } = await readIntegrity(uri, PRODUCT_IMAGES);
  const noted = snapshots.find(({ version }) => version === live);
  if (noted) return noted.modelId;
  try {
    const table = await db.openTable(PRODUCT_IMAGES);
    const version = await liveVersion(table);
    return (await new SnapshotLog(db, uri).entries()).get(version ?? 0)?.modelId ?? null;
  } catch {
    return null;
  }
}

function damagedFault({ files }: CatalogCondition, answering: LogEntry | null): Fault {
  const { name, publishedAt } = answering ?? {};
  return {
    code: 'CATALOG_DAMAGED',
    params: {
      answering: name === undefined || publishedAt === undefined ? null : { name, publishedAt },
      files: files.length,
      example: files[0]?.path ?? '',
    },
  };
}
