import { describe, expect, test } from 'vitest';
import { searchRequest, type WordsPart } from '../../electron/contract/search.ts';
import {
  besideLimits,
  hasText,
  NO_WORDS,
  outOfPriceWords,
  partMeaning,
  priceLimits,
  settled,
  withoutPart,
  withWord,
} from './words.ts';

const words = (text: string, without = '') => ({ text, without });

describe('the text of a query', () => {
  test.each([
    ['striped dress', 'striped dress'],
    ['  red   dress ', 'red dress'],
    ['dress without stripes', 'dress without stripes'],
    ['dress , ', 'dress'],
    ['40213-GRN', '40213-GRN'],
  ])('%s', (text, expected) => {
    expect(settled(words(text))).toEqual(words(expected));
  });

  test('what an earlier version kept beside it becomes part of it', () => {
    expect(settled(words('dress', 'stripes, a hood'))).toEqual(words('dress without stripes without a hood'));
    expect(settled(settled(words('dress', 'stripes')))).toEqual(words('dress without stripes'));
  });

  test('however long, it can be asked', () => {
    const { text } = settled(words('long '.repeat(120), 'stripes '.repeat(70)));
    expect(searchRequest.safeParse({ query: { kind: 'words', words: text } }).success).toBe(true);
  });

  test('blank text is none', () => {
    expect([hasText(NO_WORDS), hasText(words(' , ')), hasText(words('without stripes'))]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

function part(text: string, of: string, more: Partial<WordsPart> = {}): WordsPart {
  const start = of.indexOf(text);
  const span = { of: 'words', start, end: start + text.length } as const;
  return {
    kind: 'color',
    text,
    span,
    not: false,
    values: [],
    readAs: null,
    suggestions: [],
    found: 1,
    ...more,
  };
}

describe('a part of the text', () => {
  test.each([
    ['tee in green, without stripes', 'green', 'tee, without stripes'],
    ['tee in green, without stripes', 'without stripes', 'tee in green'],
    ['navy or black hoodie', 'black', 'navy hoodie'],
    ['navy hoodie', 'navy', 'hoodie'],
    ['navy', 'navy', ''],
  ])('of “%s” “%s” is taken away', (text, gone, left) => {
    expect(withoutPart(words(text), part(gone, text))).toEqual(words(left));
  });

  test('is found where the text has changed, and left where it is gone', () => {
    expect(withoutPart(words('a red tee'), part('red', 'red tee'))).toEqual(words('a tee'));
    expect(withoutPart(words('blue tee'), part('red', 'red tee'))).toEqual(words('blue tee'));
  });

  test('is replaced by what was meant', () => {
    expect(withWord(words('red jacjet'), part('jacjet', 'red jacjet'), 'jacket')).toEqual(
      words('red jacket'),
    );
  });

  test('says what it was understood as', () => {
    const values = ['Sage green', 'Olive'];
    expect(partMeaning(part('green', 'green', { values }))).toBe('Sage green, Olive');
    expect(partMeaning(part('not green', 'not green', { values, not: true }))).toBe('not Sage green, Olive');
    expect(partMeaning(part('silver', 'silver', { found: 0, values: ['Stone'] }))).toBe(
      'found nothing; nearest: Stone',
    );
    expect(partMeaning(part('under 50', 'under 50', { kind: 'price', values: ['<= 50'] }))).toBe('up to 50');
    expect(partMeaning(part('airy', 'airy', { kind: 'text', found: null }))).toBe(
      'compared with the pictures',
    );
  });
});

test('prices that are not what was asked for', () => {
  const parts = [
    part('50 to 80', 'dress 50 to 80', { kind: 'price', values: ['>= 50', '<= 80'] }),
    part('dress', 'dress 50 to 80', { kind: 'category', values: ['Dresses'] }),
  ];
  const limits = priceLimits(parts);
  expect(limits).toEqual({ min: 50, max: 80 });
  expect([40, 50, 80, 89, null].map((price) => besideLimits(price, limits))).toEqual([
    'cheaper',
    null,
    null,
    'dearer',
    null,
  ]);
  expect(outOfPriceWords({ min: 0, max: 80 })).toBe('Dearer ones are shown too, and marked.');
  expect(outOfPriceWords(limits)).toBe('Dearer and cheaper ones are shown too, and marked.');
});
