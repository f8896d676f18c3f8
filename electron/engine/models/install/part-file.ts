import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { cleanUp, remove, writeWhole } from '../../files/changes.ts';

/** The server's own hash of a file: sha256 over its bytes, or git's blob id for small files of a model hub. */
const serverHash = z.object({ algorithm: z.enum(['sha256', 'git']), hex: z.string() });
export type ServerHash = z.infer<typeof serverHash>;

const origin = z.object({
  url: z.string(),
  /** Identifies this version of the file: its ETag, or else its Last-Modified. */
  validator: z.string().nullable(),
  total: z.number().int().nullable(),
  serverHash: serverHash.nullable(),
});
/** The file and version that the bytes come from. */
export type Origin = z.infer<typeof origin>;

/**
 * The bytes of a file downloaded so far. They survive a lost connection, a pause and a restart of the app. Their origin is
 * noted in a file beside them.
 */
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

  /** Resumes the bytes at the path when they came from the same URL, and starts anew otherwise. */
  static async open(path: string, url: string): Promise<PartFile> {
    const known = await readOrigin(path);
    const ours = known?.url === url;
    // Opened for appending, so that after `restart` the first write goes to the file's beginning.
    const file = await open(path, 'a');
    if (!ours) await file.truncate(0);
    const hash = createHash('sha256');
    if (ours)
      for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes);
    return new PartFile(path, ours ? known : null, file, hash, (await file.stat()).size);
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#size;
  }

  get origin(): Origin | null {
    return this.#origin;
  }

  /** The sha256 of the bytes on disk, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Drops the bytes on disk. The next bytes written are the file's first, and come from `origin`. */
  async restart(origin: Origin): Promise<void> {
    await this.#empty();
    await writeWhole(originPath(this.path), JSON.stringify(origin));
    this.#origin = origin;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes);
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  /** Whether the bytes on disk have the server's hash. */
  async matches({ algorithm, hex }: ServerHash): Promise<boolean> {
    return (algorithm === 'sha256' ? this.sha256 : await this.#gitBlob()) === hex;
  }

  /** Deletes the bytes on disk. The file can be started again. */
  async discard(): Promise<void> {
    this.#origin = null;
    await remove(originPath(this.path));
    await this.#empty();
  }

  /** Closes the file and keeps its bytes. An empty file is deleted. */
  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    if (this.#size === 0) await Promise.all([this.path, originPath(this.path)].map(cleanUp));
  }

  async #empty(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** Git's blob id of the bytes. */
  async #gitBlob(): Promise<string> {
    const hash = createHash('sha1').update(`blob ${this.#size}\0`);
    await pipeline(createReadStream(this.path), hash);
    return hash.digest('hex');
  }
}

/** Removes the note about a part file's origin when the download is complete. */
export const forgetOrigin = (path: string): Promise<void> => cleanUp(originPath(path));

const originPath = (path: string) => `${path}.json`;

async function readOrigin(path: string): Promise<Origin | null> {
  try {
    return origin.parse(JSON.parse(await readFile(originPath(path), 'utf8')));
  } catch {
    return null;
  }
}
