import { type FileHandle, open } from 'node:fs/promises';
import { retried } from './changes.ts';

/**
 * Opens a file to add to it, and makes it where there is none.
 * @throws HeldError, Error of the file system
 */
export async function openToAdd(path: string): Promise<FileHandle> {
  // Made first: `r+` needs the file, and `a+` would ignore where something is written.
  await (await retried(() => open(path, 'a'))).close();
  return retried(() => open(path, 'r+'));
}

/** Writes all bytes at a place of a file: a single `write` says nothing when the disk fills up in the middle. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let written = 0;
  while (written < bytes.length)
    written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
}
