import { type LookupFunction, Socket } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector, type Dispatcher, Pool } from 'undici';
import {
  CONNECT_TIMEOUT_MS,
  connector,
  publicConnector,
  refusalOfLiteral,
  refusalThroughProxy,
} from './address-guard.ts';
import { discard } from './answer.ts';
import { ProxyError } from './failure.ts';
import type { HttpProxy, ProxySettings } from './proxies.ts';

const MOST_CONNECTIONS_PER_HOST = 6;
/** Hosts whose connections through proxies are kept. */
const MOST_PROXIED_HOSTS = 100;
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** A GET request. Redirects are not followed. */
export interface Sending {
  headers: Record<string, string>;
  /** The user entered the host of the URL, so it may be on a private network. */
  own: boolean;
  idleMs: number;
  signal: AbortSignal;
  /** Called before anything is sent, with the host:port of the proxy if there is one. */
  onSend: (proxy: string | null) => void;
}

/** Sends requests directly, or through the proxies of the settings. Keeps the connections. */
export class Transport {
  /** The settings of the client's user. The app sets them to ask the system. */
  settings: ProxySettings;
  readonly #lookup: LookupFunction;
  /**
   * For the hosts that the user entered. It is separate, so that its open connections to private addresses serve no other
   * request.
   */
  readonly #ownHost: Agent;
  readonly #public: Agent;
  /** By proxy and target: every host has its own connections, as without a proxy. */
  readonly #proxied = new LRUCache<string, Pool>({
    max: MOST_PROXIED_HOSTS,
    // Let requests in progress end.
    dispose: (pool) => void pool.close(),
  });

  constructor(lookup: LookupFunction, settings: ProxySettings) {
    this.#lookup = lookup;
    this.settings = settings;
    const limits = { connections: MOST_CONNECTIONS_PER_HOST };
    this.#ownHost = new Agent({ ...limits, connect: connector(lookup) });
    this.#public = new Agent({ ...limits, connect: publicConnector(lookup) });
  }

  /**
   * Sends a GET by the first route that works. Only a proxy that cannot be reached is skipped for the next route; any
   * response of a proxy counts.
   * @returns the response, and the host:port of the proxy that it came through
   * @throws PrivateAddressError, ProxyError, LookalikeError PROXY_*, and the network's own errors
   */
  async request(
    url: URL,
    sending: Sending,
  ): Promise<{ answer: Dispatcher.ResponseData; proxy: string | null }> {
    let unreachable: unknown;
    for (const route of await this.settings(url)) {
      try {
        return route === 'direct'
          ? { answer: await this.#directly(url, sending), proxy: null }
          : { answer: await this.#through(route, url, sending), proxy: route.host };
      } catch (cause) {
        if (!(cause instanceof ProxyError) || !cause.unreachable) throw cause;
        unreachable ??= cause;
      }
    }
    throw unreachable;
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    const pools = [...this.#proxied.values()];
    await Promise.all([this.#ownHost, this.#public, ...pools].map((each) => each.destroy()));
  }

  #directly(url: URL, { own, headers, idleMs, signal, onSend }: Sending): Promise<Dispatcher.ResponseData> {
    const refused = own ? null : refusalOfLiteral(url.hostname);
    if (refused) throw refused;
    onSend(null);
    const agent = own ? this.#ownHost : this.#public;
    const path = url.pathname + url.search;
    return agent.request({ origin: url.origin, path, method: 'GET', headers, ...timeouts(idleMs), signal });
  }

  async #through(proxy: HttpProxy, url: URL, sending: Sending): Promise<Dispatcher.ResponseData> {
    const { own, headers, idleMs, signal, onSend } = sending;
    const refused = own ? null : refusalThroughProxy(url.hostname);
    if (refused) throw refused;
    onSend(proxy.host);
    const secure = url.protocol === 'https:';
    const path = url.pathname + url.search;
    const pool = this.#poolTo(proxy, url, idleMs);
    const request = { method: 'GET' as const, ...timeouts(idleMs), signal };
    try {
      // In a tunnel the server gets an ordinary request. Without a tunnel the proxy gets the whole URL.
      const answer = secure
        ? await pool.request({ ...request, path, headers })
        : await pool.request({
            ...request,
            path: url.origin + path,
            headers: { ...headers, host: url.host, ...authorization(proxy) },
          });
      if (secure || answer.statusCode !== PROXY_AUTHENTICATION_REQUIRED) return answer;
      discard(answer.body);
      throw new ProxyError(proxy.host, { status: PROXY_AUTHENTICATION_REQUIRED });
    } catch (cause) {
      if (signal.aborted || cause instanceof ProxyError) throw cause;
      throw new ProxyError(proxy.host, { cause, unreachable: !secure && isConnectFailure(cause) });
    }
  }

  #poolTo(proxy: HttpProxy, url: URL, idleMs: number): Pool {
    const secure = url.protocol === 'https:';
    const key = `${proxy.origin} ${proxy.authorization} ${url.origin}`;
    const known = this.#proxied.get(key);
    if (known) return known;
    const connect = secure ? tunnel(proxy, url, idleMs, this.#lookup) : connector(this.#lookup);
    const pool = new Pool(secure ? url.origin : proxy.origin, {
      connections: MOST_CONNECTIONS_PER_HOST,
      connect,
    });
    this.#proxied.set(key, pool);
    return pool;
  }
}

const timeouts = (idleMs: number) => ({ headersTimeout: idleMs, bodyTimeout: idleMs });

const authorization = (proxy: HttpProxy): Record<string, string> =>
  proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization };

/**
 * Connects to a server through a tunnel that a proxy opens (CONNECT; RFC 9110, 9.3.6), and speaks TLS in it.
 *
 * undici's own ProxyAgent does the same, but gives a proxy's status only as prose, cannot tell a failure to reach the proxy
 * from a failure of the server behind it, and omits a user name without a password.
 */
function tunnel(
  proxy: HttpProxy,
  url: URL,
  idleMs: number,
  lookup: LookupFunction,
): buildConnector.connector {
  const toProxy = new Pool(proxy.origin, { connect: connector(lookup), headersTimeout: idleMs });
  const toServer = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  // A URL's hostname keeps the brackets of an IPv6 address, which CONNECT needs.
  const target = `${url.hostname}:${url.port || 443}`;
  return (options, callback) => {
    const fail = (error: Error) => callback(error, null);
    toProxy
      .connect({ path: target, headers: { host: target, ...authorization(proxy) } })
      .then(({ socket, statusCode }) => {
        // Listen for errors at once: a proxy that refuses may also cut the connection.
        socket.on('error', () => {});
        if (statusCode !== 200 || !(socket instanceof Socket)) {
          socket.destroy();
          fail(new ProxyError(proxy.host, { status: statusCode }));
          return;
        }
        toServer({ ...options, httpSocket: socket }, (error, secured) => {
          if (error) fail(new ProxyError(proxy.host, { cause: error, behind: true }));
          else callback(null, secured);
        });
      })
      .catch((cause: unknown) => fail(new ProxyError(proxy.host, { cause, unreachable: true })));
  };
}

function isConnectFailure(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(
    code,
  );
}
