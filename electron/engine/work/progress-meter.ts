import type { ImportProgress } from '../../contract/publishing.ts';

/** Rates are averaged over this time: short enough to follow a change, long enough not to flicker. */
const WINDOW_MS = 5000;

/** Until a phase has taken this long its rate says nothing: the first step would look like millions a second. */
const LEAST_SECONDS = 0.5;

/** Counts the work of one phase at a time, with the rate and the time left. */
export class ProgressMeter {
  #phase: ImportProgress['phase'] = 'reading';
  #done = 0;
  #total: number | null = null;
  #marks: { at: number; done: number }[] = [];
  #waiting: ImportProgress['waiting'];

  start(phase: ImportProgress['phase'], total: number | null): void {
    this.#phase = phase;
    this.#done = 0;
    this.#total = total;
    this.#marks = [{ at: performance.now(), done: 0 }];
  }

  /** Notes that the sync waits until then because a server asks for it; null when it goes on. */
  wait(host: string, until: number | null): void {
    this.#waiting = until === null ? undefined : { host, until: new Date(until).toISOString() };
  }

  advance(count = 1): void {
    this.#done += count;
  }

  get now(): ImportProgress {
    const at = performance.now();
    this.#marks.push({ at, done: this.#done });
    while (this.#marks.length > 2 && at - (this.#marks[0]?.at ?? at) > WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    const rate = first && seconds >= LEAST_SECONDS ? (this.#done - first.done) / seconds : 0;
    const secondsLeft = this.#total === null ? null : secondsFor(this.#total - this.#done, rate);
    const waiting = this.#waiting && { waiting: this.#waiting };
    return { phase: this.#phase, done: this.#done, total: this.#total, rate, secondsLeft, ...waiting };
  }
}

/** Null while the rate is unknown. */
function secondsFor(remaining: number, rate: number): number | null {
  if (remaining === 0) return 0;
  return rate === 0 ? null : remaining / rate;
}
