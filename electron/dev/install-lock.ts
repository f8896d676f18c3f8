import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';

/** The folder for development downloads, outside the repository, so that all clones share them. */
export const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'lookalike');

/** Runs `install` while no other process of this user does the same. The lock of a killed process expires after 10 s. */
export async function installAlone<T>(install: () => Promise<T>): Promise<T> {
  await mkdir(CACHE, { recursive: true });
  const release = await lock(CACHE, {
    lockfilePath: path.join(CACHE, 'install.lock'),
    retries: { forever: true, minTimeout: 200, maxTimeout: 1000 },
  });
  try {
    return await install();
  } finally {
    await release();
  }
}
