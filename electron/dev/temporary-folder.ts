import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes a new folder for a test; see `removeFolder`. */
export function makeTemporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'lookalike-test-'));
}

/**
 * Removes a test's folder. On Windows a file cannot be removed while a process that has just ended, an open table or a virus
 * scanner still holds it, so removing is tried again for about five seconds.
 */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
