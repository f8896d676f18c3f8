import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import { web } from './client.ts';

const LIMITS = {
  reason: 'picture',
  maxBytes: MOST_PICTURE_BYTES,
  timeoutMs: 30_000,
  errors: { unreachable: 'IMAGE_MISSING', tooLarge: 'IMAGE_TOO_LARGE' },
} as const;

/**
 * Fetches a picture from the internet only: a page could name an address of this network instead of a picture's. The bytes
 * may be anything; `images/` checks them.
 * @throws LookalikeError PICTURE_ADDRESS_PRIVATE, IMAGE_MISSING, IMAGE_TOO_LARGE, AUTH_REFUSED, CANCELLED
 */
export async function fetchWebPicture(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const answer = await web.read(url, { ...LIMITS, signal });
    if (answer === 'unchanged') throw new Error('an unasked "unchanged"');
    return Uint8Array.from(answer.bytes);
  } catch (error) {
    if (!(error instanceof LookalikeError) || error.code !== 'ADDRESS_REFUSED') throw error;
    const { host } = new URL(url);
    throw new LookalikeError({ code: 'PICTURE_ADDRESS_PRIVATE', params: { host } });
  }
}
