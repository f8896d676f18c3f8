import { stat } from 'node:fs/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';
import { LIMITS, MANIFEST, ROWS_A_PART, SIGNATURE } from './format.ts';

const STORED = 0;
/** Unix file types, in the upper half of an entry's attributes; 0 when the writer set none. */
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const MOST_ENTRIES = LIMITS.images / ROWS_A_PART + 2;

/** The files of a pack. They are read into memory by name, and never written to disk under a name that the pack chooses. */
export class PackArchive {
  readonly path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws LookalikeError PACK_INVALID when the file is not a ZIP, is truncated, or has an entry that no pack has */
  static async open(path: string): Promise<PackArchive> {
    let zip: ZipFile;
    try {
      zip = await openPromise(path, { autoClose: false, strictFileNames: true });
    } catch (cause) {
      throw invalid(path, { reason: 'not-opened' }, cause);
    }
    try {
      return new PackArchive(path, zip, await listEntries(path, zip, (await stat(path)).size));
    } catch (cause) {
      zip.close();
      throw cause instanceof LookalikeError ? cause : invalid(path, { reason: 'damaged-list' }, cause);
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws LookalikeError PACK_INVALID when the entry is missing, larger than `most` bytes, or cannot be read */
  async read(name: string, most: number): Promise<Uint8Array> {
    const entry = this.#entries.get(name);
    if (!entry) throw invalid(this.path, { reason: 'missing', file: name });
    if (entry.uncompressedSize > most) throw invalid(this.path, { reason: 'too-large', file: name });
    // A new buffer at offset 0: Arrow reads numbers in place, and they must be aligned.
    const bytes = new Uint8Array(entry.uncompressedSize);
    try {
      let at = 0;
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      if (at !== bytes.length) throw new Error(`${at} bytes instead of ${bytes.length}`);
    } catch (cause) {
      throw invalid(this.path, { reason: 'unreadable', file: name }, cause);
    }
    return bytes;
  }

  close(): void {
    this.#zip.close();
  }
}

export function invalid(path: string, params: FaultParams['PACK_INVALID'], cause?: unknown): LookalikeError {
  return new LookalikeError({ code: 'PACK_INVALID', params }, { item: path, cause });
}

async function listEntries(path: string, zip: ZipFile, fileSize: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) {
    throw invalid(path, { reason: 'too-many-files', files: zip.entryCount });
  }
  const entries = new Map<string, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const file = entry.fileName;
    if (file !== MANIFEST && file !== SIGNATURE && !/^images\/\d{5}\.arrow$/.test(file)) {
      throw invalid(path, { reason: 'strange', file });
    }
    if (entries.has(file)) throw invalid(path, { reason: 'twice', file });
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    if (type !== 0 && type !== REGULAR_FILE) throw invalid(path, { reason: 'no-file', file });
    // No entry may grow when it is read, so that a pack takes no more memory than disk space.
    if (entry.compressionMethod !== STORED || entry.isEncrypted()) {
      throw invalid(path, { reason: 'compressed', file });
    }
    if (entry.compressedSize !== entry.uncompressedSize) throw invalid(path, { reason: 'two-sizes', file });
    bytes += entry.uncompressedSize;
    if (bytes > fileSize) throw invalid(path, { reason: 'larger-than-itself' });
    entries.set(file, entry);
  }
  return entries;
}
