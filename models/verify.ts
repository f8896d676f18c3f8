import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface Digest {
  algorithm: 'sha256' | 'sha512';
  /** Lower-case hex. */
  hex: string;
}

/** Whether the file exists and has this digest. */
export async function isIntact(path: string, { algorithm, hex }: Digest): Promise<boolean> {
  return existsSync(path) && hash(algorithm, await readFile(path)) === hex;
}

/** Throws an error with the file and both digests when they differ. */
export function verify(file: string, bytes: Uint8Array, { algorithm, hex }: Digest): void {
  const got = hash(algorithm, bytes);
  if (got !== hex)
    throw new Error(
      `${file} is not what is pinned.\n  expected ${algorithm} ${hex}\n  got      ${algorithm} ${got}`,
    );
}
