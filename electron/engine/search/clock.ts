import type { Timings } from '../../contract/search.ts';

/** Measures the steps of one answer, in milliseconds. Of steps that run side by side, the time that was spent waiting counts. */
export class Clock {
  readonly #began = performance.now();
  #lapFrom = this.#began;
  readonly #spent = { crop: 0, decode: 0, embed: 0, search: 0, thumbnails: 0 };

  start(): void {
    this.#lapFrom = performance.now();
  }

  lap(part: keyof Omit<Timings, 'total' | 'cached'>): void {
    const now = performance.now();
    this.#spent[part] += now - this.#lapFrom;
    this.#lapFrom = now;
  }

  timings(cached: boolean): Timings {
    return { ...this.#spent, total: performance.now() - this.#began, cached };
  }
}
