import { describe, expect, test } from 'vitest';
import { searchRequest } from '../../electron/contract/search.ts';
import { hasText, NO_WORDS, settled } from './words.ts';

const typed = (text: string, without = '') => settled({ text, without });

describe('words are split into what the product should be and what it should not', () => {
  test.each([
    ['striped dress', 'striped dress', ''],
    ['dress without stripes', 'dress', 'stripes'],
    ['Dress WITHOUT Stripes', 'Dress', 'Stripes'],
    ['without stripes', '', 'stripes'],
    ['dress without stripes, without a hood', 'dress', 'stripes, a hood'],
    ['dress without stripes with pockets', 'dress with pockets', 'stripes'],
    ['  red   dress ', 'red dress', ''],
    ['dress without', 'dress', ''],
    ['dress withou', 'dress withou', ''],
    ['40213-GRN', '40213-GRN', ''],
  ])('%s', (text, positive, negative) => {
    expect(typed(text)).toEqual({ text: positive, without: negative });
  });

  test('what was taken out before is kept', () => {
    expect(typed('dress without hood', 'stripes')).toEqual({ text: 'dress', without: 'stripes, hood' });
  });

  test('splitting twice is splitting once', () => {
    const once = typed('dress without stripes with pockets', 'hood');
    expect(settled(once)).toEqual(once);
  });
});

test('however long, it can be asked', () => {
  const { text, without } = typed(
    `${'long '.repeat(120)}without ${'stripes '.repeat(70)}`,
    'dots '.repeat(99),
  );
  const parsed = searchRequest.safeParse({ query: { kind: 'words', words: text }, without });
  expect(parsed.success).toBe(true);
});

test('words that only say what it should not be have no text', () => {
  expect(hasText({ ...NO_WORDS, text: 'without stripes' })).toBe(false);
  expect(hasText({ ...NO_WORDS, text: 'coat without' })).toBe(true);
});
