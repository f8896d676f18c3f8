import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

export const CONNECT_TIMEOUT_MS = 10_000;

/** A host that stands on this machine or in its network, where a feed has no business to send us. */
export class PrivateAddressError extends Error {
  readonly host: string;

  constructor(host: string) {
    super(`${host} is an address of this machine or of its own network.`);
    this.name = 'PrivateAddressError';
    this.host = host;
  }
}

/**
 * Whether an IP address is one of the public internet, by the special-purpose registries of IANA (RFC 6890). An IPv4
 * address in the clothes of IPv6 (mapped, or behind NAT64 by RFC 6052) is judged as what it is.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  const bytes = parsed.toByteArray();
  if (parsed.range() === 'rfc6052' && bytes.slice(4, 12).every((byte) => byte === 0)) {
    return isPublicAddress(bytes.slice(12).join('.'));
  }
  // IANA gives out global addresses from 2000::/3 alone; other ranges without a name are not in use.
  return parsed.range() === 'unicast' && (bytes[0] ?? 0) >> 5 === 1;
}

/** Why a host that is written as an address, in a URL's spelling, may not be connected to; null for any name. */
export function refusalOfLiteral(hostname: string): PrivateAddressError | null {
  const host = unbracketed(hostname);
  return isIP(host) && !isPublicAddress(host) ? new PrivateAddressError(host) : null;
}

/**
 * Names that no public server has: those set aside for private use (RFC 6761 localhost, RFC 6762 local, RFC 8375
 * home.arpa, ICANN internal), those that networks use as if they were (RFC 6762, appendix G), and names of one part.
 */
const PRIVATE_NAME = /^[^.]+$|\.(?:localhost|local|home\.arpa|internal|intranet|private|corp|home|lan)$/;

/**
 * Why a host, in a URL's spelling, may not be asked for through a proxy, which must not give a feed any reach that it
 * does not have without one; null when it may be.
 *
 * The proxy looks names up, in its own network, and connects. So what cannot be judged here is a name that looks
 * public and is given a private address there: it depends on what the proxy lets through.
 */
export function refusalThroughProxy(hostname: string): PrivateAddressError | null {
  const host = unbracketed(hostname).replace(/\.$/, '');
  if (isIP(host)) return refusalOfLiteral(host);
  return PRIVATE_NAME.test(host) ? new PrivateAddressError(host) : null;
}

/** Whether a host, in a URL's spelling, is this computer by its name or address. */
export function isLoopback(hostname: string): boolean {
  const host = unbracketed(hostname);
  if (isIP(host)) return ipaddr.process(host).range() === 'loopback';
  return /^(?:.+\.)?localhost\.?$/.test(host);
}

const unbracketed = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Connects to public addresses only. What is judged is the address that the socket is about to connect to, so a name
 * that resolves differently the second time gains nothing.
 * @throws PrivateAddressError through the callback
 */
export function publicConnector(lookup: LookupFunction): buildConnector.connector {
  const connect = connector(publicLookup(lookup));
  return (options, callback) => {
    // An address is not looked up, so it is judged here.
    const refused = refusalOfLiteral(options.hostname);
    if (refused) queueMicrotask(() => callback(refused, null));
    else connect(options, callback);
  };
}

/** Connects anywhere: for the feed's own host, which the user named. */
export function connector(lookup: LookupFunction): buildConnector.connector {
  return buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup,
    // Tries a name's addresses in turn, and so asks for all of them.
    autoSelectFamily: true,
  });
}

/** Answers with the public ones among a name's addresses. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : (found ?? []);
      const usable = addresses.filter(({ address }) => isPublicAddress(address));
      callback(error ?? (usable.length > 0 ? null : new PrivateAddressError(host)), usable);
    });
  };
}
