import { expect, test, vi } from 'vitest';
import { OnDemand } from './on-demand.ts';
import { until } from './test-engine.ts';

/** Values that are counted up with each call, and calls that wait until they are let through. */
function counted() {
  const calls: number[][] = [];
  const waiting: (() => void)[] = [];
  const given: string[] = [];
  const values = new OnDemand<number, string>({
    most: 10,
    batch: 2,
    fetch: async (keys) => {
      const call = calls.push(keys);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return keys.map((key) => [key, `${key} of call ${call}`] as const);
    },
    dispose: (value) => given.push(value),
  });
  const answered = (count: number) =>
    until(() => {
      waiting.shift()?.();
      expect(calls).toHaveLength(count);
      expect(waiting).toEqual([]);
    });
  return { values, calls, given, answered };
}

test('a value that comes another way during a call is newer than the answer', async () => {
  const { values, calls, answered } = counted();
  const notify = vi.fn();
  values.want(1, notify);
  values.want(2, notify);
  await until(() => expect(calls).toEqual([[1, 2]]));
  values.keep(1, 'decided');
  await answered(1);
  await until(() => expect(values.get(2)).toBe('2 of call 1'));
  expect(values.get(1)).toBe('decided');
});

test('what may have changed is shown until it is read again; off the screen it is given up', async () => {
  const { values, calls, given, answered } = counted();
  values.want(1, () => {});
  const scrolledPast = values.want(2, () => {});
  await answered(1);
  await until(() => expect(values.get(2)).toBeDefined());
  scrolledPast();
  values.renew(() => true);
  expect([values.get(1), values.get(2)]).toEqual(['1 of call 1', undefined]);
  await answered(2);
  await until(() => expect(values.get(1)).toBe('1 of call 2'));
  expect(calls).toEqual([[1, 2], [1]]);
  expect(given.toSorted()).toEqual(['1 of call 1', '2 of call 1']);
});
