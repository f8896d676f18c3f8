import { expect, test } from 'vitest';
import { areaUnderCurve, wilson } from './metrics.ts';

test('the area under the curve is how often one is above another', () => {
  expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
  expect(areaUnderCurve([1, 2], [1, 2])).toBe(0.5);
  expect(areaUnderCurve([1], [])).toBeNull();
});

test('an interval of few answers is wide, and never leaves 0 to 1', () => {
  const [few, many] = [wilson(10, 10), wilson(1000, 1000)];
  expect(few.low).toBeCloseTo(0.722, 3);
  expect(many.low).toBeGreaterThan(0.99);
  expect(wilson(0, 5).low).toBeCloseTo(0, 10);
});
