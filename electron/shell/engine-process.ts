import path from 'node:path';
import {
  MessageChannelMain,
  type MessagePortMain,
  type UtilityProcess,
  utilityProcess,
  type WebContents,
} from 'electron';
import { z } from 'zod';
import { channels } from '../contract/shell.ts';
import type { ShellMessage } from '../contract/shell-message.ts';
import type { EngineProcessOptions, MessageFromEngine, MessageToEngine } from '../engine/process.ts';
import { Proofs } from './proofs.ts';
import { restartDelay } from './restart-policy.ts';
import { onPageMessage } from './security.ts';

/** How long an engine may take to close its catalog, in milliseconds, before it is ended. */
const STOP_PATIENCE_MS = 5_000;

const messageFromEngine: z.ZodType<MessageFromEngine> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dying'), reason: z.string() }),
  z.object({ type: z.literal('secret'), request: z.int(), sourceId: z.string(), origin: z.string() }),
  z.object({ type: z.literal('prove'), request: z.int(), argument: z.string() }),
  z.object({ type: z.literal('stop-proof'), request: z.int() }),
]);

/** A source's secret for an origin, null when it has none; rejects with an error whose message is for people. */
type SecretOf = (sourceId: string, origin: string) => Promise<string | null>;

/**
 * Keeps one engine process running and every page connected to it: a page that says it is ready gets a port to the
 * engine, and a new one whenever the engine had to be started again. Must be called when the app is ready.
 *
 * @param entry the engine's built entry file.
 * @param secretOf asked whenever an engine needs a source's secret.
 * @returns how to stop it for good.
 */
export function superviseEngine(
  entry: string,
  options: EngineProcessOptions,
  secretOf: SecretOf,
): () => Promise<void> {
  const proofs = new Proofs(path.join(path.dirname(entry), 'prove.js'));
  const pages = new Set<WebContents>();
  let deaths: number[] = [];
  let engine: UtilityProcess | null = null;
  let stopped: ShellMessage | null = null;
  let stopping = false;

  function start(): void {
    stopped = null;
    const started = utilityProcess.fork(entry, [JSON.stringify(options)], {
      serviceName: 'Lookalike engine',
    });
    let reason: string | undefined;
    started.on('message', (data) => {
      const message = messageFromEngine.safeParse(data).data;
      if (message?.type === 'dying') reason = message.reason;
      if (message?.type === 'prove') {
        const { request, argument } = message;
        proofs.start(request, argument, (said) => send(started, { type: 'proof', request, said }));
      }
      if (message?.type === 'stop-proof') proofs.stop(message.request);
      if (message?.type === 'secret') void sendSecret(started, message, secretOf);
    });
    started.once('exit', (code) => handleExit(reason ?? `It ended with code ${code}.`));
    engine = started;
    for (const page of pages) connect(page, started);
  }

  function handleExit(reason: string): void {
    proofs.stopAll();
    engine = null;
    if (stopping) return;
    deaths.push(Date.now());
    const delay = restartDelay(deaths);
    stopped = { type: 'lookalike:engine-stopped', restarting: delay !== null, reason };
    console.error(`The engine stopped. ${reason}`);
    for (const page of pages) page.postMessage(channels.engine, stopped);
    if (delay !== null) setTimeout(start, delay);
  }

  onPageMessage(channels.pageReady, (page) => {
    if (!pages.has(page)) page.once('destroyed', () => pages.delete(page));
    pages.add(page);
    if (engine) connect(page, engine);
    else if (stopped) page.postMessage(channels.engine, stopped);
  });

  onPageMessage(channels.restartEngine, () => {
    const gaveUp = stopped?.type === 'lookalike:engine-stopped' && !stopped.restarting;
    if (!gaveUp) return;
    deaths = [];
    start();
  });

  start();
  return () => {
    stopping = true;
    return engine ? stop(engine) : Promise.resolve();
  };
}

/** Joins a page and the engine: from here on the shell sees nothing of what they say. */
function connect(page: WebContents, engine: UtilityProcess): void {
  const { port1, port2 } = new MessageChannelMain();
  send(engine, { type: 'connect' }, [port1]);
  const ready: ShellMessage = { type: 'lookalike:engine-ready' };
  page.postMessage(channels.engine, ready, [port2]);
}

async function sendSecret(
  engine: UtilityProcess,
  { request, sourceId, origin }: { request: number; sourceId: string; origin: string },
  secretOf: SecretOf,
): Promise<void> {
  const answer = await secretOf(sourceId, origin).then(
    (secret) => ({ secret }),
    (error: unknown) => ({ secret: null, error: error instanceof Error ? error.message : String(error) }),
  );
  send(engine, { type: 'secret', request, ...answer });
}

async function stop(engine: UtilityProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
  const impatience = setTimeout(() => engine.kill(), STOP_PATIENCE_MS);
  send(engine, { type: 'stop' });
  await exited;
  clearTimeout(impatience);
}

function send(engine: UtilityProcess, message: MessageToEngine, ports: MessagePortMain[] = []): void {
  engine.postMessage(message, ports);
}
