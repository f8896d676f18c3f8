import type { Connection } from '@lancedb/lancedb';
import { Field, Float64, Int32, Schema, Utf8 } from 'apache-arrow';
import { z } from 'zod';
import { type Snapshot as PublishedSnapshot, snapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { columnIn } from './filters.ts';

const LOG_TABLE = 'snapshots';
const logSchema = new Schema([
  new Field('modelId', new Utf8(), false),
  new Field('version', new Int32(), false),
  new Field('name', new Utf8(), false),
  new Field('source', new Utf8(), false),
  new Field('publishedAt', new Utf8(), false),
  new Field('products', new Int32(), false),
  new Field('images', new Int32(), false),
  new Field('seconds', new Float64(), true),
]);

const logEntry = snapshot.extend({
  modelId: z.string(),
  // The first catalogs were made without this column.
  seconds: z.number().nullable().default(null),
});

/** What is remembered of a publish. */
export type LogEntry = z.infer<typeof logEntry>;

/** Versions of the log itself that a reader who has just opened it may still need. */
const KEEP_VERSIONS = 10;

/** When, from where and how much: a row for every publish. The tags say which versions are still there. */
export class SnapshotLog {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Written before the tag moves: a row without a tag is harmless, a tag without a row would have no name. */
  async write(entry: LogEntry): Promise<void> {
    const table = (await this.#db.tableNames()).includes(LOG_TABLE)
      ? await this.#db.openTable(LOG_TABLE)
      : await this.#db.createEmptyTable(LOG_TABLE, logSchema);
    const columns = (await table.schema()).fields.map(({ name }) => name);
    if (!columns.includes('seconds')) {
      await table.addColumns([{ name: 'seconds', valueSql: 'CAST(NULL AS DOUBLE)' }]);
    }
    await table.add([entry]);
    // Every row comes in a file and a version of its own.
    const versions = await table.listVersions();
    const oldest =
      versions.map(({ timestamp }) => timestamp.getTime()).sort((a, b) => b - a)[KEEP_VERSIONS] ?? 0;
    await table.optimize({ cleanupOlderThan: new Date(oldest) });
  }

  /** Takes away all entries of a model whose table is gone. */
  async forget(modelId: string): Promise<void> {
    if (!(await this.#db.tableNames()).includes(LOG_TABLE)) return;
    const table = await this.#db.openTable(LOG_TABLE);
    await table.delete(columnIn('modelId', [modelId]));
  }

  /**
   * By version. An entry may be of a version that never became live, or is no longer kept.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  entries(modelId: string): Promise<Map<number, LogEntry>> {
    return this.#entries(modelId, null);
  }

  /** @throws LookalikeError CATALOG_UNREADABLE when that version was never logged */
  async read(modelId: string, version: number): Promise<PublishedSnapshot> {
    const entry = (await this.#entries(modelId, `version = ${version}`)).get(version);
    if (!entry) throw new LookalikeError('CATALOG_UNREADABLE');
    return snapshot.parse(entry);
  }

  async #entries(modelId: string, where: string | null): Promise<Map<number, LogEntry>> {
    try {
      const query = (await this.#db.openTable(LOG_TABLE)).query();
      const rows = await (where === null ? query : query.where(where)).toArray();
      const entries = z
        .array(logEntry)
        .parse(rows.map((row) => row.toJSON()))
        .filter((entry) => entry.modelId === modelId)
        // A publish killed before the tag moved has left a row too; the one that moved it came later.
        .sort((a, b) => a.publishedAt.localeCompare(b.publishedAt));
      return new Map(entries.map((entry) => [entry.version, entry]));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { cause });
    }
  }
}
