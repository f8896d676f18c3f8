import { setImmediate } from 'node:timers/promises';

/** About as long as two queries take. */
const PATIENCE_MS = 100;

/** Whoever has searched so short a time ago may search again soon. */
const SOON_MS = 3000;

/** Who waits for a query: a person at the screen, or a program that asks over HTTP. */
export type Asker = 'person' | 'program';

/**
 * Runs interactive work before bulk work, and people's before programs'. While a query is in progress, no batch of an import or
 * of a re-embedding starts: `session.run` blocks the engine's thread, so a batch that has begun cannot be interrupted.
 */
export class PriorityGate {
  #queries = 0;
  #ofPeople = 0;
  #lastQuery = Number.NEGATIVE_INFINITY;
  #lastOfPerson = Number.NEGATIVE_INFINITY;
  #waiting: (() => void)[] = [];
  #programs: (() => void)[] = [];

  /** Runs a query ahead of all bulk work. One of a program begins when no person's is in progress. */
  async interactive<T>(work: () => Promise<T>, asker: Asker = 'person'): Promise<T> {
    if (asker === 'program') {
      if (this.#ofPeople > 0) await this.programs();
      return this.#ahead(work);
    }
    this.#ofPeople++;
    try {
      return await this.#ahead(work);
    } finally {
      this.#lastOfPerson = performance.now();
      if (--this.#ofPeople === 0) for (const begin of this.#programs.splice(0)) begin();
    }
  }

  /** Resolves when no person's query is in progress: what a program waits for may be done then. */
  async programs(): Promise<void> {
    while (this.#ofPeople > 0) await new Promise<void>((resolve) => this.#programs.push(resolve));
  }

  async #ahead<T>(work: () => Promise<T>): Promise<T> {
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
    // Programs that wait for a person come next.
    while (this.#queries > 0 || this.#programs.length > 0)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
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
    return this.#queries > 0 || performance.now() - this.#lastQuery < SOON_MS;
  }

  /** The same of people alone. */
  get personBusy(): boolean {
    return this.#ofPeople > 0 || performance.now() - this.#lastOfPerson < SOON_MS;
  }
}
