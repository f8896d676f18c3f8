import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FeedProduct } from '../feed/product.ts';

const FLUSH_BYTES = 1 << 20;

/**
 * A feed's products on disk, in the feed's order. A sync must know the whole feed before it changes anything (what
 * would be removed?), and memory must not grow with it.
 */
export class Spool {
  /** How many pictures the products name. */
  images = 0;
  readonly #folder: string;
  #buffer = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<Spool> {
    return new Spool(await mkdtemp(join(tmpdir(), 'lookalike-feed-')));
  }

  async add(product: FeedProduct): Promise<void> {
    this.images += product.images.length;
    this.#buffer += `${JSON.stringify(product)}\n`;
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

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.#folder, 'products.ndjson');
  }

  async #flush(): Promise<void> {
    const file = await open(this.#path, 'a');
    try {
      await file.appendFile(this.#buffer);
    } finally {
      await file.close();
    }
    this.#buffer = '';
  }
}
