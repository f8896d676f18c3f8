import { Index, type Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { keepFieldIndexes } from './field-indexes.ts';
import { type LogEntry, readIntegrity, withFilesOf, writeIntegrity } from './integrity.ts';
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

/** An index on `key` saves each merge a scan of the table; below this the scan is cheaper than keeping the index. */
const INDEX_FROM_ROWS = 5000;

export interface Publication {
  /** The product images at their newest version: what is published. */
  table: Table;
  /** The rows of that version, by key. */
  rows: ReadonlyMap<string, StagedRow>;
  pictures: StagedPictures;
  /** Hashes of the pictures that kept snapshots name. */
  namedByKept: () => Promise<ReadonlySet<string>>;
  /** What is live until then, and its rows. */
  before: { snapshot: PublishedSnapshot | null; rows: ReadonlyMap<string, StagedRow> };
  entry: Pick<LogEntry, 'name' | 'source' | 'publishedAt' | 'seconds'>;
  /** The sources whose products the import has brought. */
  brought: readonly BroughtSource[];
  /** A snapshot with the same rows that this one takes the place of. */
  inPlaceOf: LogEntry | null;
  uri: string;
  modelId: string;
  log: SnapshotLog;
  lock: CatalogLock;
}

/**
 * Publishes the newest version of the product images: brings its indexes up to date, makes room, writes the notes and the
 * log, and moves the tag `live` last. Killed before that, nothing was published.
 * @throws Error of Lance or the file system; LookalikeError CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
 */
export async function publishVersion(publication: Publication): Promise<PublishedSnapshot> {
  const { table, rows, pictures, namedByKept, before, entry, brought, inPlaceOf } = publication;
  const { uri, modelId, log, lock } = publication;
  await keepKeyIndex(table, rows.size);
  await keepFieldIndexes(table);
  await forgetExpiring(table, uri);
  await reclaim(table, lock.exclusive);
  if (lock.exclusive) await removeUnfinished(uri);
  const replaced = inPlaceOf ? inPlaceOf.replaced : await liveVersion(table);
  await giveOwnVersion(table);
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
  const kept = (await keptVersions(table)).filter((each) => each !== inPlaceOf?.version);
  const noted = isFolder(uri)
    ? await withFilesOf(uri, PRODUCT_IMAGES, await readIntegrity(uri, PRODUCT_IMAGES), logged, kept)
    : null;
  // The new version's files and not yet its name: should this process be killed now, it was never published.
  if (noted) await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots: noted.snapshots.slice(0, -1) });
  await log.write(logged);
  await lock.verify();
  await moveLive(table, info.version);
  if (inPlaceOf) await dropKept(table, inPlaceOf.version);
  // The version is published. A note that only helps after damage must not make a failure of the publish.
  if (noted) await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, live: info.version }).catch(console.error);
  return info;
}

async function keepKeyIndex(table: Table, rows: number): Promise<void> {
  const indexed = (await table.listIndices()).some((index) => index.columns.includes('key'));
  if (!indexed && rows >= INDEX_FROM_ROWS) await table.createIndex('key', { config: Index.btree() });
}

/**
 * Takes the snapshots that `reclaim` lets go of from the notes. This comes before their tags go: should this process be
 * killed in between, a note without its tag would be called damage.
 */
async function forgetExpiring(table: Table, uri: string): Promise<void> {
  const expiring = isFolder(uri) ? await expiringVersions(table) : [];
  if (expiring.length === 0) return;
  const noted = await readIntegrity(uri, PRODUCT_IMAGES);
  const snapshots = noted.snapshots.filter(({ version }) => !expiring.includes(version));
  await writeIntegrity(uri, PRODUCT_IMAGES, { ...noted, snapshots });
}

/**
 * Gives rows that have been published before, and are published again after a roll back, a version of their own: the list
 * of snapshots has a row for each publish, and none changes its date.
 */
async function giveOwnVersion(table: Table): Promise<void> {
  const version = await table.version();
  if ((await keptVersions(table)).includes(version)) await restoreVersion(table, version);
}
