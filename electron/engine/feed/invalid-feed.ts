import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';

/** Makes the error for a feed that is damaged or not of its format. */
export function invalidFeed(
  ref: string,
  params: FaultParams['FEED_INVALID'],
  cause?: unknown,
): LookalikeError {
  return new LookalikeError({ code: 'FEED_INVALID', params }, { item: ref, cause });
}
