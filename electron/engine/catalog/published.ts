import type { Table } from '@lancedb/lancedb';

/** The tag that readers hold. Publishing is moving it: one atomic step. */
export const LIVE = 'live';
/** Every publish leaves a tag of its own too, so that its version is kept. */
export const snapshotTag = (version: number): string => `snapshot-${version}`;
const KEPT = /^snapshot-(\d+)$/;

/** The version that a tag of `snapshotTag` keeps; null for another tag. */
export function versionOfTag(name: string): number | null {
  const version = KEPT.exec(name)?.[1];
  return version === undefined ? null : Number(version);
}
/** Snapshots that can be gone back to. */
const KEEP = 10;

/**
 * Compaction writes the whole table anew while the kept snapshots hold on to what it replaces. Done at every publish
 * it would make ten copies of a catalog of which ten prices change; done this rarely, about two.
 */
const MOST_FRAGMENTS = 8;
const MOST_EXPIRED_VERSIONS = 20;

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

/** The versions that can be gone back to, newest first: each was live once, or is. */
export async function keptVersions(table: Table): Promise<number[]> {
  const tags = await table.tags();
  const own = Object.keys(await tags.list()).flatMap((name) => versionOfTag(name) ?? []);
  const live = await liveVersion(table);
  // A publish that was killed between its two tags has left a live version without a tag of its own.
  const versions = new Set([...own, ...(live === null ? [] : [live])]);
  return [...versions].sort((a, b) => b - a);
}

/**
 * Moves the live tag to a version. That one and the one it was at have tags of their own afterwards; the new one's
 * comes last, so that a version with a tag was published and not only about to be.
 */
export async function moveLive(table: Table, version: number): Promise<void> {
  const before = await liveVersion(table);
  const tags = await table.tags();
  if (before === null) {
    await tags.create(LIVE, version);
  } else {
    await keep(table, before);
    await tags.update(LIVE, version);
  }
  await keep(table, version);
}

/** Lets go of a kept version that another one with the same rows has taken the place of. */
export async function dropKept(table: Table, version: number): Promise<void> {
  const tags = await table.tags();
  if (snapshotTag(version) in (await tags.list())) await tags.delete(snapshotTag(version));
}

async function keep(table: Table, version: number): Promise<void> {
  const tags = await table.tags();
  const name = snapshotTag(version);
  if (!(name in (await tags.list()))) await tags.create(name, version);
}

/**
 * Makes room before a publish: drops the tags of snapshots beyond those to be kept (never the live one), compacts the
 * small files that imports leave, and prunes versions that no tag holds. All of it in one place, because Lance
 * refuses to prune anything as new as a tagged version ("tagged version(s) marked for cleanup"): the oldest kept tag
 * sets the limit.
 * @param exclusive no other process can be writing: also takes away at once what killed writes have left
 */
export async function reclaim(table: Table, exclusive: boolean): Promise<void> {
  const kept = await dropOldest(table);
  const versions = await table.listVersions();
  const oldest = Math.min(...kept);
  const expired = versions.filter(({ version }) => version < oldest).length;
  const { fragmentStats } = await table.stats();
  if (fragmentStats.numFragments <= MOST_FRAGMENTS && expired <= MOST_EXPIRED_VERSIONS) return;
  // Nothing published yet: nothing but this import's own staged rows is there to be kept.
  const times = versions.flatMap(({ version, timestamp }) =>
    kept.includes(version) ? [timestamp.getTime()] : [],
  );
  const prune = () =>
    table.optimize({
      cleanupOlderThan: new Date(Math.min(Date.now(), ...times)),
      deleteUnverified: exclusive,
    });
  await prune();
  // The version that was compacted goes only with the call after. A first import would be there twice till then.
  if (kept.length === 0) await prune();
}

/**
 * Every write of an import leaves a file in the tables of pictures and features, and compaction writes all of them anew:
 * for 100,000 pictures 1 GB. So it is done more rarely than for the product images.
 */
const MOST_STORE_FRAGMENTS = 32;

/** The same for a table of which only the newest version counts. */
export async function reclaimStore(table: Table, exclusive: boolean): Promise<void> {
  const { fragmentStats } = await table.stats();
  const versions = await table.listVersions();
  if (fragmentStats.numFragments <= MOST_STORE_FRAGMENTS && versions.length <= MOST_EXPIRED_VERSIONS) return;
  await pruneStore(table, exclusive);
}

/** Brings the files of such a table together, without the rows that were deleted, and takes old versions away. */
export async function pruneStore(table: Table, exclusive: boolean): Promise<void> {
  const prune = () => table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: exclusive });
  await prune();
  // The version that was compacted goes only with the call after: the pictures would be there twice till then.
  await prune();
}

/** The kept versions that the next `reclaim` lets go of, oldest last. */
export async function expiringVersions(table: Table): Promise<number[]> {
  const live = await liveVersion(table);
  const others = (await keptVersions(table)).filter((version) => version !== live);
  return others.slice(live === null ? KEEP - 1 : KEEP - 2);
}

/** Leaves one place for the snapshot about to be published, and returns the versions still kept. */
async function dropOldest(table: Table): Promise<number[]> {
  const expiring = await expiringVersions(table);
  const tags = await table.tags();
  for (const version of expiring) await tags.delete(snapshotTag(version));
  return keptVersions(table);
}
