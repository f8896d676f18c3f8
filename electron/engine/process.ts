// The engine's entry as a process of its own: Electron's utilityProcess, started by the shell.
import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import { cloneWhenBinary } from '../contract/transfer.ts';
import { type Engine, openEngine } from './engine.ts';
import { createRouter } from './router.ts';

const engineProcessOptions = z.object({
  dataDir: z.string(),
  modelRoots: z.array(z.string()),
  sampleFeed: z.string(),
});
/** The process's one argument, as JSON. */
export type EngineProcessOptions = z.infer<typeof engineProcessOptions>;

const engineRequest = z.discriminatedUnion('type', [
  /** Comes with a port, on which the contract is to be served. */
  z.object({ type: z.literal('connect') }),
  z.object({ type: z.literal('stop') }),
]);
/** What the shell may ask of the process itself. */
export type EngineRequest = z.infer<typeof engineRequest>;

// After an error that nobody expected nothing in here can be trusted: the shell starts a fresh process.
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

// What is asked while the engine opens waits for it: requests here, and calls in their ports.
const opening = openEngine(engineProcessOptions.parse(JSON.parse(process.argv[2] ?? 'null')));

opening.then((engine) => engine.warmUp());

process.parentPort.on('message', async ({ data, ports }) => {
  const request = engineRequest.parse(data);
  const engine = await opening;
  if (request.type === 'stop') {
    await engine.close();
    process.exit(0);
  }
  for (const port of ports) serve(engine, port);
});

function serve(engine: Engine, port: Electron.MessagePortMain): void {
  const handler = new RPCHandler(createRouter(engine), { experimental_transfer: cloneWhenBinary });
  handler.upgrade(port);
  port.start();
}

function die(reason: unknown): never {
  console.error(reason);
  process.parentPort.postMessage({ reason: reason instanceof Error ? reason.message : String(reason) });
  process.exit(1);
}
