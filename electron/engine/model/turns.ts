/**
 * Who may use the processor. A person's query holds back bulk work (import, re-embedding) from its first byte to its
 * last: `session.run` blocks the engine's thread, so a batch that has begun cannot be interrupted, only not begun.
 */
export class Turns {
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

  /** Resolves when no query is under way. */
  async bulk(): Promise<void> {
    while (this.#queries > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Whether someone has searched in the last few seconds, and may well again. */
  get busy(): boolean {
    return this.#queries > 0 || performance.now() - this.#lastQuery < 3000;
  }
}
