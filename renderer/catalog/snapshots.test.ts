import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SnapshotInfo } from '../../electron/contract/catalog.ts';
import { useConnection } from '../engine/connection.ts';
import { answer, fakeWindow, SNAPSHOT, STATUS, startEngine, until } from '../engine/test-engine.ts';
import { openPane } from './catalog-pane.ts';
import {
  cancelExport,
  exportPack,
  removeSetAside,
  rollBack,
  startSnapshots,
  useSnapshots,
} from './snapshots.ts';

const info = (version: number, live = false): SnapshotInfo => ({
  ...SNAPSHOT,
  version,
  modelId: 'starter',
  seconds: null,
  replaced: null,
  live,
  damaged: false,
});

let kept: SnapshotInfo[] = [];
const chooseSavePath = vi.fn<(suggested: string) => Promise<string | null>>();
const removed = vi.fn();

const handlers = {
  listSnapshots: answer.listSnapshots.handler(() => kept),
  diskUse: answer.diskUse.handler(() => ({ bytes: 5_000_000, files: 12 })),
  listModels: answer.listModels.handler(() => []),
  rollBack: answer.rollBack.handler(({ input, errors }) => {
    const target = kept.find(({ version }) => version === input.version);
    if (!target) throw errors.SNAPSHOT_UNKNOWN({ data: { item: String(input.version) } });
    kept = kept.map((each) => ({ ...each, live: each === target }));
    return { ...target, live: true };
  }),
  removeSetAside: answer.removeSetAside.handler(() => removed()),
};

const shown = () =>
  useSnapshots.getState().snapshots?.map(({ version, live }) => (live ? -version : version));

beforeAll(() => {
  fakeWindow({ chooseSavePath });
  startSnapshots();
});

beforeEach(async () => {
  kept = [info(7, true), info(6)];
  useSnapshots.setState(useSnapshots.getInitialState(), true);
  startEngine(handlers);
  useConnection.setState({ status: { ...STATUS } });
  await until(() => expect(shown()).toEqual([-7, 6]));
});

test('the list is read again with each status, and what cannot be read leaves the old one with its reason', async () => {
  expect(useSnapshots.getState().disk).toEqual({ bytes: 5_000_000, files: 12 });
  kept = [info(8, true), info(7), info(6)];
  useConnection.setState({ status: { ...STATUS } });
  await until(() => expect(shown()).toEqual([-8, 7, 6]));

  startEngine({
    ...handlers,
    listSnapshots: answer.listSnapshots.handler(({ errors }) => {
      throw errors.CATALOG_UNREADABLE({ data: {} });
    }),
  });
  useConnection.setState({ status: { ...STATUS } });
  await until(() => expect(useSnapshots.getState().unread).toMatchObject({ code: 'CATALOG_UNREADABLE' }));
  expect(shown()).toEqual([-8, 7, 6]);
});

test('rolling back says what it did until something else is live', async () => {
  await rollBack(6);
  expect(shown()).toEqual([7, -6]);
  expect(useSnapshots.getState().moved).toMatchObject({ from: { version: 7 }, to: { version: 6 } });
  useConnection.setState({ status: { ...STATUS, snapshot: { ...SNAPSHOT, version: 6 } } });
  expect(useSnapshots.getState().moved).not.toBeNull();
  useConnection.setState({ status: { ...STATUS, snapshot: { ...SNAPSHOT, version: 8 } } });
  expect(useSnapshots.getState().moved).toBeNull();
});

test('a roll back that fails says why, and nothing has moved', async () => {
  await rollBack(3);
  expect(useSnapshots.getState()).toMatchObject({
    moved: null,
    error: { code: 'SNAPSHOT_UNKNOWN', item: '3' },
  });
  expect(shown()).toEqual([-7, 6]);
});

test('an export asks where to, shows its progress, and says what it saved until one has gone on', async () => {
  let finish: () => void = () => {};
  startEngine({
    ...handlers,
    exportPack: answer.exportPack.handler(async function* ({ input }) {
      yield { phase: 'writing', done: 1, total: 2 };
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return {
        path: input.path,
        notReplaced: null,
        bytes: 42,
        snapshot: info(7, true),
        signed: false,
        seconds: 1,
      };
    }),
  });
  chooseSavePath.mockResolvedValueOnce('/sticks/a/autumn.lookalike-pack');
  const ended = exportPack('Autumn / Winter: 26');
  await until(() =>
    expect(useSnapshots.getState().export).toMatchObject({ phase: 'running', progress: { done: 1 } }),
  );
  expect(chooseSavePath).toHaveBeenCalledWith('Autumn - Winter- 26.lookalike-pack');
  finish();
  await ended;
  expect(useSnapshots.getState().export).toEqual({
    phase: 'done',
    file: 'autumn.lookalike-pack',
    bytes: 42,
  });
  openPane({ kind: 'comparison', from: 6, to: 7 });
  expect(useSnapshots.getState().export).toBeNull();
});

test('an export that is cancelled, in the dialog or later, leaves nothing to be said', async () => {
  chooseSavePath.mockResolvedValueOnce(null);
  await exportPack('Autumn');
  expect(useSnapshots.getState().export).toBeNull();

  startEngine({
    ...handlers,
    exportPack: answer.exportPack.handler(async function* ({ signal, errors }) {
      yield { phase: 'writing', done: 1, total: 2 };
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      throw errors.CANCELLED({ data: {} });
    }),
  });
  chooseSavePath.mockResolvedValueOnce('/sticks/autumn.lookalike-pack');
  const ended = exportPack('Autumn');
  await until(() => expect(useSnapshots.getState().export).toMatchObject({ progress: { done: 1 } }));
  cancelExport();
  await ended;
  expect(useSnapshots.getState()).toMatchObject({ export: null, error: null });
});

test('an export that fails says why', async () => {
  startEngine({
    ...handlers,
    exportPack: answer.exportPack.handler(async function* ({ errors }) {
      yield { phase: 'writing', done: 1, total: 2 };
      throw errors.STORAGE_FAILED({ data: { item: '/sticks/autumn.lookalike-pack' } });
    }),
  });
  chooseSavePath.mockResolvedValueOnce('/sticks/autumn.lookalike-pack');
  await exportPack('Autumn');
  expect(useSnapshots.getState()).toMatchObject({ export: null, error: { code: 'STORAGE_FAILED' } });
});

test('damaged files that were set aside are removed on request', async () => {
  await removeSetAside();
  expect(removed).toHaveBeenCalledOnce();
});
