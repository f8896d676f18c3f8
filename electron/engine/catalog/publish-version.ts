import type { Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { retried } from '../files/changes.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { heldVersions } from './held-snapshots.ts';
import { type LogEntry, readIntegrity, withFilesOf, writeIntegrity } from './integrity.ts';
import { lanceDb } from './lance-library.ts';
import { PRODUCT_IMAGES } from './layout.ts';
import type { CatalogLock } from './lock.ts';
import type { SnapshotLog } from './log.ts';
import { uidOfKey } from './product-ids.ts';
import { dropKept, expiringVersions, keptVersions, liveVersion, moveLive, reclaim } from './published.ts';
import type { StagedRow } from './rows.ts';
import { type BroughtSource, nextSources } from './sources.ts';
import type { StagedPictures } from './staged-pictures.ts';
import { isFolder, restoreVersion } from './tables.ts';
import { removeUnfinished } from './unfinished-files.ts';

/**
 * An index on `key` saves each merge a scan of the table. Below this many rows the scan is cheaper than maintaining the
 * index.
 */
const INDEX_FROM_ROWS = 5000;

export interface Publication {
  /** The product images at the version to publish, the newest one. */
  table: Table;
  /** The rows of that version, by key. */
  rows: ReadonlyMap<string, StagedRow>;
  pictures: StagedPictures;
  /** Hashes of the pictures that kept snapshots show. */
  namedByKept: () => Promise<ReadonlySet<string>>;
  /** The snapshot that is live until then, and its rows. */
  before: { snapshot: PublishedSnapshot | null; rows: ReadonlyMap<string, StagedRow> };
  entry: Pick<LogEntry, 'name' | 'source' | 'publishedAt' | 'seconds'>;
  /** The sources of the import's products. */
  brought: readonly BroughtSource[];
  /** A snapshot with the same rows, which this one replaces. */
  inPlaceOf: LogEntry | null;
  uri: string;
  modelId: string;
  log: SnapshotLog;
  lock: CatalogLock;
}

/**
 * Publishes the newest version of the product images: updates its indexes, prunes old versions, writes the notes and the
 * log, and moves the tag `live` last. If it is killed before that, nothing was published.
 * @throws Error of Lance or the file system; LookalikeError CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
 */
export async function publishVersion(publication: Publication): Promise<PublishedSnapshot> {
  const { table, rows, pictures, namedByKept, before, entry, brought, inPlaceOf } = publication;
  const { uri, modelId, log, lock } = publication;
  // A step of Lance's that another program keeps from a file is begun again.
  await retried(() => keepKeyIndex(table, rows.size));
  await retried(() => keepFieldIndexes(table));
  const held = await heldVersions(uri);
  await forgetExpiring(table, uri, held);
  await retried(() => reclaim(table, lock.exclusive, held));
  if (lock.exclusive) await removeUnfinished(uri);
  const replaced = inPlaceOf ? inPlaceOf.replaced : await liveVersion(table);
  await retried(() => giveOwnVersion(table));
  await pictures.deleteUnnamed(new Set([...rows.values()].map(({ imageHash }) => imageHash)), namedByKept);
  await pictures.tidy();
  const version = await table.version();
  const info: PublishedSnapshot = {
    version,
    name: entry.name,
    source: entry.source,
    publishedAt: entry.publishedAt,
    products: new Set([...rows.keys()].map(uidOfKey)).size,
    images: rows.size,
    sources: nextSources(rows, before, brought, version),
  };
  const logged = { ...info, modelId, seconds: entry.seconds, replaced };
  const dropped = inPlaceOf && !held.has(inPlaceOf.version) ? inPlaceOf.version : null;
  const kept = (await keptVersions(table)).filter((each) => each !== dropped);
  const noted = isFolder(uri)
    ? await withFilesOf(uri, PRODUCT_IMAGES, await readIntegrity(uri, PRODUCT_IMAGES), logged, kept)
    : null;
  // Notes the new version's files but not its name yet: if the process is killed now, the version was never published.
  if (noted) await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots: noted.snapshots.slice(0, -1) });
  await log.write(logged);
  await lock.verify();
  await moveLive(table, info.version);
  if (dropped !== null) await dropKept(table, dropped);
  // The version is published. The notes only help after damage, so a failure to write them must not fail the publish.
  if (noted) await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, live: info.version }).catch(console.error);
  return info;
}

async function keepKeyIndex(table: Table, rows: number): Promise<void> {
  const indexed = (await table.listIndices()).some((index) => index.columns.includes('key'));
  if (!indexed && rows >= INDEX_FROM_ROWS)
    await table.createIndex('key', { config: lanceDb().Index.btree() });
}

/**
 * Removes the snapshots that `reclaim` will drop from the notes. This comes before their tags are deleted: if the process
 * were killed in between, a noted snapshot without a tag would be reported as damage.
 */
async function forgetExpiring(table: Table, uri: string, held: ReadonlySet<number>): Promise<void> {
  const expiring = isFolder(uri) ? await expiringVersions(table, held) : [];
  if (expiring.length === 0) return;
  const noted = await readIntegrity(uri, PRODUCT_IMAGES);
  const snapshots = noted.snapshots.filter(({ version }) => !expiring.includes(version));
  await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots });
}

/**
 * Gives rows that were published before, and are published again after a roll back, a version of their own. The list of
 * snapshots has a row for each publish, whose date does not change.
 */
async function giveOwnVersion(table: Table): Promise<void> {
  const version = await table.version();
  if ((await keptVersions(table)).includes(version)) await restoreVersion(table, version);
}
