import { mkdir, mkdtemp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanUp } from './changes.ts';
import { dataFolder } from './data-folder.ts';
import { isRunning } from './process-id.ts';
import { storageError } from './storage-error.ts';

/**
 * Makes an empty folder for the temporary files of one sync, `<dataDir>/tmp/<process id>-…`. Folders that killed processes
 * have left are removed first, so that they cannot accumulate. One that another program holds stays until the next time.
 * @throws LookalikeError STORAGE_*
 */
export async function makeWorkFolder(dataDir: string): Promise<string> {
  const all = dataFolder.temporary(dataDir);
  try {
    await mkdir(all, { recursive: true });
    for (const name of await readdir(all)) {
      const folder = join(all, name);
      if (await isAbandoned(folder, Number.parseInt(name, 10))) await cleanUp(folder);
    }
    return await mkdtemp(join(all, `${process.pid}-`));
  } catch (cause) {
    throw storageError(cause, all);
  }
}

async function isAbandoned(folder: string, pid: number): Promise<boolean> {
  // In a container every process may have the same id. A folder that is older than this process belongs to an earlier one.
  if (pid === process.pid) {
    const info = await stat(folder).catch(() => null);
    return info !== null && info.mtimeMs < Date.now() - process.uptime() * 1000;
  }
  return !isRunning(pid);
}
