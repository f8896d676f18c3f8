import { randomBytes } from 'node:crypto';
import { link, mkdir, realpath, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, win32 } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';
import { cleanUp, retried } from './changes.ts';
import { storageError } from './storage-error.ts';

/** Windows' limit on paths (260 with the end) for ONNX Runtime, which does not ask for longer ones. */
const LONGEST_PATH = 259;
/** The longest path below the data folder: 94 with the models that the app lists, and room for a longer id of a model. */
const LONGEST_BELOW = 120;

/**
 * Refuses a data folder in which the catalog or models could not be opened.
 *
 * LanceDB takes the server's name off network paths of Windows (lancedb#2623, lance#6616), which is why they are refused,
 * also where a letter of a drive stands for one.
 * @param windows whether paths are Windows'
 * @throws LookalikeError DATA_FOLDER_UNUSABLE
 */
export async function requirePlace(dataDir: string, windows = process.platform === 'win32'): Promise<void> {
  if (!windows) return;
  const real = await realPlace(dataDir);
  if (isNetworkPath(dataDir) || isNetworkPath(real)) throw unusable(dataDir, { reason: 'network' });
  const most = LONGEST_PATH - LONGEST_BELOW;
  if (win32.resolve(dataDir).length > most) throw unusable(dataDir, { reason: 'long', most });
}

/** The real path of a folder of Windows or, before it exists, of the nearest one above it that does: `Z:` can be a server. */
function realPlace(folder: string): Promise<string> {
  return realpath(folder).catch(() => {
    const above = win32.dirname(folder);
    return above === folder ? folder : realPlace(above);
  });
}

/**
 * Refuses a folder on a drive without hard links, by which Lance publishes a version of a table in one step: exFAT and FAT,
 * which most USB sticks have, and some network drives.
 * @param folder made for the trial when it does not exist yet, and removed again
 * @throws LookalikeError DATA_FOLDER_UNUSABLE; STORAGE_* when the trial fails for another reason
 */
export async function requireHardLinks(folder: string): Promise<void> {
  // Of names that are cleaned up after a process that was killed.
  const unfinished = () => join(folder, `.link.${process.pid}-${randomBytes(6).toString('hex')}.unfinished`);
  const [file, linked] = [unfinished(), unfinished()];
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
    await writeFile(file, '');
  } catch {
    // Full, or not to be written: whoever writes there next says so.
    return;
  }
  try {
    await retried(() =>
      link(file, linked).catch((cause: unknown) => {
        throw isWithoutLinks(cause) ? unusable(folder, { reason: 'no-links' }, cause) : cause;
      }),
    );
  } catch (cause) {
    throw storageError(cause, folder);
  } finally {
    await cleanUp(linked);
    await cleanUp(file);
    if (made !== undefined) await removeEmpty(folder, made);
  }
}

/**
 * Whether an error of `link` says that the drive has no hard links: Windows calls it EISDIR or EINVAL (ERROR_INVALID_FUNCTION,
 * ERROR_INVALID_PARAMETER), Linux EPERM, which on Windows says that a file is held.
 */
function isWithoutLinks(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return NO_LINKS.has(code) || (code === 'EPERM' && process.platform !== 'win32');
}

const NO_LINKS = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EINVAL']);

/** Removes a folder and those above it, up to `top`, as far as they are empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    // Another process has begun to use the folder.
    return;
  }
  if (folder !== top) await removeEmpty(dirname(folder), top);
}

/** Whether a path of Windows leads to another computer: `\\server\share`, also written `\\?\UNC\server\share`. */
export const isNetworkPath = (path: string): boolean =>
  /^[\\/]{2}(?:[?.][\\/]UNC[\\/]|(?![?.][\\/]))[^\\/]/i.test(path);

function unusable(
  item: string,
  params: FaultParams['DATA_FOLDER_UNUSABLE'],
  cause?: unknown,
): LookalikeError {
  return new LookalikeError({ code: 'DATA_FOLDER_UNUSABLE', params }, { item, cause });
}
