import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { LookalikeError } from '../../electron/contract/errors.ts';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { decideAgain } from './deciding.ts';
import { closeDocument, followDocument, openDocument } from './document.ts';
import { decisionOf, followRow } from './in-focus.ts';
import { mergeFile, takeTheirs, useMerge } from './merging.ts';
import { setRow, useDocument } from './open-document.ts';
import { setView } from './order.ts';
import { offerAgain } from './rejecting.ts';
import { obey } from './review.ts';
import { TestComparison } from './test-comparison.ts';
import { accept, checkSample, useTrust } from './trust.ts';

const { stored } = vi.hoisted(() => ({ stored: new Map<IDBValidKey, unknown>() }));
vi.mock('idb-keyval', () => ({
  createStore: () => 'store',
  get: async (key: IDBValidKey) => stored.get(key),
  set: async (key: IDBValidKey, value: unknown) => void stored.set(key, value),
  del: async (key: IDBValidKey) => void stored.delete(key),
}));

const ROWS = 6;
let comparison: TestComparison;

beforeAll(() => {
  fakeWindow({ pathForFile: ({ name }) => `/tmp/${name}` });
  followDocument();
  followRow();
});

beforeEach(async () => {
  closeDocument();
  stored.clear();
  comparison = new TestComparison(ROWS);
  startEngine(comparison.handlers());
  await openDocument(comparison.id);
  await until(() => expect(useDocument.getState().order?.rows).toHaveLength(ROWS));
  setView('focus', 1);
  await show(1, 2, 3, 4, 5, 6);
});

/** Requests rows as the view does, and waits for them. */
async function show(...numbers: number[]): Promise<void> {
  const { loaded } = useDocument.getState();
  for (const number of numbers) loaded?.rows.want(number, () => {});
  await until(() => expect(numbers.every((number) => loaded?.rows.get(number))).toBe(true));
}

const at = () => useDocument.getState().row;
const matchOf = (number: number) => {
  const row = useDocument.getState().loaded?.rows.get(number);
  return row && decisionOf(row)?.match;
};

test('keys decide at once, go on past what failed, and are written in order with the chosen product', async () => {
  obey('same');
  expect([at(), matchOf(1)]).toEqual([2, 'same']);
  obey({ candidate: 2 });
  obey('similar');
  expect([at(), matchOf(2)]).toEqual([4, 'similar']);
  obey('none');
  obey('unsure');
  await until(() => expect(comparison.asked).toHaveLength(4));
  expect(comparison.asked).toEqual([
    { row: 1, match: 'same', product: '1a' },
    { row: 2, match: 'similar', product: '2b' },
    { row: 4, match: 'none', product: undefined },
    { row: 5, match: 'unsure', product: undefined },
  ]);
  await until(() => expect(useDocument.getState().state?.comparison.counts.undecided).toBe(1));
});

test('what failed cannot be decided, and a row that is not on screen yet neither', async () => {
  setRow(3);
  obey('none');
  expect(at()).toBe(3);
  closeDocument();
  await openDocument(comparison.id);
  setView('focus', 4);
  obey('none');
  await show(4);
  expect(comparison.asked).toEqual([]);
});

test('a decision that cannot be written is said, its row returns as it was, and can be saved again', async () => {
  comparison.onDecide = (row) => {
    if (row === 1) throw new LookalikeError('STORAGE_FAILED');
  };
  obey('same');
  obey('none');
  await until(() => expect(useDocument.getState().unsaved).toHaveLength(1));
  await until(() => expect(comparison.asked).toEqual([{ row: 2, match: 'none', product: undefined }]));
  expect([at(), matchOf(1)]).toEqual([1, undefined]);
  await until(() => expect(useDocument.getState().order?.undecided.has(1)).toBe(true));
  comparison.onDecide = () => {};
  decideAgain();
  await until(() => expect(comparison.asked.at(-1)).toEqual({ row: 1, match: 'same', product: '1a' }));
});

test('a decision that meets a dying engine is asked of the next, before those that came after it', async () => {
  let reached = false;
  const dying = startEngine({
    ...comparison.handlers(),
    decide: answer.decide.handler(() => {
      reached = true;
      dying.die();
      return new Promise<never>(() => {});
    }),
  });
  obey('same');
  obey('none');
  await until(() => expect(reached).toBe(true));
  startEngine(comparison.handlers());
  await until(() => expect(comparison.asked.map(({ row }) => row)).toEqual([1, 2]));
});

test('keys that are pressed while a step is taken back are meant for the row that comes back', async () => {
  obey('same');
  await until(() => expect(comparison.asked).toHaveLength(1));
  let letThrough = () => {};
  comparison.onUndo = () => new Promise((resolve) => (letThrough = resolve));
  obey('undo');
  obey('none');
  expect(matchOf(2)).toBeUndefined();
  await until(() => {
    letThrough();
    expect(comparison.asked.at(-1)).toEqual({ row: 1, match: 'none', product: undefined });
  });
  expect(matchOf(2)).toBeUndefined();
});

test('a rejected candidate gives its place to the next one, and is offered again', async () => {
  obey('reject');
  const row = () => useDocument.getState().loaded?.rows.get(1);
  await until(() => expect(row()?.candidates.map(({ uid }) => uid)).toEqual(['1b']));
  expect(row()?.rejected).toMatchObject([{ uid: '1a' }]);
  obey('same');
  await until(() => expect(comparison.asked).toEqual([{ row: 1, match: 'same', product: '1b' }]));
  // What is decided is not rejected, and what was rejected comes back.
  obey('previous');
  obey('reject');
  const [rejected] = row()?.rejected ?? [];
  if (rejected) await offerAgain(rejected);
  expect(row()?.candidates).toHaveLength(2);
});

test('a band that is accepted is decided everywhere, also where its rows are not in the answer, and its sample is gone through', async () => {
  comparison.mostRows = 2;
  await accept('close', 'same');
  await until(() => expect([1, 2, 4, 5, 6].map(matchOf)).toEqual(Array(5).fill('same')));
  await until(() => expect(useDocument.getState().order?.undecided.size).toBe(0));
  expect(useTrust.getState().dialog).toEqual({ kind: 'accepted', number: 1 });
  const [acceptance] = comparison.accepted;
  if (acceptance) checkSample(acceptance);
  // In focus too, this list takes the place of the one before.
  await until(() => expect(useDocument.getState().order?.rows).toEqual([5, 6]));
});

test('decisions of a file that differ are asked about before they are taken over', async () => {
  obey('same');
  await mergeFile(new File([''], 'theirs.csv'));
  expect([matchOf(1), matchOf(2)]).toEqual(['same', 'none']);
  expect(useMerge.getState().merged?.report.conflicts).toMatchObject([{ row: 1, there: 'none' }]);
  await takeTheirs();
  expect(matchOf(1)).toBe('none');
  expect(useMerge.getState().merged).toBeNull();
});

test('a document opens again where it was', async () => {
  obey('same');
  obey('next');
  await until(() => expect(at()).toBe(3));
  await until(() => expect(stored.get('place:spring')).toMatchObject({ row: 3, view: 'focus' }));
  closeDocument();
  await openDocument(comparison.id);
  expect(useDocument.getState()).toMatchObject({ row: 3, view: 'focus' });
});
