import { readFile, stat } from 'node:fs/promises';
import { LookalikeError } from '../../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../../contract/limits.ts';
import { UnusableAnswerError } from '../../net/failure.ts';
import { toLookalikeError } from '../../net/request-failure.ts';

/** The limits of a picture, wherever it comes from. */
export const PICTURE_LIMITS = {
  reason: 'picture',
  maxBytes: MOST_PICTURE_BYTES,
  timeoutMs: 30_000,
  errors: { unreachable: 'IMAGE_MISSING', tooLarge: 'IMAGE_TOO_LARGE' },
} as const;

/**
 * The bytes of a file.
 * @param shown its name in errors
 * @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE, CANCELLED
 */
export async function readPictureFile(
  path: string | Buffer,
  shown: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    // Opening a named pipe waits for somebody who writes to it, for ever.
    if (!info.isFile() && !info.isDirectory()) throw new UnusableAnswerError({ kind: 'no-file' });
    if (info.size > MOST_PICTURE_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE', { item: shown });
    return await readFile(path, { signal });
  } catch (cause) {
    throw toLookalikeError(cause, shown, { ...PICTURE_LIMITS, signal });
  }
}
