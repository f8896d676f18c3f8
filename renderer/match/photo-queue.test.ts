import { beforeAll, expect, test, vi } from 'vitest';
import { itemOfPhoto, type SearchRequest } from '../../electron/contract/search.ts';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { setFilters, setSameColor, useMatch } from './match.ts';
import {
  canJoin,
  joinQueue,
  leaveOut,
  matchFirst,
  partQueue,
  photosInOrder,
  stepQueue,
  usePhotoQueue,
} from './photo-queue.ts';
import { askWords, matchPhoto, setBalance, setCrop } from './query-actions.ts';
import { answerOf } from './test-answer.ts';

vi.mock('idb-keyval', () => import('./test-storage.ts'));

const requests: SearchRequest[] = [];
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

beforeAll(() => {
  fakeWindow();
  startEngine({
    search: answer.search.handler(({ input, errors }) => {
      requests.push(input);
      const { query } = input;
      const photos = query.kind === 'photo' ? [query.photo, ...(query.also ?? [])] : [];
      const broken = photos.findIndex((each) => 'bytes' in each && text(each.bytes) === 'notes.jpg');
      if (broken < 0 || photos.length === 1) return answerOf(['a']);
      throw errors.IMAGE_UNREADABLE({
        data: { item: itemOfPhoto(broken), params: { reason: 'not-a-picture' } },
      });
    }),
  });
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

test('what was typed and chosen stays for the next photo, and another photo ends the queue', async () => {
  matchFirst([file('a.jpg'), file('b.jpg')], 0);
  await shown('a.jpg');
  askWords({ text: 'in navy', without: '' });
  setBalance(0.7);
  setCrop({ x: 0, y: 0, width: 0.5, height: 0.5 });
  setFilters({ brand: ['Acme'] });
  setSameColor(true);
  stepQueue(1);
  await shown('b.jpg');
  expect(useMatch.getState()).toMatchObject({
    query: { words: { text: 'in navy' }, balance: 0.7, crop: 'auto' },
    filters: { brand: ['Acme'] },
    sameColor: true,
  });
  await until(() => expect(requests.at(-1)).toMatchObject({ filters: { brand: ['Acme'] }, sameColor: true }));

  void matchPhoto(file('other.jpg'), 'other.jpg');
  await shown('other.jpg');
  expect(useMatch.getState().filters).toEqual({});
  stepQueue(-1);
  expect(usePhotoQueue.getState().at).toBe(1);
});

test('a further photo that cannot be used is named as the steps name it, and left out', async () => {
  const notes = file('notes.jpg');
  matchFirst([file('side.jpg'), notes, file('label.jpg')], 0);
  await shown('side.jpg');
  stepQueue(1);
  await shown('notes.jpg');
  stepQueue(1);
  await shown('label.jpg');
  await joinQueue();
  const failure = () => useMatch.getState().search;
  await until(() => expect(failure()).toMatchObject({ phase: 'failed', error: { item: 'photo 3' } }));
  // The current photo is the first of the query, so its third is the second of those dropped.
  const named = photosInOrder(usePhotoQueue.getState(), useMatch.getState().query)[2];
  expect(named).toEqual({ file: notes, name: 'photo 2 (notes.jpg)' });
  expect(useMatch.getState().answer?.results).toHaveLength(1);
  leaveOut(notes);
  await until(() => expect(failure()).toEqual({ phase: 'idle' }));
  expect(useMatch.getState().query).toMatchObject({ name: 'label.jpg', also: [{}] });
  expect(usePhotoQueue.getState().files.map(({ name }) => name)).toEqual(['side.jpg', 'label.jpg']);

  // The same where the file cannot even be opened, and for the photo that is searched with.
  const gone = Object.assign(file('gone.jpg'), { arrayBuffer: () => Promise.reject(new Error('gone')) });
  matchFirst([file('top.jpg'), gone], 0);
  await shown('top.jpg');
  await joinQueue();
  expect(failure()).toMatchObject({ phase: 'failed', error: { code: 'IMAGE_UNREADABLE', item: 'photo 2' } });
  leaveOut(gone);
  expect(useMatch.getState().query).toMatchObject({ name: 'top.jpg', also: [] });
  matchFirst([notes, file('end.jpg')], 0);
  await shown('notes.jpg');
  leaveOut(notes);
  await shown('end.jpg');
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
