import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderUse } from './disk.ts';

/** Where damaged files are kept, below the catalog's folder: a folder for each time. */
const FOLDER = 'damaged';

/** Damaged files that were taken out of the catalog at one time. */
export interface SetAside {
  /** Absolute. */
  folder: string;
  bytes: number;
  files: number;
}

/**
 * Moves damaged files, or whole tables, out of the catalog's way into `damaged/<time>`, under the same paths: what is left
 * of them may be worth something to somebody. Those that are not there are left out.
 * @param paths below the catalog's folder
 */
export async function setAside(uri: string, paths: readonly string[]): Promise<void> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  for (const path of paths) {
    const target = join(uri, FOLDER, stamp, path);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(uri, path), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** What is kept aside, the oldest first. */
export async function listSetAside(uri: string): Promise<SetAside[]> {
  const times = (await readdir(join(uri, FOLDER)).catch(() => [])).sort();
  const found = times.map(async (time) => {
    const folder = join(uri, FOLDER, time);
    return { folder, ...(await folderUse(folder)) };
  });
  return (await Promise.all(found)).filter(({ files }) => files > 0);
}

/** Deletes all that is kept aside. */
export async function removeSetAside(uri: string): Promise<void> {
  await rm(join(uri, FOLDER), { recursive: true, force: true });
}
