import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Fault, FaultParams } from '../../contract/faults.ts';
import { rename, writeWhole } from './changes.ts';
import { storageError } from './storage-error.ts';

/**
 * A small JSON document on disk, held in memory. It is replaced as a whole, so that a power cut leaves the old or the new
 * one.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #options: { mode?: number };
  #value: T;
  #writes: Promise<void> = Promise.resolve();

  /** Starts from `value` without reading the file. The first `set` replaces the file. */
  constructor(path: string, value: T, mode?: number) {
    this.#options = mode === undefined ? {} : { mode };
    this.#path = path;
    this.#value = value;
  }

  /** @throws Error when the file exists and cannot be read, or does not match the schema */
  static async open<T>(path: string, schema: z.ZodType<T>, empty: T, mode?: number): Promise<JsonFile<T>> {
    try {
      return new JsonFile(path, schema.parse(JSON.parse(await readFile(path, 'utf8'))), mode);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
        return new JsonFile(path, empty, mode);
      throw cause;
    }
  }

  /**
   * Like `open`, but never fails on a damaged file: it renames the file to `<name>.damaged`, starts from the empty value,
   * and reports this in its result. A file without read permission stays where it is.
   * @param mode the permissions of a new file; the system's usual ones without it
   */
  static async openAnyway<T>(
    path: string,
    schema: z.ZodType<T>,
    empty: T,
    of: FaultParams['FILE_DAMAGED']['of'],
    mode?: number,
  ): Promise<{ file: JsonFile<T>; fault: Fault | null }> {
    try {
      return { file: await JsonFile.open(path, schema, empty, mode), fault: null };
    } catch (error) {
      console.error(`${path} could not be read and is begun anew.`, error);
      const isDamaged = error instanceof SyntaxError || error instanceof z.ZodError;
      const kept = isDamaged ? `${basename(path)}.damaged` : null;
      const moved = kept !== null && (await isMoved(path, join(dirname(path), kept)));
      const params = { file: basename(path), of, kept: moved ? kept : null };
      return { file: new JsonFile(path, empty, mode), fault: { code: 'FILE_DAMAGED', params } };
    }
  }

  get value(): T {
    return this.#value;
  }

  /** @throws LookalikeError STORAGE_* */
  async set(value: T): Promise<void> {
    this.#value = value;
    const write = this.#writes.then(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeWhole(this.#path, `${JSON.stringify(value, null, 2)}\n`, this.#options);
    });
    this.#writes = write.catch(() => {});
    try {
      await write;
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
  }
}

const isMoved = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    () => false,
  );
