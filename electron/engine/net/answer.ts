import type { Dispatcher } from 'undici';
import { UnusableAnswerError } from './failure.ts';

export const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export const isRedirect = ({ statusCode }: Dispatcher.ResponseData): boolean => REDIRECTS.has(statusCode);

/**
 * The target of a redirect.
 * @throws UnusableAnswerError when there is none, or it is not an http(s) URL
 */
export function redirectTarget(answer: Dispatcher.ResponseData, from: URL): URL {
  const location = header(answer, 'location');
  const target = location && URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (!target) throw new UnusableAnswerError({ kind: 'redirect-to-nowhere' });
  if (!/^https?:$/.test(target.protocol))
    throw new UnusableAnswerError({ kind: 'redirect-elsewhere', scheme: target.protocol });
  target.username = '';
  target.password = '';
  return target;
}

/** Reads the rest of a short body, to keep the connection. A long or slow body is dropped with its connection. */
export function discard(body: Dispatcher.ResponseData['body']): void {
  body.dump({ limit: 64_000, signal: AbortSignal.timeout(1000) }).catch(() => {});
}

/** A header of a response; null when it was not sent. */
export function header(answer: Dispatcher.ResponseData, name: string): string | null {
  const value = answer.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}

/** The validator for later requests, `etag:…` or `modified:…`; null when the server sent neither header. */
export function freshness(answer: Dispatcher.ResponseData): string | null {
  const etag = header(answer, 'etag');
  const modified = header(answer, 'last-modified');
  return etag ? `etag:${etag}` : modified ? `modified:${modified}` : null;
}

/** Parses the Link header (RFC 8288): relation to absolute URL. Of several links with one relation the first counts. */
export function parseLinks(value: string, base: URL): Record<string, string> {
  const links: Record<string, string> = {};
  for (const [, target = '', parameters = ''] of value.matchAll(/<([^>]*)>((?:[^,"]|"[^"]*")*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(parameters);
    if (!rel || !URL.canParse(target, base.href)) continue;
    const relations = (rel[1] ?? rel[2] ?? '').toLowerCase().split(/\s+/);
    for (const relation of relations) links[relation] ??= new URL(target, base).href;
  }
  return links;
}
