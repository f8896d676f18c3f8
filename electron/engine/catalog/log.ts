import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Connection, Table } from '@lancedb/lancedb';
import { Field, Float64, Int32, Schema, Utf8 } from 'apache-arrow';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { retried } from '../files/changes.ts';
import { readOr } from '../files/reads.ts';
import { isOfTheDisk } from '../files/storage-error.ts';
import type { DamagedFile } from './condition.ts';
import { type LogEntry, logEntry, readIntegrity } from './integrity.ts';
import { isManifestWhole, manifestsOf, PRODUCT_IMAGES } from './layout.ts';
import { setAside } from './set-aside.ts';
import { isFolder } from './tables.ts';

const LOG_TABLE = 'snapshots';
/** Relative to the catalog's folder. */
const FOLDER = `${LOG_TABLE}.lance`;
const logSchema = new Schema([
  new Field('modelId', new Utf8(), false),
  new Field('version', new Int32(), false),
  new Field('name', new Utf8(), false),
  new Field('source', new Utf8(), false),
  new Field('publishedAt', new Utf8(), false),
  new Field('products', new Int32(), false),
  new Field('images', new Int32(), false),
  new Field('seconds', new Float64(), true),
  new Field('replaced', new Int32(), true),
  // JSON.
  new Field('sources', new Utf8(), true),
]);

/** The columns that the log of an earlier release lacks. */
const ADDED_LATER = [
  { name: 'seconds', valueSql: 'CAST(NULL AS DOUBLE)' },
  { name: 'replaced', valueSql: 'CAST(NULL AS INT)' },
  { name: 'sources', valueSql: 'CAST(NULL AS STRING)' },
];

/** Versions of the log table that a reader who has just opened it may still need. */
const KEEP_VERSIONS = 10;

/** The log of publishes: a row for each, with time, source and counts. The tags tell which versions still exist. */
export class SnapshotLog {
  readonly #db: Connection;
  readonly #uri: string;

  constructor(db: Connection, uri: string) {
    this.#db = db;
    this.#uri = uri;
  }

  /**
   * Adds an entry, before the live tag moves: a row without a tag is harmless, but a tag without a row would have no name. A
   * damaged log is set aside and started anew from the notes beside the tables.
   */
  async write(entry: LogEntry): Promise<void> {
    try {
      await this.#add([entry]);
    } catch (error) {
      if (!isFolder(this.#uri) || isOfTheDisk(error)) throw error;
      await this.#beginAnew();
      await this.#add([entry]);
    }
  }

  /**
   * Reads the whole log and compares it with the notes beside the tables, which have the same entries for the kept
   * snapshots.
   * @returns null when the log is intact
   * @throws HeldError, Error of Lance or the file system when it cannot be read now
   */
  async damage(): Promise<DamagedFile | null> {
    const damaged = (how: DamagedFile['how'], path = FOLDER): DamagedFile => ({ path, how });
    const noted = await this.#noted();
    if (isFolder(this.#uri)) {
      const folder = join(this.#uri, FOLDER);
      if (!(await readOr(() => stat(folder), null))) return noted.length === 0 ? null : damaged('missing');
      // Lance reads old manifests only when it prunes.
      for (const path of (await manifestsOf(folder)).values())
        if (!(await isManifestWhole(join(folder, path)))) return damaged('unreadable', `${FOLDER}/${path}`);
    }
    try {
      const table = await this.#db.openTable(LOG_TABLE);
      await table.listVersions();
      const rows = await rowsOf(table);
      const isListed = (entry: LogEntry) => rows.some((row) => isDeepStrictEqual(row, entry));
      return noted.every(isListed) ? null : damaged('changed');
    } catch (error) {
      if (isOfTheDisk(error)) throw error;
      return damaged('unreadable');
    }
  }

  /** Sets a damaged log aside and starts it anew. Needs the lock. */
  async mend(): Promise<void> {
    if (await this.damage()) await this.#beginAnew();
  }

  /** All entries, including those of deleted tables. */
  async all(): Promise<LogEntry[]> {
    if (!(await this.#db.tableNames()).includes(LOG_TABLE)) return [];
    return rowsOf(await this.#db.openTable(LOG_TABLE));
  }

  /**
   * The entries by version. An entry's version may never have become live, or may no longer be kept.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async entries(): Promise<Map<number, LogEntry>> {
    try {
      const entries = (await rowsOf(await this.#db.openTable(LOG_TABLE)))
        // A publish that was killed before the tag moved has left a row too. The publish that moved the tag came later.
        .sort((a, b) => a.publishedAt.localeCompare(b.publishedAt));
      return new Map(entries.map((entry) => [entry.version, entry]));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { cause });
    }
  }

  async #beginAnew(): Promise<void> {
    await setAside(this.#uri, [FOLDER]);
    const noted = await this.#noted();
    if (noted.length > 0) await this.#add(noted);
    else await this.#table();
  }

  async #add(entries: LogEntry[]): Promise<void> {
    const table = await retried(() => this.#table());
    const rows = entries.map(({ sources, ...entry }) => ({
      ...entry,
      sources: JSON.stringify(sources) ?? null,
    }));
    await retried(() => table.add(rows));
    // Every row is a file and a version of its own.
    const versions = await table.listVersions();
    const oldest =
      versions.map(({ timestamp }) => timestamp.getTime()).sort((a, b) => b - a)[KEEP_VERSIONS] ?? 0;
    await retried(() => table.optimize({ cleanupOlderThan: new Date(oldest) }));
  }

  async #table(): Promise<Table> {
    if (!(await this.#db.tableNames()).includes(LOG_TABLE)) {
      return this.#db.createEmptyTable(LOG_TABLE, logSchema);
    }
    const table = await this.#db.openTable(LOG_TABLE);
    const columns = (await table.schema()).fields.map(({ name }) => name);
    const missing = ADDED_LATER.filter(({ name }) => !columns.includes(name));
    if (missing.length > 0) await table.addColumns(missing);
    return table;
  }

  async #noted(): Promise<LogEntry[]> {
    return (await readIntegrity(this.#uri, PRODUCT_IMAGES)).snapshots;
  }
}

async function rowsOf(table: Table): Promise<LogEntry[]> {
  const rows = (await table.query().toArray()).map((row) => {
    const { sources, ...entry } = row.toJSON();
    return typeof sources === 'string' ? { ...entry, sources: JSON.parse(sources) } : entry;
  });
  return z.array(logEntry).parse(rows);
}
