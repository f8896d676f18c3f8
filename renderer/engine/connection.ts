import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { Fault } from '../../electron/contract/faults.ts';
import type { Status } from '../../electron/contract/status.ts';
import { asLookalikeError, engine, engineState } from './client.ts';

interface Connection {
  /** The engine's last status; null until the first one. */
  status: Status | null;
  /** Why the engine has no status, e.g. a missing model. */
  problem: LookalikeError | null;
  /** Set when the engine stopped and was restarted: the reason, and sentences about what was tried again automatically. */
  restart: { fault: Fault | null; resumed: readonly string[] } | null;
}

export const useConnection = create<Connection>(() => ({ status: null, problem: null, restart: null }));

/** Adds a sentence to the line that reports a restart. */
export function noteResumed(sentence: string): void {
  useConnection.setState(({ restart }) => ({
    restart: { fault: restart?.fault ?? null, resumed: [...(restart?.resumed ?? []), sentence] },
  }));
}

export function dismissRestart(): void {
  useConnection.setState({ restart: null });
}

/** Follows the status again. An engine that failed to open tries again at every call. */
export async function followStatus(): Promise<void> {
  try {
    for await (const status of await engine.watch()) useConnection.setState({ status, problem: null });
  } catch (error) {
    const problem = asLookalikeError(error);
    // The next engine is followed when it is ready; `engineState` reports that this one stopped.
    if (problem.code !== 'ENGINE_STOPPED') useConnection.setState({ problem });
  }
}

/** Follows each engine's status, and reports restarts. */
export function startConnection(): void {
  engineState.subscribe((state, before) => {
    if (state.phase === 'ready') void followStatus();
    if (state.phase === 'restarting') {
      // The port may close before the shell sends the reason.
      const { restart } = useConnection.getState();
      const resumed = before.phase === 'restarting' ? (restart?.resumed ?? []) : [];
      useConnection.setState({ restart: { fault: state.fault, resumed } });
    }
    if (state.phase === 'stopped') useConnection.setState({ restart: null });
  });
}
