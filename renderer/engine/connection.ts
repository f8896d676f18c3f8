import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { Fault } from '../../electron/contract/faults.ts';
import type { Status } from '../../electron/contract/status.ts';
import { asLookalikeError, engine, engineState } from './client.ts';

interface Connection {
  /** What the engine last said about itself; null until it first speaks. */
  status: Status | null;
  /** Why the engine cannot say how it is, e.g. a missing model. */
  problem: LookalikeError | null;
  /** Set when the engine died and came back: why it died, and what was asked again by itself, as sentences. */
  restart: { fault: Fault | null; resumed: readonly string[] } | null;
}

export const useConnection = create<Connection>(() => ({ status: null, problem: null, restart: null }));

/** Adds a sentence to the line that owns up to a restart. */
export function noteResumed(sentence: string): void {
  useConnection.setState(({ restart }) => ({
    restart: { fault: restart?.fault ?? null, resumed: [...(restart?.resumed ?? []), sentence] },
  }));
}

export function dismissRestart(): void {
  useConnection.setState({ restart: null });
}

/** Asks again how the engine is. One that could not open tries to, whenever it is asked. */
export async function followStatus(): Promise<void> {
  try {
    for await (const status of await engine.watch()) useConnection.setState({ status, problem: null });
  } catch (error) {
    const problem = asLookalikeError(error);
    // The next engine is followed when it is ready; its death is told by `engineState`.
    if (problem.code !== 'ENGINE_STOPPED') useConnection.setState({ problem });
  }
}

/** Follows each engine's status, and owns up to restarts. */
export function startConnection(): void {
  engineState.subscribe((state, before) => {
    if (state.phase === 'ready') void followStatus();
    if (state.phase === 'restarting') {
      // The port may close before the shell says why.
      const { restart } = useConnection.getState();
      const resumed = before.phase === 'restarting' ? (restart?.resumed ?? []) : [];
      useConnection.setState({ restart: { fault: state.fault, resumed } });
    }
    if (state.phase === 'stopped') useConnection.setState({ restart: null });
  });
}
