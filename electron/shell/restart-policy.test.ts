import { expect, test } from 'vitest';
import { restartDelay } from './restart-policy.ts';

test('waits longer after a second death and gives up after the third in a minute', () => {
  expect(restartDelay([1_000])).toBe(250);
  expect(restartDelay([1_000, 30_000])).toBe(500);
  expect(restartDelay([1_000, 30_000, 60_999])).toBeNull();
});

test('forgets deaths that are a minute old', () => {
  expect(restartDelay([1_000, 30_000, 61_000])).toBe(500);
  expect(restartDelay([1_000, 2_000, 3_000, 600_000])).toBe(250);
});
