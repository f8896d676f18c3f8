import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskUse } from '../../contract/catalog.ts';

/** The size of all files in a folder and its subfolders. A missing folder has size 0. */
export async function folderUse(folder: string): Promise<DiskUse> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing);
  const use: DiskUse = { bytes: 0, files: 0 };
  for (const entry of entries ?? []) {
    if (!entry.isFile()) continue;
    // An import may delete files while they are counted.
    const info = await stat(join(entry.parentPath, entry.name)).catch(unlessMissing);
    if (!info) continue;
    use.bytes += info.size;
    use.files++;
  }
  return use;
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
