import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedProduct } from '../feed/product.ts';
import { cleanUp } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';
import { makeWorkFolder } from '../files/work-folder.ts';

const FLUSH_BYTES = 1 << 20;

/**
 * A feed's products on disk, in the feed's order. A sync must know the whole feed before it changes anything (to count
 * removals), and memory must not grow with the feed.
 */
export class Spool {
  /** Number of pictures of the products. */
  images = 0;
  readonly #folder: string;
  #buffer = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws LookalikeError STORAGE_* */
  static async create(dataDir: string): Promise<Spool> {
    return new Spool(await makeWorkFolder(dataDir));
  }

  /** @throws LookalikeError STORAGE_* */
  async add(product: FeedProduct): Promise<void> {
    this.images += product.images.length;
    this.#buffer += `${oneLine(product)}\n`;
    if (this.#buffer.length > FLUSH_BYTES) await this.#flush();
  }

  async *products(): AsyncGenerator<FeedProduct> {
    await this.#flush();
    for await (const line of createInterface({
      input: createReadStream(this.#path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const product: FeedProduct = JSON.parse(line);
      yield product;
    }
  }

  /** Never fails: what it was needed for is done. */
  async remove(): Promise<void> {
    await cleanUp(this.#folder);
  }

  get #path(): string {
    return join(this.#folder, 'products.ndjson');
  }

  async #flush(): Promise<void> {
    try {
      const file = await open(this.#path, 'a');
      await file.appendFile(this.#buffer).finally(() => file.close());
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
    this.#buffer = '';
  }
}

/** JSON that also escapes U+2028 and U+2029, where readline would split the line. */
function oneLine(product: FeedProduct): string {
  return JSON.stringify(product).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
