import type { ImportProgress } from '../../contract/publishing.ts';
import type { ProgressMeter } from './progress-meter.ts';

const PROGRESS_EVERY_MS = 250;

/**
 * Yields the meter's state while `work` runs, and gives its answer. Left early, it stops the work and waits for it. The
 * signal that the work is given stays good after it has ended: what it opened can be used.
 */
export async function* watched<T>(
  meter: ProgressMeter,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): AsyncGenerator<ImportProgress, T> {
  const stop = new AbortController();
  const running = work(AbortSignal.any([signal, stop.signal]));
  let ended = false;
  // Looked at last; a failure must not count as unhandled before that.
  const end = running
    .then(
      () => {},
      () => {},
    )
    .finally(() => {
      ended = true;
    });
  let leftEarly = true;
  try {
    // The phase that has just begun.
    yield meter.now;
    while (!ended) {
      let timer: NodeJS.Timeout | undefined;
      const tick = new Promise((resolve) => {
        timer = setTimeout(resolve, PROGRESS_EVERY_MS);
      });
      await Promise.race([end, tick]);
      clearTimeout(timer);
      yield meter.now;
    }
    leftEarly = false;
  } finally {
    if (leftEarly) stop.abort();
    await end;
  }
  return running;
}
