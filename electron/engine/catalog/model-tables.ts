// The tables of features, one for each model, without opening a catalog for one of the models.
import type { Connection, Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { retried } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';
import { type DamagedFile, type Examination, examineStore } from './condition.ts';
import { connectCatalog } from './connect.ts';
import { forgetIntegrity, isIntegrityDamaged, readIntegrity } from './integrity.ts';
import { featuresTable, integrityFile, modelsWithFeatures, PRODUCT_IMAGES } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { SnapshotLog } from './log.ts';
import { liveVersion } from './published.ts';
import { connectTables } from './tables.ts';

const FEATURES_PREFIX = featuresTable('');

/**
 * Ids of the models that a published catalog can be searched with. The model that was in use at the last publish comes
 * first.
 * @throws LookalikeError CATALOG_UNREADABLE when the location cannot be read
 */
export async function publishedModels(uri: string): Promise<string[]> {
  const db = await connectCatalog(uri);
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
 * Deletes all features of a model. The published catalog stays, for other models.
 * @throws LookalikeError CATALOG_BUSY, STORAGE_*
 */
export async function dropFeatures(uri: string, modelId: string): Promise<void> {
  const lock = await lockCatalog(uri);
  try {
    const db = await connectTables(uri);
    await forgetIntegrity(uri, featuresTable(modelId));
    if (!(await db.tableNames()).includes(featuresTable(modelId))) return;
    await retried(() => db.dropTable(featuresTable(modelId)));
  } catch (cause) {
    throw storageError(cause, uri);
  } finally {
    await lock.release();
  }
}

/**
 * The damaged files among the features of the models in a catalog's folder, by model id.
 * @param except a model whose features are examined elsewhere
 */
export async function examineOtherModels(
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

/** The features of all models but one. Tables that cannot be opened are left out. The caller closes the tables. */
export async function openOtherFeatures(db: Connection, exceptModel: string): Promise<Table[]> {
  const except = featuresTable(exceptModel);
  const names = (await db.tableNames()).filter((name) => name.startsWith(FEATURES_PREFIX) && name !== except);
  const opened = await Promise.all(names.map((name) => db.openTable(name).catch(() => null)));
  return opened.filter((table) => table !== null);
}

/** The model that was in use when the live snapshot was published; null when unknown. */
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
