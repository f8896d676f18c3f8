import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ImportProgress, ImportReport, SyncPlan } from '../../electron/contract/publishing.ts';
import { engineState } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import {
  answer,
  DIED,
  fakeWindow,
  SNAPSHOT,
  STATUS,
  shellSays,
  startEngine,
  until,
} from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { openPane, useCatalogPane } from './catalog-pane.ts';
import {
  cancelTask,
  dismissNews,
  dismissTask,
  type Feed,
  planFeed,
  startSync,
  syncFeed,
  useSync,
} from './sync.ts';

const FEED: Feed = { name: 'Autumn', request: { source: { kind: 'file', path: '/feeds/autumn.json' } } };

const PROGRESS: ImportProgress = { phase: 'reading', done: 3, total: 12, rate: 1, secondsLeft: 9 };

const NO_CHANGE = { count: 0, examples: [] };
const PLAN: SyncPlan = {
  source: '/feeds/autumn.json',
  name: 'Autumn',
  format: 'lookalike',
  pack: null,
  sourceId: '',
  otherProducts: 0,
  products: { before: 12, after: 12 },
  added: NO_CHANGE,
  changed: NO_CHANGE,
  priceOnly: NO_CHANGE,
  removed: NO_CHANGE,
  unchanged: 12,
  problems: [],
  pictures: { toFetch: 0, known: 20 },
  secondsEstimate: null,
  needsConfirmation: false,
};

const REPORT: ImportReport = {
  source: '/feeds/autumn.json',
  sourceId: '',
  products: { total: 12, added: 12, changed: 0, unchanged: 0, removed: 0 },
  images: { total: 20, embedded: 20, reused: 0 },
  problems: [],
  seconds: 1,
  published: SNAPSHOT,
};

/** Lets a sync end. */
let finish: () => void = () => {};
const asked = vi.fn();

const handlers = {
  planSync: answer.planSync.handler(async function* () {
    yield PROGRESS;
    return PLAN;
  }),
  /** Yields one step, then waits until it may end or is cancelled. */
  sync: answer.sync.handler(async function* ({ input, signal, errors }) {
    asked(input);
    yield PROGRESS;
    await new Promise<void>((resolve) => {
      finish = resolve;
      signal?.addEventListener('abort', () => resolve());
    });
    if (signal?.aborted) throw errors.CANCELLED({ data: {} });
    return REPORT;
  }),
};

const task = () => useSync.getState().task;
const underWay = () => until(() => expect(task()).toMatchObject({ phase: 'syncing', progress: PROGRESS }));

beforeAll(() => {
  fakeWindow();
  startSync();
});

let engine: { die: () => void };
beforeEach(() => {
  useSync.setState({ task: { phase: 'idle' }, news: false });
  useConnection.setState({ status: STATUS, restart: null });
  asked.mockClear();
  engine = startEngine(handlers);
});

test('a dry run is shown when it is done, wherever one was', async () => {
  openPane({ kind: 'comparison', from: 1, to: 2 });
  const planned = planFeed(FEED);
  expect(useCatalogPane.getState().pane.kind).toBe('sync');
  await planned;
  expect(task()).toEqual({ phase: 'planned', feed: FEED, plan: PLAN });
});

test('a dry run against what is no longer live is put away', async () => {
  await planFeed(FEED);
  useConnection.setState({ status: { ...STATUS, importing: true } });
  expect(task().phase).toBe('planned');
  useConnection.setState({ status: { ...STATUS, snapshot: { ...SNAPSHOT, version: 8 } } });
  expect(task().phase).toBe('idle');
  expect(useToast.getState().text).toMatch(/catalog has changed/);
});

test('a sync shows its progress and ends with its report, which is news until it is dismissed', async () => {
  const ended = syncFeed(FEED, { confirmRemovals: true });
  await underWay();
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ confirmRemovals: true, afresh: false }));
  finish();
  await ended;
  expect(useSync.getState()).toEqual({ task: { phase: 'done', feed: FEED, report: REPORT }, news: true });
  dismissNews();
  expect(useSync.getState()).toMatchObject({ task: { phase: 'done' }, news: false });
  dismissTask();
  expect(task().phase).toBe('idle');
});

test('one at a time: a second is refused aloud and the first goes on, not to be put away', async () => {
  const ended = syncFeed(FEED);
  await underWay();
  await planFeed({ ...FEED, name: 'Other' });
  expect(useToast.getState().text).toMatch(/One at a time/);
  dismissTask();
  expect(task()).toMatchObject({ phase: 'syncing', feed: { name: 'Autumn' } });
  finish();
  await ended;
});

test('a sync that is cancelled says so and knows how to go on', async () => {
  const ended = syncFeed(FEED, { confirmRemovals: true });
  await underWay();
  cancelTask();
  await ended;
  expect(task()).toMatchObject({
    phase: 'failed',
    stopped: { phase: 'syncing', confirmRemovals: true },
    error: { code: 'CANCELLED' },
  });
});

test('a sync whose engine dies goes on with the next, and the page owns up to it', async () => {
  const ended = syncFeed(FEED);
  await underWay();
  engine.die();
  await until(() => expect(engineState.getState().phase).toBe('restarting'));
  startEngine(handlers);
  await until(() => expect(asked).toHaveBeenCalledTimes(2));
  await underWay();
  finish();
  await ended;
  expect(task().phase).toBe('done');
  expect(useConnection.getState().restart?.resumed).toEqual(['The import went on from where it was.']);
});

test('an engine that is gone for good, or refuses, ends the task with the reason', async () => {
  const ended = syncFeed(FEED);
  await underWay();
  shellSays({ type: 'lookalike:engine-stopped', restarting: false, fault: DIED });
  await ended;
  expect(task()).toMatchObject({ phase: 'failed', error: { code: 'ENGINE_STOPPED' } });

  startEngine({
    planSync: answer.planSync.handler(async function* ({ errors }) {
      yield PROGRESS;
      const at = 'https://shop.example';
      const params = { at, reason: { kind: 'silent' }, proxy: null };
      throw errors.FEED_UNREACHABLE({ data: { item: at, params } });
    }),
  });
  await planFeed(FEED);
  expect(task()).toMatchObject({
    phase: 'failed',
    stopped: { phase: 'planning' },
    error: { code: 'FEED_UNREACHABLE', item: 'https://shop.example' },
  });
});
