import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import type { ConnectionReason } from '../../contract/connections.ts';
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
import { environmentProxies, type ProxySettings } from './proxies.ts';
import { failingAsOurs, toLookalikeError } from './request-failure.ts';
import { PATIENCE, type Patience, persistently } from './retry.ts';
import { Transport } from './transport.ts';

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

export interface Sent {
  /** Whatever its status; its body has to be read or discarded. */
  answer: Dispatcher.ResponseData;
  /** Where it came from, redirects followed. */
  url: URL;
  /** host:port of the proxy that it came through. */
  proxy: string | null;
}

/** What is asked for, and within which limits. */
export interface WebRequest {
  /** What is fetched, for the account of connections. */
  reason: ConnectionReason;
  /** Of the answer as it came, and of what it unpacks to. */
  maxBytes: number;
  /** For the whole answer with all its tries, so that a server that drips cannot hold the caller. */
  timeoutMs: number;
  /** What a failure is called, since a feed and a picture fail with codes of their own. */
  errors: {
    unreachable: 'FEED_UNREACHABLE' | 'IMAGE_MISSING';
    tooLarge: 'FEED_TOO_LARGE' | 'IMAGE_TOO_LARGE';
  };
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
 * it), unless it is the host that the user named. Proxies are used as the system or the environment says.
 *
 * @example
 * const limits = { reason: 'picture', maxBytes: 40_000_000, timeoutMs: 30_000, errors, signal };
 * const answer = await web.read('https://cdn.example/a.jpg', limits);
 */
export class HttpClient {
  /** Who was asked for what. */
  readonly ledger = new Ledger();
  readonly #transport: Transport;

  /** @param lookup how names become addresses */
  constructor(lookup: LookupFunction = dnsLookup, proxies: ProxySettings = environmentProxies()) {
    this.#transport = new Transport(lookup, proxies);
  }

  /** From now on proxies are used as these settings say. */
  setProxies(settings: ProxySettings): void {
    this.#transport.settings = settings;
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
      : { ...opened, stream: failingAsOurs(opened.stream, url, request) };
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
   * came from.
   * @throws PrivateAddressError, ProxyError, LookalikeError PROXY_*, UnusableAnswerError, and the network's own errors
   */
  async send(first: URL, hops: Hops): Promise<Sent> {
    const { reason, ownHost, secrets, idleMs, signal } = hops;
    let url = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const secret = secrets && mayCarrySecrets(url, first, ownHost ?? undefined);
      const to = url;
      const { answer, proxy } = await this.#transport.request(url, {
        headers: { 'user-agent': 'Lookalike', accept: '*/*', ...hops.headers, ...(secret && secrets) },
        own: url.host === ownHost,
        idleMs,
        signal,
        onSend: (through) => this.ledger.note(to, reason, through),
      });
      hops.onAnswer?.(answer, url);
      if (!isRedirect(answer)) return { answer, url, proxy };
      discard(answer.body);
      url = redirectTarget(answer, url);
    }
    throw new UnusableAnswerError({ kind: 'redirects', most: MOST_REDIRECTS });
  }

  /** Breaks all connections off. */
  close(): Promise<void> {
    return this.#transport.close();
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
    const { answer, url, proxy } = await this.send(new URL(first), {
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
      throw new StatusError(answer.statusCode, header(answer, 'retry-after'), proxy);
    }
    const encoding = header(answer, 'content-encoding') ?? '';
    if (!canDecode(encoding)) {
      discard(answer.body);
      throw new UnusableAnswerError({ kind: 'packed', encoding });
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
