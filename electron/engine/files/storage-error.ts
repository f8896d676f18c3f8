import { LookalikeError } from '../../contract/errors.ts';

/** How Node, and Lance in its own words (Rust's), say that a disk or a quota is full. */
const FULL = /ENOSPC|EDQUOT|No space left|os error (28|122|112)\b|disk quota/i;
/** … and that something may not be written: permissions, a read-only disk. */
const FORBIDDEN =
  /EACCES|EPERM|EROFS|Permission denied|Read-only file system|os error (13|1|30|5)\b.*denied/i;

/**
 * The error for a write that failed. It speaks of disk space only when space was the cause, so that nobody clears a
 * disk in vain.
 * @param cause of Node or of Lance; a LookalikeError is returned as it is
 * @param item the file or folder that was written to
 * @returns STORAGE_FAILED for a full disk, STORAGE_FORBIDDEN, or STORAGE_BROKEN with the first line of what was said
 */
export function storageError(cause: unknown, item?: string): LookalikeError {
  if (cause instanceof LookalikeError) return cause;
  const said = wordsOf(cause);
  const about = { cause, ...(item !== undefined && { item }) };
  if (FULL.test(said)) return new LookalikeError('STORAGE_FAILED', about);
  if (FORBIDDEN.test(said)) return new LookalikeError({ code: 'STORAGE_FORBIDDEN', params: {} }, about);
  return new LookalikeError({ code: 'STORAGE_BROKEN', params: { reason: firstLine(said) } }, about);
}

/** Whether a write failed for a reason that has nothing to do with what is on disk already. */
export function isOfTheDisk(error: unknown): boolean {
  return (
    error instanceof LookalikeError && (error.code === 'STORAGE_FAILED' || error.code === 'STORAGE_FORBIDDEN')
  );
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? `${cause.code}: ` : '';
  return `${code}${cause.message}${cause.cause === undefined ? '' : `\n${wordsOf(cause.cause)}`}`;
}

/** Without the place in Lance's source that its errors end with. */
function firstLine(said: string): string {
  const [first = ''] = said.split('\n');
  return first.replace(/, \/[^ ]*\.rs:\d+:\d+.*$/, '').slice(0, 200);
}
