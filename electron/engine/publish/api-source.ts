import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { IndexedProduct, IndexReport } from '../../contract/indexing.ts';
import type { ImportReport, SyncRequest } from '../../contract/publishing.ts';
import { dataFolder } from '../files/data-folder.ts';
import { ApiFeed, type ApiItem, type ApiPublished } from './api-feed.ts';

/** The source of the products that programs add. */
export const API_SOURCE = 'api';

/** Publishes begin at least this far apart, in milliseconds; what comes meanwhile is published together. */
const PUBLISH_EVERY_MS = 2000;

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
  /** What is published of the source. */
  published: () => Promise<ApiPublished>;
}

/**
 * The products that programs add, as a feed in the data folder. Each write changes the feed and syncs it, so that it is staged,
 * checked and published as every other source is. A killed write is finished by the next one, a failed one has changed nothing,
 * and after a roll back the next write begins with what is live.
 */
export class ApiSource {
  readonly #feed: ApiFeed;
  readonly #steps: ApiSteps;
  #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #lastPublish = Number.NEGATIVE_INFINITY;

  constructor(dataDir: string, steps: ApiSteps) {
    this.#feed = new ApiFeed(dataFolder.api(dataDir), () => steps.published());
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
    await this.#feed.clear();
  }

  /** Makes the feed what is live, after a roll back. A write that is under way does so itself. */
  async follow(): Promise<void> {
    if (!this.#working) await this.#feed.follow();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await wait(Math.max(0, this.#lastPublish + PUBLISH_EVERY_MS - performance.now()));
      this.#lastPublish = performance.now();
      await this.#publish(this.#waiting.splice(0));
    }
  }

  async #publish(batch: readonly Waiting[]): Promise<void> {
    const taken: Waiting[] = [];
    try {
      const before = await this.#feed.read();
      const products = new Map(before.products.map((product) => [product.id, product]));
      for (const each of batch) {
        try {
          for (const product of each.products)
            products.set(product.id, await this.#itemOf(product, products));
          taken.push(each);
        } catch (error) {
          each.failed(error);
        }
      }
      if (taken.length === 0) return;
      const report = await this.#sync([...products.values()], before);
      for (const { products, done } of taken) done(reportOf(products, report));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  async #sync(
    products: readonly ApiItem[],
    before: { on: number | null; products: readonly ApiItem[] },
  ): Promise<ImportReport> {
    await this.#feed.write(products, before.on);
    const source = { kind: 'file', path: this.#feed.path } as const;
    const request = { source, format: 'lookalike', sourceId: API_SOURCE } as const;
    const report = await this.#steps.sync(request).catch(async (error: unknown) => {
      await this.#feed.write(before.products, before.on);
      throw error;
    });
    if (report.published) await this.#feed.notePublished(products);
    return report;
  }

  async #itemOf(
    { pictures, images, ...fields }: IndexedProduct,
    known: ReadonlyMap<string, ApiItem>,
  ): Promise<ApiItem> {
    const names: string[] = [];
    for (const { bytes } of pictures) names.push(await this.#feed.addPicture(bytes, this.#steps.check));
    const given = [...names, ...images.map(oneAddress)];
    const kept = given.length > 0 ? given : (known.get(fields.id)?.images ?? []);
    if (kept.length === 0) throw new LookalikeError('PRODUCT_WITHOUT_PICTURE', { item: fields.id });
    // "image" is another name of "images" in a feed, and would be read from this machine's disk.
    const { image: _, ...safe } = fields;
    return { ...safe, images: kept };
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
