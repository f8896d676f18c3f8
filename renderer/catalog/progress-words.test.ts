import { expect, test } from 'vitest';
import { importSteps, progressWords } from './progress-words.ts';

test('what is not known yet is left out', () => {
  const reading = { phase: 'reading', done: 40, total: null, rate: 0, secondsLeft: null } as const;
  expect(progressWords(reading)).toBe('40 products');
  expect(progressWords({ ...reading, done: 0 })).toBe('Reading the feed');
  const embedding = { phase: 'embedding', done: 124, total: 480, rate: 3.14, secondsLeft: 113 } as const;
  expect(progressWords(embedding)).toBe('124 of 480 pictures · 3.1 a second · 2 min left');
});

test('the phases before are done, those after are to come', () => {
  const progress = { phase: 'embedding', done: 1, total: 2, rate: 1, secondsLeft: 1 } as const;
  expect(importSteps(progress).map(({ state }) => state)).toEqual(['done', 'now', 'next']);
  expect(importSteps(null)[0]?.state).toBe('now');
});
