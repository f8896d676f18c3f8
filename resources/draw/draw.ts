/** Draws the sample catalog and the app icon into `resources/`. Run by `npm run draw`. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawProduct, feed, imageName, PRODUCTS, type Product } from './catalog.ts';
import { drawIcon } from './icon.ts';
import { QUERIES, takePhoto } from './queries.ts';
import { BLEED, FRAME } from './studio.ts';

const resources = join(import.meta.dirname, '..');
const catalog = join(resources, 'sample-catalog');
const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

async function writeProduct(product: Product): Promise<void> {
  const pictures = drawProduct(product).map((svg, i) =>
    sharp(Buffer.from(svg))
      .extract({ left: BLEED, top: BLEED, ...FRAME })
      .webp({ quality: 64, effort: 6 })
      .toFile(join(catalog, 'images', imageName(product, i))),
  );
  await Promise.all(pictures);
}

async function writeCatalog(): Promise<void> {
  await rm(join(catalog, 'images'), { recursive: true, force: true });
  await mkdir(join(catalog, 'images'), { recursive: true });
  for (const product of PRODUCTS) await writeProduct(product);
  await writeFile(join(catalog, 'feed.json'), json(feed()));
}

async function writeQueries(): Promise<void> {
  await rm(join(catalog, 'queries'), { recursive: true, force: true });
  await mkdir(join(catalog, 'queries'), { recursive: true });
  const list = [];
  for (const query of QUERIES) {
    const { jpeg, crop } = await takePhoto(query);
    await writeFile(join(catalog, 'queries', query.file), jpeg);
    list.push({ file: query.file, productId: query.productId, note: query.note, crop });
  }
  await writeFile(join(catalog, 'queries', 'queries.json'), json(list));
}

async function writeIcon(): Promise<void> {
  const svg = drawIcon();
  await writeFile(join(resources, 'icon.svg'), svg);
  await sharp(Buffer.from(svg))
    .resize(512, 512)
    .png({ compressionLevel: 9 })
    .toFile(join(resources, 'icon.png'));
}

await writeIcon();
await writeCatalog();
await writeQueries();
console.log(`${PRODUCTS.length} products, ${QUERIES.length} queries drawn into ${catalog}`);
