import { expect, test } from 'vitest';
import { isCatalogFile, isPack, sourceName } from './feed-words.ts';

test('a file is known by its name, on every system', () => {
  expect(sourceName({ kind: 'file', path: 'C:\\feeds\\autumn.json' })).toBe('autumn.json');
  expect(sourceName({ kind: 'file', path: '/feeds/autumn.json' })).toBe('autumn.json');
  expect(sourceName({ kind: 'file', path: '/pictures/' })).toBe('pictures');
});

test('an address is known by its site', () => {
  expect(sourceName({ kind: 'url', url: 'https://shop.example/feeds/all.xml?page=1' })).toBe('shop.example');
});

test('feeds and packs are catalogs, photos are not', () => {
  for (const name of [
    'a.json',
    'a.NDJSON',
    'a.jsonl',
    'a.csv',
    'a.tsv',
    'a.xml',
    'a.xml.gz',
    'a.lookalike-pack',
  ])
    expect(isCatalogFile(name), name).toBe(true);
  for (const name of ['a.jpg', 'a.heic', 'json', 'a.json.png']) expect(isCatalogFile(name), name).toBe(false);
});

test('a pack is known by its name, whatever stands behind it in an address', () => {
  expect(isPack({ kind: 'url', url: 'https://shop.example/a.lookalike-pack?v=2' })).toBe(true);
  expect(isPack({ kind: 'file', path: '/media/usb/Autumn.lookalike-pack' })).toBe(true);
  expect(isPack({ kind: 'url', url: 'https://shop.example/a.json?next=b.lookalike-pack' })).toBe(false);
});
