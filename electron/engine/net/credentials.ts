import { unescape as unescaped } from 'node:querystring';

type Headers = Record<string, string>;

/**
 * Splits a URL into the URL without its user name and password, and the header of HTTP basic authentication (RFC 7617) with
 * them.
 */
export function splitCredentials(ref: string): { url: string; headers: Headers } {
  const url = new URL(ref);
  const { username, password } = url;
  if (!username && !password) return { url: ref, headers: {} };
  url.username = '';
  url.password = '';
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** Removes credentials from a reference, so that it can be shown and logged. */
export const withoutCredentials = (ref: string): string => ref.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1');

/**
 * Whether a request to `hop`, reached by redirects from `first`, may carry the secrets given for `first`: only to the same
 * host and port, only when that is the feed's host, and not from https to http, where anyone could read them.
 */
export function mayCarrySecrets(hop: URL, first: URL, feedHost = first.host): boolean {
  const downgraded = first.protocol === 'https:' && hop.protocol !== 'https:';
  return hop.host === first.host && hop.host === feedHost && !downgraded;
}
