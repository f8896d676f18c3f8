import { expect, test } from 'vitest';
import { readText } from '../test-feed.ts';
import { hiddenOf, table } from './test-table.ts';

const I = 'https://shop.example/img/';
// Columns of the sample file of PrestaShop 8 (products_import.csv).
const PRESTA =
  'Product ID|Active (0/1)|Name *|Categories (x,y,z...)|Price tax excluded|Price tax included|Tax rules ID|On sale (0/1)|Discount amount|Discount percent|Discount from (yyyy-mm-dd)|Discount to (yyyy-mm-dd)|Reference #|Brand|EAN13|Quantity|Visibility|Summary|Description|Tags (x,y,z...)|Available for order (0 = No, 1 = Yes)|Image URLs (x,y,z...)|Feature (Name:Value:Position:Customized)|Action when out of stock'.split(
    '|',
  );

test('PrestaShop: prices with tax, discounts, features, several pictures; what is off is left out', async () => {
  const base = { 'Active (0/1)': '1', 'Image URLs (x,y,z...)': `${I}a.jpg,${I}b.jpg` };
  const read = await readText(
    table(
      PRESTA,
      [
        {
          ...base,
          'Product ID': '1',
          'Name *': 'Chair',
          'Categories (x,y,z...)': 'Home,Chairs',
          'Price tax excluded': '100',
          'Price tax included': '119,00',
          'Discount percent': '10',
          'Discount from (yyyy-mm-dd)': '0000-00-00',
          'Reference #': 'CH-1',
          Brand: 'Acme',
          EAN13: '4006381333931',
          Quantity: '0',
          'Feature (Name:Value:Position:Customized)': 'Material:Wood:1:0,Season:All:2',
          'Action when out of stock': '1',
        },
        { ...base, 'Product ID': '2', 'Active (0/1)': '0', 'Name *': 'Off', 'Reference #': 'OFF' },
        { ...base, 'Product ID': '3', 'Name *': 'Hidden', Visibility: 'none', 'Reference #': 'NO' },
        { ...base, 'Product ID': '4', 'Name *': 'Lamp', 'Price tax excluded': '12.5', Quantity: '3' },
      ],
      ';',
    ),
  );
  expect(read.format).toBe('prestashop-csv');
  expect(read.products).toMatchObject([
    {
      productId: '1',
      sku: 'CH-1',
      price: 107.1,
      category: 'Home',
      brand: 'Acme',
      availability: 'backorder',
      images: [`${I}a.jpg`, `${I}b.jpg`],
      attributes: { Material: 'Wood', Season: 'All', gtin: '4006381333931' },
    },
    { productId: '4', price: 12.5, availability: 'in stock' },
  ]);
  expect(hiddenOf(read)).toEqual([['OFF', 'ITEM_NOT_PUBLISHED', { reason: 'unpublished', count: 2 }]]);
});
