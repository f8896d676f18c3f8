import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { KnownClient } from '../contract/serving.ts';
import { Access, requireScope } from './access.ts';
import { accessLine } from './access-log.ts';
import { Bodies } from './body.ts';
import { type ListeningAt, refuseForeign } from './guard.ts';
import { inTurn } from './in-turn.ts';
import { LIMITS, type ServerLimits } from './limits.ts';
import { type ListenAt, listen } from './listen.ts';
import { Load } from './load.ts';
import { engineStopped, Refusal, refusalOf } from './refusal.ts';
import { type Asked, type EngineClient, toldAs } from './route.ts';
import { errorFormOf, findRoute } from './routes.ts';

export interface HttpServerParts {
  at: ListenAt;
  /** Called with a line for each request, which holds neither a photo nor what was asked. */
  log: (line: string) => void;
  /** Called when a client has shown its token. */
  onUse: (client: KnownClient) => void;
  limits?: ServerLimits;
}

/** Sent with every answer, so that no browser keeps it, guesses its type or shows it inside another page. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** How long a refused request may still be sent, so that its client reads why, in milliseconds. */
const LINGER_MS = 2000;

/**
 * Answers programs of this machine over HTTP, with what the engine answers. Each request passes, in this order: where it comes
 * from (`guard.ts`), whose token it has (`access.ts`), how many there are (`load.ts`), its size (`body.ts`), and its route.
 */
export class HttpServer {
  #engine: EngineClient | null = null;
  readonly #limits: ServerLimits;
  readonly #parts: HttpServerParts;
  readonly #access: Access;
  readonly #load: Load;
  readonly #bodies: Bodies;
  readonly #server: Server;
  /** Connections without a request under way, the one that has been idle for longest first. */
  readonly #idle = new Set<Socket>();
  #connections = 0;
  #at: ListeningAt = { port: 0 };
  #origins: readonly string[] = [];

  private constructor(parts: HttpServerParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? LIMITS;
    this.#access = new Access(this.#limits.refusedPerSecond);
    this.#load = new Load(this.#limits);
    this.#bodies = new Bodies(this.#limits);
    this.#server = this.#create();
  }

  /** @throws LookalikeError SERVER_* */
  static async start(parts: HttpServerParts): Promise<HttpServer> {
    const made = new HttpServer(parts);
    made.#at = await listen(made.#server, parts.at);
    return made;
  }

  /** The port; null at a socket. */
  get port(): number | null {
    return 'port' in this.#at ? this.#at.port : null;
  }

  /** `http://127.0.0.1:<port>`, or `unix:<path>`. */
  get url(): string {
    return 'port' in this.#at ? `http://127.0.0.1:${this.#at.port}` : `unix:${this.#at.socket}`;
  }

  /** The engine to ask; null while there is none, as between two engines. */
  set engine(engine: EngineClient | null) {
    this.#engine = engine && inTurn(engine);
  }

  /** @param origins origins of web pages that may ask */
  allow(clients: readonly KnownClient[], origins: readonly string[]): void {
    this.#access.clients = clients;
    this.#origins = origins;
  }

  /** Stops listening, and cuts off what is under way. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #create(): Server {
    const { headMs, requestMs, idleMs, lookMs } = this.#limits;
    const server = createServer({
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: lookMs,
      requireHostHeader: true,
    });
    server.timeout = idleMs;
    const onRequest = (request: IncomingMessage, response: ServerResponse, continues: boolean) => {
      this.#answer(request, response, continues).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    };
    server.on('request', (request, response) => onRequest(request, response, false));
    server.on('checkContinue', (request, response) => onRequest(request, response, true));
    // Nothing is spoken here but HTTP: no WebSocket, and no tunnel.
    server.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    );
    server.on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'),
    );
    server.on('connection', (socket) => this.#admit(socket));
    return server;
  }

  /** Whoever opens connections and sends nothing loses them to the next who asks. */
  #admit(socket: Socket): void {
    this.#connections++;
    this.#idle.add(socket);
    // Node hears no errors of a connection that it has handed over (WebSocket, CONNECT), and one unheard ends the process.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#connections--;
      this.#idle.delete(socket);
    });
    if (this.#connections <= this.#limits.connections) return;
    const [oldest = socket] = this.#idle;
    oldest.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse, continues: boolean): Promise<void> {
    const began = performance.now();
    const { socket } = request;
    this.#idle.delete(socket);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
      if (!socket.destroyed) this.#idle.add(socket);
    });
    const seen: Seen = { client: null };
    let answer: Response;
    try {
      answer = await this.#ask(request, { response, continues, signal: gone.signal, seen });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status === 500 && !gone.signal.aborted) console.error(error);
      answer = toldAs(errorFormOf(request.url ?? '/'), refusal);
    }
    const bytes = gone.signal.aborted ? 0 : await this.#send(request, response, answer);
    const status = gone.signal.aborted && bytes === 0 ? 499 : answer.status;
    const ms = performance.now() - began;
    this.#parts.log(accessLine(request, { client: seen.client, status, ms, bytes }));
  }

  async #ask(request: IncomingMessage, { response, continues, signal, seen }: Handling): Promise<Response> {
    refuseForeign(request, this.#at, this.#origins);
    const url = new URL(`http://localhost${request.url}`);
    const route = findRoute(request.method ?? '', url.pathname);
    // What is there and what is not is said only to those who have a token.
    if ('scope' in route && route.scope === null) {
      return route.answer(this.#asked(request, url, { signal, client: null, body: null }));
    }
    const client = this.#access.clientOf(request.headers.authorization);
    seen.client = client;
    this.#parts.onUse(client);
    if (route instanceof Refusal) throw route;
    if (route.scope !== null && route.scope !== 'by procedure') requireScope(client, route.scope);
    const leave = this.#load.enter(client.id);
    try {
      if (continues) response.writeContinue();
      return await this.#bodies.with(request, async (body) =>
        route.answer(this.#asked(request, url, { signal, client, body })),
      );
    } finally {
      leave();
    }
  }

  #asked(
    { method = 'GET', headers }: IncomingMessage,
    url: URL,
    { signal, client, body }: Pick<Asked, 'signal' | 'client'> & { body: Buffer<ArrayBuffer> | null },
  ): Asked {
    const type = headers['content-type'];
    const request = new Request(url, {
      method,
      ...(type !== undefined && { headers: { 'content-type': type } }),
      ...(body !== null && method !== 'GET' && method !== 'HEAD' && { body }),
      signal,
    });
    const base = 'port' in this.#at ? `http://${headers.host}` : '';
    return { request, url, engine: this.#requireEngine(), signal, client, base };
  }

  #requireEngine(): EngineClient {
    if (this.#engine) return this.#engine;
    throw engineStopped();
  }

  /** Sends an answer, and returns the number of its bytes. */
  async #send(request: IncomingMessage, response: ServerResponse, answer: Response): Promise<number> {
    const { status, headers, body } = answer;
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    // The rest of a body that nobody reads must not be taken for the next request.
    const stops = request.complete ? {} : { connection: 'close' };
    const content = isStream || body === null ? null : Buffer.from(await answer.arrayBuffer());
    const length = content === null ? {} : { 'content-length': content.length };
    response.writeHead(status, { ...HEADERS, ...Object.fromEntries(headers), ...length, ...stops });
    if (isStream && body) {
      // A client that goes away ends the stream, and so the work.
      await pipeline(body, response).catch(() => {});
      return response.socket?.bytesWritten ?? 0;
    }
    // Gone once the client has closed the connection, whatever the types say.
    const socket: Socket | null = request.socket;
    response.end(content);
    if (!request.complete && socket) linger(request, socket);
    return content?.length ?? 0;
  }
}

interface Seen {
  client: KnownClient | null;
}

interface Handling {
  response: ServerResponse;
  /** The client waits for "100 Continue" before it sends the body. */
  continues: boolean;
  signal: AbortSignal;
  seen: Seen;
}

/** Lets go of what is still being sent. A connection that is cut at once loses the answer. */
function linger(request: IncomingMessage, socket: Socket): void {
  request.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
