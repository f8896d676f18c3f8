import { type FileHandle, open } from 'node:fs/promises';
import { openToAdd, writeAt } from '../files/adding.ts';
import { storageError } from '../files/storage-error.ts';
import type { Place } from './entries.ts';

/**
 * The pictures of a document, one after another in one file: thousands of small files would be slow to make, copy and delete.
 * Bytes are only added. What no entry of the journal names, because the process was killed, is never read.
 */
export class PictureFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #end: number;

  private constructor(path: string, file: FileHandle, end: number) {
    this.#path = path;
    this.#file = file;
    this.#end = end;
  }

  /**
   * @param writes makes the file where there is none; else it must be there
   * @throws LookalikeError STORAGE_*; Error of the file system
   */
  static async open(path: string, { writes }: { writes: boolean }): Promise<PictureFile> {
    const file = writes ? await openToAdd(path) : await open(path, 'r');
    return new PictureFile(path, file, (await file.stat()).size);
  }

  get bytes(): number {
    return this.#end;
  }

  /**
   * Adds bytes, and returns where they lie.
   * @throws LookalikeError STORAGE_*
   */
  async add(bytes: Uint8Array): Promise<Place> {
    const at = this.#end;
    this.#end += bytes.length;
    try {
      await writeAt(this.#file, bytes, at);
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
    return [at, bytes.length];
  }

  /** Null where the file is shorter, as after a power cut. */
  async read([at, length]: Place): Promise<Uint8Array<ArrayBuffer> | null> {
    if (at + length > this.#end) return null;
    // The callers hand it on over a port, so it has a buffer of its own.
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, at);
    return bytesRead === length ? bytes : null;
  }

  /** Waits until all bytes are on the disk. */
  sync(): Promise<void> {
    return this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
