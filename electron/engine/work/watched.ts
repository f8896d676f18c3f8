import type { ImportProgress } from '../../contract/publishing.ts';
import type { ProgressMeter } from './progress-meter.ts';

const PROGRESS_EVERY_MS = 250;

/**
 * Yields the meter's state while `work` runs, and returns the result of `work`. If the caller stops iterating, the work is
 * aborted and awaited. The signal stays usable after the work has ended, for what the work opened.
 */
export async function* watched<T>(
  meter: ProgressMeter,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): AsyncGenerator<ImportProgress, T> {
  const stop = new AbortController();
  const running = work(AbortSignal.any([signal, stop.signal]));
  let ended = false;
  // The result is awaited last. A failure must not count as an unhandled rejection before that.
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
    // Yield the phase that has just begun.
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
