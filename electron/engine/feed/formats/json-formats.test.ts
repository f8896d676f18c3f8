import { expect, test } from 'vitest';
import { saying } from '../../../cli/test-saying.ts';
import type { FeedMapping } from '../../../contract/publishing.ts';
import { ids, readText } from '../test-feed.ts';

const SHIRT = {
  '@context': 'https://schema.org',
  '@type': 'Product',
  sku: 'S-1',
  name: 'Linen shirt',
  image: ['/img/1.jpg', { '@type': 'ImageObject', url: '/img/2.jpg' }],
  brand: { '@type': 'Brand', name: 'Acme' },
  color: 'white',
  description: '<p>Light</p>',
  offers: {
    '@type': 'Offer',
    price: '49.90',
    priceCurrency: 'EUR',
    availability: 'https://schema.org/InStock',
  },
};
const GRAPH = { '@context': 'https://schema.org', '@graph': [{ '@type': 'WebSite', name: 'Shop' }, SHIRT] };
const LIST = {
  '@context': 'https://schema.org',
  '@type': 'ItemList',
  itemListElement: [{ '@type': 'ListItem', position: 1, item: SHIRT }],
};

test.each([
  ['one product', JSON.stringify(SHIRT)],
  ['one product over several lines', JSON.stringify(SHIRT, null, 2)],
  ['a list', JSON.stringify([SHIRT])],
  ['a graph', JSON.stringify(GRAPH)],
  ['an ItemList', JSON.stringify(LIST)],
  ['a product a line', `${JSON.stringify(SHIRT)}\n${JSON.stringify({ '@type': 'WebSite' })}\n`],
  [
    'a web page',
    `<!DOCTYPE html><html><head><script>var a = 1 < 2;</script><script type="application/ld+json">${JSON.stringify(GRAPH)}</script></head><body><h1>Shop</h1></body></html>`,
  ],
])('schema.org: %s', async (_, text) => {
  const { format, products, problems } = await readText(text);
  expect({ format, problems }).toEqual({ format: 'schema-org', problems: [] });
  expect(products).toMatchObject([
    {
      productId: 'S-1',
      title: 'Linen shirt',
      brand: 'Acme',
      color: 'white',
      price: 49.9,
      currency: 'EUR',
      availability: 'in stock',
      attributes: { description: 'Light' },
    },
  ]);
  expect(products[0]?.images).toEqual(['/img/1.jpg', '/img/2.jpg']);
});

test('schema.org: variants of a group, and offers that do not agree', async () => {
  const { products, problems } = await readText(
    JSON.stringify({
      '@type': 'ProductGroup',
      productGroupID: 'G',
      name: 'Tee',
      image: 'https://cdn.example/tee.jpg',
      hasVariant: [
        {
          '@type': 'Product',
          sku: 'a',
          color: 'red',
          offers: { lowPrice: 5, highPrice: 9, priceCurrency: 'EUR' },
        },
        {
          '@type': 'Product',
          sku: 'b',
          name: 'Tee blue',
          offers: [{ price: 5 }, { price: 5, availability: 'SoldOut' }],
        },
      ],
    }),
  );
  expect(problems).toEqual([]);
  expect(products).toMatchObject([
    { productId: 'a', title: 'Tee', groupId: 'G', price: null, currency: 'EUR', color: 'red' },
    { productId: 'b', title: 'Tee blue', groupId: 'G', price: 5, availability: 'out of stock' },
  ]);
  expect(products[0]?.attributes.offers).toEqual({ lowPrice: 5, highPrice: 9, priceCurrency: 'EUR' });
});

const MAPPING: FeedMapping = {
  format: 'json-mapping',
  items: 'data.items',
  fields: {
    id: ['code'],
    title: ['names.de', 'names["en-GB"]'],
    images: ['cover', 'media[*].src'],
    price: ['prices[0].value'],
    currency: ['prices[0].unit'],
  },
};
const MAPPED_ITEM = {
  code: 5,
  names: { 'en-GB': 'Hat' },
  cover: 'https://cdn.example/1.jpg',
  media: [{ src: 'https://cdn.example/2.jpg' }, { src: 'https://cdn.example/3.jpg' }],
  prices: [{ value: '1.299,00', unit: '€' }],
  fit: 'wide',
};

test('mapped JSON: paths into its items; what they do not name becomes attributes', async () => {
  const { format, products, problems } = await readText(
    JSON.stringify({ meta: { pages: 1 }, data: { items: [MAPPED_ITEM, { code: 6 }] } }),
    { mapping: MAPPING },
  );
  expect(format).toBe('json-mapping');
  expect(products).toMatchObject([
    {
      productId: '5',
      title: 'Hat',
      price: 1299,
      currency: 'EUR',
      images: [1, 2, 3].map((i) => `https://cdn.example/${i}.jpg`),
      attributes: { fit: 'wide' },
    },
  ]);
  expect(problems).toMatchObject([{ item: '6', params: { reason: 'missing', fields: ['title', 'images'] } }]);
});

test.each([
  ['a list at the root', '$', [MAPPED_ITEM]],
  ['the members of an object', 'data.*', { data: { first: MAPPED_ITEM } }],
  ['lists in lists', 'pages[*].items[*]', { pages: [{ items: [MAPPED_ITEM] }] }],
])('mapped JSON: %s', async (_, items, document) => {
  const { products, problems } = await readText(JSON.stringify(document), { mapping: { ...MAPPING, items } });
  expect({ ids: ids(products), problems }).toEqual({ ids: ['5'], problems: [] });
});

test('mapped NDJSON', async () => {
  const text = `${JSON.stringify(MAPPED_ITEM)}\n${JSON.stringify({ ...MAPPED_ITEM, code: 'x' })}\n`;
  const { products } = await readText(text, { mapping: { ...MAPPING, items: '$' } });
  expect(ids(products)).toEqual(['5', 'x']);
});

test.each([
  [
    'no path for what a product needs',
    { ...MAPPING, fields: { id: ['code'] } },
    /no path for title and images/,
  ],
  ['a path that cannot be read', { ...MAPPING, items: 'a..b' }, /cannot be read: a\.\.b/],
  ['a path to nothing', { ...MAPPING, items: 'products' }, /nothing where the mapping says/],
] satisfies [string, FeedMapping, RegExp][])(
  'a mapping with %s is FEED_INVALID',
  async (_, mapping, message) => {
    await expect(readText(JSON.stringify({ data: { items: [] } }), { mapping })).rejects.toMatchObject({
      code: 'FEED_INVALID',
      fault: saying(message),
    });
  },
);

test('JSON that is none of the known feeds asks for a mapping', async () => {
  await expect(readText(JSON.stringify({ items: [{ code: 1 }] }))).rejects.toMatchObject({
    code: 'FEED_INVALID',
  });
});

test('paths of JSON that look useful and are not used are said, beside what is used', async () => {
  const items = [0, 1, 2, 3].map((i) => ({
    nr: `A-${i}`,
    text: `Coat ${i}`,
    pics: [{ url: `https://cdn.example/${i}.jpg`, alt: 'x' }],
    gallery: [{ url: `https://cdn.example/${i}-back.jpg`, price: '$1.00' }],
    cost: { amount: `$${i}.50`, note: 'net' },
  }));
  const { problems } = await readText(JSON.stringify({ items }), {
    mapping: {
      format: 'json-mapping',
      items: 'items',
      fields: { id: ['nr'], title: ['text'], images: ['pics[*].url'] },
    },
  });
  expect(problems).toMatchObject([
    { code: 'COLUMN_UNUSED', params: { column: 'gallery[*].url', looksLike: 'images' } },
    { code: 'COLUMN_UNUSED', params: { column: 'cost.amount', looksLike: 'price' } },
  ]);
});
