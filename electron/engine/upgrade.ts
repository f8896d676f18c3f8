import type { UpgradeProgress } from '../contract/status.ts';
import { ProgressMeter } from './work/progress-meter.ts';

/** Follows an opening engine that brings the catalog of an earlier version forward. */
export class Upgrade {
  #meter: ProgressMeter | null = null;
  #done = 0;

  /** How far it is; null when none is under way. */
  get now(): UpgradeProgress | null {
    if (!this.#meter) return null;
    const { done, total, rate, secondsLeft } = this.#meter.now;
    return { done, total: total ?? done, rate, secondsLeft };
  }

  /** @param done pictures and rows so far, the same as last time or more */
  readonly note = (done: number, total: number): void => {
    if (!this.#meter) {
      this.#meter = new ProgressMeter();
      this.#meter.start('reading', total);
    }
    this.#meter.advance(done - this.#done);
    this.#done = done;
  };

  /** It is done, or has failed. */
  end(): void {
    this.#meter = null;
    this.#done = 0;
  }
}
