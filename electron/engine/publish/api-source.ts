import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault, FaultParams } from '../../contract/faults.ts';
import type { IndexedProduct, IndexReport } from '../../contract/indexing.ts';
import type { ImportProblem, ImportReport, SyncRequest } from '../../contract/publishing.ts';
import { problem } from '../feed/problem.ts';
import { toProduct } from '../feed/product.ts';
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
   * published together. A product that cannot be used is a problem of the report, and the others are taken.
   * @throws LookalikeError FEED_*, GATE_*, STORAGE_*
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
      await this.#publish(this.#waiting.splice(0));
    }
  }

  async #publish(batch: readonly Waiting[]): Promise<void> {
    try {
      const before = await this.#feed.read();
      const products = new Map(before.products.map((product) => [product.id, product]));
      const taken = await this.#take(batch, products);
      const isChanged = taken.some(({ ids }) => ids.size > 0);
      const report = isChanged ? await this.#sync([...products.values()], before) : null;
      for (const each of taken) each.done(reportOf(each, report));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  /** Puts the products of the calls among the others, as far as they can be used. */
  async #take(batch: readonly Waiting[], products: Map<string, ApiItem>): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const each of batch) {
      const problems: ImportProblem[] = [];
      const ids = new Set<string>();
      for (const product of each.products) {
        // Feeds have ids in one form of Unicode.
        const id = product.id.normalize('NFC');
        try {
          products.set(id, await this.#itemOf({ ...product, id }, products.get(id)));
          ids.add(id);
        } catch (error) {
          if (!isOfProduct(error)) throw error;
          problems.push(problem(id, error.fault));
        }
      }
      taken.push({ done: each.done, ids, problems });
    }
    return taken;
  }

  async #sync(
    products: readonly ApiItem[],
    before: { on: number | null; products: readonly ApiItem[] },
  ): Promise<ImportReport> {
    this.#lastPublish = performance.now();
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

  /**
   * The product as it will be: what is sent, over what is known of it. Pictures are written.
   * @throws LookalikeError PRODUCT_INVALID, PRODUCT_WITHOUT_PICTURE, IMAGE_*, STORAGE_*
   */
  async #itemOf(
    { pictures, images, ...fields }: IndexedProduct,
    known: ApiItem | undefined,
  ): Promise<ApiItem> {
    // "image" is another name of "images" in a feed, and would be read from this machine's disk.
    const { image: _, ...safe } = fields;
    const addresses = images.map(oneAddress);
    const isPictured = pictures.length + addresses.length > 0;
    if (!isPictured && !known) throw new LookalikeError('PRODUCT_WITHOUT_PICTURE', { item: fields.id });
    const all = Object.entries({ ...known, ...safe }).filter(([, value]) => value !== null);
    const kept = isPictured ? addresses : (known?.images ?? []);
    const made = { ...Object.fromEntries(all), id: fields.id, images: kept };
    requireUsable(made, this.#feed.path);
    const names: string[] = [];
    for (const { bytes } of pictures) names.push(await this.#feed.addPicture(bytes, this.#steps.check));
    return { ...made, images: [...names, ...made.images] };
  }
}

/** A call whose products were looked at. */
interface Taken {
  done: (report: IndexReport) => void;
  /** Of the products that can be used. */
  ids: ReadonlySet<string>;
  problems: ImportProblem[];
}

/** Whether an error is of one product, so that the others go on. */
const isOfProduct = (error: unknown): error is LookalikeError =>
  error instanceof LookalikeError && /^(PRODUCT|IMAGE)_/.test(error.code);

/**
 * Refuses a product of which a field would be left out. A feed's product is published without such a field, because nobody
 * waits for an answer; a program is told, and nothing has changed.
 * @throws LookalikeError PRODUCT_INVALID
 */
function requireUsable(made: ApiItem, base: string): void {
  // The pictures are looked at by themselves, and a product without one is not read.
  const { problems } = toProduct({ ...made, images: ['picture'] }, base, made.id);
  for (const { item: _, image: __, ...fault } of problems) {
    const params = unusable(fault, made);
    if (params) throw new LookalikeError({ code: 'PRODUCT_INVALID', params }, { item: made.id });
  }
}

/** The field that a problem leaves out, or for which it leaves out the product; null for other problems. */
function unusable({ code, params }: Fault, made: ApiItem): FaultParams['PRODUCT_INVALID'] | null {
  if (code === 'VALUE_UNKNOWN') return { field: params.field, value: shown(made[params.field]) };
  if (code !== 'ITEM_INVALID') return null;
  switch (params.reason) {
    case 'missing': {
      const [field = 'id'] = params.fields;
      return { field, value: shown(made[field]) };
    }
    case 'value':
    case 'too-long':
      return { field: params.field, value: shown(made[params.field]) };
    case 'other-currency':
      return { field: 'price', value: params.value };
    case 'too-deep':
      return { field: 'attributes', value: '…' };
    default:
      return null;
  }
}

const SHOWN_CHARACTERS = 60;

const shown = (value: unknown): string | null => JSON.stringify(value)?.slice(0, SHOWN_CHARACTERS) ?? null;

/**
 * A feed's reference may be a list of several. What separates them is escaped, so that nothing behind the address is taken for
 * a path on this machine.
 */
const oneAddress = (address: string): string =>
  new URL(address).href.replace(
    /[\s,;|"'<>()[\]]/g,
    (separator) => `%${separator.charCodeAt(0).toString(16)}`,
  );

function reportOf({ ids, problems: before }: Taken, report: ImportReport | null): IndexReport {
  const problems = (report?.problems ?? []).filter(({ item }) => ids.has(item));
  const leftOut = new Set(problems.filter(leavesOut).map(({ item }) => item));
  return {
    indexed: ids.size - leftOut.size,
    problems: [...before, ...problems],
    snapshot: report?.published ?? null,
  };
}

/** A picture that cannot be used, or an item; other problems are of single fields. */
const leavesOut = ({ code, image }: ImportProblem): boolean => image !== null || code === 'ITEM_DUPLICATE';
