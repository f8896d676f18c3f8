import type { Timings } from '../../contract/search.ts';

/** Where the milliseconds of one answer went; of what is done side by side, how long the last of it was waited for. */
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
