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

/** The parameters of one try. */
export interface Hops {
  /** What is fetched, for the list of connections. */
  reason: ConnectionReason;
  /** Sent to every host that redirects lead to. */
  headers: Headers;
  /** Sent only to the host of the first address, and only when that is `ownHost`. */
  secrets?: Headers;
  /** host[:port] that the user entered: the only host that may have a private address. Null: public addresses only. */
  ownHost: string | null;
  /** A server that sends no byte for this long counts as hung. */
  idleMs: number;
  signal: AbortSignal;
  /** Called with every response on the way, redirects included. */
  onAnswer?: (answer: Dispatcher.ResponseData, url: URL) => void;
}

export interface Sent {
  /** The response, whatever its status. Its body must be read or discarded. */
  answer: Dispatcher.ResponseData;
  /** The URL of the response after redirects. */
  url: URL;
  /** host:port of the proxy that the response came through; null without a proxy. */
  proxy: string | null;
}

/** A request and its limits. */
export interface WebRequest {
  /** What is fetched, for the list of connections. */
  reason: ConnectionReason;
  /** Limits both the received body and what it unpacks to. */
  maxBytes: number;
  /** For the whole response with all its tries, so that a server that sends a few bytes at a time cannot hold the caller. */
  timeoutMs: number;
  /** Error codes for failures, because a feed and a picture have different ones. */
  errors: {
    unreachable: 'FEED_UNREACHABLE' | 'IMAGE_MISSING';
    tooLarge: 'FEED_TOO_LARGE' | 'IMAGE_TOO_LARGE';
  };
  signal: AbortSignal;
  /** The validator of the last response. The server compares it with the present version. */
  validator?: string | null;
  /** Secrets of the feed, such as `authorization`: sent only to the host of the address, and only when that is `ownHost`. */
  headers?: Headers;
  /** host[:port] that the user entered: the only host that may have a private address. Default: public addresses only. */
  ownHost?: string | null;
  /** Default `PATIENCE`. */
  patience?: Patience;
}

export interface WebAnswer {
  /** The unpacked body. Throws the errors of `open`. */
  stream: AsyncIterable<Uint8Array>;
  /** For the next request: an ETag or Last-Modified. */
  validator: string | null;
  /** The URL of the response after redirects. */
  url: string;
  contentType: string | null;
  /** The Link header: relation ("next") to absolute URL. */
  links: Record<string, string>;
}

/**
 * Sends GET requests to servers that may be slow, broken, busy or hostile. All requests of this machine go through this
 * class: feeds, pictures and models. Connections are kept and shared by all requests.
 *
 * An address on a private network is refused, wherever it came from (a feed, a redirect, a name that resolves to it), unless
 * its host is the one that the user entered. Proxies follow the settings of the system or the environment.
 *
 * @example
 * const limits = { reason: 'picture', maxBytes: 40_000_000, timeoutMs: 30_000, errors, signal };
 * const answer = await web.read('https://cdn.example/a.jpg', limits);
 */
export class HttpClient {
  /** The hosts that were contacted, and for what. */
  readonly ledger = new Ledger();
  readonly #transport: Transport;

  /** @param lookup resolves names to addresses */
  constructor(lookup: LookupFunction = dnsLookup, proxies: ProxySettings = environmentProxies()) {
    this.#transport = new Transport(lookup, proxies);
  }

  /** Sets the proxy settings for all further requests. */
  setProxies(settings: ProxySettings): void {
    this.#transport.settings = settings;
  }

  /**
   * Opens a response at an http(s) URL as a stream, or returns 'unchanged' when the validator still matches. Failures before
   * the stream begins are tried again; the stream itself cannot be.
   * @param url may hold a user name and password, which are sent like `headers` and appear nowhere else
   * @throws LookalikeError with `request.errors` codes, ADDRESS_REFUSED, AUTH_REFUSED or CANCELLED; so does the stream
   */
  async open(url: string, request: WebRequest): Promise<WebAnswer | 'unchanged'> {
    const opened = await this.#persistently(url, request, (signal) => this.#get(url, request, signal));
    return opened === 'unchanged'
      ? opened
      : { ...opened, stream: failingAsOurs(opened.stream, url, request) };
  }

  /** Like `open`, but reads the whole body. A body that breaks off is requested again. */
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
   * One try at one address: follows redirects and returns the last response, whatever its status, and its URL.
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

  /** Cuts all connections. */
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

/** The client of this process, with its list of contacted hosts and its connections. */
export const web = new HttpClient();

function conditional(validator: string | null | undefined): Headers {
  if (validator?.startsWith('etag:')) return { 'if-none-match': validator.slice('etag:'.length) };
  if (validator?.startsWith('modified:')) return { 'if-modified-since': validator.slice('modified:'.length) };
  return {};
}
