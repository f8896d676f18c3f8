import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import { isLoopback } from './address-guard.ts';
import { splitCredentials } from './credentials.ts';

/** An HTTP proxy. Plain requests are sent to it as they are, secure ones through a tunnel that it opens (CONNECT). */
export interface HttpProxy {
  /** Scheme, host and port; https when the connection to the proxy itself is secure. */
  origin: string;
  /** host:port, without user name and password, so that it can be shown. */
  host: string;
  /** The value of `Proxy-Authorization`; null when the proxy's address had no user name and password. */
  authorization: string | null;
}

/** One way to a server. */
export type Route = HttpProxy | 'direct';

/**
 * The routes to a URL, in the order in which to try them; at least one.
 * @throws LookalikeError PROXY_UNSUPPORTED, PROXY_SETTING_INVALID, PROXY_SETTINGS_UNKNOWN
 */
export type ProxySettings = (url: URL) => Promise<readonly Route[]>;

const DIRECT: readonly Route[] = ['direct'];

/** How long the system's answer is used for the other URLs of its host. */
const SYSTEM_ANSWER_MS = 30_000;

/**
 * The proxy from the environment: `HTTP_PROXY` or `HTTPS_PROXY` by the URL's scheme, or else `ALL_PROXY`, unless `NO_PROXY`
 * excludes the host. Lower-case names come first, as in curl and Go. This computer itself is never requested through a
 * proxy, because "localhost" would be the proxy's own machine there.
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
 * The proxy from the system's settings, which may be a script (PAC), or else from the environment.
 * @param resolve gives the answer of Electron's `session.resolveProxy` for a URL: "PROXY a:3128; DIRECT"
 */
export function systemProxies(
  resolve: (url: string) => Promise<string>,
  env: NodeJS.ProcessEnv = process.env,
): ProxySettings {
  const fromEnvironment = environmentProxies(env);
  // By scheme, host and port: the path of a picture makes no difference, and a thousand pictures should not ask a thousand
  // times.
  const answers = new LRUCache<string, Promise<string>>({ max: 500, ttl: SYSTEM_ANSWER_MS });
  return async (url) => {
    if (isLoopback(url.hostname)) return DIRECT;
    const pending = answers.get(url.origin) ?? resolve(`${url.origin}/`);
    answers.set(url.origin, pending);
    const answer = await pending.catch((cause: unknown) => {
      answers.delete(url.origin);
      throw new LookalikeError({ code: 'PROXY_SETTINGS_UNKNOWN', params: { host: url.host } }, { cause });
    });
    const routes = parseProxyList(answer);
    return routes.some((route) => route !== 'direct') ? routes : fromEnvironment(url);
  };
}

/**
 * Parses the answer of a proxy script. A proxy of an unsupported kind is skipped in favour of a supported proxy, but never
 * of a direct connection: a network that names a proxy first may have good reasons.
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

/** @param setting the variable that the value comes from */
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
 * @param list as in `NO_PROXY`: `*`, or hosts (with all names that end in them), each with or without a port, addresses, and
 * ranges of addresses (10.0.0.0/8), separated by commas or spaces
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
