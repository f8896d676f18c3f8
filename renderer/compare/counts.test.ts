import { expect, test } from 'vitest';
import { figuresOf } from '../../electron/contract/standing-figures.ts';
import { countsInWords, decidedOf, partsOf } from './counts.ts';

const counts = {
  rows: 300,
  waiting: 20,
  answered: 271,
  failed: 9,
  undecided: 41,
  weak: 12,
  decided: { same: 150, equivalent: 40, similar: 20, none: 15, unsure: 5 },
  inBulk: 0,
  rejected: 0,
  changed: { gone: 0, better: 0 },
};

test('the parts of a bar add up to all rows, and weak rows are counted once', () => {
  const parts = partsOf(counts);
  expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBe(counts.rows);
  expect(parts).toMatchObject({ matched: 210, unmatched: 20, undecided: 29, weak: 12 });
  expect(decidedOf(counts)).toBe(230);
  const figures = figuresOf(counts);
  expect(figures.map(({ count }) => count)).toEqual([210, 12, 15, 29, 5, 9, 20]);
  expect(figures.reduce((sum, { count }) => sum + count, 0)).toBe(counts.rows);
});

test('counts in words name what there is', () => {
  expect(countsInWords({ ...counts, failed: 0, waiting: 0 })).toBe(
    '300 pictures: 210 matched, 20 no match or unsure, 29 undecided, 12 undecided and weak',
  );
  const none = { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 };
  const empty = {
    rows: 1,
    waiting: 0,
    answered: 0,
    failed: 0,
    undecided: 0,
    weak: 0,
    decided: none,
    inBulk: 0,
    rejected: 0,
    changed: { gone: 0, better: 0 },
  };
  expect(countsInWords(empty)).toBe('1 picture');
});
