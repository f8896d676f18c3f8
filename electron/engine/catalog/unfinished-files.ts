import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanUp, removeUnfinishedWrites } from '../files/changes.ts';

/** Writing a file never takes this long. */
const ABANDONED_AFTER_MS = 600_000;

/**
 * Deletes what killed writes have left in the tables and beside them. Lance writes a file as `.tmp…` or `<name>#<n>` and
 * then renames it. Nothing reads such a file, and Lance's own clean-up leaves it in most folders of a table. Needs the lock.
 */
export async function removeUnfinished(uri: string): Promise<void> {
  await removeUnfinishedWrites(uri);
  const entries = await readdir(uri, { recursive: true, withFileTypes: true });
  const latest = Date.now() - ABANDONED_AFTER_MS;
  for (const { name, parentPath } of entries) {
    if (!/^\.tmp|#\d+$/.test(name) || !/\.lance([\\/]|$)/.test(parentPath)) continue;
    const path = join(parentPath, name);
    const info = await stat(path).catch(() => null);
    if (info?.isFile() && info.mtimeMs < latest) await cleanUp(path);
  }
}
