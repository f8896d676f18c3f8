import type { IncomingMessage } from 'node:http';
import type { KnownClient } from '../contract/serving.ts';

const LONGEST_PATH = 120;

/** One request as a line: who, what, how it ended. Neither what was asked nor a photo, a token or a query string. */
export function accessLine(
  { method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>,
  { client, status, ms, bytes }: { client: KnownClient | null; status: number; ms: number; bytes: number },
): string {
  const [path = ''] = url.split('?');
  const who = client ? JSON.stringify(client.name) : '-';
  return `${new Date().toISOString()} ${who} ${method} ${path.slice(0, LONGEST_PATH)} ${status} ${ms.toFixed(1)} ms ${bytes} B`;
}
