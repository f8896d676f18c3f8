import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Band } from '../../electron/contract/search.ts';
import { CARD_GAP, gridMetrics, gridRows, moveFocus, rowOf } from './grid-layout.ts';

const bands = (same: number, close: number, other: number): Band[] => [
  ...Array<Band>(same).fill('same'),
  ...Array<Band>(close).fill('close'),
  ...Array<Band>(other).fill('other'),
];

describe('rows', () => {
  test('start a new line with every band', () => {
    expect(gridRows(bands(2, 6, 0), 8, 4)).toEqual([
      { kind: 'band', band: 'same', count: 2, more: false },
      { kind: 'cards', start: 0, end: 2 },
      { kind: 'band', band: 'close', count: 6, more: false },
      { kind: 'cards', start: 2, end: 6 },
      { kind: 'cards', start: 6, end: 8 },
    ]);
  });

  test('count what has not been asked for yet with the last band, and say when that is not known', () => {
    expect(gridRows(bands(1, 0, 3), 1000, 4)).toContainEqual({
      kind: 'band',
      band: 'other',
      count: 999,
      more: false,
    });
    expect(gridRows(bands(1, 3, 0), 1000, 4)).toContainEqual({
      kind: 'band',
      band: 'close',
      count: 3,
      more: true,
    });
  });

  test('are empty when nothing was found', () => {
    expect(gridRows([], 0, 4)).toEqual([]);
  });
});

describe('metrics', () => {
  test('fill the width exactly, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 4000 }),
        fc.integer({ min: 50, max: 2000 }),
        (width, height) => {
          const { columns, cardWidth } = gridMetrics(width, height, false);
          expect(columns * cardWidth + (columns - 1) * CARD_GAP).toBeCloseTo(width);
        },
      ),
    );
  });

  test('make cards small enough for a low window', () => {
    expect(gridMetrics(600, 200, true).cardWidth).toBeLessThan(gridMetrics(600, 700, true).cardWidth);
  });
});

describe('keys', () => {
  // 0 1 / 2 3 4 5 / 6 7
  const rows = gridRows(bands(2, 6, 0), 8, 4);
  const move = (index: number, key: string, toEnds = false) =>
    moveFocus(rows, index, key, { toEnds, page: 2 });

  test('go left and right through every row', () => {
    expect([
      move(1, 'ArrowRight'),
      move(2, 'ArrowLeft'),
      move(0, 'ArrowLeft'),
      move(7, 'ArrowRight'),
    ]).toEqual([2, 1, 0, 7]);
  });

  test('go up and down in the column, across bands', () => {
    expect([move(1, 'ArrowDown'), move(3, 'ArrowUp'), move(3, 'ArrowDown')]).toEqual([3, 1, 7]);
  });

  test('take the last card of a shorter row', () => {
    expect([move(5, 'ArrowUp'), move(5, 'ArrowDown')]).toEqual([1, 7]);
  });

  test('go to the ends of the row, and with Ctrl of all', () => {
    expect([move(4, 'Home'), move(3, 'End'), move(4, 'Home', true), move(0, 'End', true)]).toEqual([
      2, 5, 0, 7,
    ]);
  });

  test('go by pages and stop at the ends', () => {
    expect([move(0, 'PageDown'), move(7, 'PageUp'), move(6, 'PageDown')]).toEqual([6, 1, 6]);
  });

  test('leave other keys alone', () => {
    expect(move(0, 'a')).toBeNull();
  });

  test('never leave the results', () => {
    const key = fc.constantFrom(
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'ArrowRight',
      'PageUp',
      'PageDown',
      'Home',
      'End',
    );
    const counts = fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 1, max: 7 }),
        fc.nat(),
        fc.array(key),
        ([a, b, c], columns, from, keys) => {
          const all = bands(a, b, c);
          const lines = gridRows(all, all.length, columns);
          let at = from % all.length;
          for (const each of keys) at = moveFocus(lines, at, each, { toEnds: false, page: 2 }) ?? -1;
          expect(rowOf(lines, at)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
