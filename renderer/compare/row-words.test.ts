import { expect, test } from 'vitest';
import type { ComparedProduct, ComparisonRow, RowSource } from '../../electron/contract/compare.ts';
import { positionInWords, rowFactsInWords, rowName, rowPlaces } from './row-words.ts';

const file: RowSource = { kind: 'file', name: 'Harrow/tops/231.jpg', line: null, facts: null };
const facts = {
  title: 'Breton top',
  sku: 'H-231',
  brand: null,
  category: null,
  competitor: 'Harrow',
  price: 79,
  currency: 'EUR',
  url: null,
};
const listed: RowSource = { kind: 'address', name: 'https://harrow.example/231.jpg', line: 4, facts };

const row = (...sources: RowSource[]): ComparisonRow => ({
  row: 1,
  status: 'answered',
  sources,
  fault: null,
  width: 10,
  height: 10,
  crop: null,
  candidates: [],
  probability: null,
  decision: null,
});

test('a row is called what its list calls it, or by its file', () => {
  expect(rowName(row(file))).toBe('231.jpg');
  expect(rowName(row(listed, file))).toBe('Breton top');
});

test('facts are joined, and copies are counted', () => {
  expect(rowFactsInWords(row(file))).toBe('');
  expect(rowFactsInWords(row(listed, file))).toBe('Harrow · H-231 · €79 · 231.jpg · 2 copies');
  expect(rowPlaces(row(listed, file))).toBe('https://harrow.example/231.jpg (line 4)\nHarrow/tops/231.jpg');
});

test('our price stands to theirs in money and per cent, and never across currencies', () => {
  const ours = (price: number | null, currency: string | null): ComparedProduct => ({
    ...{ productId: '1', sku: '1', title: 'Tee', uid: '1', source: '', styleId: '1', styleSku: '1' },
    ...{ category: null, brand: null, color: null, availability: null, url: null, thumbnail: '0'.repeat(64) },
    ...{ price, currency },
  });
  const words = (price: number | null, currency: string | null) =>
    positionInWords(row(file, listed), ours(price, currency));
  expect(words(88.5, 'EUR')).toBe('€9.50 dearer (+12 %)');
  expect(words(71.1, 'EUR')).toBe('€7.90 cheaper (−10 %)');
  expect(words(79, 'EUR')).toBe('the same price');
  expect(words(88.5, 'GBP')).toBeNull();
  expect(words(88.5, null)).toBeNull();
  expect(words(null, 'EUR')).toBeNull();
});
