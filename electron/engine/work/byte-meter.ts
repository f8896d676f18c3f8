import type { InstallProgress } from '../../contract/models.ts';

/** Rates are averaged over this time: short enough to follow a change, long enough not to flicker. */
const WINDOW_MS = 5000;

/** Counts the bytes of a model's files, with the rate and the time left. */
export class Meter {
  #phase: InstallProgress['phase'] = 'verifying';
  readonly #files = new Map<string, { here: number; total: number | null }>();
  #marks: { at: number; here: number }[] = [];

  /** @param sizes bytes of each file by name; null where the size is unknown */
  start(phase: InstallProgress['phase'], sizes: Iterable<[string, number | null]>): void {
    this.#phase = phase;
    this.#marks = [];
    for (const [name, total] of sizes) this.#files.set(name, { here: 0, total });
  }

  /** Counts bytes that were on disk before as done, but not towards the rate. */
  known(name: string, here: number): void {
    this.tell(name, here, this.#files.get(name)?.total ?? null);
    this.#marks = [];
  }

  tell(name: string, here: number, total: number | null): void {
    this.#files.set(name, { here, total });
  }

  /** All bytes are on disk and are being verified. */
  verify(): void {
    this.#phase = 'verifying';
    this.#marks = [];
  }

  get now(): InstallProgress {
    const files = [...this.#files.values()];
    const done = files.reduce((sum, { here }) => sum + here, 0);
    const unknown = files.length === 0 || files.some((file) => file.total === null);
    const total = unknown ? null : files.reduce((sum, file) => sum + (file.total ?? 0), 0);
    const at = performance.now();
    this.#marks.push({ at, here: done });
    while (this.#marks.length > 2 && at - (this.#marks[0]?.at ?? at) > WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0] ?? { at, here: done };
    const rate = at > first.at ? Math.max(0, ((done - first.here) / (at - first.at)) * 1000) : 0;
    const secondsLeft = total === null || rate === 0 ? null : (total - done) / rate;
    return { phase: this.#phase, done, total, rate, secondsLeft };
  }
}
