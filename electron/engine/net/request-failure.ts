import { LookalikeError } from '../../contract/errors.ts';
import { PrivateAddressError } from './address-guard.ts';
import { TooLargeError } from './body.ts';
import type { WebRequest } from './client.ts';
import { withoutCredentials } from './credentials.ts';
import { StatusError, unreachable } from './failure.ts';

/** The limits of a request, and the error codes for exceeding them. */
type Limits = Pick<WebRequest, 'maxBytes' | 'timeoutMs' | 'errors' | 'signal'>;

/**
 * Converts any failure of reading a file or URL to a LookalikeError.
 * @param ref may hold a user name and password, which the error does not repeat
 */
export function toLookalikeError(cause: unknown, ref: string, request: Limits): LookalikeError {
  if (cause instanceof LookalikeError) return cause;
  if (request.signal.aborted) return new LookalikeError('CANCELLED', { cause });
  const item = withoutCredentials(ref);
  if (cause instanceof TooLargeError) {
    const { maxBytes: mostBytes, errors } = request;
    const feed = { code: 'FEED_TOO_LARGE', params: { mostBytes } } as const;
    return new LookalikeError(errors.tooLarge === 'FEED_TOO_LARGE' ? feed : errors.tooLarge, { item });
  }
  if (cause instanceof PrivateAddressError) {
    const params = { host: cause.host, unless: 'feed' } as const;
    return new LookalikeError({ code: 'ADDRESS_REFUSED', params }, { item, cause });
  }
  if (cause instanceof StatusError && (cause.status === 401 || cause.status === 403))
    return new LookalikeError({ code: 'AUTH_REFUSED', params: unreachable(cause, item) }, { item, cause });
  const late = cause instanceof Error && cause.name === 'TimeoutError';
  const reason = { kind: 'late', seconds: request.timeoutMs / 1000 } as const;
  const params = late ? { at: item, reason, proxy: null } : unreachable(cause, item);
  return new LookalikeError({ code: request.errors.unreachable, params }, { item, cause });
}

/** Passes a stream on, and converts its failures with `toLookalikeError`. */
export async function* failingAsOurs(
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
