import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from './heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SECOND = 1000;

function listen(answers: () => boolean) {
  const told: boolean[] = [];
  const heartbeat: Heartbeat = new Heartbeat(
    () => answers() && queueMicrotask(() => heartbeat.answered()),
    (silent) => told.push(silent),
  );
  return { told, heartbeat };
}

test('a process that has answered is silent within 20 seconds of its last answer, and not within 10', async () => {
  let hangs = false;
  const { told } = listen(() => !hangs);
  await vi.advanceTimersByTimeAsync(61 * SECOND);
  hangs = true;
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(10 * SECOND);
  expect(told).toEqual([true]);
  await vi.advanceTimersByTimeAsync(60 * SECOND);
  hangs = false;
  await vi.advanceTimersByTimeAsync(6 * SECOND);
  expect(told).toEqual([true, false]);
});

test('a process that starts may take a minute', async () => {
  const { told, heartbeat } = listen(() => false);
  await vi.advanceTimersByTimeAsync(59 * SECOND);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(2 * SECOND);
  expect(told).toEqual([true]);
  heartbeat.answered();
  expect(told).toEqual([true, false]);
});

test('one that was stopped is asked no more', async () => {
  const { told, heartbeat } = listen(() => false);
  heartbeat.stop();
  await vi.advanceTimersByTimeAsync(300 * SECOND);
  expect(told).toEqual([]);
});
