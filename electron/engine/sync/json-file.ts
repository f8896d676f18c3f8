import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';

/** A small JSON document on disk, held in memory, replaced as a whole so that a power cut leaves the old or the new one. */
export class JsonFile<T> {
  readonly #path: string;
  #value: T;
  #writes: Promise<void> = Promise.resolve();

  /** A document that is not read: what is at the path is replaced by the first `set`. */
  constructor(path: string, value: T) {
    this.#path = path;
    this.#value = value;
  }

  /** @throws Error when the file is there and cannot be read or is not what it should be */
  static async open<T>(path: string, schema: z.ZodType<T>, empty: T): Promise<JsonFile<T>> {
    try {
      return new JsonFile(path, schema.parse(JSON.parse(await readFile(path, 'utf8'))));
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
        return new JsonFile(path, empty);
      throw cause;
    }
  }

  get value(): T {
    return this.#value;
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async set(value: T): Promise<void> {
    this.#value = value;
    const write = this.#writes.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFileAtomic(this.#path, `${JSON.stringify(value, null, 2)}\n`);
    });
    this.#writes = write.catch(() => {});
    try {
      await write;
    } catch (cause) {
      throw new LookalikeError('STORAGE_FAILED', { item: this.#path, cause });
    }
  }
}
