import { beforeEach, expect, test, vi } from 'vitest';
import { clearRecents, photoLike, rememberWords, startRecents, useRecents } from './recents.ts';
import { stored } from './test-storage.ts';
import { NO_WORDS } from './words.ts';

vi.mock('idb-keyval', () => import('./test-storage.ts'));

const photo = (id: string, usedAt: number) => ({
  kind: 'photo',
  id,
  name: `${id}.jpg`,
  photo: new Blob([id]),
  thumbnail: new Blob(['small']),
  crop: null,
  words: NO_WORDS,
  balance: 0.5,
  usedAt,
});

const wordsShown = () => useRecents.getState().words.map(({ words }) => words.text);

beforeEach(async () => {
  await clearRecents();
});

test('photos come back newest first; what is not understood or too old is forgotten on the disk too', async () => {
  for (let index = 0; index < 14; index++) stored.set(`p${index}`, photo(`p${index}`, index));
  stored.set('odd', { kind: 'photo', id: 'odd' });
  await startRecents();
  const { photos } = useRecents.getState();
  expect(photos.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, index) => `p${13 - index}`));
  expect([...stored.keys()].sort()).toEqual(photos.map(({ id }) => id).sort());
  expect(photoLike('p13.jpg', 3)?.id).toBe('p13');
  expect(photoLike('p13.jpg', 4)).toBeUndefined();
});

test('the last six words are kept, and the same words are one entry', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'c']) {
      vi.advanceTimersByTime(1);
      await rememberWords({ text, without: '' });
    }
  } finally {
    vi.useRealTimers();
  }
  expect(wordsShown()).toEqual(['c', 'g', 'f', 'e', 'd', 'b']);
  await clearRecents();
  expect(wordsShown()).toEqual([]);
  expect(stored.size).toBe(0);
});
