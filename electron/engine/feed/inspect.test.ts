import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { FeedMapping } from '../../contract/publishing.ts';
import type { FeedOptions } from './feed.ts';
import { inspectFeed } from './inspect.ts';
import { ids, never, readText, serve, temporaryFolder } from './test-feed.ts';

async function inspect(content: string | Uint8Array, options: Partial<FeedOptions> = {}) {
  const path = join(await temporaryFolder(), 'feed');
  await writeFile(path, content);
  return inspectFeed(path, { signal: never, ...options });
}

test.each([
  [
    'English',
    'Handle,SKU,Product name,Image URL,Image 2,Price,Currency,Category,Brand,Colour,Stock,Product URL,Item group id',
    {
      id: ['SKU'],
      title: ['Product name'],
      images: ['Image URL', 'Image 2'],
      price: ['Price'],
      currency: ['Currency'],
      category: ['Category'],
      brand: ['Brand'],
      color: ['Colour'],
      availability: ['Stock'],
      url: ['Product URL'],
      groupId: ['Item group id'],
      sku: ['SKU'],
      stock: ['Stock'],
    },
  ],
  [
    'German',
    'Artikelnummer;Bezeichnung;Bild;Verkaufspreis;Währung;Warengruppe;Hersteller;Farbe;Verfügbarkeit;Größe',
    {
      id: ['Artikelnummer'],
      title: ['Bezeichnung'],
      images: ['Bild'],
      price: ['Verkaufspreis'],
      currency: ['Währung'],
      category: ['Warengruppe'],
      brand: ['Hersteller'],
      color: ['Farbe'],
      availability: ['Verfügbarkeit'],
      sku: ['Artikelnummer'],
      size: ['Größe'],
    },
  ],
  [
    'French',
    'Référence;Désignation;URL image;Prix TTC;Devise;Catégorie;Marque;Couleur;Disponibilité',
    {
      id: ['Référence'],
      title: ['Désignation'],
      images: ['URL image'],
      price: ['Prix TTC'],
      currency: ['Devise'],
      category: ['Catégorie'],
      brand: ['Marque'],
      color: ['Couleur'],
      availability: ['Disponibilité'],
      sku: ['Référence'],
    },
  ],
])('columns named in %s are understood', async (_, header, fields) => {
  const { format, columns, mapping } = await inspect(`${header}\n`);
  expect({ format, columns, mapping }).toEqual({
    format: 'csv',
    columns: header.split(/[,;]/),
    mapping: { format: 'csv', charset: null, fields },
  });
});

test('a table in the character set of Excel is shown with it, for the admin to confirm', async () => {
  const text = Buffer.from('Nr;Bezeichnung;Bild\n1;M\xfctze;a.jpg\n', 'latin1');
  const { mapping, samples, problems } = await inspect(text);
  expect(mapping).toMatchObject({ charset: 'windows-1252', fields: { title: ['Bezeichnung'] } });
  expect({ samples, problems }).toMatchObject({
    samples: [],
    problems: [
      {
        code: 'FEED_INVALID',
        params: { reason: 'columns-unknown', fields: ['id'], columns: ['Nr', 'Bezeichnung', 'Bild'] },
      },
    ],
  });
  if (mapping?.format !== 'csv') throw new Error('no mapping');
  const corrected: FeedMapping = { ...mapping, fields: { ...mapping.fields, id: ['Nr'] } };
  expect((await inspect(text, { mapping: corrected })).samples).toMatchObject([
    { productId: '1', title: 'Mütze' },
  ]);
});

const WOO = {
  id: 5,
  name: 'Hat',
  permalink: 'https://shop.example/hat',
  prices: { price: '1900', currency_code: 'EUR' },
  images: [{ id: 1, src: 'https://cdn.example/1.jpg', name: 'hat-1' }],
  brand: { name: 'Acme', logo: 'https://cdn.example/acme.svg' },
};

test.each([
  ['a list', JSON.stringify([WOO]), '$'],
  ['NDJSON', `${JSON.stringify(WOO)}\n${JSON.stringify({ ...WOO, id: 6 })}\n`, '$'],
  ['a list within', JSON.stringify({ filters: [{ label: 'x' }], result: { hits: [WOO] } }), 'result.hits'],
])('unknown JSON, %s: a mapping is proposed that reads it', async (_, text, items) => {
  const { format, columns, mapping, samples, problems } = await inspect(text);
  expect({ format, problems }).toEqual({ format: 'json-mapping', problems: [] });
  expect(columns).toContain('images[*].src');
  expect(mapping).toMatchObject({
    items,
    fields: {
      id: ['id'],
      title: ['name'],
      images: ['images[*].src'],
      brand: ['brand.name'],
      url: ['permalink'],
    },
  });
  expect(samples[0]).toMatchObject({ productId: '5', title: 'Hat', brand: 'Acme' });
  if (!mapping) throw new Error('no mapping');
  expect(ids((await readText(text, { mapping })).products)).toContain('5');
});

test("prices in the smallest unit, as WooCommerce's Store API has them, are not taken for whole ones", async () => {
  const prices = { price: '1900', regular_price: '2900', sale_price: '1900', currency_code: 'EUR' };
  const { samples } = await inspect(
    JSON.stringify([
      { ...WOO, prices: { ...prices, currency_minor_unit: 2 } },
      { ...WOO, id: 6, prices: { ...prices, currency_code: 'JPY', currency_minor_unit: 0 } },
    ]),
  );
  expect(samples).toMatchObject([
    { price: 19, currency: 'EUR' },
    { price: 1900, currency: 'JPY' },
  ]);
});

test('the first products of a large feed, without reading the rest of it', async () => {
  let sent = 0;
  const site = await serve((_, answer) => {
    answer.write('{"version":1,"name":"Endless","products":[{"id":0,"title":"A","image":"a.png"}');
    const more = () => {
      sent++;
      const item = JSON.stringify({ id: sent, title: 'x'.repeat(400), image: 'a.png' });
      if (!answer.destroyed && answer.write(`,${item}`.padEnd(10_000))) setImmediate(more);
    };
    answer.on('drain', more);
    more();
  });
  const { format, samples, problems } = await inspectFeed(site, { signal: never });
  expect({ format, problems, samples: ids(samples).length }).toEqual({
    format: 'lookalike',
    problems: [],
    samples: 20,
  });
});

test('what the items of a feed lack is among the problems; what is no feed is an error', async () => {
  const { samples, problems } = await inspect('[{"id":1,"title":"A","image":"a.png"},{"id":2,"title":"B"}]');
  expect(ids(samples)).toEqual(['1']);
  expect(problems).toMatchObject([{ item: '2', code: 'ITEM_INVALID' }]);
  await expect(inspect('hello')).rejects.toMatchObject({ code: 'FEED_INVALID' });
  await expect(inspect('<!doctype html><html><form>Log in</form></html>')).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: { params: { reason: 'web-page' } },
  });
});

test('a folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.jpg'), '');
  expect(await inspectFeed(folder, { signal: never })).toMatchObject({
    format: 'folder',
    columns: [],
    mapping: null,
    samples: [{ productId: 'a' }],
  });
});

test('a table is left in the middle without an error behind the answer', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => `${n};Coat ${n};coat.jpg`);
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', note);
  onTestFinished(() => void process.off('uncaughtException', note));
  expect((await inspect(['id;title;image', ...rows].join('\n'))).samples[0]).toMatchObject({
    productId: '0',
  });
  await sleep(100);
  expect(uncaught).toEqual([]);
});
