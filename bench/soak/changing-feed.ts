import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const SAMPLE = path.resolve(import.meta.dirname, '../../resources/sample-catalog');

const sampleFeed = z.object({
  products: z.array(z.looseObject({ price: z.number(), images: z.array(z.string()) })),
});

/** A feed on disk of the sample catalog's products, whose prices change. */
export class ChangingFeed {
  readonly file: string;
  readonly #products: { price: number }[];
  #version = 0;

  private constructor(file: string, products: { price: number }[]) {
    this.file = file;
    this.#products = products;
  }

  static async open(folder: string): Promise<ChangingFeed> {
    const { products } = sampleFeed.parse(JSON.parse(await readFile(path.join(SAMPLE, 'feed.json'), 'utf8')));
    const absolute = products.map((product) => ({
      ...product,
      images: product.images.map((image) => path.join(SAMPLE, image)),
    }));
    await mkdir(folder, { recursive: true });
    const feed = new ChangingFeed(path.join(folder, 'feed.json'), absolute);
    await feed.change();
    return feed;
  }

  /** Changes the prices of a tenth of the products. @returns the file */
  async change(): Promise<string> {
    this.#version++;
    for (let n = this.#version % 10; n < this.#products.length; n += 10) {
      const product = this.#products[n];
      if (product) product.price += 1;
    }
    await writeFile(this.file, JSON.stringify({ version: 1, name: 'Soak', products: this.#products }));
    return this.file;
  }
}
