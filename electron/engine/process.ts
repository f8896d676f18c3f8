// The engine as a separate process: Electron's utilityProcess, started by the shell.
import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import { type Connections, connections } from '../contract/connections.ts';
import { LookalikeError } from '../contract/errors.ts';
import { type Fault, fault } from '../contract/faults.ts';
import { cloneWhenBinary } from '../contract/transfer.ts';
import { type Engine, openEngine } from './engine.ts';
import { web } from './net/client.ts';
import { systemProxies } from './net/proxies.ts';
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
type SecretAnswer = z.infer<typeof secretAnswer>;

const proxyAnswer = z.object({
  type: z.literal('proxy'),
  request: z.int(),
  /** In the form of a proxy script's answer: "PROXY a:3128; DIRECT"; null when the system could not tell. */
  proxies: z.string().nullable(),
});

const proofAnswer = z.object({ type: z.literal('proof'), request: z.int(), said: z.unknown() });

/** `fault`: why the report was not printed. */
const printAnswer = z.object({ type: z.literal('print'), request: z.int(), fault: fault.nullable() });

const messageToEngine = z.discriminatedUnion('type', [
  /** Comes with a port, on which to serve the contract. */
  z.object({ type: z.literal('connect'), asker: z.enum(['person', 'program']).default('person') }),
  z.object({ type: z.literal('stop') }),
  /** Checks whether the process still answers. */
  z.object({ type: z.literal('ping') }),
  secretAnswer,
  proxyAnswer,
  proofAnswer,
  printAnswer,
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

const secretRequests = new Map<number, (answer: SecretAnswer) => void>();
const proxyRequests = new Map<number, (proxies: string | null) => void>();
const proofs = new Map<number, (said: unknown) => void>();
const prints = new Map<number, (fault: Fault | null) => void>();
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
  if (message.type === 'secret') {
    secretRequests.get(message.request)?.(message);
    return;
  }
  if (message.type === 'proxy') {
    proxyRequests.get(message.request)?.(message.proxies);
    return;
  }
  if (message.type === 'proof') {
    proofs.get(message.request)?.(message.said);
    return;
  }
  if (message.type === 'print') {
    prints.get(message.request)?.(message.fault);
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

/**
 * The secret of a source for an origin; null when it has none.
 * @throws LookalikeError SECRET_UNAVAILABLE
 */
async function secretOf(sourceId: string, origin: string): Promise<string | null> {
  const request = ++lastRequest;
  const late: Fault = { code: 'SECRET_UNAVAILABLE', params: { reason: 'late' } };
  const answered = new Promise<SecretAnswer>((resolve, reject) => {
    secretRequests.set(request, resolve);
    setTimeout(() => reject(new LookalikeError(late, { item: sourceId })), SECRET_PATIENCE_MS);
  });
  tellShell({ type: 'secret', request, sourceId, origin });
  const { secret, fault } = await answered.finally(() => secretRequests.delete(request));
  if (fault) throw new LookalikeError(fault, { item: sourceId });
  return secret;
}

/** The proxies for a URL from the system's settings; rejects when they could not be read. */
async function proxiesOf(url: string): Promise<string> {
  const request = ++lastRequest;
  const answered = new Promise<string | null>((resolve) => {
    proxyRequests.set(request, resolve);
    // A proxy script may have to be downloaded first.
    setTimeout(() => resolve(null), PROXY_PATIENCE_MS).unref();
  });
  tellShell({ type: 'proxy', request, url });
  const proxies = await answered.finally(() => proxyRequests.delete(request));
  if (proxies === null) throw new Error(`The system did not say which proxy is for ${url}.`);
  return proxies;
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
  const request = ++lastRequest;
  const stopProof = () => tellShell({ type: 'stop-proof', request });
  const ended = new Promise<unknown>((resolve) => proofs.set(request, resolve));
  signal.addEventListener('abort', stopProof);
  tellShell({ type: 'prove', request, argument });
  if (signal.aborted) stopProof();
  return ended.finally(() => {
    signal.removeEventListener('abort', stopProof);
    proofs.delete(request);
  });
}

/** See `PrintPdf`: the shell has a Chromium to print with. */
async function printPdf(html: string, pdf: string): Promise<void> {
  const request = ++lastRequest;
  const printed = new Promise<Fault | null>((resolve) => prints.set(request, resolve));
  tellShell({ type: 'print', request, html, pdf });
  const fault = await printed.finally(() => prints.delete(request));
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
