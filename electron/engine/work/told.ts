import { setTimeout } from 'node:timers/promises';

const EVERY_MS = 300;

/**
 * The result of work, and how far it is about three times a second until then. Quick work is not told of at all.
 * @param progress null while there is nothing to tell
 */
export async function* told<P, T>(work: Promise<T>, progress: () => P | null): AsyncGenerator<P, T> {
  const ended = new AbortController();
  // Its failure is that of `work`, which is waited for below, or nobody's once the asker has gone.
  work.finally(() => ended.abort()).catch(() => {});
  while (!ended.signal.aborted) {
    await setTimeout(EVERY_MS, undefined, { signal: ended.signal }).catch(() => {});
    const now = ended.signal.aborted ? null : progress();
    if (now !== null) yield now;
  }
  return work;
}
