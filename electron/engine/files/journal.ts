import { appendFile, copyFile, type FileHandle, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openToAdd, writeAt } from './adding.ts';
import { remove, writeWhole } from './changes.ts';
import { storageError } from './storage-error.ts';

/** What a journal holds. */
export interface JournalContent {
  /** The entries that are whole, in their order. */
  entries: unknown[];
  /** The length of the file in bytes. */
  bytes: number;
  /** The bytes of the last line, when it was cut off while it was written; 0 for a whole one. */
  torn: number;
  /** Lines that are damaged, the cut one aside. */
  damaged: number;
}

interface Waiting {
  text: string;
  durable: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * A file of JSON entries, a line each, that is only ever added to: `<CRC-32 of the JSON, 8 hex digits> <JSON>`. A kill or a
 * power cut can cut off the last line only, and a line that was changed is noticed.
 */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  #length: number;
  #waiting: Waiting[] = [];
  /** The writing that is under way. */
  #writing: Promise<void> | null = null;
  /** Why nothing can be added any more: the file may end in a part of a line. */
  #broken: unknown = null;

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /**
   * Opens a journal to add to it; it is made where there is none. A line that was cut off is cut away. Where other lines are
   * damaged, the file is copied first and then written anew without them.
   * @param known what was read of it before: while that is whole and all, it is not read again
   * @returns `content`: what was read now, null for nothing; `kept`: the name of the copy
   * @throws LookalikeError STORAGE_*
   */
  static async open(
    path: string,
    known: Omit<JournalContent, 'entries'> | null = null,
  ): Promise<{ journal: Journal; content: JournalContent | null; kept: string | null }> {
    try {
      const size = await stat(path).then(
        (info) => info.size,
        () => 0,
      );
      const isKnown = known?.bytes === size && known.damaged === 0;
      const content = isKnown ? null : await readJournal(path);
      const kept = content && content.damaged > 0 ? await mend(path, content) : null;
      const file = await openToAdd(path);
      const { torn } = content ?? known ?? { torn: 0 };
      const length = (await file.stat()).size - (kept === null ? torn : 0);
      if (kept === null && torn > 0) await file.truncate(length);
      return { journal: new Journal(path, file, length), content, kept };
    } catch (cause) {
      throw storageError(cause, path);
    }
  }

  /** The length of the file in bytes, once everything added is written. */
  get bytes(): number {
    return this.#length;
  }

  /**
   * Adds entries, all of them or none.
   * @param durable waits until they are on the disk, so that a power cut cannot take them; entries added before are then on
   * the disk too. Otherwise they are only handed to the system, which a killed process cannot take back either.
   * @throws LookalikeError STORAGE_*
   */
  add(entries: readonly unknown[], { durable }: { durable: boolean }): Promise<void> {
    const text = entries.map(lineOf).join('');
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, durable, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Writes all that is waiting, together: entries that are added while the disk is busy share its next turn. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      const text = batch.map((each) => each.text).join('');
      try {
        await this.#append(
          Buffer.from(text),
          batch.some(({ durable }) => durable),
        );
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        for (const { reject } of batch) reject(storageError(cause, this.#path));
      }
    }
    this.#writing = null;
  }

  async #append(bytes: Buffer, durable: boolean): Promise<void> {
    if (this.#broken) throw this.#broken;
    try {
      await writeAt(this.#file, bytes, this.#length);
      if (durable) await this.#file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      // The disk is full, say: a part of a line must not stay in front of what is added later.
      await this.#file.truncate(this.#length).catch((cause: unknown) => {
        this.#broken = cause;
      });
      throw error;
    }
  }
}

/**
 * Reads a journal without changing it; empty where there is none.
 * @throws Error of the file system
 */
export async function readJournal(path: string): Promise<JournalContent> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const entries: unknown[] = [];
  let [start, damaged] = [0, 0];
  for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, start)) {
    const entry = entryOf(bytes.subarray(start, end));
    if (entry === undefined) damaged++;
    else entries.push(entry);
    start = end + 1;
  }
  return { entries, bytes: bytes.length, torn: bytes.length - start, damaged };
}

/** Copies a damaged journal, and writes it anew without what is damaged. Returns the name of the copy. */
async function mend(path: string, { entries }: JournalContent): Promise<string> {
  const kept = `${basename(path)}.${Date.now()}.damaged`;
  await copyFile(path, join(dirname(path), kept));
  await writeJournal(path, entries);
  return kept;
}

/** Removes the copies of a journal that were kept when it was damaged. */
export async function removeDamagedCopies(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const other of await readdir(folder))
    if (other.startsWith(`${name}.`) && other.endsWith('.damaged')) await remove(join(folder, other));
}

/** Writes a journal as a whole, in place of what is there. */
export async function writeJournal(path: string, entries: readonly unknown[]): Promise<void> {
  await writeWhole(path, entries.map(lineOf).join(''));
}

/**
 * Adds entries to a journal that several processes add to. The system puts what is appended behind what others have appended
 * meanwhile, so no line takes another's place.
 * @throws Error of the file system
 */
export async function appendToJournal(path: string, entries: readonly unknown[]): Promise<void> {
  await appendFile(path, entries.map(lineOf).join(''));
}

const NEW_LINE = 0x0a;
const SUM = 8;

function lineOf(entry: unknown): string {
  const json = JSON.stringify(entry);
  return `${crc32(json).toString(16).padStart(SUM, '0')} ${json}\n`;
}

/** Undefined for a damaged line. */
function entryOf(line: Buffer): unknown {
  const json = line.subarray(SUM + 1);
  if (line.toString('latin1', 0, SUM) !== crc32(json).toString(16).padStart(SUM, '0')) return undefined;
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}
