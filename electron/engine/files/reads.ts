import { HeldError, retried } from './changes.ts';

/** Errors of the system that say that a file is missing, or that the disk cannot give it back. */
const DAMAGE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EIO']);

/**
 * Whether a failed read says something of the file: it is missing, its content is wrong, or the disk cannot give it back. A
 * file that another program holds, or that this person may not read, can be intact.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof HeldError) return false;
  const isOfSystem = error instanceof Error && 'syscall' in error && 'code' in error;
  return !isOfSystem || DAMAGE.has(String(error.code));
}

/**
 * Reads, again and again while another program holds the file.
 * @returns `otherwise` when what is read is missing or damaged
 * @throws HeldError; Error of the file system when the file may be intact and cannot be read now
 */
export async function readOr<T, D>(read: () => Promise<T>, otherwise: D): Promise<T | D> {
  try {
    return await retried(read);
  } catch (error) {
    if (isDamage(error)) return otherwise;
    throw error;
  }
}

/** JSON as it was written; null for text that is none. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
