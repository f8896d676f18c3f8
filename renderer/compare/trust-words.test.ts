import { expect, test } from 'vitest';
import type { Acceptance } from '../../electron/contract/compare-trust.ts';
import { checkedWords, estimateWords, sampleWords, wrongOf } from './trust-words.ts';

const share = (count: number, of: number, low: number, high: number) => ({ count, of, low, high });

test('what was checked is said with its range, and what may be wrong as a number of rows', () => {
  const right = share(58, 60, 0.886, 0.991);
  expect(checkedWords({ band: 'same', right: { same: right, equivalent: right } })).toBe(
    'Of 60 you checked in “looks the same”, 58 were right (89 to 99 %).',
  );
  const none = share(0, 0, 0, 1);
  expect(checkedWords({ band: 'close', right: { same: none, equivalent: none } })).toContain(
    'not checked any',
  );
  expect(wrongOf(71, right)).toBe('1 to 8 of them are likely wrong');
  expect(wrongOf(20, share(35, 35, 0.9, 1))).toBe('up to 2 of them are likely wrong');
});

function acceptance(changes: Partial<Acceptance>): Acceptance {
  const sample = Array.from({ length: 30 }, (_, at) => at + 1);
  return {
    ...{ number: 1, band: 'same', as: 'same', at: '2026-11-30T09:00:00.000Z', rows: 71, unchecked: 71 },
    ...{ sample, toCheck: sample, unsure: 0, wrong: share(0, 0, 0, 1) },
    ...changes,
  };
}

test('the estimate of what is wrong says how far its sample is checked, and counts larger bands for more', () => {
  const half = acceptance({ toCheck: [1, 2, 3], wrong: share(1, 26, 0.01, 0.19), unsure: 1 });
  expect(sampleWords(half)).toBe('27 of 30 checked, 1 unsure, 1 wrong: 1 to 19 % of all 71');
  expect(estimateWords([])).toBeNull();
  expect(estimateWords([acceptance({})])).toBe('71 in bulk, 30 to check');
  const whole = acceptance({ rows: 30, toCheck: [], wrong: share(3, 30, 0.03, 0.26) });
  expect(sampleWords(whole)).toBe('all 30 checked, 3 were wrong');
  expect(estimateWords([whole])).toBe('30 in bulk, 10 % wrong');
  const done = acceptance({ rows: 729, toCheck: [], wrong: share(0, 30, 0, 0.11) });
  expect(estimateWords([half, done])).toBe('800 in bulk, 0 to 12 % wrong · 3 to check');
});
