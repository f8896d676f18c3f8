import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { ConnectionReason } from '../../contract/connections.ts';
import type { SentenceCode } from '../../contract/errors.ts';
import { connector, publicConnector, refusalOfLiteral } from './address-guard.ts';
import {
  discard,
  freshness,
  header,
  isRedirect,
  MOST_REDIRECTS,
  parseLinks,
  redirectTarget,
} from './answer.ts';
import { ACCEPT_ENCODING, canDecode, collected, decoded } from './body.ts';
import { mayCarrySecrets, splitCredentials } from './credentials.ts';
import { StatusError, UnusableAnswerError } from './failure.ts';
import { Ledger } from './ledger.ts';
import { failingInWords, toLookalikeError } from './request-failure.ts';
import { PATIENCE, type Patience, persistently } from './retry.ts';

const MOST_CONNECTIONS_PER_HOST = 6;

type Headers = Record<string, string>;

/** What is asked of a server in one try. */
export interface Hops {
  /** What is fetched, for the account of connections. */
  reason: ConnectionReason;
  /** Sent wherever redirects lead. */
  headers: Headers;
  /** Sent to the host of the first address alone, and only when that is `ownHost`. */
  secrets?: Headers;
  /** host[:port] that the user named, the one place where a private address is meant. Null: public addresses alone. */
  ownHost: string | null;
  /** Without one byte for so long, the server counts as hung. */
  idleMs: number;
  signal: AbortSignal;
  /** Sees every answer on the way, redirects included. */
  onAnswer?: (answer: Dispatcher.ResponseData, url: URL) => void;
}

/** What is asked for, and within which limits. */
export interface WebRequest {
  /** What is fetched, for the account of connections. */
  reason: ConnectionReason;
  /** Of the answer as it came, and of what it unpacks to. */
  maxBytes: number;
  /** For the whole answer with all its tries, so that a server that drips cannot hold the caller. */
  timeoutMs: number;
  /** What a failure is called, since a feed and a picture fail in words of their own. */
  errors: { unreachable: SentenceCode; tooLarge: SentenceCode };
  signal: AbortSignal;
  /** That of last time, to be told when nothing has changed since. */
  validator?: string | null;
  /** Secrets of the feed, such as `authorization`: sent to the host of the address, and only when that is `ownHost`. */
  headers?: Headers;
  /** host[:port] that the user named, the one place where a private address is meant. Default: public addresses alone. */
  ownHost?: string | null;
  /** Default `PATIENCE`. */
  patience?: Patience;
}

export interface WebAnswer {
  /** Unpacked. Fails as `open` does. */
  stream: AsyncIterable<Uint8Array>;
  /** Says later whether the resource has changed: an ETag or Last-Modified. */
  validator: string | null;
  /** Where it was found after redirects. */
  url: string;
  contentType: string | null;
  /** The Link header: relation ("next") to absolute URL. */
  links: Record<string, string>;
}

/**
 * GETs from servers that are slow, broken, busy or hostile: the one way out of this machine, for feeds, pictures and
 * models alike. Connections are kept and shared by all requests.
 *
 * An address on a private network is refused, whichever way it was come by (a feed, a redirect, a name that resolves to
 * it), unless it is the host that the user named.
 *
 * @example
 * const limits = { reason: 'picture', maxBytes: 40_000_000, timeoutMs: 30_000, errors, signal };
 * const answer = await web.read('https://cdn.example/a.jpg', limits);
 */
export class HttpClient {
  /** For the host that the user named. Apart from the others', so that its open connections serve nobody else. */
  readonly #ownHost: Agent;
  readonly #public: Agent;
  /** Who was asked for what. */
  readonly ledger = new Ledger();

  /** @param lookup how names become addresses */
  constructor(lookup: LookupFunction = dnsLookup) {
    const limits = { connections: MOST_CONNECTIONS_PER_HOST };
    this.#ownHost = new Agent({ ...limits, connect: connector(lookup) });
    this.#public = new Agent({ ...limits, connect: publicConnector(lookup) });
  }

  /**
   * What is at an http(s) URL, bit by bit, or 'unchanged' when the validator of last time still holds. What fails
   * before the stream begins is tried again; the stream itself cannot be.
   * @param url may hold a user name and password, which are sent as `headers` are and repeated nowhere
   * @throws LookalikeError with `request.errors` codes, ADDRESS_REFUSED, AUTH_REFUSED or CANCELLED; so does the stream
   */
  async open(url: string, request: WebRequest): Promise<WebAnswer | 'unchanged'> {
    const opened = await this.#persistently(url, request, (signal) => this.#get(url, request, signal));
    return opened === 'unchanged'
      ? opened
      : { ...opened, stream: failingInWords(opened.stream, url, request) };
  }

  /** As `open`, all of it at once. An answer that breaks off is asked for again. */
  read(
    url: string,
    request: WebRequest,
  ): Promise<{ bytes: Uint8Array; validator: string | null } | 'unchanged'> {
    return this.#persistently(url, request, async (signal) => {
      const opened = await this.#get(url, request, signal);
      if (opened === 'unchanged') return opened;
      return { bytes: await collected(opened.stream), validator: opened.validator };
    });
  }

  /**
   * One try at one address: follows redirects and gives the answer at their end, whatever its status, and where it
   * came from. Its body has to be read or discarded.
   * @throws PrivateAddressError, UnusableAnswerError, and the network's own errors
   */
  async send(first: URL, hops: Hops): Promise<{ answer: Dispatcher.ResponseData; url: URL }> {
    let url = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const secret = hops.secrets && mayCarrySecrets(url, first, hops.ownHost ?? undefined);
      const own = url.host === hops.ownHost;
      const refused = own ? null : refusalOfLiteral(url.hostname);
      if (refused) throw refused;
      this.ledger.note(url, hops.reason, null);
      const agent = own ? this.#ownHost : this.#public;
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { 'user-agent': 'Lookalike', accept: '*/*', ...hops.headers, ...(secret && hops.secrets) },
        headersTimeout: hops.idleMs,
        bodyTimeout: hops.idleMs,
        signal: hops.signal,
      });
      hops.onAnswer?.(answer, url);
      if (!isRedirect(answer)) return { answer, url };
      discard(answer.body);
      url = redirectTarget(answer, url);
    }
    throw new UnusableAnswerError(`it redirects more than ${MOST_REDIRECTS} times`);
  }

  /** Breaks all connections off. */
  async close(): Promise<void> {
    await Promise.all([this.#ownHost.destroy(), this.#public.destroy()]);
  }

  async #persistently<T>(
    url: string,
    request: WebRequest,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { patience = PATIENCE, timeoutMs } = request;
    const deadline = performance.now() + timeoutMs;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await persistently(() => attempt(signal), { patience, signal, deadline });
    } catch (cause) {
      throw toLookalikeError(cause, url, request);
    }
  }

  async #get(ref: string, request: WebRequest, signal: AbortSignal): Promise<WebAnswer | 'unchanged'> {
    const { url: first, headers: own } = splitCredentials(ref);
    const { answer, url } = await this.send(new URL(first), {
      headers: { 'accept-encoding': ACCEPT_ENCODING, ...conditional(request.validator) },
      secrets: { ...own, ...request.headers },
      reason: request.reason,
      ownHost: request.ownHost ?? null,
      idleMs: (request.patience ?? PATIENCE).idleMs,
      signal,
    });
    if (answer.statusCode === 304 && request.validator) {
      discard(answer.body);
      return 'unchanged';
    }
    if (answer.statusCode !== 200) {
      discard(answer.body);
      throw new StatusError(answer.statusCode, header(answer, 'retry-after'));
    }
    const encoding = header(answer, 'content-encoding') ?? '';
    if (!canDecode(encoding)) {
      discard(answer.body);
      throw new UnusableAnswerError(`it is packed as "${encoding}", which was not asked for`);
    }
    return {
      stream: decoded(answer.body, encoding, request.maxBytes),
      validator: freshness(answer),
      url: url.href,
      contentType: header(answer, 'content-type'),
      links: parseLinks(header(answer, 'link') ?? '', url),
    };
  }
}

/** The client of this process: one account of what leaves it, one set of connections. */
export const web = new HttpClient();

function conditional(validator: string | null | undefined): Headers {
  if (validator?.startsWith('etag:')) return { 'if-none-match': validator.slice('etag:'.length) };
  if (validator?.startsWith('modified:')) return { 'if-modified-since': validator.slice('modified:'.length) };
  return {};
}
