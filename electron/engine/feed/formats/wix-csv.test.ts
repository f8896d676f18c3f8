import { expect, test } from 'vitest';
import { readText } from '../test-feed.ts';
import { hiddenOf, table } from './test-table.ts';

// Columns of the template of Wix Stores.
const WIX =
  'handleId|fieldType|name|description|productImageUrl|collection|sku|ribbon|price|surcharge|visible|discountMode|discountValue|inventory|weight|cost|productOptionName1|productOptionType1|productOptionDescription1|productOptionName2|productOptionType2|productOptionDescription2|additionalInfoTitle1|additionalInfoDescription1|brand'.split(
    '|',
  );

test('Wix: products, variants with their surcharge, pictures by their names', async () => {
  const read = await readText(
    table(WIX, [
      {
        handleId: 'tee',
        fieldType: 'Product',
        name: 'Tee',
        description: '<p>Soft</p>',
        productImageUrl: 'a1b2c3_4d~mv2.jpg;https://cdn.example/b.jpg',
        collection: 'Shirts;Sale',
        price: '20',
        visible: 'true',
        discountMode: 'PERCENT',
        discountValue: '10',
        inventory: 'InStock',
        productOptionName1: 'Color',
        productOptionType1: 'COLOR',
        productOptionDescription1: '#ff0000:Red;#000000:Black',
        productOptionName2: 'Size',
        productOptionDescription2: 'S;L',
        additionalInfoTitle1: 'Care',
        additionalInfoDescription1: '<p>Wash cold</p>',
        brand: 'Acme',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        sku: 'TEE-R-S',
        inventory: '0',
        visible: 'true',
        productOptionDescription1: '#ff0000:Red',
        productOptionDescription2: 'S',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        surcharge: '4',
        inventory: '2',
        visible: 'true',
        productOptionDescription1: '#000000:Black',
        productOptionDescription2: 'L',
      },
      {
        handleId: 'tee',
        fieldType: 'Variant',
        sku: 'NO',
        inventory: '2',
        visible: 'false',
        productOptionDescription1: '#000000:Black',
        productOptionDescription2: 'S',
      },
      {
        handleId: 'mug',
        fieldType: 'Product',
        name: 'Mug',
        productImageUrl: 'm~mv2.png',
        sku: 'MUG',
        price: '7',
        visible: 'true',
        inventory: 'OutOfStock',
      },
      {
        handleId: 'off',
        fieldType: 'Product',
        name: 'Off',
        productImageUrl: 'o~mv2.png',
        price: '7',
        visible: 'false',
      },
    ]),
  );
  expect(read.format).toBe('wix-csv');
  const images = ['https://static.wixstatic.com/media/a1b2c3_4d~mv2.jpg', 'https://cdn.example/b.jpg'];
  expect(read.products).toMatchObject([
    {
      productId: 'TEE-R-S',
      title: 'Tee – Red / S',
      price: 18,
      color: 'Red',
      category: 'Shirts',
      brand: 'Acme',
      groupId: 'tee',
      availability: 'out of stock',
      images,
      attributes: { Size: 'S', Care: 'Wash cold', description: 'Soft' },
    },
    { productId: 'tee/Black/L', price: 21.6, color: 'Black', availability: 'in stock', images },
    { productId: 'mug', sku: 'MUG', title: 'Mug', price: 7, availability: 'out of stock', groupId: null },
  ]);
  expect(hiddenOf(read)).toEqual([['NO', 'ITEM_NOT_PUBLISHED', { reason: 'unpublished', count: 2 }]]);
});
