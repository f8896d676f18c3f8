import { expect, test } from 'vitest';
import type { FeedMapping } from '../../../contract/schemas.ts';
import { ids, readAll, readText, serve } from '../test-feed.ts';

const COAT = {
  id: 632910392,
  title: 'Wool coat',
  handle: 'wool-coat',
  body_html: '<p>Warm &amp; <b>soft</b></p>',
  vendor: 'Acme',
  product_type: 'Coats',
  tags: ['winter', 'new'],
  options: [{ name: 'Color' }, { name: 'Size' }],
  variants: [
    {
      id: 808950810,
      title: 'Green / S',
      option1: 'Green',
      option2: 'S',
      sku: 'C-G-S',
      price: '199.00',
      compare_at_price: '249.00',
      available: true,
      featured_image: { id: 1, src: '//cdn.example/green.jpg', variant_ids: [808950810] },
    },
    {
      id: 808950811,
      title: 'Red / S',
      option1: 'Red',
      option2: 'S',
      sku: 'C-R-S',
      price: '189.00',
      available: false,
    },
  ],
  images: [
    { id: 1, src: '//cdn.example/green.jpg', variant_ids: [808950810] },
    { id: 2, src: 'https://cdn.example/back.jpg', variant_ids: [] },
    { id: 3, src: 'https://cdn.example/red.jpg', variant_ids: [808950811] },
  ],
};
const scarf = (id: number) => ({
  id,
  title: `Scarf ${id}`,
  handle: `scarf-${id}`,
  options: [{ name: 'Title' }],
  variants: [
    {
      id: id * 10,
      title: 'Default Title',
      option1: 'Default Title',
      sku: '',
      price: '19.90',
      available: true,
    },
  ],
  images: [{ src: `https://cdn.example/${id}.jpg` }],
});

test('Shopify: each variant is a product with its own pictures, in the group of its product', async () => {
  const page = await serve((request, answer) => {
    answer.end(JSON.stringify({ products: request.url?.includes('page=2') ? [] : [COAT, scarf(7)] }));
  });
  const { format, products, problems } = await readAll(`${page}/products.json`);
  expect({ format, problems }).toEqual({ format: 'shopify', problems: [] });
  expect(products).toMatchObject([
    {
      productId: '808950810',
      sku: 'C-G-S',
      title: 'Wool coat – Green / S',
      brand: 'Acme',
      category: 'Coats',
      color: 'Green',
      price: 199,
      currency: null,
      availability: 'in stock',
      url: `${page}/products/wool-coat?variant=808950810`,
      groupId: '632910392',
      images: ['http://cdn.example/green.jpg', 'https://cdn.example/back.jpg'],
      attributes: {
        Size: 'S',
        tags: ['winter', 'new'],
        handle: 'wool-coat',
        compareAtPrice: '249.00',
        description: 'Warm & soft',
      },
    },
    {
      productId: '808950811',
      color: 'Red',
      availability: 'out of stock',
      images: ['https://cdn.example/red.jpg', 'https://cdn.example/back.jpg'],
    },
    { productId: '70', sku: '70', title: 'Scarf 7', groupId: '7', images: ['https://cdn.example/7.jpg'] },
  ]);
});

test('Shopify: a product without a picture or a variant is a named problem', async () => {
  const { products, problems } = await readText(
    JSON.stringify({ products: [scarf(1), { ...scarf(2), images: [] }, { ...scarf(3), variants: [] }] }),
  );
  expect(ids(products)).toEqual(['10']);
  expect(problems).toMatchObject([
    { item: '20', code: 'ITEM_INVALID', message: 'It has no usable image.' },
    { item: '3', code: 'ITEM_INVALID', message: 'It has no variants.' },
  ]);
});

test.each(['page=N', 'Link'])(
  'Shopify: pages are followed by %s, and their ETag is not that of all of them',
  async (how) => {
    const asked: string[] = [];
    const site = await serve((request, answer) => {
      const url = new URL(request.url ?? '', 'http://shop.example');
      asked.push(url.search);
      const page = Number(url.searchParams.get(how === 'Link' ? 'cursor' : 'page') ?? '1');
      if (how === 'Link' && page < 3)
        answer.setHeader('link', `</products.json?cursor=${page + 1}>; rel="next"`);
      if (how === 'Link' && page === 3) answer.setHeader('link', '</products.json?cursor=2>; rel="previous"');
      answer.setHeader('etag', '"1"');
      answer.end(JSON.stringify({ products: page > 3 ? [] : [scarf(page * 2), scarf(page * 2 + 1)] }));
    });
    const { products, problems, validator } = await readAll(`${site}/products.json?limit=2`);
    expect(ids(products)).toEqual(['20', '30', '40', '50', '60', '70']);
    expect({ problems, validator }).toEqual({ problems: [], validator: null });
    expect(asked).toHaveLength(how === 'Link' ? 3 : 4);
  },
);

test('Shopify: a server that knows no pages is read once', async () => {
  const site = await serve((_, answer) => answer.end(JSON.stringify({ products: [scarf(1), scarf(2)] })));
  const { products, problems } = await readAll(`${site}/products.json`);
  expect({ ids: ids(products), problems }).toEqual({ ids: ['10', '20'], problems: [] });
});

test.each([
  [
    'fails',
    (answer: { writeHead(status: number): { end(): void } }) => answer.writeHead(404).end(),
    'FEED_UNREACHABLE',
  ],
  ['is cut off', (answer: { end(text: string): void }) => answer.end('{"products":[{"id":1'), 'FEED_INVALID'],
  [
    'is another document',
    (answer: { end(text: string): void }) => answer.end('{"error":"busy"}'),
    'FEED_INVALID',
  ],
])(
  'Shopify: when a further page %s, the feed is not taken for a shorter one',
  async (_, answerSecond, code) => {
    const site = await serve((request, answer) => {
      if (request.url?.includes('page=2')) answerSecond(answer);
      else answer.end(JSON.stringify({ products: [scarf(1)] }));
    });
    await expect(readAll(`${site}/products.json`)).rejects.toMatchObject({ code });
  },
);

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
  const { folder, format, products, problems } = await readText(text);
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
  expect(folder).toBeTruthy();
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
  expect(problems).toMatchObject([{ item: '6', message: 'It has no usable title and no usable image.' }]);
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
      message: expect.stringMatching(message),
    });
  },
);

test('JSON that is none of the known feeds asks for a mapping', async () => {
  await expect(readText(JSON.stringify({ items: [{ code: 1 }] }))).rejects.toMatchObject({
    code: 'FEED_INVALID',
  });
});
