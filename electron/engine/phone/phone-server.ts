import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createEncryptedServer } from 'node:https';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import { jsonOrNull } from '../files/reads.ts';
import { isNear } from './addresses.ts';
import type { Admission } from './admission.ts';
import type { Certificate } from './certificate.ts';
import { PAGE, PAGE_POLICY } from './page.ts';
import type { PhoneResult } from './page-script.ts';

export interface PhoneServerParts {
  /** An address of this computer in a private network. */
  address: string;
  /** Null: not encrypted. */
  certificate: Certificate | null;
  admission: Admission;
  onJoin: () => void;
  /** Called with each photo. @returns the products to show on the phone */
  onPhoto: (bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<PhoneResult[]>;
}

const MOST_CONNECTIONS = 16;
const HEAD_MS = 10_000;
/** How often the times are looked at. */
const LOOK_MS = 2000;
/** A large photo over a slow network. */
const REQUEST_MS = 180_000;
const LARGEST_JOIN = 1000;

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** A request that is refused. The page turns the reason into words. */
class Refused extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * Answers one phone of the private network, at an address and port of its own: the page, the code that lets one phone in, and
 * its photos. Nothing else of the engine can be reached there.
 */
export class PhoneServer {
  readonly #parts: PhoneServerParts;
  readonly #server: Server;
  #host = '';
  /** A phone sends one photo at a time. */
  #busy = false;

  private constructor(parts: PhoneServerParts) {
    this.#parts = parts;
    const onRequest: RequestListener = (request, response) => void this.#answer(request, response);
    const limits = {
      headersTimeout: HEAD_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: LOOK_MS,
      requireHostHeader: true,
    };
    const { certificate } = parts;
    this.#server = certificate
      ? createEncryptedServer({ ...limits, ...certificate, handshakeTimeout: HEAD_MS }, onRequest)
      : createServer(limits, onRequest);
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('upgrade', (_request, socket) => socket.destroy());
    this.#server.on('connection', (socket) => socket.on('error', () => {}));
  }

  /** @throws LookalikeError SERVER_NOT_LISTENING */
  static async start(parts: PhoneServerParts): Promise<PhoneServer> {
    const made = new PhoneServer(parts);
    const { address } = parts;
    try {
      made.#server.listen({ host: address, port: 0, exclusive: true });
      await once(made.#server, 'listening');
    } catch (cause) {
      const said = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      throw new LookalikeError({ code: 'SERVER_NOT_LISTENING', params: { at: address, said } }, { cause });
    }
    const bound = made.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('a server without a port');
    made.#host = `${address}:${bound.port}`;
    return made;
  }

  /** `http://192.168.1.5:43211`, without a slash. */
  get origin(): string {
    return `${this.#parts.certificate ? 'https' : 'http'}://${this.#host}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#requireNear(request);
      const { method, url } = request;
      if (method === 'GET' && url === '/') return sendPage(response);
      if (method === 'POST' && url === '/join') return send(response, 200, await this.#join(request));
      if (method === 'POST' && url === '/photo')
        return send(response, 200, await this.#photo(request, response));
      throw new Refused(404, 'unknown');
    } catch (error) {
      const { status, reason } = error instanceof Refused ? error : new Refused(500, 'failed');
      if (status === 500) console.error(error);
      // The rest of a body that nobody reads must not be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      send(response, status, { refused: reason });
    }
  }

  /** From the private network, by this address, and not from the page of another site. */
  #requireNear({ socket, headers }: IncomingMessage): void {
    if (!isNear(socket.remoteAddress ?? '')) throw new Refused(403, 'address');
    if (headers.host !== this.#host) throw new Refused(403, 'host');
    if (headers.origin !== undefined && headers.origin !== this.origin) throw new Refused(403, 'origin');
  }

  async #join(request: IncomingMessage): Promise<{ session: string }> {
    const body = (await read(request, LARGEST_JOIN)).toString();
    const { code } = z.object({ code: z.string() }).catch({ code: '' }).parse(jsonOrNull(body));
    const joined = this.#parts.admission.join(code);
    if ('refused' in joined) throw new Refused(403, joined.refused);
    this.#parts.onJoin();
    return joined;
  }

  async #photo(request: IncomingMessage, response: ServerResponse): Promise<{ results: PhoneResult[] }> {
    const [, session = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!this.#parts.admission.isSession(session)) throw new Refused(403, 'session');
    if (this.#busy) throw new Refused(429, 'busy');
    this.#busy = true;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const bytes = await read(request, MOST_PICTURE_BYTES);
      return { results: await this.#parts.onPhoto(Uint8Array.from(bytes), gone.signal) };
    } catch (error) {
      throw error instanceof LookalikeError ? refusalOf(error) : error;
    } finally {
      this.#busy = false;
    }
  }
}

function refusalOf({ code }: LookalikeError): Refused {
  if (code === 'IMAGE_TOO_LARGE') return new Refused(413, 'large');
  if (code.startsWith('IMAGE_')) return new Refused(422, 'picture');
  return code === 'CATALOG_EMPTY' ? new Refused(503, 'catalog') : new Refused(500, 'failed');
}

async function read(request: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > most) throw new Refused(413, 'large');
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > most) throw new Refused(413, 'large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function sendPage(response: ServerResponse): void {
  response.writeHead(200, {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
  });
  response.end(PAGE);
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
