import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cleanUp, writeWhole } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';

const item = z.looseObject({ id: z.string(), images: z.array(z.string()) });
export type ApiItem = z.infer<typeof item>;

/** A publish of the source is told apart by the version of the snapshot that it made; null: nothing of it is published. */
const feed = z.object({
  version: z.literal(1),
  /** The publish that the feed is, or that it is about to change. Earlier versions did not note it. */
  on: z.number().int().nullable().optional(),
  products: z.array(item),
});

/** What the catalog has of the products that programs add. */
export interface ApiPublished {
  /** The publish that is live; null when none is. */
  live: number | null;
  /** The publishes that can be rolled back to, the live one included. */
  kept: readonly number[];
  /** Ids of the products that are live. */
  ids: () => Promise<ReadonlySet<string>>;
}

/**
 * The files of the products that programs add: `feed.json`, which is synced, a copy of it for each publish that is kept, and
 * their pictures. After a roll back the copy of the publish that is live again is the feed, so that a later write does not
 * bring back what was rolled back. What was rolled back stays in its own copy, for as long as its snapshot is kept.
 */
export class ApiFeed {
  readonly path: string;
  readonly #folder: string;
  readonly #published: () => Promise<ApiPublished>;

  constructor(folder: string, published: () => Promise<ApiPublished>) {
    this.#folder = folder;
    this.#published = published;
    this.path = join(folder, 'feed.json');
  }

  /**
   * The products as they are live, and those that a killed or incomplete write was about to publish on them.
   * @throws LookalikeError STORAGE_*
   */
  async read(): Promise<{ on: number | null; products: ApiItem[] }> {
    const { live, kept, ids } = await this.#published();
    const written = await this.#load(this.path);
    if (written?.on === live) return { on: live, products: written.products };
    const products = written?.products ?? [];
    if (live === null) {
      // Without any publish of it the catalog was begun anew, and the products are published again.
      return { on: live, products: kept.length > 0 ? [] : products };
    }
    const copy = await this.#load(this.#copyOf(live));
    if (copy) return { on: live, products: copy.products };
    // Of a publish without a copy, what is live is known by its ids.
    const known = await ids();
    return { on: live, products: products.filter(({ id }) => known.has(id)) };
  }

  /** Makes the feed what is live, after a roll back. */
  async follow(): Promise<void> {
    if (!(await this.#load(this.path))) return;
    const { on, products } = await this.read();
    await this.write(products, on);
  }

  /** @param on the publish that the products are, or are about to change */
  async write(products: readonly ApiItem[], on: number | null): Promise<void> {
    await this.#save(this.path, products, on);
  }

  /** Keeps a copy of what was just published, and lets go of what no kept snapshot has. */
  async notePublished(products: readonly ApiItem[]): Promise<void> {
    const { live, kept } = await this.#published();
    if (live === null) return;
    await mkdir(join(this.#folder, 'published'), { recursive: true });
    await this.#save(this.#copyOf(live), products, live);
    await this.write(products, live);
    const names = new Set([live, ...kept].map((version) => `${version}.json`));
    for (const name of await readdir(join(this.#folder, 'published')))
      if (!names.has(name)) await cleanUp(join(this.#folder, 'published', name));
    await this.#dropUnused(products);
  }

  /**
   * Writes a picture, which is called by its hash.
   * @param check called first when it is new; throws when the picture cannot be used
   */
  async addPicture(bytes: Uint8Array, check: (bytes: Uint8Array) => Promise<unknown>): Promise<string> {
    const name = `pictures/${createHash('sha256').update(bytes).digest('hex')}`;
    const path = join(this.#folder, name);
    if (await stat(path).catch(() => null)) return name;
    await check(bytes);
    try {
      await mkdir(join(this.#folder, 'pictures'), { recursive: true });
      await writeWhole(path, bytes);
    } catch (cause) {
      throw storageError(cause, path);
    }
    return name;
  }

  /** Forgets all products. */
  async clear(): Promise<void> {
    await cleanUp(this.#folder);
  }

  #copyOf(version: number): string {
    return join(this.#folder, 'published', `${version}.json`);
  }

  async #load(path: string): Promise<z.infer<typeof feed> | null> {
    try {
      return feed.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw storageError(error, path);
    }
  }

  async #save(path: string, products: readonly ApiItem[], on: number | null): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeWhole(path, JSON.stringify({ version: 1, name: 'API', on, products }));
    } catch (cause) {
      throw storageError(cause, path);
    }
  }

  /** Pictures that no product shows any more, in no publish that is kept. */
  async #dropUnused(products: readonly ApiItem[]): Promise<void> {
    const used = new Set(products.flatMap(({ images }) => images));
    const names = await readdir(join(this.#folder, 'pictures')).catch(() => []);
    const unused = names.filter((name) => !used.has(`pictures/${name}`));
    if (unused.length === 0) return;
    for (const copy of await readdir(join(this.#folder, 'published'))) {
      const kept = await this.#load(join(this.#folder, 'published', copy));
      for (const { images } of kept?.products ?? []) for (const image of images) used.add(image);
    }
    for (const name of unused)
      if (!used.has(`pictures/${name}`)) await cleanUp(join(this.#folder, 'pictures', name));
  }
}
