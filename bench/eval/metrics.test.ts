import { expect, test } from 'vitest';
import { wilson } from '../../electron/engine/search/statistics.ts';
import { areaUnderCurve, INSTANCE, measure } from './metrics.ts';

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

test('the style may come before the product, the group before both, and what a set does not tell is not measured', () => {
  const found = (rank: number) => ({ inCatalog: true, rank });
  const levels = { style: found(3), group: found(1) };
  const outcome = { ...found(7), ...levels, categories: null, colors: null };
  const measured = measure([outcome, { ...outcome, style: null, group: null }], INSTANCE);
  const values = Object.fromEntries(Object.entries(measured).map(([name, { value }]) => [name, value]));
  expect(values).toMatchObject({
    'R@5': 0,
    'R@10': 1,
    'style R@1': 0,
    'style R@5': 1,
    'group R@1': 1,
  });
  expect(measured['style R@1']?.queries).toBe(1);
  expect(measure([{ ...outcome, style: null, group: null }], INSTANCE)).not.toHaveProperty('style R@1');
});
