import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** What the server's own hash of a file is taken over: its bytes, or, for small files of a hub, its git object. */
const serverHash = z.object({ algorithm: z.enum(['sha256', 'git']), hex: z.string() });
export type ServerHash = z.infer<typeof serverHash>;

const origin = z.object({
  url: z.string(),
  /** What tells this version of the file from others: its ETag, else its Last-Modified. */
  validator: z.string().nullable(),
  total: z.number().int().nullable(),
  serverHash: serverHash.nullable(),
});
/** Which file the bytes are of. */
export type Origin = z.infer<typeof origin>;

/** The bytes of a file that came so far. They outlive a cut, a pause and the app: beside them lies what they are of. */
export class PartFile {
  readonly path: string;
  #origin: Origin | null;
  #file: FileHandle;
  #hash: Hash;
  #size: number;

  private constructor(path: string, origin: Origin | null, file: FileHandle, hash: Hash, size: number) {
    this.path = path;
    this.#origin = origin;
    this.#file = file;
    this.#hash = hash;
    this.#size = size;
  }

  /** Goes on with what is at the path when that came from the same URL, and begins anew when not. */
  static async open(path: string, url: string): Promise<PartFile> {
    const known = await readOrigin(path);
    const ours = known?.url === url;
    // To append, so that after a restart the first byte is the file's first.
    const file = await open(path, 'a');
    if (!ours) await file.truncate(0);
    const hash = createHash('sha256');
    if (ours)
      for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes);
    return new PartFile(path, ours ? known : null, file, hash, (await file.stat()).size);
  }

  /** Bytes that are here. */
  get size(): number {
    return this.#size;
  }

  get origin(): Origin | null {
    return this.#origin;
  }

  /** The sha256 of the bytes that are here, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Forgets the bytes that are here: those of `origin` come from the first on. */
  async restart(origin: Origin): Promise<void> {
    await this.#empty();
    await writeFileAtomic(originPath(this.path), JSON.stringify(origin));
    this.#origin = origin;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes);
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  /** Whether the bytes that are here are those that the server has a hash of. */
  async matches({ algorithm, hex }: ServerHash): Promise<boolean> {
    return (algorithm === 'sha256' ? this.sha256 : await this.#gitBlob()) === hex;
  }

  /** Deletes the bytes that are here; the file can be begun again. */
  async discard(): Promise<void> {
    this.#origin = null;
    await rm(originPath(this.path), { force: true });
    await this.#empty();
  }

  /** Leaves the bytes on the disk, and nothing where there are none. */
  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    if (this.#size === 0)
      await Promise.all([this.path, originPath(this.path)].map((path) => rm(path, { force: true })));
  }

  async #empty(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** The name git gives to a file of these bytes. */
  async #gitBlob(): Promise<string> {
    const hash = createHash('sha1').update(`blob ${this.#size}\0`);
    await pipeline(createReadStream(this.path), hash);
    return hash.digest('hex');
  }
}

/** Removes what belongs to a part that has become a file. */
export const forgetOrigin = (path: string): Promise<void> => rm(originPath(path), { force: true });

const originPath = (path: string) => `${path}.json`;

async function readOrigin(path: string): Promise<Origin | null> {
  try {
    return origin.parse(JSON.parse(await readFile(originPath(path), 'utf8')));
  } catch {
    return null;
  }
}
