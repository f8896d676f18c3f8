import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import { isLoopback } from './address-guard.ts';
import { splitCredentials } from './credentials.ts';

/** An HTTP proxy: plain requests go to it whole, secure ones through a tunnel that it opens (CONNECT). */
export interface HttpProxy {
  /** Scheme, host and port; https when the way to the proxy itself is secure. */
  origin: string;
  /** host:port, to be shown: never with the user name and password. */
  host: string;
  /** The value of `Proxy-Authorization`; null when its address held no user name and password. */
  authorization: string | null;
}

/** One way to a server. */
export type Route = HttpProxy | 'direct';

/**
 * Which ways there are to a URL, in the order in which they are to be tried; at least one.
 * @throws LookalikeError PROXY_UNSUPPORTED, PROXY_SETTING_INVALID, PROXY_SETTINGS_UNKNOWN
 */
export type ProxySettings = (url: URL) => Promise<readonly Route[]>;

const DIRECT: readonly Route[] = ['direct'];

/** How long an answer of the system holds for the other URLs of its host. */
const SYSTEM_ANSWER_MS = 30_000;

/**
 * The proxy that the environment names: `HTTP_PROXY` or `HTTPS_PROXY` by the URL's scheme, else `ALL_PROXY`, unless
 * `NO_PROXY` excepts the host. Names in lower case come first, as curl and Go have it. This computer itself is never
 * asked for through a proxy, which would take it for its own.
 */
export function environmentProxies(env: NodeJS.ProcessEnv = process.env): ProxySettings {
  return async (url) => {
    if (isLoopback(url.hostname)) return DIRECT;
    const scheme = url.protocol.slice(0, -1);
    const names = [`${scheme}_proxy`, `${scheme}_proxy`.toUpperCase(), 'all_proxy', 'ALL_PROXY'];
    const setting = names.find((name) => env[name]?.trim());
    const value = setting && env[setting]?.trim();
    if (!setting || !value || isExcepted(url, env.no_proxy ?? env.NO_PROXY ?? '')) return DIRECT;
    return [parseProxy(value, setting)];
  };
}

/**
 * The proxy that the system's settings name, which may be a script (PAC); where they name none, the environment's.
 * @param resolve what Electron's `session.resolveProxy` answers for a URL: "PROXY a:3128; DIRECT"
 */
export function systemProxies(
  resolve: (url: string) => Promise<string>,
  env: NodeJS.ProcessEnv = process.env,
): ProxySettings {
  const fromEnvironment = environmentProxies(env);
  // By scheme, host and port: a picture's path decides nothing, and a thousand pictures should not ask a thousand times.
  const answers = new LRUCache<string, Promise<string>>({ max: 500, ttl: SYSTEM_ANSWER_MS });
  return async (url) => {
    if (isLoopback(url.hostname)) return DIRECT;
    const asked = answers.get(url.origin) ?? resolve(`${url.origin}/`);
    answers.set(url.origin, asked);
    const answer = await asked.catch((cause: unknown) => {
      answers.delete(url.origin);
      throw new LookalikeError({ code: 'PROXY_SETTINGS_UNKNOWN', params: { host: url.host } }, { cause });
    });
    const routes = parseProxyList(answer);
    return routes.some((route) => route !== 'direct') ? routes : fromEnvironment(url);
  };
}

/**
 * Parses what a proxy script answers. A proxy of a kind that is not supported is passed over for one that is, and never
 * for a direct connection: the network that names a proxy first may have good reasons.
 * @throws LookalikeError PROXY_UNSUPPORTED
 */
export function parseProxyList(list: string): readonly Route[] {
  const routes: Route[] = [];
  let unsupported: LookalikeError | null = null;
  for (const entry of list.split(';')) {
    const [kind = '', host = ''] = entry.trim().split(/\s+/);
    const scheme = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' }[kind.toUpperCase()];
    if (kind.toUpperCase() === 'DIRECT') {
      if (unsupported && routes.length === 0) throw unsupported;
      routes.push('direct');
    } else if (scheme && URL.canParse(`${scheme}://${host}`)) {
      const { origin, host: shown } = new URL(`${scheme}://${host}`);
      routes.push({ origin, host: shown, authorization: null });
    } else if (kind) {
      unsupported ??= unsupportedProxy(kind, host);
    }
  }
  if (routes.length > 0) return routes;
  if (unsupported) throw unsupported;
  return DIRECT;
}

/** @param setting the variable that it was found in */
function parseProxy(value: string, setting: string): HttpProxy {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address))
    throw new LookalikeError({ code: 'PROXY_SETTING_INVALID', params: { setting } });
  const { protocol, host, origin } = new URL(address);
  if (!/^https?:$/.test(protocol)) throw unsupportedProxy(protocol.slice(0, -1), host);
  return { origin, host, authorization: splitCredentials(address).headers.authorization ?? null };
}

function unsupportedProxy(kind: string, proxy: string): LookalikeError {
  return new LookalikeError({ code: 'PROXY_UNSUPPORTED', params: { kind: kind.toUpperCase(), proxy } });
}

/**
 * Whether a host is to be reached without a proxy.
 * @param list as in `NO_PROXY`: `*`, or hosts (with all that end in them), each with or without a port, addresses and
 * ranges of addresses (10.0.0.0/8), between commas or spaces
 */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '' || entry === '*') return entry === '*';
      if (entry.includes('/')) return isInRange(host, entry);
      const [, bracketed, plain, wanted] =
        /^(?:\[(.+)\]|((?:[^:]+)|(?:.*:.*:.*)))(?::(\d+))?$/.exec(entry) ?? [];
      const name = (bracketed ?? plain ?? '').replace(/^\*?\./, '').replace(/\.$/, '');
      if (name === '' || (wanted !== undefined && wanted !== port)) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const address = ipaddr.process(host);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}
