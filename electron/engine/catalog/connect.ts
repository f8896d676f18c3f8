import type { Connection } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { bringForward } from './migrate.ts';
import { connectTables } from './tables.ts';

/**
 * Connects to the tables of a catalog, after migrating them to this app's schema version.
 * @throws LookalikeError CATALOG_LIBRARY_MISSING, CATALOG_UNREADABLE, CATALOG_TOO_NEW, CATALOG_NEEDS_SPACE, CATALOG_BUSY, STORAGE_*
 */
export async function connectCatalog(uri: string): Promise<Connection> {
  await bringForward(uri);
  try {
    return await connectTables(uri);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw new LookalikeError('CATALOG_UNREADABLE', { item: uri, cause });
  }
}
