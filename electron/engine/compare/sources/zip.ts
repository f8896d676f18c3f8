import { stat } from 'node:fs/promises';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { LookalikeError } from '../../../contract/errors.ts';
import type { Fault, FaultParams } from '../../../contract/faults.ts';
import { isLeftBehind } from '../../../contract/left-behind.ts';
import { MOST_PICTURE_BYTES } from '../../../contract/limits.ts';
import { type Item, MOST_PICTURES, type OpenSource, unusable } from './source.ts';

/** Unix file types, in the upper half of an entry's attributes (APPNOTE 4.4.15); 0 where the writer set none. */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;
const UTF8_NAME = 0x800;
const [STORED, DEFLATED] = [0, 8];
/** Pictures are packed already: more than this is made to fill memory or disk. Small files of one colour may reach it. */
const MOST_GROWTH = 200;
const SMALL = 1_000_000;
const ARCHIVE = /\.(?:zip|rar|7z|tar|tgz|gz|bz2|xz)$/i;

type Refusal = FaultParams['PICTURE_REFUSED']['reason'];

/** A ZIP archive. Its files are read into memory one by one, and nothing is written under a name that it chooses. */
export class ZipSource implements OpenSource {
  readonly #path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws LookalikeError COMPARISON_SOURCE_UNUSABLE */
  static async open(path: string): Promise<ZipSource> {
    const { size } = await stat(path).catch((cause: unknown) => {
      throw unusable(path, { reason: 'not-opened' }, cause);
    });
    let zip: ZipFile;
    try {
      // Names are decoded here: one that leads out of the archive must not keep the others from being read.
      zip = await openPromise(path, { autoClose: false, decodeStrings: false });
    } catch (cause) {
      throw unusable(path, { reason: 'zip-damaged' }, cause);
    }
    try {
      return new ZipSource(path, zip, await listEntries(path, zip, size));
    } catch (cause) {
      zip.close();
      throw cause instanceof LookalikeError ? cause : unusable(path, { reason: 'zip-damaged' }, cause);
    }
  }

  async *items(): AsyncGenerator<Item> {
    for (const [at, entry] of this.#entries) {
      const reason = refusalOf(at, entry);
      const refused: Fault | null = reason && { code: 'PICTURE_REFUSED', params: { reason } };
      const tooLarge: Fault = { code: 'IMAGE_TOO_LARGE', params: {} };
      const isTooLarge = entry.uncompressedSize > MOST_PICTURE_BYTES;
      yield { at, line: null, facts: null, fault: refused ?? (isTooLarge ? tooLarge : null) };
    }
    if (this.#entries.size === 0) throw unusable(this.#path, { reason: 'no-pictures' });
  }

  async read(at: string, signal: AbortSignal): Promise<Uint8Array> {
    const entry = this.#entries.get(at);
    if (!entry) throw refused(at, 'unreadable');
    const reason = refusalOf(at, entry);
    if (reason) throw refused(at, reason);
    if (entry.uncompressedSize > MOST_PICTURE_BYTES)
      throw new LookalikeError('IMAGE_TOO_LARGE', { item: at });
    const bytes = new Uint8Array(entry.uncompressedSize);
    try {
      let length = 0;
      // yauzl ends the stream with an error where the entry unpacks to another length than it says.
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        if (signal.aborted) throw new LookalikeError('CANCELLED');
        bytes.set(chunk, length);
        length += chunk.length;
      }
      return bytes;
    } catch (cause) {
      throw cause instanceof LookalikeError ? cause : refused(at, 'unreadable', cause);
    }
  }

  async require(): Promise<void> {
    const info = await stat(this.#path).catch(() => null);
    if (!info) throw unusable(this.#path, { reason: 'not-opened' });
  }

  close(): void {
    this.#zip.close();
  }
}

async function listEntries(path: string, zip: ZipFile, fileSize: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let packed = 0;
  for await (const entry of zip.eachEntry()) {
    packed += entry.compressedSize;
    // Entries that lie over each other are a bomb (Fifield 2019, "A better zip bomb").
    if (packed > fileSize) throw unusable(path, { reason: 'zip-damaged' });
    const name = decodedName(entry);
    if (name.endsWith('/') || name.split('/').some((part) => part !== '..' && isLeftBehind(part))) continue;
    if (entries.size === MOST_PICTURES) throw unusable(path, { reason: 'too-many', most: MOST_PICTURES });
    entries.set(entries.has(name) ? `${name} (${entries.size + 1})` : name, entry);
  }
  return entries;
}

/** Some programs write UTF-8 without saying so; anything else is read as the format says, in code page 437. */
function decodedName({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const text = fileNameRaw.toString();
  const isUtf8 = Buffer.from(text).equals(fileNameRaw);
  const flags = isUtf8 ? generalPurposeBitFlag | UTF8_NAME : generalPurposeBitFlag;
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, false).replaceAll('\\', '/').normalize('NFC');
}

function refusalOf(name: string, entry: Entry): Refusal | null {
  const isOutside = /^(?:[a-z]:|\/)/i.test(name) || name.split('/').includes('..');
  if (isOutside) return 'outside';
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) return 'link';
  if (entry.isEncrypted()) return 'encrypted';
  if (ARCHIVE.test(name)) return 'nested';
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (uncompressedSize > SMALL && uncompressedSize > MOST_GROWTH * compressedSize) return 'grows';
  return compressionMethod === STORED || compressionMethod === DEFLATED ? null : 'unreadable';
}

function refused(name: string, reason: Refusal, cause?: unknown): LookalikeError {
  return new LookalikeError({ code: 'PICTURE_REFUSED', params: { reason } }, { item: name, cause });
}
