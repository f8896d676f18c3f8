import type { Dispatcher } from 'undici';
import { header } from './answer.ts';

/** The bytes of a file on disk, and the version of the file that they come from. */
export interface Kept {
  /** Bytes on disk: the first of the file. */
  size: number;
  /** A strong ETag or a date, as `rangeValidator` gives it; null when the server sent neither. */
  validator: string | null;
  /** Bytes of the whole file; null when the server did not send a length. */
  total: number | null;
}

/** Headers that request the rest of the file, if the file is still the version of the kept bytes. */
export function rangeHeaders(kept: Kept | null): Record<string, string> {
  if (kept === null || kept.size === 0) return {};
  const condition = kept.validator === null ? {} : { 'if-range': kept.validator };
  return { range: `bytes=${kept.size}-`, ...condition };
}

/** Whether a partial response (206) is the rest of the file that the kept bytes come from. */
export function continues(answer: Dispatcher.ResponseData, kept: Kept): boolean {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header(answer, 'content-range') ?? '') ?? [];
  if (Number(first) !== kept.size) return false;
  if (total !== '*' && kept.total !== null && Number(total) !== kept.total) return false;
  const validator = rangeValidator(answer);
  return validator === null || kept.validator === null || validator === kept.validator;
}

/** A strong ETag, or else the date of the last change: the values that If-Range accepts (RFC 9110, 13.1.5). */
export function rangeValidator(answer: Dispatcher.ResponseData): string | null {
  const etag = header(answer, 'etag');
  return etag?.startsWith('"') ? etag : header(answer, 'last-modified');
}
