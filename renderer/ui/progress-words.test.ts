import { expect, test } from 'vitest';
import { byteWords, countWords, shareDone } from './progress-words.ts';

const progress = { done: 124, total: 480, rate: 3.14, secondsLeft: 113 };

test('pictures are counted, and what is not known yet is left out', () => {
  expect(countWords(progress, 'picture')).toBe('124 of 480 pictures · 3.1 a second · 2 min left');
  expect(countWords({ ...progress, total: null, rate: 0, secondsLeft: null }, 'picture')).toBe(
    '124 pictures',
  );
});

test('bytes come in the units of file managers', () => {
  const download = { done: 43_000_000, total: 89_117_653, rate: 5_200_000, secondsLeft: 8.8 };
  expect(byteWords(download)).toBe('43 MB of 89 MB · 5.2 MB a second · 9 s left');
  expect(byteWords({ ...download, total: null, rate: 0, secondsLeft: null })).toBe('43 MB');
});

test('a share is told only of a known whole', () => {
  expect(shareDone({ done: 1, total: 4 })).toBe(0.25);
  expect(shareDone({ done: 1, total: null })).toBe(null);
  expect(shareDone(null)).toBe(null);
});
