import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';

/** Bytes left free for everything else that writes: the catalog, the system. */
const SPARE_BYTES = 100_000_000;

/**
 * Checks that a file can grow by so many bytes.
 * @throws LookalikeError MODEL_SPACE
 */
export async function ensureSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= bytes + SPARE_BYTES) return;
  const params = { free, needed: bytes + SPARE_BYTES };
  throw new LookalikeError({ code: 'MODEL_SPACE', params }, { item: dirname(path) });
}

/** Makes the error for a disk that is full. */
export function noSpace(options: { item?: string; cause: unknown }): LookalikeError {
  return new LookalikeError({ code: 'MODEL_SPACE', params: { free: null, needed: null } }, options);
}
