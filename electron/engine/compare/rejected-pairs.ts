import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type RejectedPair, rejectedPair } from '../../contract/compare-trust.ts';
import type { DamagedFile } from '../catalog/condition.ts';
import { remove, writeWhole } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { jsonOrNull, readOr } from '../files/reads.ts';
import { storageError } from '../files/storage-error.ts';
import type { Everywhere } from './state.ts';

const NAME = /^[0-9a-f]{64}\.json$/;
const pairsOfPicture = z.array(rejectedPair);

/**
 * The pairs of a picture and a product that are no match in any comparison: a file for each picture, named by its hash, so that
 * processes need no lock and damage costs one picture's pairs.
 */
export class RejectedPairs implements Everywhere {
  readonly #folder: string;
  #read: { of: string; pairs: RejectedPair[]; byPicture: ReadonlyMap<string, ReadonlySet<string>> } = {
    of: '',
    pairs: [],
    byPicture: new Map(),
  };

  /** The hashes of pictures whose files are damaged. */
  readonly #damaged = new Set<string>();

  constructor(dataDir: string) {
    this.#folder = dataFolder.rejectedPairs(dataDir);
  }

  /** The last rejected first. */
  async list(): Promise<RejectedPair[]> {
    await this.refresh();
    return [...this.#read.pairs];
  }

  /** The pairs in damaged files are offered again. */
  async damaged(): Promise<DamagedFile[]> {
    await this.refresh();
    return [...this.#damaged].map((picture) => ({
      path: `rejected-pairs/${picture}.json`,
      how: 'unreadable',
    }));
  }

  /** As it was read last. */
  ofPicture(hash: string): ReadonlySet<string> | undefined {
    return this.#read.byPicture.get(hash);
  }

  /** Reads the folder again where something in it has changed. */
  async refresh(): Promise<void> {
    const info = await readOr(() => stat(this.#folder, { bigint: true }), null);
    const of = info ? String(info.mtimeNs) : 'none';
    if (of === this.#read.of) return;
    const names = info ? await readOr(() => readdir(this.#folder), []) : [];
    const pairs: RejectedPair[] = [];
    for (const name of names.filter((each) => NAME.test(each)))
      pairs.push(...(await this.#ofPicture(name.slice(0, 64))));
    pairs.sort((a, b) => (a.at < b.at ? 1 : -1));
    const byPicture = new Map<string, Set<string>>();
    for (const { picture, product } of pairs)
      byPicture.set(picture, (byPicture.get(picture) ?? new Set()).add(product.uid));
    this.#read = { of, pairs, byPicture };
  }

  /**
   * Adds pairs of one picture; those that are there already stay as they are.
   * @throws LookalikeError STORAGE_*
   */
  async add(picture: string, pairs: readonly RejectedPair[]): Promise<void> {
    const known = await this.#ofPicture(picture);
    const uids = new Set(known.map(({ product }) => product.uid));
    const added = pairs.filter(({ product }) => !uids.has(product.uid));
    if (added.length > 0) await this.#write(picture, [...known, ...added]);
  }

  /**
   * Takes pairs of one picture back.
   * @param products uids
   * @throws LookalikeError STORAGE_*
   */
  async forget(picture: string, products: readonly string[]): Promise<void> {
    const known = await this.#ofPicture(picture);
    const kept = known.filter(({ product }) => !products.includes(product.uid));
    if (kept.length < known.length) await this.#write(picture, kept);
  }

  async #write(picture: string, pairs: readonly RejectedPair[]): Promise<void> {
    const path = this.#pathOf(picture);
    try {
      await mkdir(this.#folder, { recursive: true });
      if (pairs.length === 0) await remove(path);
      else await writeWhole(path, JSON.stringify(pairs));
    } catch (cause) {
      throw storageError(cause, path);
    }
    // Times of files may be too coarse to tell.
    this.#read.of = '';
    await this.refresh();
  }

  async #ofPicture(picture: string): Promise<RejectedPair[]> {
    const text = await readOr(() => readFile(this.#pathOf(picture), 'utf8'), '[]');
    const { data } = pairsOfPicture.safeParse(jsonOrNull(text));
    if (data) this.#damaged.delete(picture);
    else this.#damaged.add(picture);
    return data ?? [];
  }

  #pathOf(picture: string): string {
    return join(this.#folder, `${picture}.json`);
  }
}
