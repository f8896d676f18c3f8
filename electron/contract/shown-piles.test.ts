import { expect, test } from 'vitest';
import { shownPiles } from './shown-piles.ts';

const PILES = [
  { missing: [4], undecided: [5, 6], name: null },
  { missing: [1, 2], undecided: [], name: 'Boots' },
  { missing: [9], undecided: [], name: null },
  { missing: [7], undecided: [], name: 'A lamp' },
  { missing: [8], undecided: [], name: null },
];

test('piles of a kind come by size, and pictures that lie alone come together at the end', () => {
  expect(shownPiles(PILES, 'missing')).toEqual([
    { name: 'Boots', rows: [1, 2], named: [1, 2] },
    { name: 'A lamp', rows: [7], named: [7] },
    { name: 'Unlike any other', rows: [4, 9, 8], named: null },
  ]);
  expect(shownPiles(PILES, 'missing', (row) => row > 7)).toEqual([
    { name: 'Unlike any other', rows: [9, 8], named: null },
  ]);
  // A name is given to all of a pile, decided or not.
  expect(shownPiles(PILES, 'undecided')).toEqual([{ name: null, rows: [5, 6], named: [4, 5, 6] }]);
});
