import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';

/** How long one sync waits in total, with nothing else to do, for servers that ask to wait. */
const MOST_WAIT_MS = 10 * 60_000;
/** After a sync that made no progress between its waits, the next one starts no sooner than this. */
const FRUITLESS_WAIT_MS = 3_600_000;

/** The waits of one sync, for its feed and its pictures together. The sync's progress shows them. */
export class Waits {
  readonly #meter: ProgressMeter;
  #leftMs = MOST_WAIT_MS;

  constructor(meter: ProgressMeter) {
    this.#meter = meter;
  }

  /** Whether this sync may wait until then, in milliseconds since the epoch. */
  allows(until: number): boolean {
    return until - Date.now() <= this.#leftMs;
  }

  /**
   * Waits until the host accepts requests again.
   * @param until in milliseconds since the epoch
   * @returns false at once when the wait is longer than this sync allows
   * @throws LookalikeError CANCELLED
   */
  async until(host: string, until: number, signal: AbortSignal): Promise<boolean> {
    if (!this.allows(until)) return false;
    const ms = Math.max(0, until - Date.now());
    this.#leftMs -= ms;
    this.#meter.wait(host, until);
    try {
      await wait(ms, undefined, { signal });
    } catch (cause) {
      throw new LookalikeError('CANCELLED', { cause });
    } finally {
      this.#meter.wait(host, null);
    }
    return true;
  }

  /**
   * The time of the next sync, when this one does not wait for its servers.
   * @param until when the first server accepts requests again
   * @param fruitful whether this sync finished something that the next one need not do again
   */
  retryAt(until: number, fruitful: boolean): string {
    const waitedInVain = !fruitful && this.#leftMs < MOST_WAIT_MS;
    return new Date(waitedInVain ? Math.max(until, Date.now() + FRUITLESS_WAIT_MS) : until).toISOString();
  }
}
