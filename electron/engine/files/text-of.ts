import { readFile } from 'node:fs/promises';

/**
 * The text of a small file; null when it is not there.
 * @throws Error of the file system
 */
export function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
