import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openFeed } from './feed.ts';
import { never, readAll, readText, serve, temporaryFolder } from './test-feed.ts';

const JSON_FEED = JSON.stringify([{ id: 'a', title: 'Mütze – “grün” 帽子 🧢 قبعة', image: 'a.png' }]);
const TITLE = 'Mütze – “grün” 帽子 🧢 قبعة';
const XML = (declaration: string) =>
  `${declaration}<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>a</g:id><title>Mütze</title><g:image_link>a.png</g:image_link></item></channel></rss>`;
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

test('a feed in what its server declares', async () => {
  const site = await serve((_, answer) => {
    answer.setHeader('content-type', 'text/csv; charset="windows-1252"');
    answer.end(Buffer.from('id,title,image,price\n1,M\xfctze,a.png,5 \x80\n', 'latin1'));
  });
  expect((await readAll(site)).products).toMatchObject([{ title: 'Mütze', price: 5, currency: 'EUR' }]);
});

test.each([
  [
    'is in none it declares',
    Buffer.from('id,title,image\n1,M\xfctze,a.png\n', 'latin1'),
    /not text in UTF-8/,
  ],
  ['declares one nobody knows', Buffer.from(XML('<?xml version="1.0" encoding="klingon"?>')), /"klingon"/],
  [
    'breaks off in a character',
    Buffer.from(JSON_FEED).subarray(0, JSON_FEED.indexOf('ü') + 1),
    /not text in UTF-8/,
  ],
])('a feed whose character set %s is FEED_INVALID', async (_, content, message) => {
  await expect(readText(content)).rejects.toMatchObject({
    code: 'FEED_INVALID',
    message: expect.stringMatching(message),
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
