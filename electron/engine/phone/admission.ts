import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a code can be used, in milliseconds. */
export const CODE_HOLDS_MS = 10 * 60_000;
/** 128 bits: neither a code nor a session can be guessed. */
const SECRET_BYTES = 16;

const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
const hash = (text: string) => createHash('sha256').update(text).digest();
const isSame = (given: string, kept: string) => timingSafeEqual(hash(given), hash(kept));

export type Refused = 'used' | 'expired' | 'wrong';

/** Lets one phone in: whoever shows the code first gets a session, and the code opens nothing more. */
export class Admission {
  readonly code = secret();
  readonly until: number;
  readonly #now: () => number;
  #session: string | null = null;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.until = now() + CODE_HOLDS_MS;
  }

  /** @returns the session; or why there is none */
  join(code: string): { session: string } | { refused: Refused } {
    if (!isSame(code, this.code)) return { refused: 'wrong' };
    if (this.#session !== null) return { refused: 'used' };
    if (this.#now() > this.until) return { refused: 'expired' };
    this.#session = secret();
    return { session: this.#session };
  }

  isSession(session: string): boolean {
    return this.#session !== null && isSame(session, this.#session);
  }
}
