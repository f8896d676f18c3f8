import { beforeAll, expect, test, vi } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { startConnections, useConnections } from './connections.ts';

const asked = vi.fn();

const handlers = {
  connections: answer.connections.handler(() => {
    asked();
    return { hosts: [], otherRequests: asked.mock.calls.length };
  }),
};

const requests = () => useConnections.getState().connections?.otherRequests ?? 0;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  vi.stubGlobal('document', { hidden: false });
  fakeWindow();
  startConnections();
});

test('the list is read with each engine and every few seconds, but not while nobody can see it', async () => {
  startEngine(handlers);
  await until(() => expect(requests()).toBe(1));
  vi.advanceTimersByTime(3000);
  await until(() => expect(requests()).toBe(2));

  vi.stubGlobal('document', { hidden: true });
  vi.advanceTimersByTime(60_000);
  vi.stubGlobal('document', { hidden: false });
  vi.advanceTimersByTime(3000);
  await until(() => expect(requests()).toBe(3));
});

test('what is known stays on screen when an engine cannot say', async () => {
  const before = useConnections.getState().connections;
  const failed = vi.fn();
  startEngine({
    connections: answer.connections.handler(() => {
      failed();
      throw new Error('busy');
    }),
  });
  await until(() => expect(failed).toHaveBeenCalled());
  expect(useConnections.getState().connections).toBe(before);
});
