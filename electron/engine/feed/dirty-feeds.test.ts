import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { readText } from './test-feed.ts';

const ITEM = { id: 'a', title: 'A', image: 'a.png' };
const readItems = (...products: unknown[]) => readText(JSON.stringify({ version: 1, products }));

test('two products with one SKU are both kept, and named', async () => {
  const { products, problems } = await readItems({ ...ITEM, sku: 'S' }, { ...ITEM, id: 'b', sku: 'S' });
  expect(products.map(({ productId, sku }) => [productId, sku])).toEqual([
    ['a', 'S'],
    ['b', 'S'],
  ]);
  expect(problems).toMatchObject([
    { item: 'b', code: 'ITEM_DUPLICATE', params: { reason: 'sku', sku: 'S' } },
  ]);
});

test.each([
  [{ price: '1.299,00 €' }, 1299, 'EUR', []],
  [{ price: '₹10,999' }, 10999, 'INR', []],
  [{ price: '1,299', currency: 'usd' }, 1299, 'USD', []],
  [{ price: '$1,299.00', currency: 'CAD' }, 1299, 'CAD', []],
  [
    { price: '$1,299.00', currency: 'EUR' },
    null,
    'EUR',
    [/"\$1,299.00" is not in the currency of the product, EUR/],
  ],
  [{ price: '$1,299.00' }, 1299, null, [/sign of several currencies/]],
  [
    { price: '12.00 EUR', currency: 'USD' },
    null,
    'USD',
    [/"12.00 EUR" is not in the currency of the product, USD/],
  ],
  [{ price: '1.299' }, null, null, [/“1.299” as price was not understood/]],
])('the price of %j', async (fields, price, currency, said) => {
  const { products, problems } = await readItems({ ...ITEM, ...fields });
  expect(products).toMatchObject([{ price, currency }]);
  expect(problems).toEqual(said.map(saying));
});

test('titles with HTML, entities, emoji and right-to-left text', async () => {
  const { products } = await readItems(
    { ...ITEM, title: '<b>Jack &amp; Jones</b>&nbsp;coat 🧥' },
    { ...ITEM, id: 'b', title: 'معطف صوف أخضر' },
  );
  expect(products.map(({ title }) => title)).toEqual(['Jack & Jones coat 🧥', 'معطف صوف أخضر']);
});

test('NaN, as Python writes a missing value, is a missing value', async () => {
  const { products, problems } = await readText(
    '[{"id":"a","title":"A","image":"a.png","price":NaN},{"id":"b","title":"B","image":"b.png","price":Infinity}]',
  );
  expect(products).toMatchObject([{ price: null }, { price: null }]);
  expect(problems).toMatchObject([
    { item: 'b', code: 'VALUE_UNKNOWN', params: { field: 'price', value: 'Infinity' } },
  ]);
});
