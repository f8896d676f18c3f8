import { LookalikeError } from '../../contract/errors.ts';
import { askedWaitMs, isTemporary, StatusError, UnusableAnswerError } from '../net/failure.ts';
import { isUrl } from './resource.ts';

/**
 * After this many pictures in a row without an answer, a host is not asked again: each attempt costs up to half a minute.
 */
const MOST_UNANSWERED = 20;

/** A host asks to wait (Retry-After). None of its pictures can be fetched before `until`. */
export class AskedToWaitError extends Error {
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly until: number;

  constructor(host: string, until: number) {
    super(`${host} asks to wait until ${new Date(until).toISOString()}.`);
    this.name = 'AskedToWaitError';
    this.host = host;
    this.until = until;
  }
}

/**
 * Tracks which hosts still answer and which ask to wait. A server that dies in the middle of a sync must not delay the sync
 * for hours. A server that asks to wait is asked nothing until then, for any of its pictures.
 */
export class Hosts {
  /** Pictures in a row that the host did not answer for, by host. */
  readonly #unanswered = new Map<string, number>();
  /** When the host accepts requests again, in milliseconds since the epoch, by host. */
  readonly #waits = new Map<string, number>();

  /**
   * Calls `ask`, unless the host has been given up or asks to wait.
   * @throws AskedToWaitError, LookalikeError IMAGE_MISSING when the host has been given up, and what `ask` throws
   */
  async asking<T>(ref: string, ask: () => Promise<T>): Promise<T> {
    if (!isUrl(ref) || !URL.canParse(ref)) return ask();
    const { host } = new URL(ref);
    const wait = this.#waits.get(host) ?? 0;
    if (wait > Date.now()) throw new AskedToWaitError(host, wait);
    const before = this.#unanswered.get(host) ?? 0;
    if (before >= MOST_UNANSWERED) {
      const reason = { kind: 'given-up', pictures: MOST_UNANSWERED } as const;
      const params = { at: host, reason, proxy: null };
      throw new LookalikeError({ code: 'IMAGE_MISSING', params }, { item: ref });
    }
    try {
      const answer = await ask();
      this.#unanswered.delete(host);
      return answer;
    } catch (error) {
      const waitMs = askedWaitMs(error instanceof LookalikeError ? error.cause : null);
      if (waitMs !== null) {
        const until = Math.max(Date.now() + waitMs, this.#waits.get(host) ?? 0);
        this.#waits.set(host, until);
        throw new AskedToWaitError(host, until);
      }
      if (isUnanswered(error)) this.#unanswered.set(host, (this.#unanswered.get(host) ?? 0) + 1);
      else this.#unanswered.delete(host);
      throw error;
    }
  }
}

/** Whether the server failed as a whole, and not for this one picture: "404" counts as an answer, "503" does not. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof LookalikeError) || error.code !== 'IMAGE_MISSING') return false;
  const { cause } = error;
  if (cause instanceof StatusError) return isTemporary(cause);
  return !(cause instanceof UnusableAnswerError);
}
