import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { remove, rename } from '../files/changes.ts';
import { folderUse } from './disk.ts';

/** The folder of damaged files, relative to the catalog's folder. It has one folder for each repair. */
const FOLDER = 'damaged';

/** The damaged files that one repair took out of the catalog. */
export interface SetAside {
  /** Absolute path. */
  folder: string;
  bytes: number;
  files: number;
}

/**
 * Moves damaged files, or whole tables, to `damaged/<time>`, under the same paths, because someone may still recover
 * something from them. Missing files are skipped.
 * @param paths relative to the catalog's folder
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

/** The repairs whose files are still kept, the oldest first. */
export async function listSetAside(uri: string): Promise<SetAside[]> {
  const times = (await readdir(join(uri, FOLDER)).catch(() => [])).sort();
  const found = times.map(async (time) => {
    const folder = join(uri, FOLDER, time);
    return { folder, ...(await folderUse(folder)) };
  });
  return (await Promise.all(found)).filter(({ files }) => files > 0);
}

/** Deletes all files that were set aside. */
export async function removeSetAside(uri: string): Promise<void> {
  await remove(join(uri, FOLDER));
}
