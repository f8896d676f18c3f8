import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ProviderState } from '../../electron/contract/models.ts';
import { engineState } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { answer, fakeWindow, STATUS, startEngine, until } from '../engine/test-engine.ts';
import { startProviders, tryProvider, useProviders } from './providers.ts';

const provider = (id: ProviderState['id'], state: ProviderState['state']): ProviderState => ({
  id,
  name: id,
  state,
  fault: null,
  msPerImage: null,
});
const OFFERED = [provider('cpu', 'in use'), provider('cuda', 'offered')];
const USED = [provider('cpu', 'offered'), provider('cuda', 'in use')];
const FAILED = [provider('cpu', 'in use'), provider('cuda', 'failed')];

const listing = (providers: ProviderState[]) => ({
  listProviders: answer.listProviders.handler(() => providers),
});

beforeAll(() => {
  fakeWindow();
  startProviders();
});

beforeEach(() => {
  useProviders.setState({ providers: null, trying: null, error: null });
});

test('the providers are read again with another model', async () => {
  startEngine(listing(OFFERED));
  useConnection.setState({ status: STATUS });
  await until(() => expect(useProviders.getState().providers).toEqual(OFFERED));
});

test('one that is tried and works is used; another is not tried meanwhile', async () => {
  let finish: () => void = () => {};
  const tried = vi.fn();
  startEngine({
    ...listing(OFFERED),
    useProvider: answer.useProvider.handler(async ({ input }) => {
      tried(input.id);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return USED;
    }),
  });
  const ended = tryProvider('cuda');
  await until(() => expect(tried).toHaveBeenCalled());
  await tryProvider('cpu');
  finish();
  await ended;
  expect(tried).toHaveBeenCalledOnce();
  expect(useProviders.getState()).toMatchObject({ providers: USED, trying: null });
});

test('one that takes the engine with it is not tried again: the list says that it failed', async () => {
  const tried = vi.fn();
  const handlers = {
    ...listing(FAILED),
    useProvider: answer.useProvider.handler(() => {
      tried();
      dying.die();
      return new Promise<never>(() => {});
    }),
  };
  const dying = startEngine(handlers);
  const ended = tryProvider('cuda');
  await until(() => expect(engineState.getState().phase).toBe('restarting'));
  startEngine(handlers);
  await ended;
  expect(tried).toHaveBeenCalledOnce();
  expect(useProviders.getState()).toMatchObject({ providers: FAILED, trying: null, error: null });
});

test('what the engine refuses is said', async () => {
  startEngine({
    ...listing(OFFERED),
    useProvider: answer.useProvider.handler(({ errors }) => {
      throw errors.MODEL_BUSY({ data: { item: 'cuda' } });
    }),
  });
  await tryProvider('cuda');
  expect(useProviders.getState()).toMatchObject({ trying: null, error: { code: 'MODEL_BUSY' } });
});
