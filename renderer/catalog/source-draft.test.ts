import { expect, test } from 'vitest';
import { draftOf, draftOfFeed, draftProblems, locationOf, NEW_DRAFT, sourceOf } from './source-draft.ts';

const fromUrl = { ...NEW_DRAFT, where: 'https://shop.example/feed.xml' };

test('a source has an id that can be typed, and no other source has it', () => {
  expect(sourceOf({ ...fromUrl, name: 'Été — Größe 42' }, [])?.id).toMatch(/^[a-z0-9-]+$/);
  expect(sourceOf({ ...fromUrl, name: 'Autumn' }, ['autumn', 'autumn-2'])?.id).toBe('autumn-3');
  expect(sourceOf({ ...fromUrl, name: '秋' }, [])?.id).toBe('source');
  expect(sourceOf({ ...fromUrl, name: '-'.repeat(80) }, [])?.id).toBe('source');
});

test('a source without a name is named after its place', () => {
  expect(sourceOf(fromUrl, [])?.name).toBe('shop.example');
  expect(sourceOf({ ...NEW_DRAFT, place: 'file', where: '/feeds/autumn.csv' }, [])?.name).toBe('autumn.csv');
});

test('a draft of a saved source gives that source back', () => {
  const url = sourceOf(
    { ...fromUrl, name: 'Autumn', secretHeader: 'X-Key', everyHours: 6, onStart: true },
    [],
  );
  const folder = sourceOf({ ...NEW_DRAFT, place: 'folder', where: '/pictures' }, []);
  for (const source of [url, folder]) expect(source && sourceOf(draftOf(source), [])).toEqual(source);
  expect(folder?.format).toBe('folder');
});

test('a feed that was looked at is kept as it was read', () => {
  const source = { kind: 'url', url: 'https://shop.example/feed.csv' } as const;
  const mapping = { format: 'csv' as const, fields: { id: ['Nr'] }, charset: null };
  const how = {
    format: 'csv',
    mapping,
    charset: 'windows-1252',
    imageBase: 'https://cdn.example/p',
  } as const;
  expect(sourceOf(draftOfFeed({ source, ...how }), [])).toMatchObject({ location: source, ...how });
});

test('the mapping that was on screen is saved, and says the format', () => {
  const proposed = { format: 'csv', fields: { id: ['sku'] }, charset: null } as const;
  const mapping = { ...proposed, fields: { id: ['sku'] } };
  expect(sourceOf(fromUrl, [], mapping)).toMatchObject({ format: 'csv', mapping });
  const pack = { ...NEW_DRAFT, place: 'file', where: '/a.lookalike-pack' } as const;
  expect(sourceOf(pack, [], mapping)).toMatchObject({ format: null, mapping: null });
});

test('what is wrong is said by field', () => {
  expect(draftProblems(fromUrl)).toEqual({});
  expect(draftProblems({ ...fromUrl, where: 'ftp://shop.example' }).where).toMatch(/https/);
  expect(draftProblems({ ...NEW_DRAFT, place: 'file' }).where).toBe('Choose a file.');
  expect(draftProblems({ ...fromUrl, secretHeader: 'a b' }).secretHeader).toMatch(/letters/);
  expect(locationOf({ ...NEW_DRAFT, where: 'the shop' })).toBeNull();
  expect(sourceOf({ ...fromUrl, secretHeader: 'a b' }, [])).toBeNull();
});

test.each([
  ['shop.example', 'https://shop.example'],
  [' shop.example/feed.json?a=1 ', 'https://shop.example/feed.json?a=1'],
  ['größe.example:8443/x', 'https://größe.example:8443/x'],
  ['192.168.1.20:8080/feed.csv', 'http://192.168.1.20:8080/feed.csv'],
  ['localhost:3000/feed.json', 'http://localhost:3000/feed.json'],
  ['http://shop.example', 'http://shop.example'],
])('an address typed as %s is completed', (where, url) => {
  expect(locationOf({ ...NEW_DRAFT, where })).toEqual({ kind: 'url', url });
});

test.each(['shop', 'ftp://shop.example', 'mailto:a@shop.example', 'javascript:alert(1)'])(
  '%s is no address',
  (where) => {
    expect(locationOf({ ...NEW_DRAFT, where })).toBeNull();
  },
);

test('a secret that was entered for one place has to be entered again for another', () => {
  const source = sourceOf({ ...fromUrl, secretHeader: 'X-Key' }, []);
  if (!source) throw new Error('no source');
  const draft = draftOf(source);
  expect(draftProblems({ ...draft, where: 'https://shop.example/other.xml' })).toEqual({});
  const elsewhere = { ...draft, where: 'https://shop.example:8443/feed.xml' };
  expect(draftProblems(elsewhere).secretHeader).toMatch('https://shop.example. Enter it again');
  expect(draftProblems({ ...elsewhere, secret: 'typed' })).toEqual({});
  expect(draftProblems({ ...elsewhere, secretHeader: '' })).toEqual({});
});

test('how a feed is read is kept with its source, and found again', () => {
  const draft = { ...fromUrl, charset: 'windows-1251', imageBase: ' https://shop.example/media ' };
  const saved = sourceOf(draft, []);
  expect(saved).toMatchObject({ charset: 'windows-1251', imageBase: 'https://shop.example/media' });
  expect(saved && draftOf(saved)).toMatchObject({
    charset: 'windows-1251',
    imageBase: 'https://shop.example/media',
  });
  // An incomplete address counts as none.
  expect(sourceOf({ ...fromUrl, imageBase: 'https:/' }, [])?.imageBase).toBeNull();
});
