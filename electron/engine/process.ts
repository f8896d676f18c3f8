// The engine as a separate process: Electron's utilityProcess, started by the shell.
import { setTimeout as sleep } from 'node:timers/promises';
import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import { type Connections, connections } from '../contract/connections.ts';
import { LookalikeError } from '../contract/errors.ts';
import { type Fault, fault } from '../contract/faults.ts';
import { cloneWhenBinary } from '../contract/transfer.ts';
import type { Engine } from './engine.ts';
import { web } from './net/client.ts';
import { systemProxies } from './net/proxies.ts';
import { openEngine } from './open-engine.ts';
import { OpeningEngine, routerWhenOpen } from './opening-engine.ts';
import { Upgrade } from './upgrade.ts';
import type { Asker } from './work/priority-gate.ts';

const engineProcessOptions = z.object({
  dataDir: z.string(),
  modelRoots: z.array(z.string()),
  sampleFeed: z.string(),
  /** The hosts that earlier engines have contacted since the app was started. */
  connections: connections.optional(),
});
/** The only argument of the process, as JSON. */
export type EngineProcessOptions = z.infer<typeof engineProcessOptions>;

const secretAnswer = z.object({
  type: z.literal('secret'),
  request: z.int(),
  secret: z.string().nullable(),
  /** Why there is no secret. */
  fault: fault.optional(),
});

const proxyAnswer = z.object({
  type: z.literal('proxy'),
  request: z.int(),
  /** In the form of a proxy script's answer: "PROXY a:3128; DIRECT"; null when the system could not tell. */
  proxies: z.string().nullable(),
});

const proofAnswer = z.object({ type: z.literal('proof'), request: z.int(), said: z.unknown() });

/** `fault`: why the report was not printed. */
const printAnswer = z.object({ type: z.literal('print'), request: z.int(), fault: fault.nullable() });

const shellAnswers = [secretAnswer, proxyAnswer, proofAnswer, printAnswer] as const;
/** What the shell answers to a request, with the request's number. */
type ShellAnswer = z.infer<(typeof shellAnswers)[number]>;
type AnswerOf<Type extends ShellAnswer['type']> = Extract<ShellAnswer, { type: Type }>;

const messageToEngine = z.discriminatedUnion('type', [
  /** Comes with a port, on which to serve the contract. */
  z.object({ type: z.literal('connect'), asker: z.enum(['person', 'program']).default('person') }),
  z.object({ type: z.literal('stop') }),
  /** Checks whether the process still answers. */
  z.object({ type: z.literal('ping') }),
  ...shellAnswers,
]);
/** Messages from the shell to the process itself. */
export type MessageToEngine = z.input<typeof messageToEngine>;

/** Messages from the process itself to the shell. */
export type MessageFromEngine =
  /** The process is about to end, for this reason. */
  | { type: 'dying'; said: string }
  /** The answer to a ping. */
  | { type: 'pong' }
  /** Whether there is work during which the computer should not go to sleep. */
  | { type: 'busy'; busy: boolean }
  /** Requests a source's secret for an origin, which only the shell can decrypt. The answer has the same number. */
  | { type: 'secret'; request: number; sourceId: string; origin: string }
  /** Requests the proxies for a URL from the system's settings. The answer has the same number. */
  | { type: 'proxy'; request: number; url: string }
  /** Whether programs may ask over HTTP, so that the local server has to run. */
  | { type: 'serve'; on: boolean }
  /** The hosts that were contacted so far, for the next engine. */
  | { type: 'connections'; connections: Connections }
  /** Requests a run of `prove-process.ts` with an argument. The answer, when it has ended, has the same number. */
  | { type: 'prove'; request: number; argument: string }
  /** Requests that an HTML file be printed to a PDF; see `printToPdf`. The answer has the same number. */
  | { type: 'print'; request: number; html: string; pdf: string }
  /** Requests that the program be ended. */
  | { type: 'stop-proof'; request: number };

/** How long the shell may take to answer, in milliseconds. For a secret, the system may ask the person. */
const SECRET_PATIENCE_MS = 120_000;
const PROXY_PATIENCE_MS = 30_000;
const CONNECTIONS_EVERY_MS = 1000;
/** Shorter work is not reported. */
const LOOK_BUSY_EVERY_MS = 1000;

// After an unexpected error no state here can be trusted: the shell starts a new process.
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

/** Requests to the shell, by their numbers, until they are answered. */
const requests = new Map<number, (answer: ShellAnswer) => void>();
let lastRequest = 0;
let tellingConnections: NodeJS.Timeout | null = null;

// Requests and calls that arrive while the engine opens wait in their ports.
const { connections: before, ...given } = engineProcessOptions.parse(JSON.parse(process.argv[2] ?? 'null'));
const options = {
  ...given,
  secretOf,
  runProof,
  printPdf,
  fallBack: true,
};
if (before) web.ledger.restore(before);
web.ledger.onChange = tellConnectionsSoon;
web.setProxies(systemProxies(proxiesOf));

const ending = new AbortController();
const upgrade = new Upgrade();
let open: Engine | null = null;
const engine = new OpeningEngine(async () => {
  const opened = await openEngine({ ...options, onUpgrade: upgrade.note, signal: ending.signal }).finally(
    () => upgrade.end(),
  );
  open = opened;
  void attend(opened);
  return opened;
});
tellWhenBusy();
// An engine that cannot open reports that to every request, which also tries again.
engine.get().catch(console.error);

/** The engine's own tasks while it is open. */
async function attend(opened: Engine): Promise<void> {
  tellWhetherToServe(opened).catch(console.error);
  // An error here occurs again with the first photo, and is reported there.
  await opened.warmUp().catch(console.error);
  keepCalibrated(opened).catch(console.error);
  opened.health.check().catch(console.error);
  await opened.publisher.keepSchedule(ending.signal).catch(die);
}

/** Keeps the computer awake during a sync, an installation or the migration of a catalog, which may take hours. */
function tellWhenBusy(): void {
  let toldBusy = false;
  const look = () => {
    const busy = upgrade.now !== null || (open?.busy ?? false);
    if (busy === toldBusy) return;
    toldBusy = busy;
    tellShell({ type: 'busy', busy });
  };
  setInterval(look, LOOK_BUSY_EVERY_MS).unref();
}

/** The shell runs the server while it is on. */
async function tellWhetherToServe(opened: Engine): Promise<void> {
  let told = false;
  for await (const { on } of opened.clients.watchSettings(ending.signal)) {
    if (on !== told) tellShell({ type: 'serve', on });
    told = on;
  }
}

/** Measures the ranking after every publish, of any process. Without a measurement, rankings use the usual one. */
async function keepCalibrated(opened: Engine): Promise<void> {
  for await (const { importing } of opened.watch(ending.signal)) {
    if (!importing) await opened.calibrate().catch(console.error);
  }
}

process.parentPort.on('message', async ({ data, ports }) => {
  const message = messageToEngine.parse(data);
  if (message.type === 'ping') {
    tellShell({ type: 'pong' });
    return;
  }
  if ('request' in message) {
    requests.get(message.request)?.(message);
    return;
  }
  if (message.type === 'stop') {
    ending.abort();
    await engine.get().then(
      (opened) => opened.close(),
      () => {},
    );
    process.exit(0);
  }
  for (const port of ports) serve(port, message.asker);
});

/** Asks the shell for what only it can do. @param message the request, with its number */
function ask<Type extends ShellAnswer['type']>(
  type: Type,
  message: (request: number) => MessageFromEngine,
): Promise<AnswerOf<Type>> {
  const request = ++lastRequest;
  const answered = new Promise<AnswerOf<Type>>((resolve) => {
    requests.set(request, (answer) => {
      if (isOf(answer, type)) resolve(answer);
    });
  });
  tellShell(message(request));
  return answered.finally(() => requests.delete(request));
}

function isOf<Type extends ShellAnswer['type']>(answer: ShellAnswer, type: Type): answer is AnswerOf<Type> {
  return answer.type === type;
}

/**
 * The secret of a source for an origin; null when it has none.
 * @throws LookalikeError SECRET_UNAVAILABLE
 */
async function secretOf(sourceId: string, origin: string): Promise<string | null> {
  const answer = await Promise.race([
    ask('secret', (request) => ({ type: 'secret', request, sourceId, origin })),
    sleep(SECRET_PATIENCE_MS, null, { ref: false }),
  ]);
  const late: Fault = { code: 'SECRET_UNAVAILABLE', params: { reason: 'late' } };
  const fault = answer ? answer.fault : late;
  if (fault) throw new LookalikeError(fault, { item: sourceId });
  return answer?.secret ?? null;
}

/** The proxies for a URL from the system's settings; rejects when they could not be read. */
async function proxiesOf(url: string): Promise<string> {
  const answer = await Promise.race([
    ask('proxy', (request) => ({ type: 'proxy', request, url })),
    // A proxy script may have to be downloaded first.
    sleep(PROXY_PATIENCE_MS, null, { ref: false }),
  ]);
  if (!answer || answer.proxies === null)
    throw new Error(`The system did not say which proxy is for ${url}.`);
  return answer.proxies;
}

/** Passes the list of contacted hosts on: at once for the first of several, so that a crash hides none. */
function tellConnectionsSoon(): void {
  if (tellingConnections) return;
  tellingConnections = setTimeout(() => {
    tellingConnections = null;
    tellShell({ type: 'connections', connections: web.ledger.connections });
  }, CONNECTIONS_EVERY_MS);
  tellingConnections.unref();
  tellShell({ type: 'connections', connections: web.ledger.connections });
}

/** See `RunProof`: the shell runs the program. */
async function runProof(argument: string, signal: AbortSignal): Promise<unknown> {
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort);
  try {
    const ended = ask('proof', (request) => {
      stop = () => tellShell({ type: 'stop-proof', request });
      return { type: 'prove', request, argument };
    });
    if (signal.aborted) stop();
    return (await ended).said;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** See `PrintPdf`: the shell has a Chromium to print with. */
async function printPdf(html: string, pdf: string): Promise<void> {
  const { fault } = await ask('print', (request) => ({ type: 'print', request, html, pdf }));
  if (fault) throw new LookalikeError(fault, { item: pdf });
}

function serve(port: Electron.MessagePortMain, asker: Asker): void {
  const handler = new RPCHandler(
    routerWhenOpen(
      () => engine.get(),
      () => upgrade.now,
      asker,
    ),
    { experimental_transfer: cloneWhenBinary },
  );
  handler.upgrade(port);
  port.start();
}

function die(reason: unknown): never {
  console.error(reason);
  tellShell({ type: 'dying', said: reason instanceof Error ? reason.message : String(reason) });
  process.exit(1);
}

function tellShell(message: MessageFromEngine): void {
  process.parentPort.postMessage(message);
}
