import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bandStarts,
  CARD_GAP,
  FIRST_ROW_HEAD,
  type GridLayout,
  layOut,
  moveFocus,
  placeOf,
  ROW_HEAD,
  rowRange,
} from './grid-layout.ts';

/** The space for cards in a window's page, beside the query and the filters and without the bars and the padding. */
const WINDOWS = {
  '1280 x 800': { width: 680, height: 684 },
  '1920 x 1080': { width: 1130, height: 964 },
  '900 x 600': { width: 622, height: 484 },
  '1366 x 768 at 150 %': { width: 630, height: 396 },
  '480 x 800': { width: 436, height: 480 },
  '1280 x 800 at 200 %': { width: 408, height: 284 },
};

const layout = (window: keyof typeof WINDOWS, { count = 60, large = true, sizes = false } = {}) =>
  layOut({ ...WINDOWS[window], count, large, sizes });

/** Number of cards whose whole picture is in sight without scrolling. */
function inSight(all: GridLayout, height: number): number {
  const lines = Array.from({ length: all.count }, (_, index) => {
    const { row, span } = placeOf(all, index);
    const top = FIRST_ROW_HEAD + row * all.rowHeight;
    return top + (all.cardWidth * span + CARD_GAP * (span - 1)) * 1.25;
  });
  return lines.filter((bottom) => bottom <= height).length;
}

describe('cards', () => {
  test('are in sight without scrolling: ten in the usual window, five in a small one', () => {
    const seen = (window: keyof typeof WINDOWS, large: boolean) =>
      inSight(layout(window, { large }), WINDOWS[window].height);
    for (const large of [true, false]) {
      expect(seen('1280 x 800', large)).toBeGreaterThanOrEqual(10);
      expect(seen('1920 x 1080', large)).toBeGreaterThanOrEqual(15);
      expect(seen('900 x 600', large)).toBeGreaterThanOrEqual(5);
      expect(seen('1366 x 768 at 150 %', large)).toBeGreaterThanOrEqual(5);
      expect(seen('480 x 800', large)).toBeGreaterThanOrEqual(5);
      expect(seen('1280 x 800 at 200 %', large)).toBeGreaterThanOrEqual(3);
    }
  });

  test('fill the width, follow each other and never share a place', () => {
    const space = {
      width: fc.integer({ min: 100, max: 4000 }),
      height: fc.integer({ min: 50, max: 2000 }),
      count: fc.integer({ min: 1, max: 60 }),
      large: fc.boolean(),
      sizes: fc.boolean(),
    };
    fc.assert(
      fc.property(fc.record(space), (given) => {
        const all = layOut(given);
        expect(all.columns * all.cardWidth + (all.columns - 1) * CARD_GAP).toBeCloseTo(given.width);
        const taken = new Set<string>();
        const order: number[] = [];
        for (let row = 0; row < all.rows; row++) {
          const { start, end } = rowRange(all, row);
          for (let index = start; index < end; index++) {
            const place = placeOf(all, index);
            expect(place.row).toBe(row);
            expect(place.column + place.span).toBeLessThanOrEqual(all.columns);
            order.push(index);
            for (let y = row; y < row + place.span; y++)
              for (let x = place.column; x < place.column + place.span; x++) taken.add(`${y} ${x}`);
          }
        }
        expect(order).toEqual(Array.from({ length: given.count }, (_, index) => index));
        expect(taken.size).toBe(given.count + (all.large ? 3 : 0));
      }),
    );
  });

  test('begin with a large one only where its picture and its price are in sight', () => {
    expect(layout('1280 x 800').large).toBe(true);
    expect(layout('1280 x 800', { large: false }).large).toBe(false);
    expect(layout('1280 x 800 at 200 %').large).toBe(false);
    expect(layOut({ width: 180, height: 700, count: 9, sizes: false, large: true }).large).toBe(false);
  });

  test('have a column before the space is measured, when it is less than the padding', () => {
    const all = layOut({ width: -32, height: 0, count: 9, sizes: false, large: true });
    expect(all).toMatchObject({ columns: 1, rows: 9, large: false });
  });

  test('say where a band begins', () => {
    expect([...bandStarts(['same', 'close', 'close', 'other'])]).toEqual([0, 1, 3]);
  });

  test('leave room for a line of sizes', () => {
    const plain = layout('1280 x 800').rowHeight;
    expect(layout('1280 x 800', { sizes: true }).rowHeight).toBeGreaterThan(plain);
    expect(plain).toBeGreaterThan(ROW_HEAD + layout('1280 x 800').cardWidth * 1.25);
  });
});

describe('keys', () => {
  const grid = (count: number, columns: number, large: boolean): GridLayout => {
    const part = { count, columns, large, cardWidth: 120, rowHeight: 260, rows: 0 };
    return { ...part, rows: Math.max(placeOf(part, count - 1).row + 1, large ? 2 : 1) };
  };
  const moves =
    (all: GridLayout) =>
    (index: number, key: string, toEnds = false) =>
      moveFocus(all, index, key, { toEnds, page: 2 });
  //  0 0 1 2      0  1  2  3
  //  0 0 3 4      4  5  6  7
  //  5 6 7 8      8  9 10 11
  //  9            12
  const large = grid(10, 4, true);
  const even = grid(13, 4, false);
  const move = moves(large);

  test('go left and right through every row', () => {
    expect([move(0, 'ArrowRight'), move(2, 'ArrowRight'), move(3, 'ArrowLeft')]).toEqual([1, 3, 2]);
    expect([move(0, 'ArrowLeft'), move(9, 'ArrowRight')]).toEqual([0, 9]);
  });

  test('go up and down in the column, past and onto the large card', () => {
    expect([move(1, 'ArrowDown'), move(4, 'ArrowDown'), move(8, 'ArrowUp')]).toEqual([3, 8, 4]);
    expect([move(0, 'ArrowDown'), move(5, 'ArrowUp'), move(6, 'ArrowUp'), move(1, 'ArrowUp')]).toEqual([
      5, 0, 0, 1,
    ]);
    const plain = moves(even);
    expect([plain(1, 'ArrowDown'), plain(6, 'ArrowUp'), plain(6, 'ArrowDown')]).toEqual([5, 2, 10]);
  });

  test('take the last card of a shorter row', () => {
    expect([move(7, 'ArrowDown'), moves(even)(10, 'ArrowDown')]).toEqual([9, 12]);
  });

  test('stay on a large card that nothing is below', () => {
    expect(moves(grid(3, 4, true))(0, 'ArrowDown')).toBe(0);
  });

  test('go to the ends of the row, and with Ctrl of all', () => {
    expect([move(2, 'Home'), move(0, 'End'), move(4, 'Home'), move(7, 'End')]).toEqual([0, 2, 3, 8]);
    expect([move(4, 'Home', true), move(0, 'End', true)]).toEqual([0, 9]);
  });

  test('go by pages and stop at the ends', () => {
    expect([move(1, 'PageDown'), move(8, 'PageUp'), move(9, 'PageDown')]).toEqual([7, 2, 9]);
  });

  test('leave other keys alone', () => {
    expect(move(0, 'a')).toBeNull();
  });

  test('never leave the results, and every card is reached', () => {
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
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.nat(),
        fc.array(key),
        (count, columns, isLarge, from, keys) => {
          const all = grid(count, columns, isLarge && columns > 2);
          let at = from % count;
          for (const each of keys) at = moveFocus(all, at, each, { toEnds: false, page: 2 }) ?? -1;
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThan(count);
        },
      ),
    );
  });
});

test('in a space too low for a card with its title, pictures are in sight', () => {
  const { columns, cardWidth } = layOut({ width: 608, height: 150, count: 40, sizes: false, large: true });
  expect(columns).toBe(5);
  expect(cardWidth * 1.25).toBeLessThan(150);
});
