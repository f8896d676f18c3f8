import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';

/** How long a sync waits in all, with nothing else to do, for servers that ask to be left alone. */
const MOST_WAIT_MS = 10 * 60_000;
/** A sync that got nothing out of its waits is not gone on with sooner. */
const FRUITLESS_WAIT_MS = 3_600_000;

/** The waits of one sync, for its feed and its pictures together, shown by its progress. */
export class Waits {
  readonly #meter: ProgressMeter;
  #leftMs = MOST_WAIT_MS;

  constructor(meter: ProgressMeter) {
    this.#meter = meter;
  }

  /** Whether this sync can wait until then. */
  allows(until: number): boolean {
    return until - Date.now() <= this.#leftMs;
  }

  /**
   * Waits until the host may be asked again.
   * @param until in milliseconds since the epoch
   * @returns false at once when the sync does not wait that long
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
   * When to go on with a sync that does not wait for its servers.
   * @param until when the first of them may be asked again
   * @param fruitful whether this sync got anything done that the next one need not do again
   */
  retryAt(until: number, fruitful: boolean): string {
    const waitedInVain = !fruitful && this.#leftMs < MOST_WAIT_MS;
    return new Date(waitedInVain ? Math.max(until, Date.now() + FRUITLESS_WAIT_MS) : until).toISOString();
  }
}
