import path from 'node:path';
import {
  MessageChannelMain,
  type MessagePortMain,
  session,
  type UtilityProcess,
  utilityProcess,
  type WebContents,
} from 'electron';
import { z } from 'zod';
import { type Connections, connections } from '../contract/connections.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { Fault, FaultParams } from '../contract/faults.ts';
import { channels } from '../contract/shell.ts';
import type { ShellMessage } from '../contract/shell-message.ts';
import type { EngineProcessOptions, MessageFromEngine, MessageToEngine } from '../engine/process.ts';
import { Heartbeat } from './heartbeat.ts';
import { KeepAwake } from './keep-awake.ts';
import { printToPdf } from './print.ts';
import { Proofs } from './proofs.ts';
import { restartDelay } from './restart-policy.ts';
import { onPageMessage } from './security.ts';
import { ServerProcess } from './server-process.ts';

/**
 * How long an engine that was told to stop may take before it is killed, in milliseconds: to answer, and to close its
 * catalog.
 */
const STOP_PATIENCE_MS = { answer: 1_500, close: 5_000 };

/** Kept only in memory, because its name does not begin with `persist:`. */
const PROXY_SESSION = 'system-proxy';

const messageFromEngine: z.ZodType<MessageFromEngine> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dying'), said: z.string() }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('busy'), busy: z.boolean() }),
  z.object({ type: z.literal('secret'), request: z.int(), sourceId: z.string(), origin: z.string() }),
  z.object({ type: z.literal('proxy'), request: z.int(), url: z.url() }),
  z.object({ type: z.literal('connections'), connections }),
  z.object({ type: z.literal('serve'), on: z.boolean() }),
  z.object({ type: z.literal('prove'), request: z.int(), argument: z.string() }),
  z.object({ type: z.literal('stop-proof'), request: z.int() }),
  z.object({ type: z.literal('print'), request: z.int(), html: z.string(), pdf: z.string() }),
]);

/** Reads a source's secret for an origin, null when it has none; rejects with a LookalikeError. */
type SecretOf = (sourceId: string, origin: string) => Promise<string | null>;

/**
 * Keeps one engine process running and every page connected to it. A page that reports that it is ready gets a port to the
 * engine, and a new port whenever the engine was restarted. An engine that does not answer is reported to the pages, and
 * keeps running until someone asks for another one. Must be called when the app is ready.
 * @param entry the engine's built entry file
 * @param secretOf called whenever an engine needs a source's secret
 * @returns a function that stops the engine for good
 */
export function superviseEngine(
  entry: string,
  options: EngineProcessOptions,
  secretOf: SecretOf,
): () => Promise<void> {
  const proofs = new Proofs(path.join(path.dirname(entry), 'prove.js'));
  const server = new ServerProcess(path.join(path.dirname(entry), 'server.js'));
  const pages = new Set<WebContents>();
  const awake = new KeepAwake();
  let deaths: number[] = [];
  /**
   * The hosts that engines have contacted since the app was started. Kept here, because a crashed engine loses its own list.
   */
  let connected: Connections | undefined;
  let engine: { process: UtilityProcess; heartbeat: Heartbeat } | null = null;
  let stopped: ShellMessage | null = null;
  let stopping = false;

  function start(): void {
    stopped = null;
    const started = utilityProcess.fork(entry, [JSON.stringify({ ...options, connections: connected })], {
      serviceName: 'Lookalike engine',
    });
    const heartbeat = new Heartbeat(
      () => send(started, { type: 'ping' }),
      (silent) => tellPages({ type: 'lookalike:engine-silent', silent }),
    );
    let lastWords: Fault | null = null;
    started.on('message', (data) => {
      const message = messageFromEngine.safeParse(data).data;
      if (message?.type === 'dying') lastWords = diedOf({ reason: 'exception', said: message.said });
      if (message?.type === 'prove') {
        const { request, argument } = message;
        proofs.start(request, argument, (said) => send(started, { type: 'proof', request, said }));
      }
      if (message?.type === 'stop-proof') proofs.stop(message.request);
      if (message?.type === 'print') {
        const { request, html, pdf } = message;
        void printToPdf(html, pdf).then((fault) => send(started, { type: 'print', request, fault }));
      }
      if (message?.type === 'serve') {
        if (message.on) server.serve((port) => send(started, { type: 'connect', asker: 'program' }, [port]));
        else server.stop();
      }
      if (message?.type === 'pong') heartbeat.answered();
      if (message?.type === 'busy') awake.busy = message.busy;
      if (message?.type === 'secret') void sendSecret(started, message, secretOf);
      if (message?.type === 'proxy') void sendProxies(started, message);
      if (message?.type === 'connections') connected = message.connections;
    });
    started.once('exit', (code) => {
      heartbeat.stop();
      const silence = heartbeat.silent ? ({ reason: 'silent' } as const) : null;
      handleExit(lastWords ?? diedOf(silence ?? { reason: 'without-word', exitCode: code }));
    });
    engine = { process: started, heartbeat };
    for (const page of pages) connect(page, started);
  }

  function handleExit(fault: Fault): void {
    proofs.stopAll();
    awake.busy = false;
    engine = null;
    if (stopping) return;
    deaths.push(Date.now());
    const delay = restartDelay(deaths);
    stopped = { type: 'lookalike:engine-stopped', restarting: delay !== null, fault };
    console.error('The engine stopped.', fault);
    tellPages(stopped);
    if (delay !== null) setTimeout(start, delay);
  }

  function tellPages(message: ShellMessage): void {
    for (const page of pages) page.postMessage(channels.toPage, message);
  }

  onPageMessage(channels.pageReady, (page) => {
    if (!pages.has(page)) page.once('destroyed', () => pages.delete(page));
    pages.add(page);
    if (engine) {
      connect(page, engine.process);
      if (engine.heartbeat.silent) tellPages({ type: 'lookalike:engine-silent', silent: true });
    } else if (stopped) page.postMessage(channels.toPage, stopped);
  });

  onPageMessage(channels.restartEngine, () => {
    if (engine?.heartbeat.silent) {
      deaths = [];
      end(engine.process);
      return;
    }
    const gaveUp = stopped?.type === 'lookalike:engine-stopped' && !stopped.restarting;
    if (!gaveUp) return;
    deaths = [];
    start();
  });

  start();
  return () => {
    stopping = true;
    server.stop();
    return engine ? stop(engine.process) : Promise.resolve();
  };
}

/** Connects a page and the engine. From here on the shell sees none of their messages. */
function connect(page: WebContents, engine: UtilityProcess): void {
  const { port1, port2 } = new MessageChannelMain();
  send(engine, { type: 'connect' }, [port1]);
  const ready: ShellMessage = { type: 'lookalike:engine-ready' };
  page.postMessage(channels.toPage, ready, [port2]);
}

async function sendSecret(
  engine: UtilityProcess,
  { request, sourceId, origin }: { request: number; sourceId: string; origin: string },
  secretOf: SecretOf,
): Promise<void> {
  const answer = await secretOf(sourceId, origin).then(
    (secret) => ({ secret }),
    (error: unknown) => {
      if (!(error instanceof LookalikeError)) console.error(error);
      const params = { reason: 'unreadable' } as const;
      const unexpected: Fault = { code: 'SECRET_UNAVAILABLE', params };
      return {
        secret: null,
        fault: error instanceof LookalikeError ? error.fault : unexpected,
      };
    },
  );
  send(engine, { type: 'secret', request, ...answer });
}

/**
 * Sends the proxies for a URL from the system's settings; Chromium runs a proxy script if there is one. The page's session
 * has a proxy of its own (`page-network.ts`), so another session, which fetches nothing, is asked.
 */
async function sendProxies(
  engine: UtilityProcess,
  { request, url }: { request: number; url: string },
): Promise<void> {
  const proxies = await session
    .fromPartition(PROXY_SESSION)
    .resolveProxy(url)
    .catch((error: unknown) => {
      console.error('The proxy settings of this computer could not be read:', error);
      return null;
    });
  send(engine, { type: 'proxy', request, proxies });
}

/** Tells an engine to close its catalog and end. An engine that hangs is killed: the catalog survives that at any moment. */
async function stop(engine: UtilityProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
  const late = setTimeout(() => end(engine), STOP_PATIENCE_MS.close);
  const hung = setTimeout(() => end(engine), STOP_PATIENCE_MS.answer);
  // Any message shows that the engine still answers.
  engine.once('message', () => clearTimeout(hung));
  send(engine, { type: 'ping' });
  send(engine, { type: 'stop' });
  await exited;
  clearTimeout(late);
  clearTimeout(hung);
}

/** Kills a process that may hang. */
function end(engine: UtilityProcess): void {
  // `kill()` sends a signal that a suspended process (SIGSTOP) does not receive.
  if (engine.pid !== undefined && process.platform !== 'win32') process.kill(engine.pid, 'SIGKILL');
  else engine.kill();
}

const diedOf = (params: FaultParams['ENGINE_DIED']): Fault => ({ code: 'ENGINE_DIED', params });

function send(engine: UtilityProcess, message: MessageToEngine, ports: MessagePortMain[] = []): void {
  engine.postMessage(message, ports);
}
