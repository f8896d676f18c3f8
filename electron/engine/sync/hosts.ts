import { LookalikeError } from '../../contract/errors.ts';
import { isUrl } from '../feed/resource.ts';
import { isTemporary, StatusError, UnusableAnswerError } from '../net/failure.ts';

/** After so many pictures in a row without an answer a host is not asked again: each costs up to half a minute. */
const MOST_UNANSWERED = 20;

/** Which hosts still answer. A server that dies in the middle of a sync must not hold it up for hours. */
export class Hosts {
  /** By host: pictures in a row that it did not answer for. */
  readonly #unanswered = new Map<string, number>();

  /**
   * Asks, unless the host has been given up.
   * @throws LookalikeError IMAGE_MISSING when it has, and what `ask` throws
   */
  async asking<T>(ref: string, ask: () => Promise<T>): Promise<T> {
    if (!isUrl(ref) || !URL.canParse(ref)) return ask();
    const { host } = new URL(ref);
    const before = this.#unanswered.get(host) ?? 0;
    if (before >= MOST_UNANSWERED) {
      const detail = `Not tried: ${host} had not answered for ${MOST_UNANSWERED} pictures in a row.`;
      throw new LookalikeError('IMAGE_MISSING', { detail, item: ref });
    }
    try {
      const answer = await ask();
      this.#unanswered.delete(host);
      return answer;
    } catch (error) {
      if (isUnanswered(error)) this.#unanswered.set(host, (this.#unanswered.get(host) ?? 0) + 1);
      else this.#unanswered.delete(host);
      throw error;
    }
  }
}

/** Whether the server itself is at fault, and not this one picture: "404" is an answer, "503" is none. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof LookalikeError) || error.code !== 'IMAGE_MISSING') return false;
  const { cause } = error;
  if (cause instanceof StatusError) return isTemporary(cause);
  return !(cause instanceof UnusableAnswerError);
}
