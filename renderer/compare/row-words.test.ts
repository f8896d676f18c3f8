import { expect, test } from 'vitest';
import type { ComparisonRow, RowSource } from '../../electron/contract/compare.ts';
import { rowFactsInWords, rowName, rowPlaces } from './row-words.ts';

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
