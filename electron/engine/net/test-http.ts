// Shared by the tests of the client: servers that misbehave byte by byte, and requests with few tries.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { collected } from './body.ts';
import { HttpClient, type WebRequest } from './client.ts';
import type { Patience } from './retry.ts';

/** A server for one test that writes its response byte by byte. @returns its origin */
export async function serveSocket(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

export const quick: Patience = { tries: 4, backoffMs: 10, longestWaitMs: 3000, idleMs: 300 };
export const client = new HttpClient();

/** A request to a feed at this URL, with few tries. */
export const ask = (url: string, more: Partial<WebRequest> = {}): WebRequest => ({
  reason: 'feed',
  maxBytes: 100_000,
  timeoutMs: 30_000,
  errors: { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' },
  signal: new AbortController().signal,
  ownHost: new URL(url).host,
  patience: quick,
  ...more,
});

/** The text at a URL, or the thrown error. */
export async function text(url: string, more: Partial<WebRequest> = {}, by = client): Promise<unknown> {
  try {
    const read = await by.read(url, ask(url, more));
    return read === 'unchanged' ? read : Buffer.from(read.bytes).toString();
  } catch (error) {
    return error;
  }
}

/** Like `text`, through a stream. */
export async function streamedText(url: string, more: Partial<WebRequest> = {}): Promise<unknown> {
  try {
    const opened = await client.open(url, ask(url, more));
    if (opened === 'unchanged') return opened;
    return Buffer.from(await collected(opened.stream)).toString();
  } catch (error) {
    return error;
  }
}
