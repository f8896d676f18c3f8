import { LookalikeError } from '../../contract/errors.ts';
import { PrivateAddressError } from './address-guard.ts';
import { TooLargeError } from './body.ts';
import type { WebRequest } from './client.ts';
import { withoutCredentials } from './credentials.ts';
import { failureInWords, StatusError } from './failure.ts';

/** The limits that were broken, and what that is called. */
type Limits = Pick<WebRequest, 'maxBytes' | 'timeoutMs' | 'errors' | 'signal'>;

/**
 * Any failure of reading a file or URL, as the user is told of it.
 * @param ref may hold a user name and password, which are not repeated
 */
export function toLookalikeError(cause: unknown, ref: string, request: Limits): LookalikeError {
  if (cause instanceof LookalikeError) return cause;
  if (request.signal.aborted) return new LookalikeError('CANCELLED', { cause });
  const item = withoutCredentials(ref);
  const { unreachable, tooLarge } = request.errors;
  if (cause instanceof TooLargeError) {
    const detail = `It is larger than ${Math.round(request.maxBytes / 1e6)} MB.`;
    return new LookalikeError(tooLarge, { detail, item });
  }
  if (cause instanceof PrivateAddressError) {
    const detail = `${cause.message} Only the feed's own host may be there.`;
    return new LookalikeError('ADDRESS_REFUSED', { detail, item, cause });
  }
  if (cause instanceof StatusError) {
    const code = cause.status === 401 || cause.status === 403 ? 'AUTH_REFUSED' : unreachable;
    return new LookalikeError(code, { detail: failureInWords(cause, item), item, cause });
  }
  const late = cause instanceof Error && cause.name === 'TimeoutError';
  const detail = late
    ? `No complete answer came within ${request.timeoutMs / 1000} seconds.`
    : failureInWords(cause, item);
  return new LookalikeError(unreachable, { detail, item, cause });
}

/** A stream whose failures are told as `toLookalikeError` does. */
export async function* failingInWords(
  stream: AsyncIterable<Uint8Array>,
  ref: string,
  request: Limits,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    throw toLookalikeError(cause, ref, request);
  }
}
