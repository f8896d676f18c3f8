import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Fault, FaultParams } from '../../contract/faults.ts';
import { storageError } from './storage-error.ts';

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
    await removeAbandoned(path);
    try {
      return new JsonFile(path, schema.parse(JSON.parse(await readFile(path, 'utf8'))));
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
        return new JsonFile(path, empty);
      throw cause;
    }
  }

  /**
   * As `open`, whatever is at the path: a file that is damaged is kept as `<name>.damaged` and begun anew, and the answer
   * says so. One that may not be read stays where it is.
   */
  static async openAnyway<T>(
    path: string,
    schema: z.ZodType<T>,
    empty: T,
    of: FaultParams['FILE_DAMAGED']['of'],
  ): Promise<{ file: JsonFile<T>; fault: Fault | null }> {
    try {
      return { file: await JsonFile.open(path, schema, empty), fault: null };
    } catch (error) {
      console.error(`${path} could not be read and is begun anew.`, error);
      const isDamaged = error instanceof SyntaxError || error instanceof z.ZodError;
      const kept = isDamaged ? `${basename(path)}.damaged` : null;
      const moved = kept !== null && (await isMoved(path, join(dirname(path), kept)));
      const params = { file: basename(path), of, kept: moved ? kept : null };
      return { file: new JsonFile(path, empty), fault: { code: 'FILE_DAMAGED', params } };
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
      await writeFileAtomic(this.#path, `${JSON.stringify(value, null, 2)}\n`);
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

/** What killed writes have left beside the file, `<name>.<number>`: one under way takes milliseconds, not a minute. */
async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${basename(path)}.`) || !/\.\d+$/.test(name)) continue;
    const left = join(folder, name);
    const info = await stat(left).catch(() => null);
    // In a folder that cannot be written it stays.
    if (info && info.mtimeMs < Date.now() - 60_000) await rm(left, { force: true }).catch(() => {});
  }
}
