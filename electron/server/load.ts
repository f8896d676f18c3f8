import type { ServerLimits } from './limits.ts';
import { tooMany } from './refusal.ts';

interface Spent {
  /** Requests that may come at once now. */
  left: number;
  /** When that was so, in milliseconds. */
  at: number;
  underWay: number;
}

/** Limits how many requests come in a second and are under way (a token bucket for each client). */
export class Load {
  readonly #limits: ServerLimits;
  readonly #spent = new Map<string, Spent>();
  #underWay = 0;

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a request of a client until the returned function is called.
   * @throws Refusal 429
   */
  enter(clientId: string): () => void {
    const { perSecond, burst, underWay, underWayOfOne } = this.#limits;
    const now = performance.now();
    const spent = this.#spent.get(clientId) ?? { left: burst, at: now, underWay: 0 };
    this.#spent.set(clientId, spent);
    spent.left = Math.min(burst, spent.left + ((now - spent.at) / 1000) * perSecond);
    spent.at = now;
    if (spent.left < 1) throw tooMany(`This program may ask ${perSecond} times a second.`);
    if (this.#underWay >= underWay || spent.underWay >= underWayOfOne)
      throw tooMany('Too many requests are under way.');
    spent.left--;
    spent.underWay++;
    this.#underWay++;
    return () => {
      spent.underWay--;
      this.#underWay--;
    };
  }
}
