import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { InstallProgress, ModelState } from '../../electron/contract/models.ts';
import type { ImportReport } from '../../electron/contract/publishing.ts';
import { engineState } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { answer, fakeWindow, STATUS, startEngine, until } from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { show } from '../page/view.ts';
import {
  dismissJob,
  download,
  FROM_PATH,
  installFrom,
  remove,
  startModels,
  stop,
  switchTo,
  useModels,
  verify,
} from './models.ts';

const MODEL: ModelState = {
  id: 'fashion',
  name: 'Fashion',
  summary: '',
  more: false,
  expect: null,
  licence: 'MIT',
  kind: 'embedder',
  tier: 'full',
  words: true,
  bytes: 89,
  aboutBytes: 89,
  bytesHere: 0,
  installed: false,
  verifiedBy: null,
  inUse: false,
  downloadable: true,
  urls: [],
  removable: false,
};
const STEP: InstallProgress = { phase: 'downloading', done: 10, total: 89, rate: 1, secondsLeft: 79 };
const REPORT: ImportReport = {
  source: '',
  sourceId: '',
  products: { total: 12, added: 0, changed: 0, unchanged: 12, removed: 0 },
  images: { total: 20, embedded: 20, reused: 0 },
  problems: [],
  seconds: 1,
  published: null,
};

let listed: ModelState[] = [];
let finish: () => void = () => {};
const installing = vi.fn();

const handlers = {
  listModels: answer.listModels.handler(() => listed),
  /** Yields one step, then waits until it may end or is cancelled. */
  installModel: answer.installModel.handler(async function* ({ input, signal, errors }) {
    installing(input);
    yield STEP;
    await new Promise<void>((resolve) => {
      finish = resolve;
      signal?.addEventListener('abort', () => resolve());
    });
    if (signal?.aborted) throw errors.CANCELLED({ data: {} });
    listed = [{ ...MODEL, installed: true, bytesHere: 89 }];
    return { ...MODEL, installed: true };
  }),
  verifyModel: answer.verifyModel.handler(() => MODEL),
  removeModel: answer.removeModel.handler(() => {
    listed = [];
  }),
  useModel: answer.useModel.handler(async function* () {
    yield { phase: 'embedding', done: 1, total: 20, rate: 1, secondsLeft: 19 };
    return REPORT;
  }),
};

const job = (key = 'fashion') => useModels.getState().jobs[key];
const downloading = (key?: string) =>
  until(() => expect(job(key)).toMatchObject({ phase: 'running', progress: STEP }));

beforeAll(() => {
  fakeWindow();
  startModels();
});

let engine: { die: () => void };
beforeEach(() => {
  listed = [MODEL];
  useModels.setState(useModels.getInitialState(), true);
  useConnection.setState({ status: null, restart: null });
  installing.mockClear();
  engine = startEngine(handlers);
});

test('a download shows its progress, and then that the model is here', async () => {
  const ended = download('fashion');
  await downloading();
  finish();
  await ended;
  expect(job()).toBeUndefined();
  expect(useModels.getState().models).toMatchObject([{ id: 'fashion', installed: true }]);
  expect(useToast.getState().text).toBe('Fashion is installed');
});

test('a download that is paused is no failure', async () => {
  const ended = download('fashion');
  await downloading();
  stop('fashion');
  await ended;
  expect(job()).toBeUndefined();
});

test('a download whose engine dies goes on with the next', async () => {
  const ended = download('fashion');
  await downloading();
  engine.die();
  await until(() => expect(engineState.getState().phase).toBe('restarting'));
  startEngine(handlers);
  await until(() => expect(installing).toHaveBeenCalledTimes(2));
  await downloading();
  finish();
  await ended;
  expect(useConnection.getState().restart?.resumed).toEqual(['The model went on from where it was.']);
});

test('one model at a time is installed from a path; its failure is told until it is put away', async () => {
  const first = installFrom('/sticks/fashion');
  await downloading(FROM_PATH);
  await installFrom('/sticks/other');
  expect(useToast.getState().text).toMatch(/One at a time/);
  expect(useModels.getState().path).toBe('/sticks/fashion');
  dismissJob(FROM_PATH);
  expect(job(FROM_PATH)).toMatchObject({ phase: 'running' });
  finish();
  await first;

  startEngine({
    ...handlers,
    installModel: answer.installModel.handler(async function* ({ errors }) {
      yield STEP;
      throw errors.MODEL_UNVERIFIABLE({ data: { item: 'model.onnx' } });
    }),
  });
  await installFrom('/sticks/other');
  expect(job(FROM_PATH)).toMatchObject({ phase: 'failed', work: 'install', error: { item: 'model.onnx' } });
  dismissJob(FROM_PATH);
  expect(job(FROM_PATH)).toBeUndefined();
});

test('a switch, a check and a removal each end with what they did', async () => {
  await switchTo(MODEL);
  expect(useToast.getState().text).toBe('Match answers with Fashion now');
  await verify('fashion');
  expect(job()).toEqual({ phase: 'verified' });
  await remove('fashion');
  expect(useModels.getState().models).toEqual([]);
});

test('the models are read again with each status, and when their screen is opened', async () => {
  useConnection.setState({ status: STATUS });
  await until(() => expect(useModels.getState().models).toHaveLength(1));
  listed = [];
  show('models');
  await until(() => expect(useModels.getState().models).toEqual([]));
});

test('models that cannot be read say why', async () => {
  startEngine({
    listModels: answer.listModels.handler(({ errors }) => {
      throw errors.STORAGE_FAILED({ data: {} });
    }),
  });
  useConnection.setState({ status: STATUS });
  await until(() => expect(useModels.getState().error).toMatchObject({ code: 'STORAGE_FAILED' }));
});

test('a catalog of an earlier model is moved to its successor, once', async () => {
  const successor = { id: 'fashion', name: 'Fashion' };
  useConnection.setState({ status: { ...STATUS, successor, importing: true } });
  expect(job()).toBeUndefined();
  useConnection.setState({ status: { ...STATUS, successor } });
  expect(job()).toMatchObject({ phase: 'running', work: 'use' });
  useConnection.setState({ status: { ...STATUS, switchingTo: 'Fashion' } });
  await until(() => expect(job()).toBeUndefined());
  expect(useToast.getState().text).toBe('Match answers with Fashion now');
});
