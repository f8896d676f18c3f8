import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';

/** A feed that is not what it should be, as the error that says so. */
export function invalidFeed(
  ref: string,
  params: FaultParams['FEED_INVALID'],
  cause?: unknown,
): LookalikeError {
  return new LookalikeError({ code: 'FEED_INVALID', params }, { item: ref, cause });
}
