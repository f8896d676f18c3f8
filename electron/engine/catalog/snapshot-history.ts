import {
  type Snapshot as PublishedSnapshot,
  snapshot as publishedSnapshot,
  type SnapshotDiff,
  type SnapshotInfo,
  type SnapshotSource,
} from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { storageError } from '../files/storage-error.ts';
import { compareTables } from './compare.ts';
import { type LogEntry, readIntegrity, writeIntegrity } from './integrity.ts';
import { PRODUCT_IMAGES } from './layout.ts';
import { lockCatalog } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { uidOfKey } from './product-ids.ts';
import { moveLive } from './published.ts';
import type { CatalogRepair } from './repair.ts';
import { readStagedRows } from './rows.ts';
import { sourcesOf } from './sources.ts';
import type { TableVersions } from './table-versions.ts';
import type { TableWatch } from './table-watch.ts';
import { isFolder } from './tables.ts';

export interface SnapshotHistoryParts {
  uri: string;
  modelId: string;
  watch: TableWatch;
  log: SnapshotLog;
  versions: TableVersions;
  repair: CatalogRepair;
}

/** The kept snapshots: lists them, compares two of them, rolls back to one. */
export class SnapshotHistory {
  readonly #parts: SnapshotHistoryParts;

  constructor(parts: SnapshotHistoryParts) {
    this.#parts = parts;
  }

  /**
   * The snapshots that can be rolled back to, newest first.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async list(): Promise<SnapshotInfo[]> {
    const { condition } = await this.#parts.watch.look();
    const { answering, kept, damaged } = condition;
    const infos: SnapshotInfo[] = [];
    for (const version of kept) {
      const isDamaged = damaged.has(version);
      const entry = await this.entry(version).catch(() => null);
      if (entry) infos.push({ ...entry, live: version === answering, damaged: isDamaged });
    }
    return infos;
  }

  /**
   * A snapshot that can be rolled back to.
   * @throws LookalikeError SNAPSHOT_UNKNOWN when it is not kept, or damaged
   */
  async kept(version: number): Promise<SnapshotInfo> {
    const info = (await this.list()).find((snapshot) => snapshot.version === version && !snapshot.damaged);
    if (!info) throw new LookalikeError('SNAPSHOT_UNKNOWN', { item: String(version) });
    return info;
  }

  /** The live snapshot, without reading it into memory; null when nothing is published, or nothing of it can be read. */
  async live(): Promise<PublishedSnapshot | null> {
    const { answering } = (await this.#parts.watch.look()).condition;
    return answering === null ? null : this.infoOf(answering);
  }

  /** The sources of the newest snapshot when damage has left none that can be read; otherwise none. */
  async unreadableSources(): Promise<SnapshotSource[]> {
    const { answering, kept } = (await this.#parts.watch.look()).condition;
    const [newest] = kept;
    if (answering !== null || newest === undefined) return [];
    // Without any record of the snapshot there is nothing to say of it.
    return sourcesOf(await this.infoOf(newest).catch(() => null));
  }

  /**
   * The record of a publish.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async infoOf(version: number): Promise<PublishedSnapshot> {
    return publishedSnapshot.parse(await this.entry(version));
  }

  /**
   * The record with the log's further fields: from the integrity notes, or else from the log, or else from the table itself.
   */
  async entry(version: number): Promise<LogEntry> {
    const { watch, log } = this.#parts;
    const { noted } = await watch.look();
    const known = noted.snapshots.find((entry) => entry.version === version);
    if (known) return known;
    const logged = await log.entries().catch(() => null);
    return logged?.get(version) ?? this.#recovered(version);
  }

  /**
   * What changing from one snapshot to another would change for readers.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async compare(from: number, to: number): Promise<SnapshotDiff> {
    const { versions } = this.#parts;
    const infos = { from: await this.kept(from), to: await this.kept(to) };
    return versions.reading(async () => {
      const [before, after] = [await versions.openRows(from), await versions.openRows(to)];
      try {
        return { ...infos, ...(await compareTables(before.table, after.table)) };
      } finally {
        before.close();
        after.close();
      }
    });
  }

  /**
   * Makes a kept snapshot, older or newer, the live one. Readers see it from their next query on. The next import brings the
   * catalog to its feed as usual, whatever is live then. `Staging.wasRolledBack` covers an import that brings nothing new.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED
   */
  async rollback(version: number): Promise<SnapshotInfo> {
    const { uri, versions, repair } = this.#parts;
    const lock = await lockCatalog(uri);
    try {
      // Checked under the lock: a publish may have dropped the snapshot a moment ago.
      const info = await this.kept(version);
      if (await repair.isNeeded()) await repair.mend('lengths');
      const table = await versions.openNewestRows();
      await lock.verify();
      await moveLive(table, version);
      table.close();
      await this.#noteLive(version);
      return { ...info, live: true };
    } catch (cause) {
      throw storageError(cause, uri);
    } finally {
      await lock.release();
    }
  }

  /** Notes the live version, so that it is known when its tag is damaged. */
  async #noteLive(version: number): Promise<void> {
    const { uri } = this.#parts;
    if (!isFolder(uri)) return;
    const noted = await readIntegrity(uri, PRODUCT_IMAGES);
    if (noted.snapshots.length === 0) return;
    await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, live: version }).catch(console.error);
  }

  async #recovered(version: number): Promise<LogEntry> {
    const { versions, modelId } = this.#parts;
    const { timestamp, rows } = await versions.readRows(version, async (table) => ({
      timestamp: (await table.listVersions()).find((each) => each.version === version)?.timestamp,
      rows: await readStagedRows(table),
    }));
    return {
      modelId,
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
}
