import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ids, readText } from '../test-feed.ts';

/** The columns of the present export, by those of the export before it. */
const TODAY: Record<string, string> = {
  Handle: 'URL handle',
  Title: 'Title',
  'Body (HTML)': 'Description',
  Vendor: 'Vendor',
  Type: 'Type',
  Tags: 'Tags',
  Published: 'Published on online store',
  'Option1 Name': 'Option1 name',
  'Option1 Value': 'Option1 value',
  'Option2 Name': 'Option2 name',
  'Option2 Value': 'Option2 value',
  'Variant SKU': 'SKU',
  'Variant Inventory Tracker': 'Inventory tracker',
  'Variant Inventory Qty': 'Inventory quantity',
  'Variant Inventory Policy': 'Continue selling when out of stock',
  'Variant Price': 'Price',
  'Variant Compare At Price': 'Compare-at price',
  'Variant Barcode': 'Barcode',
  'Image Src': 'Product image URL',
  'Image Position': 'Image position',
  'Variant Image': 'Variant image URL',
  'Fabric (product.metafields.custom.fabric)': 'Fabric (product.metafields.custom.fabric)',
  Status: 'Status',
};

type Row = Record<string, string>;
const product = (handle: string, row: Row): Row => ({
  Handle: handle,
  Title: handle,
  'Option1 Name': 'Title',
  'Option1 Value': 'Default Title',
  'Variant SKU': `${handle}-sku`,
  'Variant Price': '18.00',
  'Image Src': `${handle}.jpg`,
  Published: 'true',
  Status: 'active',
  ...row,
});
const SHIRT: Row[] = [
  {
    Handle: 'linen-shirt',
    Title: 'Linen shirt',
    'Body (HTML)': '<p>Soft,\n "light"</p>',
    Vendor: 'Northrow',
    Type: 'Shirts',
    Tags: 'summer, linen',
    Published: 'TRUE',
    'Option1 Name': 'Color',
    'Option1 Value': 'White',
    'Option2 Name': 'Size',
    'Option2 Value': 'S',
    'Variant SKU': 'LS-W-S',
    'Variant Inventory Tracker': 'shopify',
    'Variant Inventory Qty': '4',
    'Variant Inventory Policy': 'deny',
    'Variant Price': '59.00',
    'Variant Compare At Price': '79.00',
    'Variant Barcode': '0012345678905',
    'Image Src': 'b.webp',
    'Image Position': '2',
    'Variant Image': 'a.webp',
    'Fabric (product.metafields.custom.fabric)': 'linen',
    Status: 'active',
  },
  {
    Handle: 'linen-shirt',
    'Option1 Value': 'White',
    'Option2 Value': 'M',
    'Variant SKU': 'LS-W-M',
    'Variant Price': '60.00',
    'Variant Inventory Qty': '0',
    'Image Src': 'a.webp',
    'Image Position': '1',
    'Variant Image': 'a.webp',
  },
  {
    Handle: 'linen-shirt',
    'Option1 Value': 'Black',
    'Option2 Value': 'M',
    'Variant SKU': 'LS-B-M',
    'Variant Price': '59.00',
    'Variant Inventory Tracker': 'shopify',
    'Variant Inventory Qty': '0',
    'Variant Inventory Policy': 'deny',
    'Image Src': 'c.webp',
    'Image Position': '3',
    'Variant Image': 'c.webp',
  },
  { Handle: 'linen-shirt', 'Image Src': 'd.webp', 'Image Position': '4' },
];

function csv(rows: readonly Row[], names: (column: string) => string = (column) => column): string {
  const columns = Object.keys(TODAY);
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? '')).join(','));
  return [columns.map(names).join(','), ...lines, ''].join('\n');
}

test.each([
  ['before', csv([...SHIRT, product('cap', {})])],
  ['today', csv([...SHIRT, product('cap', {})], (column) => TODAY[column] ?? column)],
])(
  "Shopify's product export of %s: each variant is a product with what its first row says",
  async (_, text) => {
    const { folder, format, products, problems } = await readText(text, { fileName: 'products_export.csv' });
    expect({ format, problems }).toEqual({ format: 'shopify-csv', problems: [] });
    const shared = ['b.webp', 'd.webp'];
    const pictures = (...names: string[]) => [...names, ...shared].map((name) => join(folder, name));
    expect(products).toMatchObject([
      {
        productId: 'LS-W-S',
        sku: 'LS-W-S',
        title: 'Linen shirt – White / S',
        brand: 'Northrow',
        category: 'Shirts',
        color: 'White',
        price: 59,
        availability: 'in stock',
        groupId: 'linen-shirt',
        images: pictures('a.webp'),
        attributes: {
          Size: 'S',
          tags: 'summer, linen',
          handle: 'linen-shirt',
          compareAtPrice: '79.00',
          barcode: '0012345678905',
          description: 'Soft, "light"',
          Fabric: 'linen',
        },
      },
      // Without a tracker the quantity means nothing.
      { productId: 'LS-W-M', price: 60, availability: 'in stock', images: pictures('a.webp') },
      { productId: 'LS-B-M', color: 'Black', availability: 'out of stock', images: pictures('c.webp') },
      { productId: 'cap-sku', title: 'cap', color: null, groupId: 'cap', images: [join(folder, 'cap.jpg')] },
    ]);
  },
);

test("Shopify's product export: what the shop does not show is left out, all of its rows, and counted", async () => {
  const [first = {}, ...more] = SHIRT;
  const { products, problems } = await readText(
    csv([
      { ...first, Status: 'draft' },
      ...more,
      product('old', { Status: 'archived', Published: 'FALSE' }),
      product('hidden', { Published: 'FALSCH' }),
      product('blank', { Published: '', Status: '' }),
      product('cap', {}),
    ]),
  );
  expect(ids(products)).toEqual(['blank-sku', 'cap-sku']);
  expect(problems.map(({ item, params }) => [item, params])).toEqual([
    ['linen-shirt', { reason: 'draft', count: 1 }],
    ['old', { reason: 'archived', count: 1 }],
    ['hidden', { reason: 'unpublished', count: 1 }],
  ]);
});

test.each([
  ['deny', 'out of stock'],
  ['continue', 'backorder'],
  ['FALSE', 'out of stock'],
  ['TRUE', 'backorder'],
])("Shopify's product export: without stock and policy %s it is %s", async (policy, availability) => {
  const stock = { 'Variant Inventory Tracker': 'shopify', 'Variant Inventory Qty': '-2' };
  const { products } = await readText(
    csv([product('cap', { ...stock, 'Variant Inventory Policy': policy })]),
  );
  expect(products).toMatchObject([{ availability }]);
});

test("Shopify's product export: variants without a SKU, or with one that is used twice, are all kept", async () => {
  const rows = SHIRT.slice(0, 3).map((row, n) => ({ ...row, 'Variant SKU': n === 2 ? '' : 'SAME' }));
  const { products } = await readText(csv(rows));
  expect(ids(products)).toEqual(['SAME', 'linen-shirt/White/M', 'linen-shirt/Black/M']);
});

test("Shopify's product export: the least that it can be", async () => {
  const { format, products } = await readText(
    'Title,URL handle,Product image URL\nCap,cap,a.jpg\n,cap,b.jpg\nHat,,c.jpg\n',
  );
  expect(format).toBe('shopify-csv');
  expect(products).toMatchObject([
    { productId: 'cap', title: 'Cap', groupId: 'cap', price: null, availability: null },
    { productId: 'Hat', title: 'Hat', groupId: 'Hat' },
  ]);
  expect(products[0]?.images).toHaveLength(2);
});

test("Shopify's product export: a product of more rows than are held at once keeps its title and all variants", async () => {
  const [first = {}] = SHIRT;
  const rows = Array.from({ length: 6_000 }, (_, n) => ({
    ...(n === 0 ? first : { Handle: 'linen-shirt' }),
    'Option2 Value': `S${n}`,
    'Variant SKU': `S${n}`,
    'Image Src': `${n}.jpg`,
    'Variant Image': `${n}.jpg`,
  }));
  const { products, problems } = await readText(csv(rows));
  expect(problems).toEqual([]);
  expect(products).toHaveLength(6_000);
  expect(products.at(-1)).toMatchObject({ productId: 'S5999', brand: 'Northrow', groupId: 'linen-shirt' });
});
