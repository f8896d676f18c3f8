import { readFile } from 'node:fs/promises';

/**
 * Reads the text of a small file; null when the file does not exist.
 * @throws Error of the file system
 */
export function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
