import { expect, test } from 'vitest';
import { afterDeciding, nextUndecided, rowsAhead, stepFrom } from './look-ahead.ts';

/** Row 4 failed, 6 and 2 are decided; the list is sorted by something else than the number. */
const order = { rows: [7, 2, 9, 4, 6, 1, 3], undecided: new Set([7, 9, 1, 3]) };

test('arrows visit every row and stop at the ends', () => {
  expect(stepFrom(order, 9, 1)).toBe(4);
  expect(stepFrom(order, 9, -1)).toBe(2);
  expect(stepFrom(order, 7, -1)).toBeNull();
  expect(stepFrom(order, 3, 1)).toBeNull();
  expect(stepFrom(order, 55, 1)).toBe(7);
});

test('a decision leads to the next row that needs one, and of a decided row to its neighbour', () => {
  expect(afterDeciding(order, 9, true)).toBe(1);
  expect(afterDeciding(order, 3, true)).toBeNull();
  expect(afterDeciding(order, 2, false)).toBe(9);
});

test('the next undecided row is looked for from the top again', () => {
  expect(nextUndecided(order, 3)).toBe(7);
  expect(nextUndecided(order, null)).toBe(7);
  expect(nextUndecided({ rows: [1], undecided: new Set([1]) }, 1)).toBeNull();
});

test('what is loaded ahead is where decisions and arrows lead', () => {
  expect(rowsAhead(order, 9, 3)).toEqual([1, 3, 4, 2]);
  expect(rowsAhead(order, 3, 3)).toEqual([1]);
});
