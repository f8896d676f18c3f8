import { expect, test } from 'vitest';
import { readText } from './test-feed.ts';

const ITEM = { id: 'a', title: 'A', image: 'a.png' };
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** One product with this price and sale price, in each way that feeds write it. */
interface Sale {
  price?: string;
  salePrice?: string;
  saleFrom?: string;
  saleUntil?: string;
}
const WAYS: Record<string, (sale: Sale) => string> = {
  JSON: (sale) => JSON.stringify([{ ...ITEM, ...sale }]),
  CSV: ({ price = '', salePrice = '', saleFrom = '', saleUntil = '' }) =>
    `ID;Name;Image;Regular price;Sale price;Date sale price starts;Date sale price ends\na;A;a.png;${price};${salePrice};${saleFrom};${saleUntil}\n`,
  XML: ({ price = '', salePrice = '', saleFrom, saleUntil }) =>
    `<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>a</g:id><g:title>A</g:title><g:image_link>a.png</g:image_link><g:price>${price}</g:price><g:sale_price>${salePrice}</g:sale_price>${saleFrom || saleUntil ? `<g:sale_price_effective_date>${saleFrom}/${saleUntil}</g:sale_price_effective_date>` : ''}</item></channel></rss>`,
  TSV: ({ price = '', salePrice = '', saleFrom, saleUntil }) =>
    `id\ttitle\timage link\tprice\tsale price\tsale price effective date\na\tA\ta.png\t${price}\t${salePrice}\t${saleFrom || saleUntil ? `${saleFrom}/${saleUntil}` : ''}\n`,
};

const PRICE = '29.90 EUR';
const SALES: [what: string, sale: Sale, price: number | null, why: unknown[]][] = [
  ['a sale', { price: PRICE, salePrice: '19.90 EUR' }, 19.9, []],
  ['a sale price of 0', { price: PRICE, salePrice: '0.00 EUR' }, 29.9, []],
  ['no sale price', { price: PRICE, salePrice: '' }, 29.9, []],
  ['a sale price that is the price', { price: PRICE, salePrice: PRICE }, 29.9, []],
  ['one above it', { price: PRICE, salePrice: '39.90 EUR' }, 29.9, ['above-price']],
  ['one that is no price', { price: PRICE, salePrice: 'n/a' }, 29.9, ['salePrice']],
  ['one in another currency', { price: PRICE, salePrice: '19.90 USD' }, 29.9, ['other-currency']],
  ['one whose price is missing', { salePrice: '19.90 EUR' }, 19.9, []],
  ['one whose price is 0', { price: '0', salePrice: '19.90 EUR' }, 19.9, []],
  ['one whose price is no price', { price: 'ask', salePrice: '19.90 EUR' }, 19.9, ['price']],
  ['one that is on', { price: PRICE, salePrice: '19.90', saleFrom: day(-3), saleUntil: day(3) }, 19.9, []],
  [
    'one that ends today',
    { price: PRICE, salePrice: '19.90', saleFrom: day(-3), saleUntil: day(0) },
    19.9,
    [],
  ],
  ['one that is over', { price: PRICE, salePrice: '19.90', saleFrom: day(-9), saleUntil: day(-3) }, 29.9, []],
  [
    'one that has not begun',
    { price: PRICE, salePrice: '19.90', saleFrom: day(3), saleUntil: day(9) },
    29.9,
    [],
  ],
  [
    'one with moments',
    {
      price: PRICE,
      salePrice: '19.90',
      saleFrom: '2001-01-01T00:00+0100',
      saleUntil: '2999-01-01 00:00:00+01:00',
    },
    19.9,
    [],
  ],
  [
    'one with days of another order',
    { price: PRICE, salePrice: '19.90', saleFrom: '02/03/2001', saleUntil: '02/03/2999' },
    29.9,
    ['dates'],
  ],
  [
    'one with German days',
    { price: PRICE, salePrice: '19.90', saleFrom: '1.2.2001', saleUntil: '28.2.2999' },
    19.9,
    [],
  ],
];

test.each(
  Object.entries(WAYS)
    .flatMap(([way, written]) =>
      SALES.filter(([, sale]) => way !== 'XML' || !sale.saleFrom?.includes('/')).map(
        ([what, sale, price, why]) => [way, what, written(sale), price, why] as const,
      ),
    )
    .filter(([way, what]) => way !== 'TSV' || !what.includes('another order')),
)('%s: %s', async (_, __, text, price, why) => {
  const { products, problems } = await readText(text);
  expect(products).toMatchObject([{ price, currency: 'EUR' }]);
  expect(
    problems.map(({ params }) => ('field' in params ? params.field : 'reason' in params && params.reason)),
  ).toEqual(why);
});

test('a sale keeps the regular price among the attributes', async () => {
  const { products } = await readText(JSON.stringify([{ ...ITEM, price: '29.90', salePrice: 19.9 }]));
  expect(products).toMatchObject([{ price: 19.9, attributes: { regular_price: '29.90' } }]);
});

test('an interval that is none is named, and the price counts', async () => {
  const text = (WAYS.XML?.({ price: PRICE, salePrice: '19.90 EUR' }) ?? '').replace(
    '</item>',
    `<g:sale_price_effective_date>${day(-1)}</g:sale_price_effective_date></item>`,
  );
  const { products, problems } = await readText(text);
  expect(products).toMatchObject([{ price: 29.9 }]);
  expect(problems).toMatchObject([{ code: 'SALE_IGNORED', params: { reason: 'dates', count: 1 } }]);
});
