import { setTimeout as wait } from 'node:timers/promises';
import { isTemporary, StatusError } from './failure.ts';

/** The limits of retrying a request. */
export interface Patience {
  /** The most tries without progress. */
  tries: number;
  /** The wait before the second try is between half of this and this. Each further wait is twice as long. */
  backoffMs: number;
  /** A server that asks (Retry-After) for a longer wait is given up: asking earlier would not help. */
  longestWaitMs: number;
  /** A server that sends nothing for this long counts as hung. */
  idleMs: number;
}

export const PATIENCE: Patience = { tries: 4, backoffMs: 500, longestWaitMs: 30_000, idleMs: 15_000 };

export interface Persistence {
  patience: Patience;
  signal: AbortSignal;
  /** In the time of `performance.now()`: no try begins later. */
  deadline?: number;
  /** Whether the last try made progress. If so, tries are counted anew, because a poor line finishes in the end. */
  progressed?: () => boolean;
}

/**
 * Runs `attempt` until it succeeds, fails permanently, or has been tried often enough. Only temporary failures
 * (`isTemporary`) are tried again.
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
  const retryAfterMs = cause instanceof StatusError ? cause.retryAfterMs : 0;
  if (retryAfterMs > longestWaitMs) return null;
  // Random, so that requests that failed together are not tried again together.
  return retryAfterMs + backoffMs * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
}
