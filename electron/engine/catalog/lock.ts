import { mkdir } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import { LookalikeError } from '../../contract/errors.ts';
import { isFolder } from './tables.ts';

export interface CatalogLock {
  /** Whether it keeps others out: only a folder can be locked. */
  readonly exclusive: boolean;
  release(): Promise<void>;
}

/** A lock whose holder was killed is stale after this; its holder renews it five times as often. */
const STALE_MS = 5000;

/**
 * One writer at a time on a catalog folder, app and CLI alike: Lance's clean-up in one process can remove what
 * another is writing. A writer that was killed leaves its lock behind, so this waits until that would be stale.
 * Remote URIs are not locked here.
 * @throws LookalikeError CATALOG_BUSY, STORAGE_FAILED
 */
export async function lockCatalog(uri: string): Promise<CatalogLock> {
  if (!isFolder(uri)) return { exclusive: false, release: async () => {} };
  try {
    await mkdir(uri, { recursive: true });
    const release = await lock(uri, {
      stale: STALE_MS,
      update: STALE_MS / 5,
      retries: { retries: 8, factor: 1, minTimeout: STALE_MS / 5 },
    });
    return { exclusive: true, release };
  } catch (cause) {
    const busy = cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED';
    throw new LookalikeError(busy ? 'CATALOG_BUSY' : 'STORAGE_FAILED', { item: uri, cause });
  }
}
