import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Status } from '../../electron/contract/status.ts';
import {
  askAgainAfterRestart,
  asLookalikeError,
  engine,
  engineSilence,
  engineState,
  restartEngine,
} from './client.ts';
import { dismissRestart, followStatus, noteResumed, startConnection, useConnection } from './connection.ts';
import { answer, DIED, fakeWindow, STATUS, shellSays, startEngine, until, watching } from './test-engine.ts';

const restarted = vi.fn();

beforeAll(() => {
  fakeWindow({ restartEngine: restarted });
  startConnection();
});

beforeEach(() => {
  useConnection.setState({ status: null, problem: null, restart: null });
});

test('the status is what the engine last said', async () => {
  startEngine({ watch: watching({ ...STATUS, importing: true }) });
  await until(() => expect(useConnection.getState().status?.importing).toBe(true));
});

test('an engine that cannot say how it is says why, and can be asked again', async () => {
  let broken = true;
  startEngine({
    watch: answer.watch.handler(async function* ({ errors }) {
      if (broken) throw errors.CATALOG_UNREADABLE({ data: { item: '/data' } });
      yield STATUS;
    }),
  });
  await until(() =>
    expect(useConnection.getState().problem).toMatchObject({ code: 'CATALOG_UNREADABLE', item: '/data' }),
  );
  broken = false;
  await followStatus();
  expect(useConnection.getState()).toMatchObject({ problem: null, status: STATUS });
});

test('a restart is owned up to with its reason, which may come after the port has closed', async () => {
  const first = startEngine({ watch: watching(STATUS) });
  await until(() => expect(useConnection.getState().status).not.toBeNull());
  first.die();
  await until(() => expect(engineState.getState().phase).toBe('restarting'));
  noteResumed('Your photo was asked again.');
  shellSays({ type: 'lookalike:engine-stopped', restarting: true, fault: DIED });
  startEngine({ watch: watching(STATUS) });
  expect(useConnection.getState().restart).toEqual({
    fault: DIED,
    resumed: ['Your photo was asked again.'],
  });
  dismissRestart();
  expect(useConnection.getState().restart).toBeNull();
});

test('a call that waits for an engine is answered by the next, and fails when there will be none', async () => {
  shellSays({ type: 'lookalike:engine-stopped', restarting: true, fault: DIED });
  const waiting = engine.status();
  startEngine({ watch: watching(STATUS), status: answer.status.handler(() => STATUS) });
  expect(await waiting).toEqual(STATUS);

  shellSays({ type: 'lookalike:engine-stopped', restarting: false, fault: DIED });
  expect(engineState.getState()).toEqual({ phase: 'stopped', fault: DIED });
  await expect(engine.status()).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
  restartEngine();
  expect(restarted).toHaveBeenCalledOnce();
  expect(engineState.getState().phase).toBe('restarting');
});

test('a question whose engine dies is asked again once; what the engine refuses is not', async () => {
  const onRestart = vi.fn();
  const dying = startEngine({
    watch: watching(STATUS),
    status: answer.status.handler(() => {
      dying.die();
      return new Promise<Status>(() => {});
    }),
  });
  const asked = askAgainAfterRestart(() => engine.status(), onRestart);
  await until(() => expect(onRestart).toHaveBeenCalledOnce());
  startEngine({ watch: watching(STATUS), status: answer.status.handler(() => STATUS) });
  expect(await asked).toEqual(STATUS);

  startEngine({
    watch: watching(STATUS),
    status: answer.status.handler(({ errors }) => {
      throw errors.CATALOG_UNREADABLE({ data: {} });
    }),
  });
  const refused = askAgainAfterRestart(() => engine.status(), onRestart).catch(asLookalikeError);
  expect(await refused).toMatchObject({ code: 'CATALOG_UNREADABLE' });
  expect(onRestart).toHaveBeenCalledOnce();
});

test('silence is told and forgotten, and is over with the next engine', () => {
  shellSays({ type: 'lookalike:engine-silent', silent: true });
  expect(engineSilence.getState().silent).toBe(true);
  shellSays({ type: 'lookalike:engine-silent', silent: false });
  expect(engineSilence.getState().silent).toBe(false);
  shellSays({ type: 'lookalike:engine-silent', silent: true });
  startEngine({ watch: watching(STATUS) });
  expect(engineSilence.getState().silent).toBe(false);
});

test('messages that are not the shell’s are ignored', () => {
  const before = engineState.getState();
  window.dispatchEvent(
    Object.assign(new Event('message'), {
      source: null,
      data: { type: 'lookalike:engine-stopped', restarting: false, fault: DIED },
      ports: [],
    }),
  );
  expect(engineState.getState()).toBe(before);
});
