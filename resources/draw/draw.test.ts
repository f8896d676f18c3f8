import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { drawProduct, feed, productById } from './catalog.ts';
import { drawScene, QUERIES } from './queries.ts';

const folder = join(import.meta.dirname, '../sample-catalog');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

const Feed = z.object({
  version: z.literal(1),
  products: z.array(
    z.object({
      id: z.string(),
      images: z.array(z.string()).min(2),
      category: z.string(),
      availability: z.enum(['in stock', 'out of stock', 'preorder']),
    }),
  ),
});
const fraction = z.number().min(0).max(1);
const Queries = z.array(
  z.object({
    file: z.string(),
    productId: z.string(),
    note: z.string(),
    crop: z.object({ x: fraction, y: fraction, w: fraction, h: fraction }),
  }),
);

const { products } = Feed.parse(read('feed.json'));
const queries = Queries.parse(read('queries/queries.json'));

test('the feed holds a varied range, each product once', () => {
  expect(products.length).toBeGreaterThanOrEqual(240);
  expect(new Set(products.map((p) => p.id)).size).toBe(products.length);
  expect(new Set(products.map((p) => p.category)).size).toBeGreaterThanOrEqual(12);
});

test('the feed is the one the drawing code writes', () => {
  expect(read('feed.json')).toEqual(feed());
});

test('every picture is there and 480 x 600, and none is left over', async () => {
  const listed = products.flatMap((p) => p.images);
  expect(
    readdirSync(join(folder, 'images'))
      .map((name) => `images/${name}`)
      .sort(),
  ).toEqual(listed.toSorted());
  for (const image of listed) {
    const { format, width, height } = await sharp(join(folder, image)).metadata();
    expect({ image, format, width, height }).toEqual({ image, format: 'webp', width: 480, height: 600 });
  }
});

test('every customer photo is there, shows a known product and has its box inside', async () => {
  expect(queries.length).toBeGreaterThanOrEqual(12);
  const ids = new Set(products.map((p) => p.id));
  for (const { file, productId, crop } of queries) {
    expect(ids).toContain(productId);
    expect(crop.x + crop.w).toBeLessThanOrEqual(1 + 1e-9);
    expect(crop.y + crop.h).toBeLessThanOrEqual(1 + 1e-9);
    const { format, width, height } = await sharp(join(folder, 'queries', file)).metadata();
    expect({ file, format, sides: [width, height].toSorted() }).toEqual({
      file,
      format: 'jpeg',
      sides: [1200, 900].toSorted(),
    });
  }
});

test('one customer photo is stored sideways', async () => {
  const turned = await Promise.all(
    queries.map(async ({ file }) => (await sharp(join(folder, 'queries', file)).metadata()).orientation),
  );
  expect(turned.filter((orientation) => orientation === 6)).toHaveLength(1);
});

test('the folder holds data only, at most 7 MB of it', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  expect(files.filter((name) => !/\.(webp|jpg|json|md)$/.test(name))).toEqual([]);
  expect(files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThanOrEqual(
    7_000_000,
  );
});

test('drawing again gives the same picture', () => {
  const product = productById('40613-CML');
  expect(drawProduct(product)).toEqual(drawProduct(product));
  for (const query of QUERIES.slice(0, 1)) expect(drawScene(query, false)).toBe(drawScene(query, false));
});

test('an unknown product is an error', () => {
  expect(() => productById('nothing')).toThrow(RangeError);
});
