import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { useMatch } from '../match/match.ts';
import { clearQuery } from '../match/query-actions.ts';
import { answerOf } from '../match/test-answer.ts';
import { dismissOffer, fetchAndMatch, offer, useOffer } from './offer.ts';

vi.mock('idb-keyval', () => import('../match/test-storage.ts'));

const url = new URL('https://shop.example/img/coat.jpg?w=200');
const search = answer.search.handler(() => answerOf(['a']));

beforeAll(() => fakeWindow());

beforeEach(() => {
  dismissOffer();
  clearQuery();
});

test('a picture of the web is fetched once the person agrees, and matched under its name', async () => {
  startEngine({ search, fetchPicture: answer.fetchPicture.handler(() => ({ bytes: new Uint8Array([1]) })) });
  offer({ kind: 'address', url });
  expect(useMatch.getState().query).toBeNull();
  await fetchAndMatch(url);
  expect(useOffer.getState().offer).toBeNull();
  expect(useMatch.getState().query).toMatchObject({ kind: 'photo', name: 'coat.jpg' });
});

test('a picture whose fetching is called off is not matched when it comes after all', async () => {
  let signal: AbortSignal | undefined;
  startEngine({
    search,
    fetchPicture: answer.fetchPicture.handler(async (call) => {
      signal = call.signal;
      await new Promise((resolve) => call.signal?.addEventListener('abort', resolve));
      return { bytes: new Uint8Array([1]) };
    }),
  });
  const ended = fetchAndMatch(url);
  await until(() => expect(signal).toBeDefined());
  expect(useOffer.getState().offer).toEqual({ kind: 'fetching', url });
  dismissOffer();
  await ended;
  expect(useOffer.getState().offer).toBeNull();
  expect(useMatch.getState().query).toBeNull();
});

test('a picture that cannot be fetched says why where its answer would be', async () => {
  startEngine({
    search,
    fetchPicture: answer.fetchPicture.handler(({ errors }) => {
      throw errors.IMAGE_UNREADABLE({ data: { item: url.href, params: { reason: 'empty' } } });
    }),
  });
  await fetchAndMatch(url);
  expect(useOffer.getState().offer).toBeNull();
  expect(useMatch.getState().search).toMatchObject({ error: { code: 'IMAGE_UNREADABLE', item: url.href } });
});
