// The server on a thread of its own: while the model runs, the engine's thread answers nobody.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { z } from 'zod';
import { knownClient } from '../contract/serving.ts';
import { cloneWhenBinary } from '../contract/transfer.ts';
import type { ListenAt } from './listen.ts';
import type { EngineClient } from './route.ts';
import { ServerRun } from './run.ts';

/** What the thread is started with. */
export interface ThreadData {
  /** Answers the contract. */
  engine: MessagePort;
  at: ListenAt | null;
  clients: z.infer<typeof knownClient>[];
  origins: string[];
}

const listenAt = z.union([z.object({ port: z.number().nullable() }), z.object({ socket: z.string() })]);
const given = z.object({
  engine: z.custom<MessagePort>((value) => typeof value === 'object' && value !== null && 'start' in value),
  at: listenAt.nullable(),
  clients: z.array(knownClient),
  origins: z.array(z.string()),
});

const { engine: port, ...options } = given.parse(workerData);
const engine: EngineClient = createORPCClient(new RPCLink({ port, experimental_transfer: cloneWhenBinary }));
port.start();
const run = new ServerRun({
  ...options,
  always: true,
  log: (line) => process.stderr.write(`${line}\n`),
  onReport: (report) => parentPort?.postMessage(report),
});
parentPort?.once('message', async () => {
  await run.close();
  // Ends the thread, not the process.
  process.exit(0);
});
await run.follow(engine);
