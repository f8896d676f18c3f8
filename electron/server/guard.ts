import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Where the server can be asked: at a port of this machine, or at a socket that no browser can reach. */
export type ListeningAt = { port: number } | { socket: string };

const foreign = (sentence: string) => new Refusal(403, 'FORBIDDEN', sentence);

/**
 * Refuses what a web page could have sent. A page of any site can send requests to 127.0.0.1 from the browser of this
 * machine: with its own origin, or, once its name is pointed at 127.0.0.1 ("DNS rebinding"), as if the server were its own.
 * A browser always tells: by the host, by the origin, or by `Sec-Fetch-Site`.
 * @param origins origins of web pages that may ask
 * @throws Refusal 403
 */
export function refuseForeign(
  request: Pick<IncomingMessage, 'url' | 'rawHeaders' | 'headers'>,
  at: ListeningAt,
  origins: readonly string[],
): void {
  // "GET http://shop.example/" asks a proxy, and would stand above the host.
  if (!request.url?.startsWith('/')) throw foreign('This is no proxy.');
  const hosts = valuesOf(request.rawHeaders, 'host');
  const [host] = hosts;
  if (hosts.length !== 1 || host === undefined || !isOurs(host, at))
    throw foreign('This host is not served here.');
  const from = valuesOf(request.rawHeaders, 'origin');
  if (from.some((origin) => !origins.includes(origin))) throw foreign('Web pages may not ask.');
  // The browser has named a page that may ask, and which is of another site than the server, of course.
  if (from.length > 0) return;
  const { 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'none' && site !== 'same-origin')
    throw foreign('Web pages may not ask.');
}

/** Names are compared as a whole: "localhost.", "localhost.evil" and "[::1]" are others. */
function isOurs(host: string, at: ListeningAt): boolean {
  if ('socket' in at) return host.toLowerCase() === 'localhost';
  const names = [`127.0.0.1:${at.port}`, `localhost:${at.port}`];
  return names.includes(host.toLowerCase());
}

/** All values that were sent: Node's own `headers` keep only the first. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
