import { mkdir } from 'node:fs/promises';
import { LookalikeError } from '../../contract/errors.ts';
import { requireHardLinks } from '../files/data-place.ts';
import { FolderLock, type LockLoss } from '../files/folder-lock.ts';
import { storageError } from '../files/storage-error.ts';
import { isFolder } from './tables.ts';

export interface CatalogLock {
  /** Whether the lock keeps other processes out: only a folder can be locked. */
  readonly exclusive: boolean;
  /**
   * Throws at once when a loss of the lock was noticed. Called before each write.
   * @throws LookalikeError CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
   */
  require(): void;
  /**
   * Checks on disk whether the lock is still held. Called right before a publish, so that two writers never overwrite each
   * other's publish.
   * @throws LookalikeError CATALOG_LOCK_LOST, CATALOG_FOLDER_GONE
   */
  verify(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Allows one writer at a time on a catalog folder, app and CLI alike: Lance's clean-up in one process can delete files that
 * another is writing. A killed writer leaves its lock behind, so this waits until such a lock would be stale. Remote URIs
 * are not locked.
 * @throws LookalikeError CATALOG_BUSY, DATA_FOLDER_UNUSABLE, STORAGE_*
 */
export async function lockCatalog(uri: string): Promise<CatalogLock> {
  if (!isFolder(uri)) {
    return { exclusive: false, require: () => {}, verify: async () => {}, release: async () => {} };
  }
  const lock = await acquire(uri);
  const throwIf = (loss: LockLoss | null) => {
    if (loss) throw lost(uri, loss);
  };
  return {
    exclusive: true,
    require: () => throwIf(lock.noticed),
    verify: async () => throwIf(await lock.loss()),
    release: () => lock.release(),
  };
}

async function acquire(uri: string): Promise<FolderLock> {
  const lock = await (async () => {
    await mkdir(uri, { recursive: true });
    await requireHardLinks(uri);
    return FolderLock.acquire(uri);
  })().catch((cause: unknown) => {
    throw storageError(cause, uri);
  });
  if (!lock)
    throw new LookalikeError({ code: 'CATALOG_BUSY', params: { by: 'import', model: null } }, { item: uri });
  return lock;
}

function lost(uri: string, loss: LockLoss): LookalikeError {
  const code = loss === 'taken' ? 'CATALOG_LOCK_LOST' : 'CATALOG_FOLDER_GONE';
  return new LookalikeError({ code, params: {} }, { item: uri });
}
