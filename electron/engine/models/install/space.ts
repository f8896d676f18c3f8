import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';

/** Left free for everything else that writes: the catalog, the system. */
const SPARE_BYTES = 100_000_000;

/**
 * @param path a file that is about to grow by so many bytes
 * @throws LookalikeError MODEL_SPACE
 */
export async function ensureSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= bytes + SPARE_BYTES) return;
  throw new LookalikeError('MODEL_SPACE', {
    detail: `The disk has ${megabytes(free)} free, and ${megabytes(bytes + SPARE_BYTES)} are needed.`,
    item: dirname(path),
  });
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
