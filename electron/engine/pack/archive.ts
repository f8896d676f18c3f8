import { stat } from 'node:fs/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { LookalikeError } from '../../contract/errors.ts';
import { LIMITS, MANIFEST, ROWS_A_PART, SIGNATURE } from './format.ts';

const STORED = 0;
/** Unix file types, in the upper half of an entry's attributes; 0 where the writer gave none. */
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const MOST_ENTRIES = LIMITS.images / ROWS_A_PART + 2;

/** The files in a pack, read by name into memory and never written to disk under a name of the pack's. */
export class PackArchive {
  readonly path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws LookalikeError PACK_INVALID: not a ZIP, cut short, or anything in it that a pack cannot have */
  static async open(path: string): Promise<PackArchive> {
    let zip: ZipFile;
    try {
      zip = await openPromise(path, { autoClose: false, strictFileNames: true });
    } catch (cause) {
      throw invalid(path, 'it could not be opened, is not a pack or was cut short', cause);
    }
    try {
      return new PackArchive(path, zip, await listEntries(zip, (await stat(path)).size));
    } catch (cause) {
      zip.close();
      throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws LookalikeError PACK_INVALID when it is not there, larger than `most` bytes, or cannot be read */
  async read(name: string, most: number): Promise<Uint8Array> {
    const entry = this.#entries.get(name);
    if (!entry) throw invalid(this.path, `${name} is missing`);
    if (entry.uncompressedSize > most) throw invalid(this.path, `${name} is too large`);
    // Memory of its own, from its start: Arrow reads numbers in place, which must be aligned.
    const bytes = new Uint8Array(entry.uncompressedSize);
    try {
      let at = 0;
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      if (at !== bytes.length) throw new Error(`${at} bytes instead of ${bytes.length}`);
    } catch (cause) {
      throw invalid(this.path, `${name} could not be read`, cause);
    }
    return bytes;
  }

  close(): void {
    this.#zip.close();
  }
}

/** @param why goes into a sentence for people */
export function invalid(path: string, why: string, cause?: unknown): LookalikeError {
  return new LookalikeError('PACK_INVALID', {
    detail: `This catalog pack cannot be used: ${why}. Get it again; the catalog was left as it was.`,
    item: path,
    cause,
  });
}

async function listEntries(zip: ZipFile, fileSize: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) throw new Error(`it says it has ${zip.entryCount} files in it`);
  const entries = new Map<string, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (name !== MANIFEST && name !== SIGNATURE && !/^images\/\d{5}\.arrow$/.test(name)) {
      throw new Error(`it has a file in it that does not belong there (${name})`);
    }
    if (entries.has(name)) throw new Error(`it has ${name} twice`);
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    if (type !== 0 && type !== REGULAR_FILE) throw new Error(`${name} is a link or not a file`);
    // Nothing that grows when it is read: what a pack takes in memory it takes on disk.
    if (entry.compressionMethod !== STORED || entry.isEncrypted()) throw new Error(`${name} is compressed`);
    if (entry.compressedSize !== entry.uncompressedSize) throw new Error(`${name} has two sizes`);
    bytes += entry.uncompressedSize;
    if (bytes > fileSize) throw new Error('the files in it are larger than itself');
    entries.set(name, entry);
  }
  return entries;
}
