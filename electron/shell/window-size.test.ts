import { expect, test } from 'vitest';
import { firstSize, leastSize, placeOn } from './window-size.ts';

/** 1366 x 768 at 150 %, without Windows' task bar. */
const SMALL = { width: 911, height: 472 };

test('a window can be as small as the smallest screen, and needs no more than the layout does', () => {
  expect(leastSize([{ width: 1920, height: 1040 }])).toEqual({ width: 480, height: 600 });
  expect(leastSize([{ width: 1920, height: 1040 }, SMALL])).toEqual({ width: 480, height: 472 });
});

test('the first window fits on its screen', () => {
  expect(firstSize(SMALL)).toEqual(SMALL);
  expect(firstSize({ width: 2560, height: 1400 })).toEqual({ width: 1280, height: 800 });
});

test('a window that was left on a larger screen is brought into the one that is there', () => {
  const screen = { x: 100, y: 0, ...SMALL };
  expect(placeOn(screen, { x: 700, y: 300, width: 1280, height: 800 })).toEqual(screen);
  expect(placeOn(screen, { x: 700, y: 300, width: 600, height: 800 })).toEqual({
    x: 411,
    y: 0,
    width: 600,
    height: 472,
  });
  // A window that fits stays where it was, even half outside the screen.
  const fits = { x: 700, y: 10, width: 700, height: 460 };
  expect(placeOn(screen, fits)).toEqual(fits);
});
