import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import type { Fault } from '../../../contract/faults.ts';
import { isLeftBehind } from '../../../contract/left-behind.ts';
import { readPictureFile } from './picture-bytes.ts';
import { priceListOf } from './price-list.ts';
import { type Item, MOST_PICTURES, type OpenSource, unusable } from './source.ts';

/**
 * Begins a part of a path whose name is not UTF-8, as names from an old Windows or an old archive on Linux: each of its bytes
 * is a character. No name contains it.
 */
const RAW = '\0';

const missing = (at: string): Fault => ({
  code: 'IMAGE_MISSING',
  params: { at, reason: { kind: 'no-file' }, proxy: null },
});

const LINK: Fault = { code: 'PICTURE_REFUSED', params: { reason: 'link' } };

/**
 * A folder with all folders in it. Every file is taken for a picture: one that is none becomes a row that says so. A table that
 * names files of the folder is its price list instead. A link is followed within the folder only.
 */
export class FolderSource implements OpenSource {
  readonly #root: string;

  /** @param root an absolute path */
  constructor(root: string) {
    this.#root = root;
  }

  async *items(signal: AbortSignal): AsyncGenerator<Item> {
    await this.require();
    const files = await this.#files(signal);
    if (files.length === 0) throw unusable(this.#root, { reason: 'no-pictures' });
    const names = files.flatMap(({ at, fault }) => (fault ? [] : nameOf(at)));
    const list = await priceListOf(this.#root, names, signal);
    for (const file of files) {
      const name = nameOf(file.at);
      if (name === list?.table) continue;
      const said = list?.ofFile.get(name);
      if (said) yield* said.map(({ line, facts }) => ({ ...file, line, facts }));
      else yield file;
    }
    for (const other of list?.others ?? []) yield { ...other, fault: other.fault ?? missing(other.at) };
  }

  async #files(signal: AbortSignal): Promise<Item[]> {
    const files: Item[] = [];
    const open = [''];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      if (signal.aborted) throw new LookalikeError('CANCELLED');
      const inner: string[] = [];
      for (const { at, kind } of await this.#list(folder)) {
        if (kind === 'folder') inner.push(at);
        else {
          if (files.length === MOST_PICTURES)
            throw unusable(this.#root, { reason: 'too-many', most: MOST_PICTURES });
          files.push({ at, line: null, facts: null, fault: kind === 'out' ? LINK : null });
        }
      }
      open.push(...inner.reverse());
    }
    return files;
  }

  async read(at: string, signal: AbortSignal): Promise<Uint8Array> {
    // A link may have come since the folder was listed.
    if (await this.#leadsOut(at)) throw new LookalikeError(LINK, { item: nameOf(at) });
    return readPictureFile(this.#pathOf(at), nameOf(at), signal);
  }

  async require(): Promise<void> {
    const info = await stat(this.#root).catch(() => null);
    if (!info?.isDirectory()) throw unusable(this.#root, { reason: 'not-opened' });
  }

  close(): void {}

  /** The files and folders of a folder. One that cannot be opened has none, and is listed itself, to be said. */
  async #list(folder: string): Promise<{ at: string; kind: 'folder' | 'file' | 'out' }[]> {
    let entries: Dirent<Buffer>[];
    try {
      entries = await readdir(this.#pathOf(folder), { withFileTypes: true, encoding: 'buffer' });
    } catch (cause) {
      if (folder === '') throw unusable(this.#root, { reason: 'not-opened' }, cause);
      return [{ at: folder, kind: 'file' }];
    }
    const found: { at: string; kind: 'folder' | 'file' | 'out' }[] = [];
    for (const entry of entries) {
      const part = partOf(entry.name);
      if (isLeftBehind(part)) continue;
      const at = folder === '' ? part : `${folder}/${part}`;
      if (entry.isDirectory()) found.push({ at, kind: 'folder' });
      else if (entry.isSymbolicLink()) found.push(...(await this.#linked(at)));
      else found.push({ at, kind: 'file' });
    }
    return found.sort((a, b) => byName(nameOf(a.at), nameOf(b.at)));
  }

  /** A link to a file of the folder is a file; one to a folder of it is left out, because its files are listed there. */
  async #linked(at: string): Promise<{ at: string; kind: 'file' | 'out' }[]> {
    if (await this.#leadsOut(at)) return [{ at, kind: 'out' }];
    const info = await stat(this.#pathOf(at)).catch(() => null);
    return info?.isDirectory() ? [] : [{ at, kind: 'file' }];
  }

  async #leadsOut(at: string): Promise<boolean> {
    const [root, real] = await Promise.all([realpath(this.#root), realpath(this.#pathOf(at))]).catch(() => [
      null,
      null,
    ]);
    // What does not exist is said when it is read.
    return root !== null && real !== null && !real.startsWith(root.endsWith(sep) ? root : root + sep);
  }

  #pathOf(at: string): string | Buffer {
    if (!at.includes(RAW)) return at === '' ? this.#root : `${this.#root}${sep}${at.split('/').join(sep)}`;
    const parts = at
      .split('/')
      .map((part) => Buffer.from(part.replace(RAW, ''), part.startsWith(RAW) ? 'latin1' : 'utf8'));
    return Buffer.concat([Buffer.from(this.#root), ...parts.flatMap((part) => [Buffer.from(sep), part])]);
  }
}

function partOf(name: Buffer): string {
  const text = name.toString();
  return Buffer.from(text).equals(name) ? text : RAW + name.toString('latin1');
}

/** A path for people. */
export const nameOf = (at: string): string => at.replaceAll(RAW, '').normalize('NFC');

const byName = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1);
