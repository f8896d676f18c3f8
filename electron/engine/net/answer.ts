import type { Dispatcher } from 'undici';
import { UnusableAnswerError } from './failure.ts';

export const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export const isRedirect = ({ statusCode }: Dispatcher.ResponseData): boolean => REDIRECTS.has(statusCode);

/**
 * Where a redirect leads.
 * @throws UnusableAnswerError when that is nowhere, or not the web
 */
export function redirectTarget(answer: Dispatcher.ResponseData, from: URL): URL {
  const location = header(answer, 'location');
  const target = location && URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (!target) throw new UnusableAnswerError('it redirects to nowhere');
  if (!/^https?:$/.test(target.protocol))
    throw new UnusableAnswerError(`it redirects to "${target.protocol}"`);
  target.username = '';
  target.password = '';
  return target;
}

/** Reads a short rest, to keep the connection, and drops a long or slow one with it. */
export function discard(body: Dispatcher.ResponseData['body']): void {
  body.dump({ limit: 64_000, signal: AbortSignal.timeout(1000) }).catch(() => {});
}

/** A header of an answer; null when it was not sent. */
export function header(answer: Dispatcher.ResponseData, name: string): string | null {
  const value = answer.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
