// Shared by the tests of installing: a server of one file, and the faults between the server and the app.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Git's blob id of the bytes, which a hub sends as the ETag of small files. */
export const gitBlob = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Pseudo-random bytes. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + seed, 2654435761) >>> 24;
  return bytes;
}

export type Behaviour = (request: IncomingMessage, answer: ServerResponse, server: FileServer) => void;

/** A server on loopback for one test. It honours Range and If-Range and serves one file at every path. */
export class FileServer {
  url = '';
  bytes: Uint8Array;
  etag = '"one"';
  /** Extra headers of every response. */
  headers: OutgoingHttpHeaders = {};
  /** How each of the next requests is answered. Later requests are answered correctly. */
  next: Behaviour[] = [];
  /** The path and the Range of each request. */
  readonly paths: string[] = [];
  readonly ranges: (string | null)[] = [];
  /** Bytes of the file that were sent, in all responses together. */
  sent = 0;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  static async open(bytes: Uint8Array, ...next: Behaviour[]): Promise<FileServer> {
    const server = new FileServer(bytes);
    server.next = next;
    const http = createServer((request, answer) => {
      server.paths.push(request.url ?? '');
      server.ranges.push(request.headers.range ?? null);
      (server.next.shift() ?? well)(request, answer, server);
    });
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    server.url = `http://127.0.0.1:${address.port}`;
    return server;
  }

  /** Starts a correct response. @returns the bytes of its body */
  begin(request: IncomingMessage, answer: ServerResponse): Uint8Array {
    const { range, 'if-range': condition } = request.headers;
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const partial = start > 0 && (condition === undefined || condition === this.etag);
    const rest = partial ? this.bytes.subarray(start) : this.bytes;
    const total = this.bytes.length;
    answer.writeHead(partial ? 206 : 200, {
      'content-length': rest.length,
      etag: this.etag,
      ...(partial ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
      ...this.headers,
    });
    return rest;
  }

  /** Sends bytes of the file, and calls back when they are sent. */
  send(answer: ServerResponse, bytes: Uint8Array, then: () => void = () => answer.end()): void {
    this.sent += bytes.length;
    answer.write(bytes, then);
  }
}

export const well: Behaviour = (request, answer, server) =>
  server.send(answer, server.begin(request, answer));

/** Cuts the connection after so many bytes of the body, once they have had time to arrive. */
export const cutAfter =
  (count: number): Behaviour =>
  (request, answer, server) =>
    server.send(answer, server.begin(request, answer).subarray(0, count), () =>
      setTimeout(() => answer.destroy(), 250),
    );

/** Sends so many bytes of the body, and then keeps the connection open without sending more. */
export const stallAfter =
  (count: number): Behaviour =>
  (request, answer, server) =>
    server.send(answer, server.begin(request, answer).subarray(0, count), () => {});

export const refuse =
  (status: number, headers: OutgoingHttpHeaders = {}): Behaviour =>
  (_, answer) =>
    answer.writeHead(status, headers).end('no');

export const redirect = (location: string, headers: OutgoingHttpHeaders = {}): Behaviour =>
  refuse(302, { location, ...headers });

/** Answers every request with the sign-in page of a captive portal. */
export const page: Behaviour = (_, answer) =>
  answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Sign in</html>');

export const ignoreRange: Behaviour = (request, answer, server) => {
  delete request.headers.range;
  well(request, answer, server);
};

/** Ignores If-Range: sends the rest although the file has changed. */
export const ignoreIfRange: Behaviour = (request, answer, server) => {
  delete request.headers['if-range'];
  well(request, answer, server);
};
