import type { Table } from '@lancedb/lancedb';
import { retried } from '../files/changes.ts';

/** The tag that readers follow. Publishing moves it, in one atomic step. */
export const LIVE = 'live';
/** Every publish also adds a tag of its own, which keeps its version. */
export const snapshotTag = (version: number): string => `snapshot-${version}`;
const KEPT = /^snapshot-(\d+)$/;

/** The version in a tag of `snapshotTag`; null for another tag. */
export function versionOfTag(name: string): number | null {
  const version = KEPT.exec(name)?.[1];
  return version === undefined ? null : Number(version);
}
/** Snapshots that can be rolled back to. */
const KEEP = 10;

/**
 * Fragments before a compaction. Compaction rewrites the whole table, while the kept snapshots hold on to the old files. At
 * every publish it would make ten copies of a catalog of which ten prices change; this rarely, it makes about two.
 */
const MOST_FRAGMENTS = 8;
const MOST_EXPIRED_VERSIONS = 20;

/** The version that readers see; null when nothing was published yet. */
export async function liveVersion(table: Table): Promise<number | null> {
  const tags = await table.tags();
  try {
    return await tags.getVersion(LIVE);
  } catch (cause) {
    // Lance has no typed error for a missing tag. Only a missing tag means that nothing was published.
    if (LIVE in (await tags.list())) throw cause;
    return null;
  }
}

/** The versions that can be rolled back to, newest first. Each was live once, or is. */
export async function keptVersions(table: Table): Promise<number[]> {
  const tags = await table.tags();
  const own = Object.keys(await tags.list()).flatMap((name) => versionOfTag(name) ?? []);
  const live = await liveVersion(table);
  // A publish that was killed between its two tags has left a live version without its own tag.
  const versions = new Set([...own, ...(live === null ? [] : [live])]);
  return [...versions].sort((a, b) => b - a);
}

/**
 * Moves the live tag to a version. Afterwards both this version and the previous one have tags of their own. The new
 * version's own tag is written last, so that a version with a tag was certainly published.
 */
export async function moveLive(table: Table, version: number): Promise<void> {
  const before = await liveVersion(table);
  const tags = await table.tags();
  if (before === null) {
    await retried(() => tags.create(LIVE, version));
  } else {
    await keep(table, before);
    await retried(() => tags.update(LIVE, version));
  }
  await keep(table, version);
}

/** Drops a kept version that was replaced by another one with the same rows. */
export async function dropKept(table: Table, version: number): Promise<void> {
  const tags = await table.tags();
  if (snapshotTag(version) in (await tags.list())) await retried(() => tags.delete(snapshotTag(version)));
}

async function keep(table: Table, version: number): Promise<void> {
  const tags = await table.tags();
  const name = snapshotTag(version);
  if (!(name in (await tags.list()))) await retried(() => tags.create(name, version));
}

/**
 * Prunes before a publish: drops the tags of snapshots beyond those to be kept (never the live one), compacts the small
 * files that imports leave, and prunes versions without a tag. All of this is in one place, because Lance refuses to prune
 * anything as new as a tagged version ("tagged version(s) marked for cleanup"): the oldest kept tag sets the limit.
 * @param exclusive no other process can be writing: also deletes at once what killed writes have left
 * @param held versions that are kept however old they are
 */
export async function reclaim(table: Table, exclusive: boolean, held: ReadonlySet<number>): Promise<void> {
  const kept = await dropOldest(table, held);
  const versions = await table.listVersions();
  const oldest = Math.min(...kept);
  const expired = versions.filter(({ version }) => version < oldest).length;
  const { fragmentStats } = await table.stats();
  if (fragmentStats.numFragments <= MOST_FRAGMENTS && expired <= MOST_EXPIRED_VERSIONS) return;
  // Nothing was published yet: only this import's own staged rows have to be kept.
  const times = versions.flatMap(({ version, timestamp }) =>
    kept.includes(version) ? [timestamp.getTime()] : [],
  );
  const prune = () =>
    table.optimize({
      cleanupOlderThan: new Date(Math.min(Date.now(), ...times)),
      deleteUnverified: exclusive,
    });
  await prune();
  // The version that was compacted is pruned only by a second call. Until then a first import would take twice its size.
  if (kept.length === 0) await prune();
}

/**
 * Fragments before a compaction of the pictures and features. Every write of an import adds a file, and compaction rewrites
 * all of them: for 100,000 pictures 1 GB. So it is done more rarely than for the product images.
 */
const MOST_STORE_FRAGMENTS = 32;

/** Prunes a table of which only the newest version counts. */
export async function reclaimStore(table: Table, exclusive: boolean): Promise<void> {
  const { fragmentStats } = await table.stats();
  const versions = await table.listVersions();
  if (fragmentStats.numFragments <= MOST_STORE_FRAGMENTS && versions.length <= MOST_EXPIRED_VERSIONS) return;
  await pruneStore(table, exclusive);
}

/** Compacts the files of such a table, without deleted rows, and prunes old versions. */
export async function pruneStore(table: Table, exclusive: boolean): Promise<void> {
  const prune = () => table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: exclusive });
  await prune();
  // The version that was compacted is pruned only by a second call. Until then the pictures would take twice their size.
  await prune();
}

/**
 * The kept versions that the next `reclaim` drops, oldest last.
 * @param held versions that are kept however old they are
 */
export async function expiringVersions(table: Table, held: ReadonlySet<number>): Promise<number[]> {
  const live = await liveVersion(table);
  const others = (await keptVersions(table)).filter((version) => version !== live && !held.has(version));
  return others.slice(live === null ? KEEP - 1 : KEEP - 2);
}

/** Makes room for the snapshot about to be published, and returns the versions still kept. */
async function dropOldest(table: Table, held: ReadonlySet<number>): Promise<number[]> {
  const expiring = await expiringVersions(table, held);
  const tags = await table.tags();
  for (const version of expiring) await retried(() => tags.delete(snapshotTag(version)));
  return keptVersions(table);
}
