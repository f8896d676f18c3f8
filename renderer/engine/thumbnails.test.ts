import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useConnection } from './connection.ts';
import { answer, fakeWindow, SNAPSHOT, STATUS, startEngine, until } from './test-engine.ts';
import { keepThumbnails, startThumbnails, thumbnailUrl, wantThumbnail } from './thumbnails.ts';

/** Makes ids that no other test uses. */
let used = 0;
const freshId = () => (used++).toString(16).padStart(64, '0');
const bytes = new Uint8Array([1, 2, 3]);

/** The ids of each call to the engine, and the thumbnails that it has. */
const asked: string[][] = [];
let has: (id: string) => boolean = () => true;

const handlers = {
  thumbnails: answer.thumbnails.handler(({ input: { ids } }) => {
    asked.push(ids);
    return { thumbnails: ids.filter(has).map((id) => ({ id, bytes })) };
  }),
};

beforeAll(() => {
  fakeWindow();
  startThumbnails();
});

beforeEach(() => {
  asked.length = 0;
  has = () => true;
  startEngine(handlers);
});

test('what is on screen is asked for in batches, and what came with an answer is not', async () => {
  const kept = freshId();
  keepThumbnails([{ id: kept, bytes }]);
  const ids = Array.from({ length: 60 }, freshId);
  const notify = vi.fn();
  for (const id of [kept, ...ids]) wantThumbnail(id, notify);
  await until(() => expect(ids.every((id) => thumbnailUrl(id)?.startsWith('data:image/webp'))).toBe(true));
  expect(asked.map((batch) => batch.length)).toEqual([48, 12]);
  expect(notify).toHaveBeenCalledTimes(60);
});

test('what is no longer on screen when its turn comes is not asked for', async () => {
  const gone = freshId();
  const stays = freshId();
  wantThumbnail(gone, () => {})();
  wantThumbnail(stays, () => {});
  await until(() => expect(thumbnailUrl(stays)).toBeDefined());
  expect(asked.flat()).not.toContain(gone);
});

test('what one snapshot does not have is asked of the next, and of no other', async () => {
  const id = freshId();
  has = () => false;
  wantThumbnail(id, () => {});
  await until(() => expect(asked).toEqual([[id]]));
  const other = freshId();
  wantThumbnail(other, () => {});
  await until(() => expect(asked).toEqual([[id], [other]]));
  has = () => true;
  useConnection.setState({ status: { ...STATUS, snapshot: { ...SNAPSHOT, version: 8 } } });
  await until(() => expect(thumbnailUrl(id)).toBeDefined());
});

test('what was wanted when the engine died is asked of the next', async () => {
  const id = freshId();
  const dying = startEngine({
    thumbnails: answer.thumbnails.handler(() => {
      dying.die();
      return new Promise<never>(() => {});
    }),
  });
  wantThumbnail(id, () => {});
  await until(() => {
    startEngine(handlers);
    expect(thumbnailUrl(id)).toBeDefined();
  });
});
