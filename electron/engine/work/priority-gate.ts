import { setImmediate } from 'node:timers/promises';

/** About as long as two queries take. */
const PATIENCE_MS = 100;

/**
 * Runs interactive work before bulk work. While a query is in progress, no batch of an import or of a re-embedding starts:
 * `session.run` blocks the engine's thread, so a batch that has begun cannot be interrupted.
 */
export class PriorityGate {
  #queries = 0;
  #lastQuery = Number.NEGATIVE_INFINITY;
  #waiting: (() => void)[] = [];

  /** Runs `work` ahead of all bulk work. */
  async interactive<T>(work: () => Promise<T>): Promise<T> {
    this.#queries++;
    try {
      return await work();
    } finally {
      this.#queries--;
      this.#lastQuery = performance.now();
      if (this.#queries === 0) for (const resume of this.#waiting.splice(0)) resume();
    }
  }

  /** Resolves when no query is in progress. */
  async bulk(): Promise<void> {
    while (this.#queries > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Yields the thread until the queries in progress have ended. It waits a tenth of a second at most, so that an endless
   * stream of queries slows background work down but does not stop it.
   */
  async giveWay(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.bulk(), late]);
    clearTimeout(timer);
    await setImmediate();
  }

  /** Whether someone has searched in the last few seconds and may search again soon. */
  get busy(): boolean {
    return this.#queries > 0 || performance.now() - this.#lastQuery < 3000;
  }
}
