import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

export const CONNECT_TIMEOUT_MS = 10_000;

/** A host on this machine or in its network, where a feed must not send requests. */
export class PrivateAddressError extends Error {
  readonly host: string;

  constructor(host: string) {
    super(`${host} is an address of this machine or of its own network.`);
    this.name = 'PrivateAddressError';
    this.host = host;
  }
}

/**
 * Whether an IP address is on the public internet, by IANA's special-purpose registries (RFC 6890). An IPv4 address inside
 * an IPv6 address (mapped, or behind NAT64 by RFC 6052) is judged as the IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  const bytes = parsed.toByteArray();
  if (parsed.range() === 'rfc6052' && bytes.slice(4, 12).every((byte) => byte === 0)) {
    return isPublicAddress(bytes.slice(12).join('.'));
  }
  // IANA assigns global addresses only from 2000::/3; other ranges without a name are not in use.
  return parsed.range() === 'unicast' && (bytes[0] ?? 0) >> 5 === 1;
}

/** Why a host that is an IP address, in a URL's spelling, may not be connected to; null for any name. */
export function refusalOfLiteral(hostname: string): PrivateAddressError | null {
  const host = unbracketed(hostname);
  return isIP(host) && !isPublicAddress(host) ? new PrivateAddressError(host) : null;
}

/**
 * Names that no public server has: names reserved for private use (RFC 6761 localhost, RFC 6762 local, RFC 8375 home.arpa,
 * ICANN internal), names that networks use in the same way (RFC 6762, appendix G), and names of one part.
 */
const PRIVATE_NAME = /^[^.]+$|\.(?:localhost|local|home\.arpa|internal|intranet|private|corp|home|lan)$/;

/**
 * Why a host, in a URL's spelling, may not be requested through a proxy; null when it may be. A feed must not reach more
 * hosts through a proxy than it could without one.
 *
 * The proxy resolves names in its own network and connects. So one case cannot be checked here: a name that looks public and
 * resolves to a private address there. That depends on what the proxy allows.
 */
export function refusalThroughProxy(hostname: string): PrivateAddressError | null {
  const host = unbracketed(hostname).replace(/\.$/, '');
  if (isIP(host)) return refusalOfLiteral(host);
  return PRIVATE_NAME.test(host) ? new PrivateAddressError(host) : null;
}

/** Whether a host, in a URL's spelling, is this computer, by its name or address. */
export function isLoopback(hostname: string): boolean {
  const host = unbracketed(hostname);
  if (isIP(host)) return ipaddr.process(host).range() === 'loopback';
  return /^(?:.+\.)?localhost\.?$/.test(host);
}

const unbracketed = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Connects to public addresses only. It checks the address that the socket is about to connect to, so a name that resolves
 * differently the second time gains nothing.
 * @throws PrivateAddressError through the callback
 */
export function publicConnector(lookup: LookupFunction): buildConnector.connector {
  const connect = connector(publicLookup(lookup));
  return (options, callback) => {
    // An IP address is not looked up, so it is checked here.
    const refused = refusalOfLiteral(options.hostname);
    if (refused) queueMicrotask(() => callback(refused, null));
    else connect(options, callback);
  };
}

/** Connects to any address: for the feed's own host, which the user entered. */
export function connector(lookup: LookupFunction): buildConnector.connector {
  return buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup,
    // Tries a name's addresses in turn, so the lookup must return all of them.
    autoSelectFamily: true,
  });
}

/** Resolves to the public addresses of a name only. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : (found ?? []);
      const usable = addresses.filter(({ address }) => isPublicAddress(address));
      callback(error ?? (usable.length > 0 ? null : new PrivateAddressError(host)), usable);
    });
  };
}
