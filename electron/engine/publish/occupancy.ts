import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { FaultParams } from '../../contract/faults.ts';
import type { ImportProgress } from '../../contract/publishing.ts';
import { ProgressMeter } from '../work/progress-meter.ts';

/** How often a waiting sync checks whether the previous one has ended, in milliseconds. */
const TURN_EVERY_MS = 100;

/** What is writing the catalog. */
export type Occupation = FaultParams['CATALOG_BUSY'];
export const IMPORTING: Occupation = { by: 'import', model: null };

/**
 * Lets only one task of this process write the catalog at a time. The lock of the folder does the same between processes.
 */
export class Occupancy {
  readonly #onChange: () => void;
  #occupation: Occupation | null = null;

  /** @param onChange called when a write starts and when it has ended */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get busy(): boolean {
    return this.#occupation !== null;
  }

  /**
   * Keeps other tasks from writing the catalog until the returned function is called.
   * @param reason what the error of the other tasks says
   * @throws LookalikeError CATALOG_BUSY
   */
  occupy(reason: Occupation): () => void {
    if (this.#occupation !== null)
      throw new LookalikeError({ code: 'CATALOG_BUSY', params: this.#occupation });
    this.#set(reason);
    return () => this.#set(null);
  }

  /**
   * Waits for the sync in progress, and then occupies the catalog for the next one.
   * @throws LookalikeError CATALOG_BUSY when something other than a sync is writing; CANCELLED
   */
  async *turnForImport(signal: AbortSignal): AsyncGenerator<ImportProgress, () => void> {
    const meter = new ProgressMeter();
    meter.start('waiting', null);
    while (this.#occupation?.by === 'import') {
      yield meter.now;
      await wait(TURN_EVERY_MS, undefined, { signal }).catch((cause: unknown) => {
        throw new LookalikeError('CANCELLED', { cause });
      });
    }
    return this.occupy(IMPORTING);
  }

  #set(occupation: Occupation | null): void {
    this.#occupation = occupation;
    this.#onChange();
  }
}
