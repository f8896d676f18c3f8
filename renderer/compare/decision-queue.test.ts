import { expect, test } from 'vitest';
import type { ComparisonChange } from '../../electron/contract/compare.ts';
import { DecisionQueue, type Step } from './decision-queue.ts';

const decided = { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 };
const counts = {
  rows: 9,
  waiting: 0,
  answered: 9,
  failed: 0,
  undecided: 9,
  weak: 0,
  decided,
  inBulk: 0,
  rejected: 0,
  changed: { gone: 0, better: 0 },
};
const CHANGE: ComparisonChange = { rows: [], changed: [], counts, canUndo: true, canRedo: false };

const none = (row: number): Step => ({ rows: [row], match: 'none', product: null });

/** A queue whose writes wait until they are let through. */
function held() {
  const begun: number[] = [];
  const failed: number[] = [];
  let letThrough: (outcome: 'written' | 'failed') => void = () => {};
  const queue = new DecisionQueue({
    write: ({ rows }) => {
      begun.push(...rows);
      return new Promise((resolve, reject) => {
        letThrough = (outcome) => (outcome === 'written' ? resolve(CHANGE) : reject(new Error('full')));
      });
    },
    onWritten: () => {},
    onFailed: ({ rows }) => failed.push(...rows),
    onShown: () => {},
  });
  const next = async (outcome: 'written' | 'failed') => {
    letThrough(outcome);
    // Every promise of the step has been settled by the next task.
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue, begun, failed, next };
}

test('decisions are shown at once and written in order, one at a time', async () => {
  const { queue, begun, next } = held();
  for (const row of [3, 1, 2]) queue.decide(none(row));
  expect([1, 2, 3].map((row) => queue.decisionOf(row)?.match)).toEqual(['none', 'none', 'none']);
  expect(queue.decisionOf(4)).toBeUndefined();
  await next('written');
  expect(begun).toEqual([3]);
  await next('written');
  expect(begun).toEqual([3, 1]);
  expect(queue.decisionOf(3)).toBeUndefined();
  await next('written');
  await next('written');
  expect(begun).toEqual([3, 1, 2]);
  expect(queue.waiting).toBe(0);
});

test('what cannot be written is shown as it was and said; the others are written', async () => {
  const { queue, begun, failed, next } = held();
  queue.decide(none(1));
  queue.decide(none(2));
  await next('written');
  await next('failed');
  expect(failed).toEqual([1]);
  expect(queue.decisionOf(1)).toBeUndefined();
  expect(queue.decisionOf(2)?.match).toBe('none');
  await next('written');
  expect(begun).toEqual([1, 2]);
  expect(failed).toEqual([1]);
});

test('of two decisions on one row the later one is shown, also while the first is written', async () => {
  const { queue, next } = held();
  queue.decide(none(1));
  queue.decide({ rows: [1], match: 'unsure', product: null });
  expect(queue.decisionOf(1)?.match).toBe('unsure');
  await next('written');
  await next('written');
  expect(queue.decisionOf(1)?.match).toBe('unsure');
});

test('an undo comes after the decisions before it and before those after it', async () => {
  const { queue, begun, next } = held();
  const happened: string[] = [];
  queue.decide(none(1));
  void queue.after(async () => happened.push(`undo after ${begun}`));
  queue.decide(none(2));
  await next('written');
  await next('written');
  expect(happened).toEqual(['undo after 1']);
  expect(begun).toEqual([1, 2]);
});
