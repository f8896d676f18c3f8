import { createHash, timingSafeEqual } from 'node:crypto';
import type { KnownClient, Scope } from '../contract/serving.ts';
import { Refusal, tooMany } from './refusal.ts';

const REFUSED_FOR_MS = 1000;

/** Recognises clients by their tokens. */
export class Access {
  readonly #refusedPerSecond: number;
  #clients: { client: KnownClient; hash: Buffer }[] = [];
  /** When tokens were refused, in milliseconds. */
  #refusals: number[] = [];

  constructor(refusedPerSecond: number) {
    this.#refusedPerSecond = refusedPerSecond;
  }

  set clients(clients: readonly KnownClient[]) {
    this.#clients = clients.map((client) => ({ client, hash: Buffer.from(client.tokenHash, 'hex') }));
  }

  /**
   * The client with the token of an `Authorization` header. A right token is never refused, however many wrong ones come.
   * @throws Refusal 401; 429 to whoever tries out tokens
   */
  clientOf(authorization: string | undefined): KnownClient {
    const client = this.#find(authorization);
    if (client) return client;
    const now = performance.now();
    this.#refusals = this.#refusals.filter((at) => now - at < REFUSED_FOR_MS);
    if (this.#refusals.length >= this.#refusedPerSecond) throw tooMany('Too many wrong tokens.');
    this.#refusals.push(now);
    const error = authorization === undefined ? '' : ', error="invalid_token"';
    throw new Refusal(401, 'UNAUTHORIZED', 'Send the token of this program as "Authorization: Bearer …".', {
      'www-authenticate': `Bearer realm="Lookalike"${error}`,
    });
  }

  /** Compares hashes in constant time, and all of them, so that the time says nothing about any token. */
  #find(authorization: string | undefined): KnownClient | null {
    const [, token] = /^bearer +([\x21-\x7e]{1,500})$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return null;
    const given = createHash('sha256').update(token).digest();
    let found: KnownClient | null = null;
    for (const { client, hash } of this.#clients) if (timingSafeEqual(given, hash)) found = client;
    return found;
  }
}

/** @throws Refusal 403 */
export function requireScope({ scopes }: KnownClient, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return;
  throw new Refusal(403, 'FORBIDDEN', `The token of this program does not have the scope "${scope}".`, {
    'www-authenticate': `Bearer realm="Lookalike", error="insufficient_scope", scope="${scope}"`,
  });
}
