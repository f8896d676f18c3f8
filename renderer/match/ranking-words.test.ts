import { expect, test } from 'vitest';
import type { Ranking } from '../../electron/contract/search.ts';
import { rankingDetails, rankingSummary } from './ranking-words.ts';
import { NO_WORDS } from './words.ts';

const plain: Ranking = {
  crop: null,
  closer: false,
  photoShift: 0,
  color: { weight: 0, from: 'default', of: 'subject' },
  words: null,
  search: 'exact',
  learned: null,
  confirmed: null,
  probability: null,
  answeredBy: 'memory',
  approximate: [],
};
const box = { x: 0, y: 0, width: 0.5, height: 0.5 };

test('one line says what counted', () => {
  expect(rankingSummary(plain)).toBe('Exact');
  expect(rankingSummary({ ...plain, color: { weight: 0.35, from: 'calibrated', of: 'subject' } })).toBe(
    'Exact · colour 35 % (calibrated)',
  );
  expect(rankingSummary({ ...plain, color: { weight: 0, from: 'chosen', of: 'subject' } })).toBe(
    'Exact · no colour (chosen)',
  );
  expect(rankingSummary({ ...plain, search: 'index', words: 'fields' })).toBe('Index · words as written');
});

test('at length, words alone have neither a part of a photo nor a colour', () => {
  const names = (kind: 'words' | 'product') =>
    rankingDetails(
      { ...plain, words: 'fields' },
      kind === 'words'
        ? { kind, words: NO_WORDS }
        : {
            kind,
            product: { uid: 'p', styleId: 'p', title: 'Coat', thumbnail: '' },
            words: NO_WORDS,
            balance: 0.5,
          },
    ).map(({ name }) => name);
  expect(names('words')).toEqual(['Search', 'Words']);
  expect(names('product')).toEqual(['Search', 'Words', 'Colour']);
});

test('at length, a photo says which part of it was looked at, and whose colours', () => {
  const query = {
    kind: 'photo',
    file: new Blob(),
    name: '',
    bytes: new Uint8Array(),
    view: 'none',
    crop: null,
    proposal: null,
    also: [],
    words: NO_WORDS,
    balance: 0.5,
  } as const;
  const part = (crop: Ranking['crop']) =>
    rankingDetails({ ...plain, crop }, query).find(({ name }) => name === 'Photo')?.detail;
  expect(part(null)).toBe('All of it.');
  const several = { ...query, also: [new Uint8Array(), new Uint8Array()] };
  expect(rankingDetails(plain, several).find(({ name }) => name === 'Photo')?.detail).toBe(
    '3 photos of one item, compared together.',
  );
  expect(
    rankingDetails({ ...plain, closer: true }, query).find(({ name }) => name === 'Photo')?.detail,
  ).toContain('its middle closer');
  expect(
    rankingDetails({ ...plain, photoShift: 0.25 }, query).find(({ name }) => name === 'Photo')?.detail,
  ).toMatch(/^All of it\. .* counts 25 % less, as calibrated/);
  expect(part({ box, proposed: true })).toBe('Inside the proposed box.');
  expect(part({ box, proposed: false })).toBe('Inside your box.');
  const colors = (of: Ranking['color']['of']) =>
    rankingDetails({ ...plain, color: { weight: 0.5, from: 'calibrated', of } }, query).at(-1)?.detail;
  expect(colors('subject')).toMatch(/^Counts 50 %, .* The colours of the product were compared/);
  expect(colors('picture')).toMatch(/The colours of the whole photo were compared\.$/);
});

test('what was confirmed here is said, with what it changed', () => {
  const photo = { kind: 'photo' } as const;
  const query = {
    ...photo,
    words: NO_WORDS,
    balance: 0.5,
    crop: null,
    proposal: null,
    also: [],
    view: 'none',
  } as const;
  const asked = { ...query, file: new Blob(), name: '', bytes: new Uint8Array() };
  const confirmed = (firstWithout: number | null) =>
    rankingDetails({ ...plain, confirmed: { photos: 34, products: 12, firstWithout } }, asked).find(
      ({ name }) => name === 'Confirmed',
    )?.detail;
  expect(confirmed(4)).toBe(
    '34 photos of 12 products confirmed here count as their pictures. Without them the first result would be number 4.',
  );
  expect(confirmed(1)).toMatch(/is the same without them\.$/);
  expect(confirmed(null)).toMatch(/would not be among the nearest\.$/);
  const summary = { ...plain, color: { weight: 0.7, from: 'use', of: 'subject' } } as const;
  expect(rankingSummary({ ...summary, confirmed: { photos: 34, products: 12, firstWithout: 1 } })).toBe(
    'Exact · colour 70 % (learned here) · 34 confirmed photos',
  );
});
