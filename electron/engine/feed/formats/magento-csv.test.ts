import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readAll, readText, serve } from '../test-feed.ts';
import { hiddenOf, type Row, table } from './test-table.ts';

// Columns of "Product attributes reference", for simple and configurable products.
const MAGENTO =
  'sku|store_view_code|attribute_set_code|product_type|categories|product_websites|name|description|short_description|weight|product_online|tax_class_name|visibility|price|special_price|special_price_from_date|special_price_to_date|url_key|base_image|small_image|additional_images|additional_attributes|qty|allow_backorders|is_in_stock|manage_stock|configurable_variations|configurable_variation_labels'.split(
    '|',
  );
const magento = (row: Row): Row => ({
  attribute_set_code: 'Top',
  product_type: 'simple',
  product_online: '1',
  visibility: 'Catalog, Search',
  is_in_stock: '1',
  manage_stock: '1',
  qty: '5',
  ...row,
});
const child = (sku: string, row: Row = {}): Row =>
  magento({
    sku,
    name: `Tee ${sku}`,
    price: '20.0000',
    visibility: 'Not Visible Individually',
    additional_attributes: `color=Red,size=${sku.at(-1)}`,
    ...row,
  });
const TEE = magento({
  sku: 'TEE',
  product_type: 'configurable',
  name: 'Tee',
  categories: 'Default Category/Men/Tops,Default Category/Sale',
  base_image: '/t/e/tee.jpg',
  additional_images: '/t/e/tee.jpg,/t/e/tee-back.jpg',
  configurable_variations: 'sku=TEE-S,color=Red,size=S|sku=TEE-M,color=Red,size=M',
});
const SHOP: Row[] = [
  child('TEE-S', { base_image: '/t/e/red-s.jpg', qty: '0' }),
  TEE,
  child('TEE-M', {
    special_price: '15',
    special_price_from_date: '1/31/20',
    special_price_to_date: '12/31/99',
  }),
  {
    sku: 'TEE',
    store_view_code: 'fr',
    attribute_set_code: 'Top',
    product_type: 'configurable',
    name: 'Le tee',
  },
  magento({
    sku: 'BAG',
    name: 'Bag',
    price: '34.0000',
    special_price: '5',
    special_price_from_date: '1/1/20',
    special_price_to_date: '1/31/20, 12:00 AM',
    base_image: 'https://cdn.example/bag.jpg',
    additional_attributes: 'activity=Gym,material=Nylon, Polyester,manufacturer=Acme',
    qty: '0',
    allow_backorders: '1',
  }),
];

test('Magento: configurable products and their variations, pictures under the address that is given', async () => {
  const imageBase = 'https://shop.example/media/catalog/product/';
  const { format, products, problems } = await readText(table(MAGENTO, SHOP), { imageBase });
  expect({ format, problems }).toEqual({ format: 'magento-csv', problems: [] });
  expect(products).toMatchObject([
    {
      productId: 'TEE-S',
      title: 'Tee TEE-S',
      price: 20,
      category: 'Tops',
      color: 'Red',
      groupId: 'TEE',
      availability: 'out of stock',
      images: ['red-s', 'tee', 'tee-back'].map((name) => `${imageBase}t/e/${name}.jpg`),
      attributes: { size: 'S' },
    },
    {
      productId: 'TEE-M',
      price: 15,
      images: [`${imageBase}t/e/tee.jpg`, `${imageBase}t/e/tee-back.jpg`],
    },
    {
      productId: 'BAG',
      price: 34,
      brand: 'Acme',
      groupId: null,
      availability: 'backorder',
      images: ['https://cdn.example/bag.jpg'],
      attributes: { activity: 'Gym', material: 'Nylon, Polyester' },
    },
  ]);
});

test('Magento: what is disabled, or belongs to nothing that is seen, is left out and counted', async () => {
  const image = { base_image: 'https://cdn.example/a.jpg' };
  const read = await readText(
    table(MAGENTO, [
      magento({ sku: 'off', name: 'Off', product_online: '2', ...image }),
      child('alone', image),
      magento({ sku: 'on', name: 'On', ...image }),
    ]),
  );
  expect(read.products.map(({ sku }) => sku)).toEqual(['on']);
  expect(hiddenOf(read)).toEqual([['off', 'ITEM_NOT_PUBLISHED', { reason: 'unpublished', count: 2 }]]);
});

test('Magento: where pictures are, from the feed, from the folder, or said to be missing', async () => {
  const text = table(MAGENTO, SHOP);
  const missing = await readText(text);
  expect(missing.products.map(({ sku }) => sku)).toEqual(['BAG']);
  expect(hiddenOf(missing)).toEqual([['TEE-S', 'IMAGE_BASE_MISSING', { count: 2 }]]);

  const site = await serve((_, answer) => answer.end(text));
  expect((await readAll(`${site}/export/catalog.csv`)).products[1]?.images[0]).toBe(
    `${site}/media/catalog/product/t/e/tee.jpg`,
  );
  const { path } = await readText(text);
  await mkdir(join(dirname(path), 'media/catalog/product'), { recursive: true });
  expect((await readAll(path)).products[1]?.images[0]).toBe(
    join(dirname(path), 'media/catalog/product/t/e/tee.jpg'),
  );
});
