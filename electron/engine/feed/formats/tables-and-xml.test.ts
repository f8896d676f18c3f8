import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saying } from '../../../cli/test-saying.ts';
import type { FeedMapping } from '../../../contract/publishing.ts';
import { ids, readText } from '../test-feed.ts';

const ITEM = `
  <g:id>SKU-1</g:id>
  <title>Not Google's</title>
  <g:title><![CDATA[Jack &amp; Jones <b>coat</b> 🧥]]></g:title>
  <g:description>Warm&nbsp;&amp; soft</g:description>
  <link>https://shop.example/p?a=1&amp;b=2</link>
  <g:image_link>https://cdn.example/1.jpg</g:image_link>
  <g:additional_image_link>https://cdn.example/2.jpg</g:additional_image_link>
  <g:additional_image_link>https://cdn.example/3.jpg</g:additional_image_link>
  <g:price>12.00 EUR</g:price>
  <g:sale_price>9.00 EUR</g:sale_price>
  <g:availability>in_stock</g:availability>
  <g:brand>Acme</g:brand>
  <g:color>Green</g:color>
  <g:item_group_id>G-1</g:item_group_id>
  <g:product_type>Home &gt; Coats</g:product_type>
  <g:gtin>00012345678905</g:gtin>
  <g:shipping><g:country>DE</g:country><g:price>0 EUR</g:price></g:shipping>`;
const rss = (...items: string[]) =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>My shop</title><link>https://shop.example</link>${items
    .map((item) => `<item>${item}</item>`)
    .join('\n')}</channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>My shop</title><entry>${ITEM.replace(
  /<link>.*<\/link>/,
  '<link rel="alternate" href="https://shop.example/p?a=1&amp;b=2"/>',
)}</entry></feed>`;

test.each([
  ['RSS', rss(ITEM)],
  ['Atom', atom],
])('Google: %s', async (_, text) => {
  const { format, name, products, problems } = await readText(text, { fileName: 'feed.xml' });
  expect({ format, name, problems }).toEqual({ format: 'google-xml', name: 'My shop', problems: [] });
  expect(products).toMatchObject([
    {
      productId: 'SKU-1',
      title: 'Jack & Jones coat 🧥',
      url: 'https://shop.example/p?a=1&b=2',
      images: [1, 2, 3].map((i) => `https://cdn.example/${i}.jpg`),
      price: 9,
      currency: 'EUR',
      availability: 'in stock',
      brand: 'Acme',
      color: 'Green',
      groupId: 'G-1',
      category: 'Home > Coats',
      attributes: {
        gtin: '00012345678905',
        regular_price: '12.00 EUR',
        description: 'Warm & soft',
        shipping: { country: 'DE', price: '0 EUR' },
      },
    },
  ]);
});

test('Google: a sale counts in its time', async () => {
  const sale = (from: string, to: string) =>
    rss(
      ITEM.replace(
        '</g:sale_price>',
        `$&<g:sale_price_effective_date>${from}/${to}</g:sale_price_effective_date>`,
      ),
    );
  const over = await readText(sale('2001-01-01T00:00+0100', '2001-02-01T00:00+0100'));
  expect(over.products).toMatchObject([{ price: 12 }]);
  const on = await readText(sale('2001-01-01T00:00+0100', '2999-02-01T00:00+0100'));
  expect(on.products).toMatchObject([{ price: 9 }]);
});

test.each([
  [
    'is cut off between items',
    rss(ITEM, ITEM).slice(0, rss(ITEM).lastIndexOf('</channel>')),
    /not complete XML/,
  ],
  ['is cut off in an item', rss(ITEM).slice(0, 400), /not complete XML/],
  ['has a bare &', rss(ITEM.replace('&amp;b', '&b')), /not complete XML/],
  ['has an entity nobody knows', rss(ITEM.replace('&nbsp;', '&shop;')), /undefined entity/],
  ['is another kind of XML', '<?xml version="1.0"?><urlset><url/></urlset>', /neither RSS nor Atom/],
])('XML that %s is FEED_INVALID', async (_, text, message) => {
  await expect(readText(text)).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: saying(message),
  });
});

test('XML: one bad item is one problem', async () => {
  const { products, problems } = await readText(rss('<g:title>No id</g:title>', ITEM));
  expect(ids(products)).toEqual(['SKU-1']);
  expect(problems).toMatchObject([{ item: 'item 1', code: 'ITEM_INVALID' }]);
});

test('Google: a table', async () => {
  const { format, products, problems } = await readText(
    `${[
      'ID\ttitle\timage link\tadditional_image_link\tprice\tg:availability\tcolor',
      '1\t"Coat, ""warm"""\thttps://cdn.example/1.jpg\thttps://cdn.example/2.jpg,https://cdn.example/3.jpg\t12.00 EUR\tout of stock\tred',
      '2\tHeel 5" high\thttps://cdn.example/1.jpg\t\t15 USD\tpreorder\t',
      '3\tshort line',
    ].join('\r\n')}\r\n`,
    { fileName: 'feed.txt' },
  );
  expect(format).toBe('google-tsv');
  expect(products).toMatchObject([
    {
      productId: '1',
      title: 'Coat, "warm"',
      images: [1, 2, 3].map((i) => `https://cdn.example/${i}.jpg`),
      price: 12,
      availability: 'out of stock',
    },
    { productId: '2', title: 'Heel 5" high', currency: 'USD', color: null },
  ]);
  expect(problems).toMatchObject([{ item: 'line 4', code: 'ITEM_INVALID' }]);
});

test.each([
  ['commas', 'id,name,image,price\n1,"Coat, red",a.jpg,"1,299.00"\n', 1299],
  ['semicolons', 'Artikelnummer;Bezeichnung;Bild;Preis\n1;Coat, red;a.jpg;1.299,00 €\n', 1299],
  ['tabs', 'id\ttitle\timage\tprix\r\n1\tCoat, red\ta.jpg\t1 299,00 €\r\n', 1299],
  ['bars', 'id|title|image|price\n1|Coat, red|a.jpg|5\n', 5],
  ['a byte order mark', '\ufeffid,title,image,price\n1,"Coat, red",a.jpg,5', 5],
  ["Excel's first line", 'sep=;\r\nid;title;image;price\r\n1;Coat, red;a.jpg;5\r\n', 5],
  ['line ends in its cells', 'id,title,image,price\n1,"Coat,\n red",a.jpg,5\n', 5],
])('CSV with %s', async (_, text, price) => {
  const { folder, format, products, problems } = await readText(text, { fileName: 'shop.csv' });
  expect({ format, problems }).toEqual({ format: 'csv', problems: [] });
  expect(products).toMatchObject([
    { productId: '1', title: 'Coat, red', price, images: [join(folder, 'a.jpg')] },
  ]);
});

test('CSV: several images, in columns and in cells; unmapped columns become attributes', async () => {
  const { folder, products } = await readText(
    'sku;titre;image 1;image 2;Couleur;Matière\n7;Robe;https://x.example/a,b.jpg, https://x.example/c.jpg;d.jpg|e.jpg;rouge;lin\n',
  );
  expect(products).toMatchObject([
    {
      productId: '7',
      sku: '7',
      color: 'rouge',
      images: [
        'https://x.example/a,b.jpg',
        'https://x.example/c.jpg',
        join(folder, 'd.jpg'),
        join(folder, 'e.jpg'),
      ],
      attributes: { Matière: 'lin' },
    },
  ]);
});

test("CSV: the admin's mapping counts, and says when a column is gone", async () => {
  const mapping: FeedMapping = {
    format: 'csv',
    charset: 'windows-1252',
    fields: { id: ['nr'], title: ['text'], images: ['pic'], price: ['vk'] },
  };
  const text = Buffer.from('nr;id;text;pic;vk\n1;x;Mütze;a.jpg;12,50 \x80\n', 'latin1');
  const { products } = await readText(text, { mapping });
  expect(products).toMatchObject([
    { productId: '1', title: 'Mütze', price: 12.5, currency: 'EUR', attributes: { id: 'x' } },
  ]);
  await expect(readText('nr;text;bild;vk\n', { mapping })).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: { params: { reason: 'columns-gone', columns: ['pic'] } },
  });
});

test.each([
  ['in its last line', 'id,title,image\n1,A,a.jpg\n2,B', /breaks off in line 3/],
  ['in quotes', 'id,title,image\n1,A,a.jpg\n2,"B', /cannot be read/],
  ['without a column of pictures', 'id,title,price\n1,A,5\n', /No column is known for images/],
])('a table that ends %s is FEED_INVALID', async (_, text, message) => {
  await expect(readText(text)).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: saying(message),
  });
});

test('any text survives a CSV file', async () => {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const words = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/[<&]/.test(text) && text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(
      fc.array(words, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', ';', '\t'),
      async (titles, mark) => {
        const lines = titles.map((title, id) => [String(id), cell(title), 'a.jpg'].join(mark));
        const { products } = await readText(`${['id', 'title', 'image'].join(mark)}\n${lines.join('\n')}`);
        expect(products.map(({ title }) => title)).toEqual(
          titles.map((title) => title.normalize('NFC').replaceAll(/\s+/g, ' ').trim()),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('an ordinary table is none of these', async () => {
  const { format } = await readText('id,type,name,images,price\n1,coat,Coat,a.jpg,5\n');
  expect(format).toBe('csv');
});
