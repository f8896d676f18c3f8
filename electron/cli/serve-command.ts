import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { LookalikeError } from '../contract/errors.ts';
import type { FaultParams } from '../contract/faults.ts';
import { type KnownClient, origin, scope } from '../contract/serving.ts';
import { makeToken } from '../engine/clients/clients.ts';
import type { Engine } from '../engine/engine.ts';
import { startServer } from '../server/start-thread.ts';
import { printProgress } from './print.ts';
import { faultSentence } from './sentences.ts';
import { type CommonOptions, common, fromHere, toEnd, withEngine } from './session.ts';

interface ServeOptions extends CommonOptions {
  port?: number;
  socket?: string;
  tokenFile?: string;
  origin: string[];
}

const TOKEN_FILE_HELP = `
A file of tokens has a line for each program: its name, its scopes (search, embed, index, admin) and its token:
  till         search          kD3mW8vQ2xR7nB5tY9cL4pF6
  web-shop     search,embed    uH8sJ2kM5qZ7wX3vN9bT6rP4
Lines that begin with # are left out.`;

/** The command that answers programs over HTTP. */
export function addServeCommand(program: Command): void {
  common(program.command('serve'))
    .option(
      '--port <n>',
      'the port at 127.0.0.1 (default: the one that was used before, or one that is free)',
      toPort,
    )
    .option('--socket <path>', 'a unix socket, or a pipe on Windows, instead of a port')
    .option(
      '--token-file <file>',
      'the programs that may ask; without it, a token of the scope "search" is made for this run',
    )
    .option('--origin <origin>', 'a web page’s origin that may ask; repeat it for several', addOrigin, [])
    .description(
      'answer programs of this machine over HTTP until it is stopped; --json prints one line once it answers',
    )
    .addHelpText('after', TOKEN_FILE_HELP)
    .action(runServe);
}

async function runServe({ port, socket, tokenFile, origin, ...options }: ServeOptions): Promise<void> {
  const given = tokenFile === undefined ? null : await readTokens(fromHere(tokenFile));
  const own = given ? null : tokenOfThisRun();
  const at = socket === undefined ? (port === undefined ? null : { port }) : { socket: fromHere(socket) };
  await withEngine(options, async (engine, signal) => {
    // The first request must not wait for the catalog.
    await engine.warmUp();
    const clients = given ?? (own ? [own.client] : []);
    const server = await startServer(engine, { at, clients, origins: origin });
    const { url } = server;
    if (options.json) {
      const told = { url, port: server.port, ...(own && { token: own.token }) };
      process.stdout.write(`${JSON.stringify(told)}\n`);
    } else {
      const told = url.startsWith('unix:') ? `the socket ${url.slice('unix:'.length)}` : url;
      process.stdout.write(`Answering at ${told}\n`);
      if (own) process.stdout.write(`Token of this run, for searches: ${own.token}\n`);
    }
    void keepCalibrated(engine, signal);
    const moved = moveToSuccessor(engine, signal);
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([stopped, server.ended]);
    await server.stop();
    await moved;
  });
}

/**
 * As in the app: a catalog of a model that another one replaces is moved to that one while it answers. A command that ends
 * sooner never does that.
 */
async function moveToSuccessor(engine: Engine, signal: AbortSignal): Promise<void> {
  const successor = await engine.modelInUse.successor();
  if (!successor) return;
  try {
    process.stderr.write(`Changing to ${successor.name}\n`);
    await toEnd(engine.modelInUse.switchTo(successor.id, signal), printProgress);
    process.stderr.write(`Answering with ${successor.name} now\n`);
  } catch (error) {
    if (signal.aborted) return;
    const said = error instanceof LookalikeError ? faultSentence(error.fault) : String(error);
    process.stderr.write(`Not changed to ${successor.name}: ${said}\n`);
  }
}

/** As in the app: what any process publishes is measured, so that it is ranked as well as it can be. */
async function keepCalibrated(
  engine: { watch: (signal: AbortSignal) => AsyncIterable<unknown>; calibrate: () => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of engine.watch(signal)) {
    // The engine is being closed.
    if (signal.aborted) return;
    await engine.calibrate().catch(console.error);
  }
}

function tokenOfThisRun(): { client: KnownClient; token: string } {
  const { token, tokenHash } = makeToken();
  return { client: { id: randomUUID(), name: 'this run', scopes: ['search'], tokenHash }, token };
}

/** Shorter ones could be guessed. */
const LEAST_TOKEN = 20;

async function readTokens(path: string): Promise<KnownClient[]> {
  const invalid = (params: FaultParams['TOKEN_FILE_INVALID']) =>
    new LookalikeError({ code: 'TOKEN_FILE_INVALID', params }, { item: path });
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const said = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw invalid({ reason: 'unreadable', said });
  });
  const clients: KnownClient[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name = '', scopes = '', token, ...rest] = line.trim().split(/\s+/);
    const known = z.array(scope).safeParse(scopes.split(','));
    if (token === undefined || rest.length > 0 || !known.success)
      throw invalid({ reason: 'line', line: i + 1 });
    if (token.length < LEAST_TOKEN) throw invalid({ reason: 'short', line: i + 1, least: LEAST_TOKEN });
    const tokenHash = createHash('sha256').update(token).digest('hex');
    if (clients.some((other) => other.tokenHash === tokenHash))
      throw invalid({ reason: 'same', line: i + 1 });
    clients.push({ id: `file ${i + 1}`, name, scopes: known.data, tokenHash });
  }
  if (clients.length === 0) throw invalid({ reason: 'empty' });
  return clients;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It must be a port, 1 to 65535.');
  return port;
}

function addOrigin(text: string, before: string[]): string[] {
  if (!origin.safeParse(text).success)
    throw new InvalidArgumentError('It must be an origin: https://shop.example');
  return [...before, text];
}
