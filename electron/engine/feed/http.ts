import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { connector, publicConnector } from '../net/address-guard.ts';
import { discard, header, isRedirect, MOST_REDIRECTS, redirectTarget } from '../net/answer.ts';
import { isTemporary, StatusError, UnusableAnswerError } from '../net/failure.ts';
import { ACCEPT_ENCODING, canDecode, collected, decoded } from './body.ts';
import { mayCarrySecrets, splitCredentials } from './credentials.ts';

import type { OpenResource, Resource, ResourceRequest } from './resource.ts';
import { failingInWords, toLookalikeError } from './resource-failure.ts';

/** How much is borne from a server. */
export interface Patience {
  /** Times that one resource is asked for, in all. */
  tries: number;
  /** The wait before the second try lies between half of this and this; before each one after, of twice as much. */
  backoffMs: number;
  /** A server that asks for a longer wait is given up, since asking earlier than told would be no better. */
  longestWaitMs: number;
  /** Without one byte for so long, the server counts as hung. */
  idleMs: number;
}

export const PATIENCE: Patience = { tries: 4, backoffMs: 500, longestWaitMs: 30_000, idleMs: 15_000 };

const MOST_CONNECTIONS_PER_HOST = 6;
type Headers = Record<string, string>;
type Opened = OpenResource | 'unchanged';

/** GETs from servers that are slow, broken, busy or hostile. Connections are kept and shared by all requests. */
export class HttpReader {
  readonly #patience: Patience;
  /** For the feed's own host. Apart from the others', so that its open connections serve nobody else. */
  readonly #ownHost: Agent;
  readonly #public: Agent;

  /** @param lookup how names become addresses: `dns.lookup` */
  constructor(patience: Patience, lookup: LookupFunction) {
    this.#patience = patience;
    const limits = {
      connections: MOST_CONNECTIONS_PER_HOST,
      headersTimeout: patience.idleMs,
      bodyTimeout: patience.idleMs,
    };
    this.#ownHost = new Agent({ ...limits, connect: connector(lookup) });
    this.#public = new Agent({ ...limits, connect: publicConnector(lookup) });
  }

  /** As `openResource`. What fails before the stream begins is tried again; the stream itself cannot be. */
  async open(ref: string, request: ResourceRequest): Promise<Opened> {
    const opened = await this.#persistently(ref, request, (signal) => this.#get(ref, request, signal));
    return opened === 'unchanged'
      ? opened
      : { ...opened, stream: failingInWords(opened.stream, ref, request) };
  }

  /** As `readResource`. An answer that breaks off is asked for again. */
  read(ref: string, request: ResourceRequest): Promise<Resource | 'unchanged'> {
    return this.#persistently(ref, request, async (signal) => {
      const opened = await this.#get(ref, request, signal);
      if (opened === 'unchanged') return opened;
      return { bytes: await collected(opened.stream), validator: opened.validator };
    });
  }

  async #persistently<T>(
    ref: string,
    request: ResourceRequest,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = performance.now() + request.timeoutMs;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(signal);
        } catch (cause) {
          const pause = this.#pauseAfter(cause, tries);
          if (signal.aborted || pause === null || performance.now() + pause > deadline) throw cause;
          await wait(pause, undefined, { signal });
        }
      }
    } catch (cause) {
      throw toLookalikeError(cause, ref, request);
    }
  }

  /** Milliseconds to wait before the next try, or null when there should be none. */
  #pauseAfter(cause: unknown, tries: number): number | null {
    if (tries >= this.#patience.tries || !isTemporary(cause)) return null;
    const asked = cause instanceof StatusError ? cause.retryAfterMs : 0;
    if (asked > this.#patience.longestWaitMs) return null;
    // Spread, so that requests which failed together do not come back together.
    const backoff = this.#patience.backoffMs * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
    return asked + backoff;
  }

  /** One try, redirects included. */
  async #get(ref: string, request: ResourceRequest, signal: AbortSignal): Promise<Opened> {
    const { url: first, headers: own } = splitCredentials(ref);
    let url = new URL(first);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const headers = {
        'user-agent': 'Lookalike',
        accept: '*/*',
        'accept-encoding': ACCEPT_ENCODING,
        ...conditional(request.validator),
        ...(mayCarrySecrets(url, new URL(first), request.feedHost) ? { ...own, ...request.headers } : {}),
      };
      const agent = url.host === request.feedHost ? this.#ownHost : this.#public;
      const path = url.pathname + url.search;
      const answer = await agent.request({ origin: url.origin, path, method: 'GET', headers, signal });
      if (!isRedirect(answer)) return opened(answer, url, request);
      discard(answer.body);
      url = redirectTarget(answer, url);
    }
    throw new UnusableAnswerError(`it redirects more than ${MOST_REDIRECTS} times`);
  }
}

function opened(answer: Dispatcher.ResponseData, url: URL, request: ResourceRequest): Opened {
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
  const etag = header(answer, 'etag');
  const modified = header(answer, 'last-modified');
  return {
    stream: decoded(answer.body, encoding, request.maxBytes),
    validator: etag ? `etag:${etag}` : modified ? `modified:${modified}` : null,
    url: url.href,
    contentType: header(answer, 'content-type'),
    links: parseLinks(header(answer, 'link') ?? '', url),
  };
}

function conditional(validator: string | null | undefined): Headers {
  if (validator?.startsWith('etag:')) return { 'if-none-match': validator.slice('etag:'.length) };
  if (validator?.startsWith('modified:')) return { 'if-modified-since': validator.slice('modified:'.length) };
  return {};
}

/** The Link header (RFC 8288): relation to absolute URL. Of several with one relation the first counts. */
function parseLinks(value: string, base: URL): Record<string, string> {
  const links: Record<string, string> = {};
  for (const [, target = '', parameters = ''] of value.matchAll(/<([^>]*)>((?:[^,"]|"[^"]*")*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(parameters);
    if (!rel || !URL.canParse(target, base.href)) continue;
    const relations = (rel[1] ?? rel[2] ?? '').toLowerCase().split(/\s+/);
    for (const relation of relations) links[relation] ??= new URL(target, base).href;
  }
  return links;
}
