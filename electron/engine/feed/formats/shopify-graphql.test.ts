import { expect, test } from 'vitest';
import { ids, readText } from '../test-feed.ts';

const edges = (...nodes: unknown[]) => ({ edges: nodes.map((node) => ({ node })) });
const VARIANTS = [
  {
    id: 'gid://shopify/ProductVariant/11',
    title: 'Green / S',
    sku: 'C-G-S',
    price: '199.00',
    compareAtPrice: '249.00',
    inventoryQuantity: 0,
    inventoryPolicy: 'CONTINUE',
    selectedOptions: [
      { name: 'Color', value: 'Green' },
      { name: 'Size', value: 'S' },
    ],
    image: { url: 'https://cdn.example/green.jpg' },
  },
  {
    id: 'gid://shopify/ProductVariant/12',
    title: 'Red / S',
    sku: 'C-R-S',
    price: { amount: '189.0', currencyCode: 'EUR' },
    availableForSale: true,
    selectedOptions: [
      { name: 'Color', value: 'Red' },
      { name: 'Size', value: 'S' },
    ],
  },
];
const IMAGES = ['green', 'back'].map((name) => ({ url: `https://cdn.example/${name}.jpg` }));
const COAT = {
  id: 'gid://shopify/Product/1',
  title: 'Wool coat',
  handle: 'wool-coat',
  descriptionHtml: '<p>Warm</p>',
  vendor: 'Acme',
  productType: 'Coats',
  status: 'ACTIVE',
  options: [{ name: 'Color' }, { name: 'Size' }],
};
const WHOLE = { ...COAT, variants: edges(...VARIANTS), images: edges(...IMAGES) };
const DRAFT = { ...WHOLE, id: 'gid://shopify/Product/2', handle: 'draft', status: 'DRAFT' };
const EXPECTED = [
  {
    productId: '11',
    sku: 'C-G-S',
    title: 'Wool coat – Green / S',
    price: 199,
    category: 'Coats',
    brand: 'Acme',
    color: 'Green',
    availability: 'backorder',
    groupId: '1',
    images: ['https://cdn.example/green.jpg', 'https://cdn.example/back.jpg'],
    attributes: { Size: 'S', description: 'Warm', compareAtPrice: '249.00' },
  },
  {
    productId: '12',
    price: 189,
    currency: 'EUR',
    color: 'Red',
    availability: 'in stock',
    images: ['https://cdn.example/back.jpg'],
  },
];

test.each([
  ['edges', { data: { products: edges(WHOLE, DRAFT) } }],
  [
    'nodes',
    {
      data: {
        products: {
          nodes: [
            { ...COAT, variants: { nodes: VARIANTS }, media: { nodes: IMAGES.map((image) => ({ image })) } },
            DRAFT,
          ],
        },
      },
    },
  ],
  ['the list without its wrapper', { products: edges(WHOLE, DRAFT) }],
  ['joined answers', [{ data: { products: edges(WHOLE) } }, { data: { products: edges(DRAFT) } }]],
])('an answer of the GraphQL APIs: %s', async (_, document) => {
  const { format, products, problems } = await readText(JSON.stringify(document));
  expect(format).toBe('shopify');
  expect(products).toMatchObject(EXPECTED);
  expect(problems).toMatchObject([{ code: 'ITEM_NOT_PUBLISHED', params: { reason: 'draft', count: 1 } }]);
});

test('a bulk operation’s lines, whose variants and pictures name their product', async () => {
  const parent = { __parentId: COAT.id };
  const draft = { ...COAT, id: 'gid://shopify/Product/2', handle: 'draft', status: 'DRAFT' };
  const lines = [
    COAT,
    { ...VARIANTS[0], ...parent },
    { ...IMAGES[0], id: 'gid://shopify/ProductImage/5', ...parent },
    draft,
    { ...VARIANTS[1], ...parent },
    { image: IMAGES[1], id: 'gid://shopify/MediaImage/6', ...parent },
    { id: 'gid://shopify/InventoryLevel/7', __parentId: VARIANTS[0]?.id },
  ];
  const { format, products, problems } = await readText(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(format).toBe('shopify');
  expect(products).toMatchObject(EXPECTED);
  expect(problems.map(({ code }) => code)).toEqual(['ITEM_NOT_PUBLISHED']);
});

const rest = (id: number) => ({
  id,
  title: `P ${id}`,
  handle: `p${id}`,
  variants: [{ id: id * 10, title: 'Default Title', price: '1.00' }],
  images: [{ src: `https://cdn.example/${id}.jpg` }],
});

test.each([
  ['lists', [[rest(1), rest(2)], [rest(3)], []]],
  ['documents', [{ products: [rest(1), rest(2)] }, { products: [rest(3)] }]],
])('pages joined to a list of %s', async (_, pages) => {
  const { format, products, problems } = await readText(JSON.stringify(pages));
  expect({ format, problems }).toEqual({ format: 'shopify', problems: [] });
  expect(ids(products)).toEqual(['10', '20', '30']);
});
