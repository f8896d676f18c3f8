import { LookalikeError } from '../../contract/errors.ts';

/** A feed that is not what it should be, as the error that says so. */
export function invalidFeed(ref: string, detail: string, cause?: unknown): LookalikeError {
  return new LookalikeError('FEED_INVALID', { detail, item: ref, cause });
}
