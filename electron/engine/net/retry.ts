import { setTimeout as wait } from 'node:timers/promises';
import { isTemporary, StatusError } from './failure.ts';

/** How much of a server's trouble is put up with. */
export interface Patience {
  /** Tries in a row, in all. */
  tries: number;
  /** The wait before the second try lies between half of this and this; before each one after, of twice as much. */
  backoffMs: number;
  /** A server that asks (Retry-After) for a longer wait is given up: asking earlier than told would be no better. */
  longestWaitMs: number;
  /** A server that sends nothing for so long counts as hung. */
  idleMs: number;
}

export const PATIENCE: Patience = { tries: 4, backoffMs: 500, longestWaitMs: 30_000, idleMs: 15_000 };

export interface Persistence {
  patience: Patience;
  signal: AbortSignal;
  /** As `performance.now()`: no try begins after it. */
  deadline?: number;
  /** Whether the last try brought something: a poor line gets there in the end, so its tries are counted anew. */
  progressed?: () => boolean;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or has been tried often enough. Only what may succeed a moment
 * later (`isTemporary`) is tried again.
 * @throws what the last attempt threw
 */
export async function persistently<T>(attempt: () => Promise<T>, how: Persistence): Promise<T> {
  const { patience, signal, deadline = Number.POSITIVE_INFINITY, progressed } = how;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (cause) {
      if (progressed?.()) tries = 1;
      const pause = tries < patience.tries ? pauseAfter(cause, tries, patience) : null;
      if (signal.aborted || pause === null || performance.now() + pause > deadline) throw cause;
      await wait(pause, undefined, { signal });
    }
  }
}

/** Milliseconds to wait before the next try, or null when there should be none. */
function pauseAfter(cause: unknown, tries: number, { backoffMs, longestWaitMs }: Patience): number | null {
  if (!isTemporary(cause)) return null;
  const asked = cause instanceof StatusError ? cause.retryAfterMs : 0;
  if (asked > longestWaitMs) return null;
  // Spread, so that requests which failed together do not come back together.
  return asked + backoffMs * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
}
