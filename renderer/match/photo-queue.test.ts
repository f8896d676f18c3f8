import { beforeAll, expect, test, vi } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { useMatch } from './match.ts';
import { canJoin, joinQueue, matchFirst, partQueue, stepQueue, usePhotoQueue } from './photo-queue.ts';
import { answerOf } from './test-answer.ts';

vi.mock('idb-keyval', () => import('./test-storage.ts'));

beforeAll(() => {
  fakeWindow();
  startEngine({ search: answer.search.handler(() => answerOf(['a'])) });
});

const file = (name: string) => new File([name], name, { type: 'image/jpeg' });

/** Waits until the photo with this name is the query. */
const shown = (name: string) =>
  until(() => expect(useMatch.getState().query).toMatchObject({ kind: 'photo', name }));

test('several photos are stepped through, and the ends are ends', async () => {
  matchFirst([file('1.jpg'), file('2.jpg')], 3);
  await shown('1.jpg');
  stepQueue(-1);
  expect(usePhotoQueue.getState()).toMatchObject({ at: 0, leftOut: 3 });
  stepQueue(1);
  await shown('2.jpg');
  stepQueue(1);
  expect(usePhotoQueue.getState().at).toBe(1);
  stepQueue(-1);
  await shown('1.jpg');
});

test('photos of one item are one query with all of them, and are parted again', async () => {
  matchFirst([file('front.jpg'), file('back.jpg'), file('label.jpg')], 0);
  await shown('front.jpg');
  await joinQueue();
  expect(useMatch.getState().query).toMatchObject({
    name: 'front.jpg',
    also: ['back.jpg', 'label.jpg'].map((name) => new TextEncoder().encode(name)),
  });
  partQueue();
  expect(useMatch.getState().query).toMatchObject({ name: 'front.jpg', also: [] });
  expect([1, 2, 5, 6].map(canJoin)).toEqual([false, true, true, false]);
});
