import { LookalikeError } from '../contract/errors.ts';
import type { KnownClient, ServerReport, ServerSettings } from '../contract/serving.ts';
import { HttpServer } from './http-server.ts';
import type { ListenAt } from './listen.ts';
import type { EngineClient } from './route.ts';

/** How the server runs beside what the settings say. */
export interface RunOptions {
  /** Serve although the settings say that the server is off. */
  always: boolean;
  /** Where to listen; null: where the settings say, at a port that is chosen if they name none. */
  at: ListenAt | null;
  /** Clients of this run, beside those of the settings. */
  clients: readonly KnownClient[];
  /** Origins of web pages that may ask in this run, beside those of the settings. */
  origins: readonly string[];
  log: (line: string) => void;
  /** Called when the server has started, stopped or failed. */
  onReport: (report: ServerReport) => void;
}

/** Uses of a client are noted once in this time, in milliseconds. */
const NOTE_EVERY_MS = 60_000;

/**
 * Runs the server as the settings say, with one engine after another: it stays where it is while the engine is started again,
 * and answers 503 meanwhile.
 */
export class ServerRun {
  readonly #options: RunOptions;
  readonly #noted = new Map<string, number>();
  #server: HttpServer | null = null;
  /** The socket that the server answers at; null: a port. */
  #socket: string | null = null;
  #engine: EngineClient | null = null;
  #settings: ServerSettings | null = null;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Follows the settings of an engine until it ends. */
  async follow(engine: EngineClient): Promise<void> {
    this.#engine = engine;
    if (this.#server) this.#server.engine = engine;
    try {
      for await (const settings of await engine.watchServerSettings()) {
        if (this.#engine !== engine) return;
        this.#settings = settings;
        const report = await this.#apply(settings);
        if (!report) continue;
        this.#options.onReport(report);
        await engine.reportServer(report);
      }
    } finally {
      if (this.#engine === engine) this.#lose();
    }
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  #lose(): void {
    this.#engine = null;
    if (this.#server) this.#server.engine = null;
  }

  /** Starts or stops the server. Returns what to report; null when nothing has changed. */
  async #apply({ on, port, socket, clients, origins }: ServerSettings): Promise<ServerReport | null> {
    const { always, at } = this.#options;
    if (!on && !always) {
      await this.close();
      return { state: { state: 'off' }, port: null };
    }
    if (at === null && socket !== this.#socket) await this.close();
    this.#socket = socket;
    const before = this.#server;
    try {
      this.#server ??= await this.#start(at ?? (socket === null ? { port } : { socket }));
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error;
      return { state: { state: 'failed', fault: error.fault }, port: null };
    }
    const server = this.#server;
    server.engine = this.#engine;
    server.allow([...clients, ...this.#options.clients], [...origins, ...this.#options.origins]);
    return { state: { state: 'listening', url: server.url }, port: before ? null : server.port };
  }

  #start(at: ListenAt): Promise<HttpServer> {
    const { log } = this.#options;
    return HttpServer.start({ at, log, onUse: (client) => this.#note(client) });
  }

  #note({ id }: KnownClient): void {
    const now = performance.now();
    const isKept = this.#settings?.clients.some((client) => client.id === id) ?? false;
    if (!isKept || now - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
    this.#noted.set(id, now);
    this.#engine?.noteClientUse({ ids: [id] }).catch(console.error);
  }
}
