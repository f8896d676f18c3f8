import { expect, test } from 'vitest';
import { mayCarrySecrets, splitCredentials, withoutCredentials } from './credentials.ts';

test.each([
  ['https://ada:s3cret@shop.example/feed?a=1', 'https://shop.example/feed?a=1', 'ada:s3cret'],
  ['https://ada@shop.example/', 'https://shop.example/', 'ada:'],
  ['https://a%40b:p%3A%25@shop.example/', 'https://shop.example/', 'a@b:p:%'],
  ['https://ada:100%@shop.example/', 'https://shop.example/', 'ada:100%'],
])('%s is taken apart', (ref, url, pair) => {
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  expect(splitCredentials(ref)).toEqual({ url, headers: { authorization } });
});

test('a URL without credentials is left as it was written', () => {
  const ref = 'HTTPS://Shop.example/a b';
  expect(splitCredentials(ref)).toEqual({ url: ref, headers: {} });
});

test.each([
  ['https://ada:s3cret@shop.example/feed', 'https://shop.example/feed'],
  ['HTTP://ada:p@ss@shop.example', 'HTTP://shop.example'],
  ['http://ada:s3cret@bad host:port/', 'http://bad host:port/'],
  ['https://shop.example/@handle', 'https://shop.example/@handle'],
  ['https://shop.example?mail=a@b', 'https://shop.example?mail=a@b'],
  ['/folder/a@b.png', '/folder/a@b.png'],
])('%s is shown as %s', (ref, shown) => {
  expect(withoutCredentials(ref)).toBe(shown);
});

test.each([
  ['the feed itself', 'https://shop.example/feed', 'https://shop.example/feed', undefined, true],
  ['a redirect on its host', 'https://shop.example/b', 'https://shop.example/a', 'shop.example', true],
  ['a redirect up to https', 'https://shop.example/', 'http://shop.example/', undefined, true],
  ['a redirect down to http', 'http://shop.example/', 'https://shop.example/', undefined, false],
  ['a redirect to another host', 'https://cdn.example/', 'https://shop.example/', undefined, false],
  ['a redirect to a subdomain', 'https://cdn.shop.example/', 'https://shop.example/', undefined, false],
  ['a redirect to another port', 'https://shop.example:8443/', 'https://shop.example/', undefined, false],
  [
    "a picture elsewhere than at the feed's host",
    'https://cdn.example/',
    'https://cdn.example/',
    'a.example',
    false,
  ],
  [
    "a picture elsewhere, led to the feed's host",
    'https://a.example/',
    'https://cdn.example/',
    'a.example',
    false,
  ],
])('secrets and %s', (_, hop, first, feedHost, may) => {
  expect(mayCarrySecrets(new URL(hop), new URL(first), feedHost)).toBe(may);
});
