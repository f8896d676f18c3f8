import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { openFeed } from './feed.ts';
import { never, readAll, readText, serve, temporaryFolder } from './test-feed.ts';
import { decodeText } from './text.ts';

const JSON_FEED = JSON.stringify([{ id: 'a', title: 'Mütze – “grün” 帽子 🧢 قبعة', image: 'a.png' }]);
const TITLE = 'Mütze – “grün” 帽子 🧢 قبعة';
const XML = (declaration: string) =>
  `${declaration}<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>a</g:id><title>Mütze</title><g:image_link>a.png</g:image_link></item></channel></rss>`;
const META = '<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><p>x</p>';
const META_ITEM = { id: 'a', title: 'Mütze', image: 'a.png' };
const PAGE = (head: string) =>
  `<!doctype html><html><head>${head}</head><script type="application/ld+json">{"@type":"Product","sku":"a","name":"Mütze","image":"https://x.example/a.png"}</script></html>`;
/** Encodes the few characters that the tests use. */
const inWindows1252 = (text: string) =>
  Buffer.from([...text].map((char) => ({ '€': 0x80, ž: 0x9e })[char] ?? char.charCodeAt(0)));
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

test.each([
  ['UTF-8 with its mark', Buffer.from(`\ufeff${JSON_FEED}`), TITLE],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${JSON_FEED}`, 'utf16le'), TITLE],
  ['UTF-16, big-endian, with its mark', utf16be(`\ufeff${JSON_FEED}`), TITLE],
  ['UTF-16 that says nothing', Buffer.from(JSON_FEED, 'utf16le'), TITLE],
  ['UTF-16, big-endian, that says nothing', utf16be(JSON_FEED), TITLE],
  ['gzip', gzipSync(JSON_FEED), TITLE],
  [
    'what its XML declares',
    Buffer.from(XML('<?xml version="1.0" encoding="windows-1252"?>'), 'latin1'),
    'Mütze',
  ],
])('a feed in %s', async (_, content, title) => {
  const { products, problems } = await readText(content);
  expect({ titles: products.map((product) => product.title), problems }).toEqual({
    titles: [title],
    problems: [],
  });
});

test.each([
  ['a value of JSON', JSON.stringify([{ ...META_ITEM, description: META }])],
  ['a line of NDJSON', `${JSON.stringify({ ...META_ITEM, description: META })}\n`.repeat(2)],
  ['a cell of a table', `id;title;image;text\na;Mütze;a.png;"${META.replaceAll('"', '""')}"\n`],
  ['the CDATA of XML', XML('').replace('<item>', `<item><g:description><![CDATA[${META}]]></g:description>`)],
  ['the comment of XML', XML(`<!-- ${META} -->`)],
  ["a web page's text", PAGE(`<meta name="description" content="a charset=klingon"><!-- ${META} -->`)],
])('a declaration of a character set in %s is text', async (_, text) => {
  const { products } = await readText(text);
  expect(products[0]?.title).toBe('Mütze');
});

test.each([
  [
    'windows-1252, by its meta',
    PAGE('<META http-equiv=content-type content="text/html; charset=windows-1252">'),
  ],
  ['windows-1252, by its charset', PAGE('<title>x</title><meta charset=windows-1252>')],
])('a web page in %s', async (_, page) => {
  expect((await readText(Buffer.from(page, 'latin1'))).products[0]?.title).toBe('Mütze');
});

test('XML that says UTF-16 of its UTF-8', async () => {
  const { products } = await readText(XML('<?xml version="1.0" encoding="utf-16"?>'));
  expect(products[0]?.title).toBe('Mütze');
});

test('a table that is not UTF-8 and declares nothing is read as Windows-1252, and that is said', async () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => `${id};Coat ${id};a.png\n`).join('');
  const table = `id;title;image\n${rows}x;M\xfctze;a.png\ny;Stra\xdfe\x80;a.png\n`;
  const { products, problems } = await readText(Buffer.from(table, 'latin1'));
  expect(products.slice(-2).map(({ title }) => title)).toEqual(['Mütze', 'Straße€']);
  expect(problems).toMatchObject([{ code: 'FEED_CHARSET_GUESSED', params: { charset: 'windows-1252' } }]);
  const told = await readText(Buffer.from(table, 'latin1'), { charset: 'iso-8859-2' });
  expect(told.problems).toEqual([]);
});

test('text is the same however its bytes are cut', async () => {
  // Two of these characters side by side may happen to be valid UTF-8.
  const unit = fc.constantFrom('a', 'Äa', 'ßa', '€a', 'ža');
  const titles = fc.string({ unit, minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(titles, fc.boolean(), fc.integer({ min: 1, max: 7 }), async (title, utf8, size) => {
      const text = `id;title;image\n${'x'.repeat(1010)};${title};a.png\n`;
      const bytes = utf8 ? Buffer.from(text) : inWindows1252(text);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const { text: decoded } = decodeText(Readable.from(pieces), {
        ref: 'x',
        contentType: null,
        charset: null,
      });
      let read = '';
      for await (const chunk of decoded) read += chunk;
      expect(read).toBe(text);
    }),
    { numRuns: 100 },
  );
});

test('a workbook is told from a table', async () => {
  await expect(readText(Buffer.from('PK\x03\x04\x14\0\x06\0', 'latin1'))).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: { params: { reason: 'archive' } },
  });
});

test('a feed in what its server declares', async () => {
  const site = await serve((_, answer) => {
    answer.setHeader('content-type', 'text/csv; charset="windows-1252"');
    answer.end(Buffer.from('id,title,image,price\n1,M\xfctze,a.png,5 \x80\n', 'latin1'));
  });
  expect((await readAll(site)).products).toMatchObject([{ title: 'Mütze', price: 5, currency: 'EUR' }]);
});

test.each([
  ['declares one nobody knows', Buffer.from(XML('<?xml version="1.0" encoding="klingon"?>')), /“klingon”/],
  [
    'breaks off in a character',
    Buffer.from(JSON_FEED).subarray(0, JSON_FEED.indexOf('ü') + 1),
    /not text in UTF-8/,
  ],
])('a feed whose character set %s is FEED_INVALID', async (_, content, message) => {
  await expect(readText(content)).rejects.toMatchObject({
    code: 'FEED_INVALID',
    fault: saying(message),
  });
});

test('a file and an ETag that have not changed are not read again', async () => {
  const path = join(await temporaryFolder(), 'feed.json');
  await writeFile(path, JSON_FEED);
  const { validator } = await readAll(path);
  expect(await openFeed(path, { validator, signal: never })).toBe('unchanged');
  const site = await serve((request, answer) => {
    if (request.headers['if-none-match'] === '"1"') answer.writeHead(304).end();
    else answer.setHeader('etag', '"1"').end(JSON_FEED);
  });
  const first = await readAll(site);
  expect(await openFeed(site, { validator: first.validator, signal: never })).toBe('unchanged');
});

test('a feed that needs a secret', async () => {
  const site = await serve((request, answer) => {
    if (request.headers.authorization === 'Basic c2hvcA==') answer.end(JSON_FEED);
    else answer.writeHead(401).end();
  });
  const { products } = await readAll(site, { headers: { authorization: 'Basic c2hvcA==' } });
  expect(products).toHaveLength(1);
  await expect(readAll(site)).rejects.toMatchObject({
    code: expect.stringMatching(/AUTH_REFUSED|FEED_UNREACHABLE/),
  });
});
