import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import {
  aboutKept,
  keepSearch,
  openKeptSearch,
  removeKeptSearch,
  restoreKeptSearch,
  startKeptSearches,
  suggestedName,
  useKeptSearches,
} from './kept-searches.ts';
import { useMatch } from './match.ts';
import { usePhotoQueue } from './photo-queue.ts';
import { EVEN, type PhotoQuery } from './query.ts';
import { answerOf } from './test-answer.ts';
import { stored } from './test-storage.ts';

vi.mock('idb-keyval', () => import('./test-storage.ts'));

const photo: PhotoQuery = {
  kind: 'photo',
  file: new Blob(['bytes'], { type: 'image/jpeg' }),
  name: 'customer.jpg',
  bytes: new Uint8Array([1, 2, 3]),
  view: 'none',
  crop: 'auto',
  proposal: null,
  also: [],
  words: { text: 'in green', without: '' },
  balance: EVEN,
};

const kept = () => useKeptSearches.getState().searches;

beforeAll(() => {
  fakeWindow();
  startEngine({ search: answer.search.handler(() => answerOf(['a'])) });
});

beforeEach(() => {
  stored.clear();
  startKeptSearches();
});

test('a search is kept whole: photo, words, filters and controls', async () => {
  useMatch.setState({
    query: photo,
    filters: { category: ['Coats'], price: { max: 50 }, attributes: { material: ['wool'] } },
    colorWeight: 0.7,
    sameColor: true,
  });
  expect(suggestedName()).toBe('customer, in green');
  await keepSearch('Mrs Green');
  const [search] = kept();
  expect(search).toMatchObject({
    name: 'Mrs Green',
    query: {
      kind: 'photo',
      name: 'customer.jpg',
      thumbnail: null,
      crop: 'auto',
      words: { text: 'in green' },
    },
    filters: { category: ['Coats'], price: { max: 50 }, attributes: { material: ['wool'] } },
    colorWeight: 0.7,
    sameColor: true,
  });
  if (search?.query.kind !== 'photo') throw new Error('No photo was kept');
  // The bytes, and not a file that may be gone.
  expect(new Uint8Array(await search.query.file.arrayBuffer())).toEqual(photo.bytes);
  expect(aboutKept(search)).toBe('in green, Coats, wool, –50, same colour');
});

test('photos of one item are kept together', async () => {
  const [front, back] = ['front.jpg', 'back.jpg'].map((name) => new File([name], name));
  if (!front || !back) throw new Error('no files');
  usePhotoQueue.setState({ files: [front, back], at: 1, leftOut: 0 });
  const query = { ...photo, file: back, name: 'back.jpg', also: [new Uint8Array([4, 5])] };
  useMatch.setState({ query, filters: {}, colorWeight: null, sameColor: false });
  await keepSearch('Mr Blue');
  const [search] = kept();
  if (search?.query.kind !== 'photo') throw new Error('No photo was kept');
  const [further] = search.query.also;
  expect(further?.name).toBe('front.jpg');
  expect(new Uint8Array((await further?.file.arrayBuffer()) ?? [])).toEqual(new Uint8Array([4, 5]));
  expect(aboutKept(search)).toBe('2 photos, in green');

  usePhotoQueue.setState({ files: [], at: 0 });
  useMatch.setState({ query: null });
  openKeptSearch(search);
  await until(() =>
    expect(useMatch.getState().query).toMatchObject({ name: 'back.jpg', also: [new Uint8Array([4, 5])] }),
  );
  expect(usePhotoQueue.getState().files.map(({ name }) => name)).toEqual(['back.jpg', 'front.jpg']);
});

test('the last one kept comes first; one that was removed comes back where it was; what is not understood stays out', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const name of ['first', 'second', 'third']) {
      vi.advanceTimersByTime(1);
      useMatch.setState({ query: { kind: 'words', words: { text: name, without: '' } }, filters: {} });
      await keepSearch(name);
    }
  } finally {
    vi.useRealTimers();
  }
  const names = () => kept().map(({ name }) => name);
  expect(names()).toEqual(['third', 'second', 'first']);
  const [, second] = kept();
  if (!second) throw new Error('Nothing was kept');
  await removeKeptSearch(second.id);
  expect(names()).toEqual(['third', 'first']);
  stored.set('odd', { id: 'odd' });
  await restoreKeptSearch(second);
  expect(names()).toEqual(['third', 'second', 'first']);
});
