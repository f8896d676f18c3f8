import { beforeAll, expect, test, vi } from 'vitest';
import type { SearchRequest } from '../../electron/contract/search.ts';
import { useSync } from '../catalog/sync.ts';
import { startConnection } from '../engine/connection.ts';
import { answer, fakeWindow, STATUS, startEngine, until, watching } from '../engine/test-engine.ts';
import { setFilters, useMatch } from '../match/match.ts';
import { matchWords } from '../match/query-actions.ts';
import { answerOf } from '../match/test-answer.ts';
import { show, useView } from '../page/view.ts';
import { startSession, useRecovery } from './session.ts';

vi.mock('idb-keyval', () => import('../match/test-storage.ts'));

const kept = new Map<string, string>();
const requests: SearchRequest[] = [];
const handlers = {
  watch: watching(STATUS),
  search: answer.search.handler(({ input }) => {
    requests.push(input);
    return answerOf(['a']);
  }),
};

beforeAll(() => {
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  fakeWindow();
  startConnection();
});

/** Loads the page again, as after a crash of its process: only what it stored is left. */
function loadAgain(): void {
  const before = [...kept];
  useMatch.setState(useMatch.getInitialState(), true);
  useSync.setState(useSync.getInitialState(), true);
  useView.setState({ view: 'match' });
  requests.length = 0;
  // The crashed page does not write any more.
  kept.clear();
  for (const [key, value] of before) kept.set(key, value);
  vi.stubGlobal('location', { search: '?recovered=1' });
  startSession();
}

test('a page that died asks again what was answered, with its filters, and tells of the sync it took with it', async () => {
  vi.stubGlobal('location', { search: '' });
  startSession();
  startEngine(handlers);
  matchWords({ text: 'dress', without: 'stripes' });
  await until(() => expect(useMatch.getState().answer).not.toBeNull());
  setFilters({ brand: ['Nord'] });
  await until(() => expect(useMatch.getState()).toMatchObject({ search: { phase: 'idle' } }));
  const feed = { name: 'Autumn', request: { source: { kind: 'sample' } } } as const;
  useSync.setState({ task: { phase: 'syncing', feed, confirmRemovals: true, progress: null } });
  show('catalog');

  loadAgain();
  await until(() => expect(requests).toHaveLength(1));
  expect(requests[0]).toMatchObject({
    query: { kind: 'words', words: 'dress without stripes' },
    filters: { brand: ['Nord'] },
  });
  expect(useView.getState().view).toBe('catalog');
  expect(useSync.getState().task).toMatchObject({
    phase: 'failed',
    stopped: { phase: 'syncing', confirmRemovals: false },
    error: { code: 'CANCELLED' },
  });
  expect(useRecovery.getState().sentence).toMatch(/loaded again.*The import stopped/);
});
