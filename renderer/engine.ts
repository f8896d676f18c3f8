import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import type { contract } from '../electron/contract/contract.ts';
import { ERROR_MESSAGES, type ErrorCode, LookalikeError } from '../electron/contract/errors.ts';
import { type ShellApi, shellMessage } from '../electron/contract/shell.ts';
import { cloneWhenBinary } from '../electron/contract/transfer.ts';

declare global {
  interface Window {
    lookalike: ShellApi;
  }
}

type NoContext = Record<never, never>;

export type EngineState =
  | { phase: 'starting' }
  | { phase: 'ready'; link: ClientLink<NoContext>; died: AbortController }
  | { phase: 'restarting' }
  /** Given up: only `window.lookalike.restartEngine()` brings it back. */
  | { phase: 'stopped' };

export const engineState = createStore<EngineState>(() => ({ phase: 'starting' }));

function connect(port: MessagePort): void {
  stopCalls();
  const link = new RPCLink<NoContext>({ port, experimental_transfer: cloneWhenBinary });
  port.start();
  engineState.setState({ phase: 'ready', link, died: new AbortController() }, true);
}

function disconnect(restarting: boolean): void {
  const before = engineState.getState();
  engineState.setState({ phase: restarting ? 'restarting' : 'stopped' }, true);
  stopCalls(before);
}

function stopCalls(state = engineState.getState()): void {
  if (state.phase === 'ready') state.died.abort(new LookalikeError('ENGINE_STOPPED'));
}

window.addEventListener('message', (event) => {
  if (event.source !== window) return;
  const message = shellMessage.safeParse(event.data);
  if (!message.success) return;
  if (message.data.type === 'lookalike:engine-stopped') disconnect(message.data.restarting);
  else if (event.ports[0]) connect(event.ports[0]);
});

/** Waits while the engine is starting or restarting. Throws ENGINE_STOPPED once it has given up. */
function connected(): Promise<Extract<EngineState, { phase: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const settle = (state: EngineState) => {
      if (state.phase === 'ready') resolve(state);
      else if (state.phase === 'stopped') reject(new LookalikeError('ENGINE_STOPPED'));
      else return false;
      return true;
    };
    if (settle(engineState.getState())) return;
    const unsubscribe = engineState.subscribe((state) => {
      if (settle(state)) unsubscribe();
    });
  });
}

const link: ClientLink<NoContext> = {
  async call(path, input, options) {
    const { link, died } = await connected();
    const signal = options.signal ? AbortSignal.any([options.signal, died.signal]) : died.signal;
    return link.call(path, input, { ...options, signal });
  },
};

/**
 * The engine, whichever process it is now. A call waits for a (re)starting engine; one that is in flight when the
 * engine dies fails with ENGINE_STOPPED.
 */
export const engine: ContractRouterClient<typeof contract> = createORPCClient(link);

/** Runs `ask`, and once more if the engine dies meanwhile. `onRestart` is told before the second time. */
export async function askAgainAfterRestart<T>(ask: () => Promise<T>, onRestart: () => void): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const stopped = asLookalikeError(error).code === 'ENGINE_STOPPED';
    if (!stopped || engineState.getState().phase === 'stopped') throw error;
    onRestart();
    return ask();
  }
}

const errorData = z.object({ item: z.string() });

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_MESSAGES, code);
}

/** Whatever a call threw, as the one kind of error the screens show. */
export function asLookalikeError(error: unknown): LookalikeError {
  if (error instanceof LookalikeError) return error;
  if (!(error instanceof ORPCError) || !isErrorCode(error.code)) {
    return new LookalikeError('INTERNAL', { cause: error });
  }
  const data = errorData.safeParse(error.data);
  return new LookalikeError(error.code, { detail: error.message, ...data.data });
}
