import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createStore } from 'zustand/vanilla';
import type { contract } from '../../electron/contract/contract.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import { type Fault, fault } from '../../electron/contract/faults.ts';
import { errorData } from '../../electron/contract/procedure.ts';
import type { ShellApi } from '../../electron/contract/shell.ts';
import { shellMessage } from '../../electron/contract/shell-message.ts';
import { cloneWhenBinary } from '../../electron/contract/transfer.ts';

declare global {
  interface Window {
    lookalike: ShellApi;
  }
}

type NoContext = Record<never, never>;

export type EngineState =
  | { phase: 'starting' }
  | { phase: 'ready'; link: ClientLink<NoContext>; died: AbortController }
  /** With the reason, once the shell has sent it. */
  | { phase: 'restarting'; fault: Fault | null }
  /** It has failed too often: only `restartEngine` starts it again. */
  | { phase: 'stopped'; fault: Fault };

export const engineState = createStore<EngineState>(() => ({ phase: 'starting' }));

/** Whether the engine's process is running and has not answered for a while. It may answer again. */
export const engineSilence = createStore<{ silent: boolean }>(() => ({ silent: false }));

/** Changes the state. Calls to an engine that has stopped fail with ENGINE_STOPPED. */
function become(next: EngineState): void {
  const before = engineState.getState();
  engineSilence.setState({ silent: false });
  engineState.setState(next, true);
  if (before.phase === 'ready') before.died.abort(new LookalikeError('ENGINE_STOPPED'));
}

function connect(port: MessagePort): void {
  // A port may close before the shell has sent the reason. This listener is added before oRPC's, so that calls fail with a
  // reason.
  port.addEventListener('close', () => {
    const state = engineState.getState();
    if (state.phase === 'ready' && state.link === link) become({ phase: 'restarting', fault: null });
  });
  const link = new RPCLink<NoContext>({ port, experimental_transfer: cloneWhenBinary });
  port.start();
  become({ phase: 'ready', link, died: new AbortController() });
}

/** Asks the shell for a new engine instead of one that was given up or does not answer. Calls wait for it from now on. */
export function restartEngine(): void {
  if (engineState.getState().phase === 'stopped') become({ phase: 'restarting', fault: null });
  window.lookalike.restartEngine();
}

/** Listens for the shell's messages about the engine's process, and connects to each engine that starts. */
export function startClient(): void {
  window.addEventListener('message', (event) => {
    if (event.source !== window) return;
    const message = shellMessage.safeParse(event.data);
    if (!message.success) return;
    const { data } = message;
    switch (data.type) {
      case 'lookalike:engine-ready':
        if (event.ports[0]) connect(event.ports[0]);
        return;
      case 'lookalike:engine-silent':
        engineSilence.setState({ silent: data.silent });
        return;
      case 'lookalike:engine-stopped':
        become({ phase: data.restarting ? 'restarting' : 'stopped', fault: data.fault });
    }
  });
}

/** Waits while the engine is starting or restarting. Throws ENGINE_STOPPED once it was given up. */
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
 * The engine, whichever process it is now. A call waits for an engine that is (re)starting. A call that is in progress when
 * the engine stops fails with ENGINE_STOPPED.
 */
export const engine: ContractRouterClient<typeof contract> = createORPCClient(link);

/**
 * Runs `ask`, and once more if the engine stops meanwhile. `onRestart` is called before the second time. The connection
 * tells whether the engine stopped, because a call that was reading a stream fails with oRPC's own error.
 */
export async function askAgainAfterRestart<T>(ask: () => Promise<T>, onRestart: () => void): Promise<T> {
  const { died } = await connected();
  try {
    return await ask();
  } catch (error) {
    if (!died.signal.aborted) throw error;
    if (engineState.getState().phase === 'stopped') throw died.signal.reason;
    onRestart();
    return ask();
  }
}

/** Converts whatever a call threw to the error that the screens show. */
export function asLookalikeError(error: unknown): LookalikeError {
  if (error instanceof LookalikeError) return error;
  if (!(error instanceof ORPCError)) return unexpected(error);
  const { params = {}, item } = errorData.safeParse(error.data).data ?? {};
  const about = item === undefined ? {} : { item };
  const { data: known } = fault.safeParse({ code: error.code, params });
  return known ? new LookalikeError(known, about) : unexpected(error);
}

function unexpected(cause: unknown): LookalikeError {
  return new LookalikeError({ code: 'INTERNAL', params: { said: null } }, { cause });
}
