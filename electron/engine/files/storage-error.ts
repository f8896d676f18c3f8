import { LookalikeError } from '../../contract/errors.ts';
import { HeldError, isSaidToBeHeld } from './changes.ts';

/** How Node and Lance (with Rust's messages) report a full disk or an exhausted quota. */
const FULL = /ENOSPC|EDQUOT|No space left|os error (28|122|112)\b|disk quota/i;
/** How they report a write that is not permitted: missing permissions, a read-only disk. */
const FORBIDDEN = /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i;

/**
 * Makes the error for a failed write. The error mentions disk space only when the disk was full, so that nobody frees disk
 * space in vain.
 * @param cause an error of Node or Lance; a LookalikeError is returned unchanged
 * @param item the file or folder that was written to
 * @returns STORAGE_FAILED for a full disk, STORAGE_FORBIDDEN, STORAGE_HELD, or STORAGE_BROKEN with the first line of the
 * cause's message
 */
export function storageError(cause: unknown, item?: string): LookalikeError {
  if (cause instanceof LookalikeError) return cause;
  const message = wordsOf(cause);
  const about = { cause, ...(item !== undefined && { item }) };
  if (cause instanceof HeldError) {
    const held = cause.path ?? item;
    return new LookalikeError('STORAGE_HELD', { cause, ...(held !== undefined && { item: held }) });
  }
  if (FULL.test(message)) return new LookalikeError('STORAGE_FAILED', about);
  if (isSaidToBeHeld(message)) return new LookalikeError('STORAGE_HELD', about);
  if (FORBIDDEN.test(message)) return new LookalikeError({ code: 'STORAGE_FORBIDDEN', params: {} }, about);
  return new LookalikeError({ code: 'STORAGE_BROKEN', params: { reason: firstLine(message) } }, about);
}

const OF_THE_DISK = new Set(['STORAGE_FAILED', 'STORAGE_FORBIDDEN', 'STORAGE_HELD']);
const TOO_MANY_OPEN = /EMFILE|ENFILE|Too many open files/i;

/**
 * Whether a read or write failed although the data may be intact: the disk is full, a file is held by another program or not
 * permitted, or too many files are open.
 */
export function isOfTheDisk(error: unknown): boolean {
  if (OF_THE_DISK.has(storageError(error).code)) return true;
  if (error instanceof LookalikeError) return error.cause !== undefined && isOfTheDisk(error.cause);
  return TOO_MANY_OPEN.test(wordsOf(error));
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Node's own messages begin with the code.
  const code = 'code' in cause && !cause.message.startsWith(`${cause.code}`) ? `${cause.code}: ` : '';
  return `${code}${cause.message}${cause.cause === undefined ? '' : `\n${wordsOf(cause.cause)}`}`;
}

/** Removes the source location that Lance appends to its errors. */
function firstLine(said: string): string {
  const [first = ''] = said.split('\n');
  return first.replace(/, \/[^ ]*\.rs:\d+:\d+.*$/, '').slice(0, 200);
}
