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
import { type Condition, type DamagedFile, type Examination, examine } from './condition.ts';
import { folderUse } from './disk.ts';
import {
  forgetIntegrity,
  isIntegrityDamaged,
  type LogEntry,
  readIntegrity,
  writeIntegrity,
} from './integrity.ts';
import { integrityFile, modelsWithTable, tableName } from './layout.ts';
import { type CatalogLock, lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { beginAnew, mendTable, openNewest } from './mend.ts';
import { uidOfKey } from './product-ids.ts';
import { liveVersion, moveLive } from './published.ts';
import { type CatalogRow, readStagedRows, readThumbnails, type StagedRow, scanRows } from './rows.ts';
import { addMissingColumns, tableSchema } from './schema.ts';
import type { Ownership } from './sources.ts';
import { Staging } from './staging.ts';
import { TableWatch } from './table-watch.ts';
import { connectTables, isFolder } from './tables.ts';

/** The model whose vectors a table holds: tables of different models cannot be mixed. */
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

/** A version of a model's table, over a connection of its own. */
export interface TableVersion {
  /** Checked out at the version. */
  table: Table;
  /** Closes the table and its connection. */
  close: () => void;
}

/** The Lance tables at one URI: one for each model's images, and the log of what was published. */
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
   * Ids of the models that have a published catalog at this URI, the one published last first. A table that does not
   * open counts by what was noted beside it.
   * @throws LookalikeError CATALOG_UNREADABLE when there is no reading the place at all
   */
  static async publishedModels(uri: string): Promise<string[]> {
    try {
      const db = await connectTables(uri);
      const published: { modelId: string; madeAt: number }[] = [];
      for (const name of await db.tableNames()) {
        if (!name.startsWith(TABLE_PREFIX)) continue;
        const modelId = name.slice(TABLE_PREFIX.length);
        const madeAt = await publishedAt(db, name).catch(() => notedTime(uri, modelId));
        if (madeAt !== null) published.push({ modelId, madeAt });
      }
      published.sort((a, b) => b.madeAt - a.madeAt);
      return published.map(({ modelId }) => modelId);
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
    }
  }

  /**
   * Takes away all that a model's table holds, published snapshots included. One that is not there is gone already.
   * @throws LookalikeError CATALOG_BUSY, STORAGE_*
   */
  static async drop(uri: string, modelId: string): Promise<void> {
    const lock = await lockCatalog(uri);
    try {
      const db = await connectTables(uri);
      await forgetIntegrity(uri, modelId);
      if (!(await db.tableNames()).includes(tableName(modelId))) return;
      await db.dropTable(tableName(modelId));
      // Entries without a table are harmless, and a damaged log is the next publish's to mend.
      await new SnapshotLog(db, uri).forget(modelId).catch(console.error);
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
    return this.reading(() => this.#openAt(version));
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
    const { live, answering, damaged, files } = condition;
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
    if (await this.#areNotesDamaged()) {
      const file = integrityFile(this.#model.id);
      faults.push({ code: 'FILE_DAMAGED', params: { file, of: 'integrity', kept: null } });
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
  check(options: Pick<Examination, 'pause' | 'count'> = {}): Promise<Condition> {
    return this.#watch.check(options);
  }

  /**
   * The one writer of this catalog, until it is closed. Readers go on reading what is published. What is damaged is mended
   * first; see `mendTable`.
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
    for await (const rows of this.scan(live.version, ({ key }) => missing.has(key)))
      await staging.write(rows);
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
   * Thumbnails by image hash, from the newest kept snapshot that has them. Those that none has are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const found: Thumbnail[] = [];
    const { condition } = await this.#watch.look();
    for (const version of condition.kept) {
      const has = new Set(found.map(({ id }) => id));
      const missing = imageHashes.filter((id) => !has.has(id));
      if (missing.length === 0) break;
      if (condition.damaged.has(version)) continue;
      found.push(...(await this.#at(version, (kept) => readThumbnails(kept, missing))));
    }
    return found;
  }

  /**
   * The rows of a kept snapshot with their vectors and thumbnails, some hundreds at a time.
   * @param wanted the others' thumbnails are not even read
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async *scan(
    version: number,
    wanted: (row: StagedRow) => boolean = () => true,
  ): AsyncGenerator<CatalogRow[], void> {
    await this.#kept(version);
    const { table, close } = await this.reading(() => this.#openAt(version));
    try {
      const batches = scanRows(table, wanted);
      let batch = await this.reading(() => batches.next());
      while (!batch.done) {
        yield batch.value;
        batch = await this.reading(() => batches.next());
      }
    } finally {
      close();
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
    return this.#log.entries(this.#model.id).catch(() => null);
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
    const { id: modelId, dim } = this.#model;
    const db = await connectTables(this.uri);
    const openTable = async () => {
      const name = tableName(modelId);
      if (!(await db.tableNames()).includes(name)) return db.createEmptyTable(name, tableSchema(dim));
      const table = await db.openTable(name);
      await addMissingColumns(table);
      return table;
    };
    const parts = { openTable, uri: this.uri, modelId, log: this.#log, lock, afresh, own };
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
        await beginAnew(this.#db, this.uri, this.#model);
      } else await this.#mend('bytes', true);
      return open(true);
    }
  }

  async #areNotesDamaged(): Promise<boolean> {
    return isFolder(this.uri) && (await isIntegrityDamaged(this.uri, this.#model.id));
  }

  async #mend(how: 'lengths' | 'bytes', words = false): Promise<boolean> {
    if (!isFolder(this.uri)) return false;
    const { unreadable } = this.#watch;
    // Notes are written anew by a publish.
    const unnoted = await this.#areNotesDamaged();
    const mended = await mendTable(this.#db, this.uri, this.#model, { unreadable, how, words });
    if (mended) this.#watch.forget();
    // After the table, whose lost snapshots the notes no longer name.
    await this.#log.mend();
    return mended || unnoted;
  }

  /** So that the live version is known when its tag is damaged. */
  async #noteLive(version: number): Promise<void> {
    if (!isFolder(this.uri)) return;
    const noted = await readIntegrity(this.uri, this.#model.id);
    if (noted.snapshots.length === 0) return;
    await writeIntegrity(this.uri, this.#model.id, { ...noted, live: version }).catch(console.error);
  }

  #damaged(condition: Condition): LookalikeError {
    return new LookalikeError(damagedFault(condition, null), { item: this.uri });
  }

  #openTable(): Promise<Table> {
    return this.#db.openTable(tableName(this.#model.id));
  }

  async #openAt(version: number): Promise<TableVersion> {
    const db = await connectTables(this.uri);
    try {
      const table = await this.#tableAt(db, version);
      const close = () => {
        table.close();
        db.close();
      };
      return { table, close };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  #tableAt(db: Connection, version: number): Promise<Table> {
    const open = () => db.openTable(tableName(this.#model.id), undefined, { version });
    return open().catch(async (error: unknown) => {
      if (!isFolder(this.uri)) throw error;
      // Lance reads the newest manifest first, whichever version is asked for.
      const lock = await lockCatalog(this.uri);
      try {
        (await openNewest(this.#db, this.uri, this.#model.id, version)).close();
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

const TABLE_PREFIX = tableName('');

/** @throws LookalikeError CATALOG_UNREADABLE */
export async function connected(uri: string): Promise<Connection> {
  try {
    return await connectTables(uri);
  } catch (cause) {
    throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
  }
}

/**
 * How the tables in a catalog's folder are, by their models.
 * @param except a model that is looked at elsewhere
 */
export async function examineOthers(
  uri: string,
  except: string,
  options: Pick<Examination, 'how' | 'pause' | 'count'>,
): Promise<Map<string, Condition>> {
  const conditions = new Map<string, Condition>();
  for (const modelId of await modelsWithTable(uri)) {
    if (modelId === except) continue;
    const noted = await readIntegrity(uri, modelId);
    const condition = await examine({ ...options, uri, modelId, noted });
    const isUnread = await isIntegrityDamaged(uri, modelId);
    const notes: DamagedFile[] = isUnread ? [{ path: integrityFile(modelId), how: 'unreadable' }] : [];
    conditions.set(modelId, { ...condition, files: [...condition.files, ...notes] });
  }
  return conditions;
}

/** When the live version of a table was made, in milliseconds; null when it has published nothing. */
async function publishedAt(db: Connection, name: string): Promise<number | null> {
  const table = await db.openTable(name);
  const live = await liveVersion(table);
  const made = (await table.listVersions()).find(({ version }) => version === live);
  return made ? made.timestamp.getTime() : null;
}

/** The same from the notes; 0 for a table of which nothing is known. */
async function notedTime(uri: string, modelId: string): Promise<number | null> {
  const { live, snapshots } = await readIntegrity(uri, modelId);
  const entry = snapshots.find(({ version }) => version === live);
  return entry ? Date.parse(entry.publishedAt) : null;
}

function damagedFault({ files }: Condition, answering: LogEntry | null): Fault {
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
