import { expect, test } from 'vitest';
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
    { item: '20', code: 'ITEM_INVALID', params: { reason: 'missing', fields: ['images'] } },
    { item: '3', code: 'ITEM_INVALID', params: { reason: 'no-variants' } },
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
  const site = await serve((_, answer) => {
    answer.setHeader('etag', '"1"').end(JSON.stringify({ products: [scarf(1), scarf(2)] }));
  });
  const { products, problems, validator } = await readAll(`${site}/products.json`);
  expect({ ids: ids(products), problems }).toEqual({ ids: ['10', '20'], problems: [] });
  expect(validator).toContain('"1"');
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

const page = JSON.stringify({ products: [COAT, scarf(7)] });
test.each([
  ['a bare list', JSON.stringify([COAT, scarf(7)])],
  ['a list in "data"', JSON.stringify({ data: { products: [COAT, scarf(7)] } })],
  ['a product a line', `${JSON.stringify(COAT)}\n${JSON.stringify(scarf(7))}\n`],
  ['a list whose first item is broken', JSON.stringify([null, COAT, scarf(7)])],
])('Shopify: %s is read as a page is', async (_, text) => {
  const [{ products: expected }, { format, products }] = [await readText(page), await readText(text)];
  expect(format).toBe('shopify');
  expect(products).toEqual(
    expected.map((product) => ({ ...product, images: expect.anything(), rowHash: product.rowHash })),
  );
});

test.each([
  ['by itself', JSON.stringify(COAT)],
  ['as products/*.json has it', JSON.stringify({ product: COAT })],
])('Shopify: one product %s', async (_, text) => {
  const { format, products, problems } = await readText(text);
  expect({ format, ids: ids(products), problems }).toEqual({
    format: 'shopify',
    ids: ['808950810', '808950811'],
    problems: [],
  });
});

test('Shopify: products/*.js counts in hundredths', async () => {
  const { products } = await readText(
    JSON.stringify({
      ...COAT,
      price: 19900,
      price_varies: true,
      variants: [{ ...COAT.variants[0], price: 19900, compare_at_price: 24900 }],
    }),
  );
  expect(products).toMatchObject([{ price: 199, attributes: { compareAtPrice: 249 } }]);
});

test('Shopify: what the shop does not show is left out, and counted', async () => {
  const shown = { status: 'active', published_at: '2024-01-01T00:00:00Z' };
  const { products, problems } = await readText(
    JSON.stringify({
      products: [
        { ...scarf(1), ...shown },
        { ...scarf(2), ...shown, status: 'draft' },
        { ...scarf(3), ...shown, status: 'draft', published_at: null },
        { ...scarf(4), ...shown, status: 'archived' },
        { ...scarf(5), ...shown, published_at: null },
        { ...scarf(6), ...shown, published_at: '2999-01-01T00:00:00Z' },
        { ...scarf(7), ...shown, status: 'unlisted' },
      ],
    }),
  );
  expect(ids(products)).toEqual(['10', '70']);
  expect(problems.map(({ item, code, params }) => [item, { code, params }])).toEqual([
    ['scarf-2', { code: 'ITEM_NOT_PUBLISHED', params: { reason: 'draft', count: 2 } }],
    ['scarf-4', { code: 'ITEM_NOT_PUBLISHED', params: { reason: 'archived', count: 1 } }],
    ['scarf-5', { code: 'ITEM_NOT_PUBLISHED', params: { reason: 'unpublished', count: 2 } }],
  ]);
});

test.each([
  [{ inventory_quantity: 5, inventory_management: 'shopify', inventory_policy: 'deny' }, 'in stock'],
  [{ inventory_quantity: 0, inventory_management: 'shopify', inventory_policy: 'deny' }, 'out of stock'],
  [{ inventory_quantity: -3, inventory_management: 'shopify', inventory_policy: 'deny' }, 'out of stock'],
  [{ inventory_quantity: 0, inventory_management: 'shopify', inventory_policy: 'continue' }, 'backorder'],
  [{ inventory_quantity: 0, inventory_management: null, inventory_policy: 'deny' }, 'in stock'],
  [{ inventory_quantity: 0, available: true }, 'in stock'],
  [{ inventory_quantity: 3 }, 'in stock'],
  [{ inventory_management: 'shopify' }, null],
  [{}, null],
])('Shopify: stock of %j is "%s"', async (stock, availability) => {
  const { available: _, ...variant } = { ...scarf(1).variants[0], available: true };
  const { products } = await readText(
    JSON.stringify([{ ...scarf(1), variants: [{ ...variant, ...stock }] }]),
  );
  expect(products).toMatchObject([{ availability }]);
});

test('Shopify: a picture of another variant is not shown where pictures have no ids', async () => {
  const [green, red] = COAT.variants.map(({ featured_image: _, ...variant }) => variant);
  const images = [
    { src: 'https://cdn.example/green.jpg', variant_ids: [green?.id] },
    { src: 'https://cdn.example/red.jpg', variant_ids: [red?.id] },
  ];
  const { products } = await readText(JSON.stringify([{ ...COAT, variants: [green, red], images }]));
  expect(products.map((product) => product.images)).toEqual([
    ['https://cdn.example/green.jpg'],
    ['https://cdn.example/red.jpg'],
  ]);
});
