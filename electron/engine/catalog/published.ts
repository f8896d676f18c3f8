import type { Connection, Table } from '@lancedb/lancedb';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { type Snapshot as SnapshotInfo, snapshot } from '../../contract/schemas.ts';

/** The tag that readers hold. Publishing is moving it: one atomic step. */
const LIVE = 'live';
/** Every publish leaves a tag of its own too, so that its version is kept. */
const KEPT = /^snapshot-(\d+)$/;
/** Snapshots that can be gone back to. */
const KEEP = 10;

const LOG_TABLE = 'snapshots';
const logSchema = new Schema([
  new Field('modelId', new Utf8(), false),
  new Field('version', new Int32(), false),
  new Field('name', new Utf8(), false),
  new Field('source', new Utf8(), false),
  new Field('publishedAt', new Utf8(), false),
  new Field('products', new Int32(), false),
  new Field('images', new Int32(), false),
]);

/** The version that readers see; null when nothing was published yet. */
export async function liveVersion(table: Table): Promise<number | null> {
  const tags = await table.tags();
  try {
    return await tags.getVersion(LIVE);
  } catch (cause) {
    // Lance has no typed "no such tag"; only an absent tag may read as "nothing published".
    if (LIVE in (await tags.list())) throw cause;
    return null;
  }
}

/** Moves the live tag to a version, and gives that version a tag of its own. */
export async function moveLive(table: Table, version: number): Promise<void> {
  const tags = await table.tags();
  const names = Object.keys(await tags.list());
  const kept = `snapshot-${version}`;
  if (!names.includes(kept)) await tags.create(kept, version);
  if (names.includes(LIVE)) await tags.update(LIVE, version);
  else await tags.create(LIVE, version);
}

/**
 * Makes room before a publish: drops the tags of snapshots beyond those to be kept (never the live one), compacts the
 * small files that a staged import leaves, and prunes versions that no tag holds. All of it in one place, because Lance
 * refuses to prune anything as new as a tagged version ("tagged version(s) marked for cleanup"): the oldest kept tag
 * sets the limit.
 */
export async function compact(table: Table): Promise<void> {
  const tags = await table.tags();
  const live = await liveVersion(table);
  const versions = Object.keys(await tags.list())
    .flatMap((name) => KEPT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  // One place is left for the snapshot about to be published.
  for (const version of versions.slice(KEEP - 1))
    if (version !== live) await tags.delete(`snapshot-${version}`);
  await table.optimize({ cleanupOlderThan: await oldestKept(table) });
}

async function oldestKept(table: Table): Promise<Date> {
  const tags = await table.tags();
  const tagged = await Promise.all(Object.keys(await tags.list()).map((name) => tags.getVersion(name)));
  const versions = await table.listVersions();
  const kept = versions.filter(({ version }) => tagged.includes(version));
  // Nothing published yet: nothing but this import's own staged rows is there to be kept.
  return new Date(Math.min(Date.now(), ...kept.map(({ timestamp }) => timestamp.getTime())));
}

/** When, from where and how much: a row for every publish. The tags say which versions are still there. */
export class SnapshotLog {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Written before the tag moves: a row without a tag is harmless, a tag without a row would have no name. */
  async write(modelId: string, info: SnapshotInfo): Promise<void> {
    const table = await this.#db.createEmptyTable(LOG_TABLE, logSchema, { existOk: true });
    await table.add([{ modelId, ...info }]);
    // Every row comes in a file and a version of its own. A reader that has just opened the table may still need the
    // last few.
    const versions = await table.listVersions();
    const oldest = versions.map(({ timestamp }) => timestamp.getTime()).sort((a, b) => b - a)[KEEP] ?? 0;
    await table.optimize({ cleanupOlderThan: new Date(oldest) });
  }

  /** @throws LookalikeError CATALOG_UNREADABLE when that version was never logged */
  async read(modelId: string, version: number): Promise<SnapshotInfo> {
    try {
      const table = await this.#db.openTable(LOG_TABLE);
      const found = await table.query().where(`version = ${version}`).toArray();
      const rows = found.map((row) => row.toJSON()).filter((row) => row.modelId === modelId);
      // A publish killed before the tag moved has left a row too; the one that moved it came later.
      const [latest] = z
        .array(snapshot)
        .parse(rows)
        .sort((a, b) => b.publishedAt.localeCompare(a.publishedAt));
      if (latest) return latest;
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { cause });
    }
    throw new LookalikeError('CATALOG_UNREADABLE');
  }
}
