import type { UpgradeProgress } from '../contract/status.ts';
import { ProgressMeter } from './work/progress-meter.ts';

/** The progress of an opening engine that migrates the catalog of an earlier version. */
export class Upgrade {
  #meter: ProgressMeter | null = null;
  #done = 0;

  /** The progress; null when no migration is running. */
  get now(): UpgradeProgress | null {
    if (!this.#meter) return null;
    const { done, total, rate, secondsLeft } = this.#meter.now;
    return { done, total: total ?? done, rate, secondsLeft };
  }

  /** @param done pictures and rows so far; never less than the last time */
  readonly note = (done: number, total: number): void => {
    if (!this.#meter) {
      this.#meter = new ProgressMeter();
      this.#meter.start('reading', total);
    }
    this.#meter.advance(done - this.#done);
    this.#done = done;
  };

  /** The migration is complete, or has failed. */
  end(): void {
    this.#meter = null;
    this.#done = 0;
  }
}
