import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import type { IndexedProduct, IndexReport } from '../../contract/indexing.ts';
import type { ImportReport, SyncRequest } from '../../contract/publishing.ts';
import { cleanUp, writeWhole } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { storageError } from '../files/storage-error.ts';

/** The source of the products that programs add. */
export const API_SOURCE = 'api';

/** Publishes begin at least this far apart, in milliseconds; what comes meanwhile is published together. */
const PUBLISH_EVERY_MS = 2000;

const item = z.looseObject({ id: z.string(), images: z.array(z.string()) });
type Item = z.infer<typeof item>;
const feed = z.object({ version: z.literal(1), name: z.string(), products: z.array(item) });

interface Waiting {
  products: readonly IndexedProduct[];
  done: (report: IndexReport) => void;
  failed: (error: unknown) => void;
}

/** The steps that others do. */
export interface ApiSteps {
  /** Decodes a picture as a sync does. A picture that fails must not take the place of a good one. */
  check: (bytes: Uint8Array) => Promise<unknown>;
  /** Syncs to the end. */
  sync: (request: SyncRequest) => Promise<ImportReport>;
}

/**
 * The products that programs add, as a feed in the data folder. Each write changes the feed and syncs it, so that it is staged,
 * checked and published as every other source is, and a killed write is finished by the next one.
 */
export class ApiSource {
  readonly #folder: string;
  readonly #steps: ApiSteps;
  #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #lastPublish = Number.NEGATIVE_INFINITY;

  constructor(dataDir: string, steps: ApiSteps) {
    this.#folder = dataFolder.api(dataDir);
    this.#steps = steps;
  }

  /**
   * Adds products or changes those with their ids, and resolves when they are searchable. Calls that come together are
   * published together.
   * @throws LookalikeError PRODUCT_WITHOUT_PICTURE, IMAGE_*, FEED_*, GATE_*, STORAGE_*
   */
  index(products: readonly IndexedProduct[]): Promise<IndexReport> {
    const report = new Promise<IndexReport>((done, failed) => this.#waiting.push({ products, done, failed }));
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    return report;
  }

  /** Forgets all products, because the source was removed. */
  async clear(): Promise<void> {
    await cleanUp(this.#folder);
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await wait(Math.max(0, this.#lastPublish + PUBLISH_EVERY_MS - performance.now()));
      this.#lastPublish = performance.now();
      await this.#publish(this.#waiting.splice(0));
    }
  }

  async #publish(batch: readonly Waiting[]): Promise<void> {
    const products = await this.#read().catch((error: unknown) => {
      for (const { failed } of batch) failed(storageError(error, this.#folder));
      return null;
    });
    if (!products) return;
    const taken: Waiting[] = [];
    for (const each of batch) {
      try {
        for (const product of each.products) products.set(product.id, await this.#itemOf(product, products));
        taken.push(each);
      } catch (error) {
        each.failed(error);
      }
    }
    if (taken.length === 0) return;
    try {
      const path = await this.#write([...products.values()]);
      const source = { kind: 'file', path } as const;
      const report = await this.#steps.sync({ source, format: 'lookalike', sourceId: API_SOURCE });
      for (const { products, done } of taken) done(reportOf(products, report));
    } catch (error) {
      for (const { failed } of taken) failed(error);
    }
  }

  /** Writes the pictures, which are called by their hashes. */
  async #itemOf({ pictures, images, ...fields }: IndexedProduct, known: Map<string, Item>): Promise<Item> {
    const names: string[] = [];
    for (const { bytes } of pictures) {
      const name = `pictures/${createHash('sha256').update(bytes).digest('hex')}`;
      const path = join(this.#folder, name);
      if (!(await stat(path).catch(() => null))) {
        await this.#steps.check(bytes);
        await mkdir(join(this.#folder, 'pictures'), { recursive: true });
        await writeWhole(path, bytes).catch((cause: unknown) => {
          throw storageError(cause, path);
        });
      }
      names.push(name);
    }
    const given = [...names, ...images.map(oneAddress)];
    const kept = given.length > 0 ? given : (known.get(fields.id)?.images ?? []);
    if (kept.length === 0) throw new LookalikeError('PRODUCT_WITHOUT_PICTURE', { item: fields.id });
    // "image" is another name of "images" in a feed, and would be read from this machine's disk.
    const { image: _, ...safe } = fields;
    return { ...safe, images: kept };
  }

  async #read(): Promise<Map<string, Item>> {
    try {
      const { products } = feed.parse(JSON.parse(await readFile(join(this.#folder, 'feed.json'), 'utf8')));
      return new Map(products.map((product) => [product.id, product]));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
      throw error;
    }
  }

  async #write(products: readonly Item[]): Promise<string> {
    const path = join(this.#folder, 'feed.json');
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeWhole(path, JSON.stringify({ version: 1, name: 'API', products }));
    } catch (cause) {
      throw storageError(cause, path);
    }
    await this.#dropUnused(products);
    return path;
  }

  /** Pictures that no product shows any more. */
  async #dropUnused(products: readonly Item[]): Promise<void> {
    const used = new Set(products.flatMap(({ images }) => images));
    const names = await readdir(join(this.#folder, 'pictures')).catch(() => []);
    for (const name of names) {
      if (!used.has(`pictures/${name}`)) await cleanUp(join(this.#folder, 'pictures', name));
    }
  }
}

/**
 * A feed's reference may be a list of several. What separates them is escaped, so that nothing behind the address is taken for
 * a path on this machine.
 */
const oneAddress = (address: string): string =>
  new URL(address).href.replace(
    /[\s,;|"'<>()[\]]/g,
    (separator) => `%${separator.charCodeAt(0).toString(16)}`,
  );

function reportOf(products: readonly IndexedProduct[], report: ImportReport): IndexReport {
  const ids = new Set(products.map(({ id }) => id));
  const problems = report.problems.filter(({ item }) => ids.has(item));
  const leftOut = new Set(problems.filter(leavesOut).map(({ item }) => item));
  return { indexed: ids.size - leftOut.size, problems, snapshot: report.published };
}

/** A picture that cannot be used, or an item; other problems are of single fields. */
const leavesOut = ({ code, image }: ImportReport['problems'][number]): boolean =>
  image !== null || code === 'ITEM_DUPLICATE';
