import { execFileSync } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { openFeed } from './feed.ts';
import { readAll, readText, serve, temporaryFolder } from './test-feed.ts';

const ITEM = { id: 'a', title: 'A', image: 'a.png' };
const readItems = (...products: unknown[]) => readText(JSON.stringify({ version: 1, products }));

test('format v1 with every field', async () => {
  const { name, products, problems, folder } = await readText(
    JSON.stringify({
      version: 1,
      name: ' Autumn ',
      products: [
        {
          id: 'sku-1',
          title: ' Wool coat ',
          images: ['coat.jpg', 'https://cdn.example/coat-2.jpg'],
          price: '129.50',
          currency: 'eur',
          category: 'coat',
          brand: 'Acme',
          color: 'green',
          url: 'https://shop.example/coat',
          availability: 'https://schema.org/InStock',
          groupId: 7,
          sku: 'A-1',
          attributes: { material: 'wool', sizes: ['S', 'M'] },
          season: 'autumn',
        },
      ],
    }),
  );
  expect({ name, problems }).toEqual({ name: 'Autumn', problems: [] });
  expect(products).toEqual([
    {
      productId: 'sku-1',
      sku: 'A-1',
      title: 'Wool coat',
      category: 'coat',
      brand: 'Acme',
      color: 'green',
      price: 129.5,
      currency: 'EUR',
      availability: 'in stock',
      url: 'https://shop.example/coat',
      groupId: '7',
      size: null,
      stock: null,
      gtin: null,
      attributes: { season: 'autumn', material: 'wool', sizes: ['S', 'M'] },
      images: [join(folder, 'coat.jpg'), 'https://cdn.example/coat-2.jpg'],
      rowHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

test.each([
  ['without a version', JSON.stringify({ products: [ITEM] })],
  ['as a bare list', JSON.stringify([ITEM])],
  ['as one item', JSON.stringify(ITEM)],
  ['as one item over several lines', JSON.stringify(ITEM, null, 2)],
  ['as one line of NDJSON', `${JSON.stringify(ITEM)}\n`],
  ['as NDJSON with an empty line and Windows line ends', `${JSON.stringify(ITEM)}\r\n\r\n`],
  ['with a byte order mark', `\ufeff${JSON.stringify([ITEM])}`],
  ['with a name that cannot be used', JSON.stringify({ name: 5, products: [ITEM] })],
])('a feed %s', async (_, content) => {
  const { name, products, problems } = await readText(content, { fileName: 'spring.json' });
  expect({ name, ids: products.map((product) => product.productId), problems }).toEqual({
    name: 'spring',
    ids: ['a'],
    problems: [],
  });
});

test('NDJSON: a line that is not JSON, or not a product, is one named problem', async () => {
  const { products, problems } = await readText(
    [
      '{"title":"no id"}',
      JSON.stringify(ITEM),
      '{"id": "b", "tit',
      JSON.stringify({ ...ITEM, id: 'c' }),
    ].join('\n'),
  );
  expect(products.map((product) => product.productId)).toEqual(['a', 'c']);
  expect(problems.map(({ item, code }) => [item, code]).sort()).toEqual([
    ['line 1', 'ITEM_INVALID'],
    ['line 3', 'ITEM_INVALID'],
  ]);
});

test.each([
  ['an unknown version', JSON.stringify({ version: 2, products: [ITEM] }), /Version 2/],
  ['a web page', '<!doctype html><html><body>Log in</body></html>', /web page/],
  ['cut off', JSON.stringify({ version: 1, products: [ITEM] }).slice(0, -9), /not complete JSON/],
  [
    'cut off, with a product on each line',
    `{"version":1,"products":[\n${JSON.stringify(ITEM)}`,
    /not complete JSON/,
  ],
  ['not UTF-8', Buffer.from('{"products":[{"id":"a","title":"Caf\xe9"}]}', 'latin1'), /UTF-8/],
  ['NDJSON that breaks off', `${JSON.stringify(ITEM)}\n{"id":"b","ti`, /breaks off in line 2/],
  ['empty', '', /is empty/],
  ['null', 'null', /not a catalog feed/],
  ['a number', '5', /not a catalog feed/],
  ['an object with no products', '{"items":[]}', /not a known catalog feed/],
  ['an object whose products are no list', '{"products":{"a":{}}}', /not a known catalog feed/],
])('a feed that is %s is FEED_INVALID and says why', async (_, content, why) => {
  const error = await readText(content).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'FEED_INVALID',
    fault: saying(why),
    item: expect.stringMatching(/feed\.json$/),
  });
});

test('of products with one id the first counts, and each other is a problem', async () => {
  const { products, problems } = await readItems(
    { ...ITEM, id: 7 },
    { ...ITEM, id: '7', title: 'B' },
    { ...ITEM, id: ' 7 ' },
  );
  expect(products.map(({ productId, title }) => [productId, title])).toEqual([['7', 'A']]);
  expect(problems.map(({ item, code }) => [item, code])).toEqual([
    ['7', 'ITEM_DUPLICATE'],
    ['7', 'ITEM_DUPLICATE'],
  ]);
});

test('numeric ids are text; one too large to have been read exactly is refused', async () => {
  const { products, problems } = await readText(
    '[{"id":9007199254740993,"title":"A","image":"a.png"},{"id":0,"title":"B","image":"b.png"}]',
  );
  expect(products.map((product) => product.productId)).toEqual(['0']);
  expect(problems).toMatchObject([{ item: 'item 1', code: 'ITEM_INVALID' }]);
});

test.each([
  ['no object', 'coat', 'item 1', /not an object/],
  ['null', null, 'item 1', /not an object/],
  ['a list', [], 'item 1', /./],
  ['no id', { title: 'A', image: 'a.png' }, 'item 1', /^It has no usable id, so/],
  ['an empty id', { ...ITEM, id: ' ' }, 'item 1', /^It has no usable id, so/],
  ['no title', { id: 'a', image: 'a.png' }, 'a', /^It has no usable title, so/],
  ['no image', { id: 'a', title: 'A' }, 'a', /^It has no usable picture, so/],
  ['no image in its list', { ...ITEM, image: undefined, images: [] }, 'a', /^It has no usable picture, so/],
  ['nothing', {}, 'item 1', /^It has no usable id and no usable title and no usable picture, so/],
])('an item with %s is left out and named', async (_, wrong, name, message) => {
  const { products, problems } = await readItems(wrong, { ...ITEM, id: 'good' });
  expect(products.map((product) => product.productId)).toEqual(['good']);
  expect(problems).toMatchObject([{ item: name, code: 'ITEM_INVALID' }]);
  expect(problems).toMatchObject([saying(message)]);
});

test.each([
  ['category', ['a', 'b']],
  ['brand', 5],
  ['color', 'x'.repeat(501)],
  ['url', 'javascript:alert(1)'],
  ['url', 'not a url'],
  ['groupId', {}],
  ['attributes', 'wool'],
])('a bad %s (%j) is left out and named, and the product stays', async (field, value) => {
  const { products, problems } = await readItems({ ...ITEM, [field]: value });
  expect(products).toMatchObject([{ productId: 'a', ...(field === 'attributes' ? {} : { [field]: null }) }]);
  expect(problems).toMatchObject([
    { item: 'a', code: 'ITEM_INVALID', params: { reason: 'value', field, value: expect.any(String) } },
  ]);
});

test.each([
  ['price', 'free', 'free'],
  ['price', -1, '-1'],
  ['price', { amount: 5 }, '{"amount":5}'],
  ['price', '1.299', '1.299'],
  ['currency', 'crowns', 'crowns'],
  ['availability', 'constructor', 'constructor'],
  ['availability', ['a'], '["a"]'],
] as const)(
  'a %s that is not understood (%j) is named once, with how many have it',
  async (field, value, shown) => {
    const { products, problems } = await readItems(
      { ...ITEM, [field]: value },
      { ...ITEM, id: 'b', [field]: value },
    );
    expect(products).toMatchObject([{ [field]: null }, { [field]: null }]);
    expect(problems).toEqual([
      { item: 'a', image: null, code: 'VALUE_UNKNOWN', params: { field, value: shown, count: 2 } },
    ]);
  },
);

test('however many values are not understood, the report stays short', async () => {
  const { problems } = await readItems(
    ...Array.from({ length: 300 }, (_, id) => ({ ...ITEM, id, availability: `shelf ${id}b` })),
  );
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)?.params).toEqual({ field: 'availability', value: null, count: 250 });
});

test.each([
  ['in_stock', 'in stock'],
  ['Sold Out', 'out of stock'],
  ['http://schema.org/OutOfStock', 'out of stock'],
  ['PreOrder', 'preorder'],
  ['back-order', 'backorder'],
])('availability "%s" is "%s"', async (written, meant) => {
  expect((await readItems({ ...ITEM, availability: written })).products).toMatchObject([
    { availability: meant },
  ]);
});

test('unknown fields are kept among the attributes; null and empty fields are simply absent', async () => {
  const { products, problems } = await readItems({
    ...ITEM,
    fit: 'slim',
    brand: null,
    price: '',
    attributes: null,
  });
  expect(products).toMatchObject([{ attributes: { fit: 'slim' }, brand: null, price: null }]);
  expect(problems).toEqual([]);
});

test('an attribute that is too long is left out and named, wherever it was written', async () => {
  const long = 'x'.repeat(20_000);
  const { products, problems } = await readItems(
    { ...ITEM, attributes: { long, fit: 'slim' } },
    { ...ITEM, id: 'b', description: long },
  );
  expect(products.map(({ attributes }) => Object.keys(attributes))).toEqual([['fit'], []]);
  expect(problems.map(({ item, code }) => [item, code])).toEqual([
    ['a', 'ITEM_INVALID'],
    ['b', 'ITEM_INVALID'],
  ]);
});

test('text that is not well-formed Unicode is repaired once, so that it reads back from the table as it was written', async () => {
  const { products } = await readText(
    '[{"id":"a\\ud800","title":"\\udfffA","image":"a.png","brand":"\\ud800"}]',
  );
  expect(products).toMatchObject([{ productId: 'a\ufffd', title: '\ufffdA', brand: '\ufffd' }]);
});

test('image references of a local feed: relative, absolute, file:, protocol-relative, http', async () => {
  // On Windows, below the drive that the test runs on.
  const [absolute, spaced] = [resolve('/abs/d.png'), resolve('/abs/e f.png')];
  const { folder, products, problems } = await readItems({
    ...ITEM,
    images: [
      'a.png',
      './sub/b.png',
      '../c.png',
      absolute,
      pathToFileURL(spaced).href,
      '//cdn.example/g.png',
      'HTTPS://cdn.example/h.png',
      'a.png',
      '100%.png',
    ],
  });
  expect(problems).toEqual([]);
  expect(products[0]?.images).toEqual([
    join(folder, 'a.png'),
    join(folder, 'sub/b.png'),
    join(folder, '..', 'c.png'),
    absolute,
    spaced,
    'https://cdn.example/g.png',
    'HTTPS://cdn.example/h.png',
    join(folder, '100%.png'),
  ]);
});

test.each([
  'ftp://x/a.png',
  'data:image/png;base64,AAAA',
  'file://server/share/a.png',
  'javascript:1',
  '',
  5,
  null,
])('the image reference %j is left out and named, and the others stay', async (ref) => {
  const { folder, products, problems } = await readItems({ ...ITEM, images: [ref, 'good.png'] });
  expect(products.map(({ images }) => images)).toEqual([[join(folder, 'good.png')]]);
  expect(problems).toMatchObject([{ item: 'a', code: 'IMAGE_MISSING', image: String(ref) }]);
});

test('images beyond the twentieth are left out and named', async () => {
  const images = Array.from({ length: 22 }, (_, i) => `${i}.png`);
  const { products, problems } = await readItems({ ...ITEM, images });
  expect(products[0]?.images.map((path) => basename(path))).toEqual(images.slice(0, 20));
  expect(problems).toMatchObject([
    { item: 'a', code: 'ITEM_INVALID', params: { reason: 'too-many-images', images: 22, most: 20 } },
  ]);
});

test('a long image URL is kept whole: signed addresses are', async () => {
  const signed = `https://cdn.example/a.png?signature=${'s'.repeat(1500)}`;
  expect((await readItems({ ...ITEM, image: signed })).products[0]?.images).toEqual([signed]);
});

test('a feed from the network resolves against its own address and must not name files of this machine', async () => {
  const file = pathToFileURL('/etc/passwd').href;
  const site = await serve((_, answer) =>
    answer.end(
      JSON.stringify([
        {
          id: 'a',
          title: 'A',
          images: ['pic.png', '/root.png', '//cdn.example/c.png', 'https://x.example/d.png'],
        },
        { id: 'b', title: 'B', images: [file, 'pic.png'] },
        { id: 'c', title: 'C', image: file },
      ]),
    ),
  );
  const { name, products, problems } = await readAll(`${site}/shop/feed.json?key=1`);
  expect(name).toBe(new URL(site).host);
  expect(products.map(({ productId, images }) => [productId, images])).toEqual([
    [
      'a',
      [`${site}/shop/pic.png`, `${site}/root.png`, 'http://cdn.example/c.png', 'https://x.example/d.png'],
    ],
    ['b', [`${site}/shop/pic.png`]],
  ]);
  expect(problems).toMatchObject([
    { item: 'b', code: 'IMAGE_MISSING', image: file },
    { item: 'c', code: 'IMAGE_MISSING', image: file },
  ]);
});

test.each([
  ['/feed/winter-sale.json', 'winter-sale'],
  ['/winter%20sale.ndjson', 'winter sale'],
  ['/100%.json', '100%'],
])('a nameless feed at %s is called "%s"', async (path, name) => {
  const site = await serve((_, answer) => answer.end('[]'));
  expect((await readAll(site + path)).name).toBe(name);
});

test('a feed called feed.json is named after its folder', async () => {
  const { folder, name } = await readText('[]');
  expect(name).toBe(basename(folder));
});

test('the hash of a product follows its fields and not its pictures', async () => {
  const hash = async (fields: Record<string, unknown>) =>
    (await readItems({ ...ITEM, ...fields })).products[0]?.rowHash;
  const plain = await hash({});
  expect(await hash({ image: 'other.png' })).toBe(plain);
  expect(await hash({ price: 5 })).not.toBe(plain);
  expect(await hash({ anything: 'else' })).not.toBe(plain);
});

test('a stopped reading is CANCELLED, and the other items of the feed are not waited for', async () => {
  const cancel = new AbortController();
  const site = await serve((_, answer) => {
    answer.write(`[${JSON.stringify(ITEM)}${' '.repeat(1_100_000)}`);
  });
  const feed = await openFeed(site, { signal: cancel.signal });
  if (feed === 'unchanged') throw new Error('unchanged');
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const item of feed.items) {
      seen.push(item.product?.productId);
      cancel.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(seen).toEqual(['a']);
});

test.skipIf(process.platform === 'win32')(
  'a pipe in place of a file is no feed, and is not waited for',
  async () => {
    const path = join(await temporaryFolder(), 'feed.json');
    execFileSync('mkfifo', [path]);
    await expect(readAll(path)).rejects.toMatchObject({
      code: 'FEED_UNREACHABLE',
      fault: { params: { reason: { kind: 'no-file' } } },
    });
  },
);
