import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { vi } from 'vitest';
import { contract } from '../../electron/contract/contract.ts';
import type { Fault } from '../../electron/contract/faults.ts';
import type { ModelInfo } from '../../electron/contract/models.ts';
import type { ShellApi } from '../../electron/contract/shell.ts';
import type { ShellMessage } from '../../electron/contract/shell-message.ts';
import type { Status } from '../../electron/contract/status.ts';
import { startClient } from './client.ts';

/** Makes handlers of the contract. Their inputs and outputs are validated, as the engine's are. */
export const answer = implement(contract);

type Handlers = ConstructorParameters<typeof RPCHandler>[0];

const MODEL: ModelInfo = { id: 'starter', name: 'Starter', tier: 'starter', dim: 4, words: false };

export const SNAPSHOT = {
  version: 7,
  name: 'Autumn',
  source: '/feeds/autumn.json',
  publishedAt: '2026-11-01T08:00:00.000Z',
  products: 12,
  images: 20,
};

/** The reason of an engine's crash. */
export const DIED: Fault = { code: 'ENGINE_DIED', params: { reason: 'without-word', exitCode: 9 } };

export const STATUS: Status = {
  model: MODEL,
  provider: 'CPU',
  subjectModel: null,
  imageDecoder: 'native',
  snapshot: SNAPSHOT,
  catalogFolder: '/data/catalog',
  answeredBy: 'memory',
  loading: null,
  importing: false,
  switchingTo: null,
  successor: null,
  notices: [],
};

/**
 * A replacement for the window, which Node does not have: the shell's API for the page, and a target for the shell's
 * messages. Starts the client. Call it once in a test file.
 */
export function fakeWindow(shell: Partial<ShellApi> = {}): void {
  vi.stubGlobal('window', Object.assign(new EventTarget(), { lookalike: shell }));
  vi.stubGlobal('document', { activeElement: null });
  vi.stubGlobal('requestAnimationFrame', (drawn: () => void) => setTimeout(drawn));
  startClient();
}

/** Posts a message of the shell to the page. */
export function shellSays(data: ShellMessage, ports: readonly MessagePort[] = []): void {
  window.dispatchEvent(Object.assign(new Event('message'), { source: window, data, ports }));
}

/**
 * An engine's process as the page sees it: answers the given part of the contract over a real MessagePort.
 * @returns a function that ends the process like a crash
 */
export function startEngine(handlers: Handlers): { die: () => void } {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(handlers).upgrade(port1);
  port1.start();
  shellSays({ type: 'lookalike:engine-ready' }, [port2]);
  return { die: () => port1.close() };
}

/** Waits until a check passes, however slow the machine is. */
export function until<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 5 });
}

/** Handles `watch` with this status until the call ends. */
export function watching(status: Status) {
  return answer.watch.handler(async function* ({ signal }) {
    yield status;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  });
}
