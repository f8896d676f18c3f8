import { unescape as unescaped } from 'node:querystring';

type Headers = Record<string, string>;

/** A URL without its user name and password, and these as the header of HTTP's basic authentication (RFC 7617). */
export function splitCredentials(ref: string): { url: string; headers: Headers } {
  const url = new URL(ref);
  const { username, password } = url;
  if (!username && !password) return { url: ref, headers: {} };
  url.username = '';
  url.password = '';
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** Any reference as it may be shown and logged. */
export const withoutCredentials = (ref: string): string => ref.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1');

/**
 * Whether a request to `hop` may carry the secrets given for `first`, from where redirects led to it: to the same host
 * and port alone, only when that is the feed's, and not from https down to http, where all may read them.
 */
export function mayCarrySecrets(hop: URL, first: URL, feedHost = first.host): boolean {
  const downgraded = first.protocol === 'https:' && hop.protocol !== 'https:';
  return hop.host === first.host && hop.host === feedHost && !downgraded;
}
