import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { RPCHandler } from '@orpc/server/message-port';
import { LookalikeError } from '../contract/errors.ts';
import { serverReport } from '../contract/serving.ts';
import { cloneWhenBinary } from '../contract/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { createRouter } from '../engine/router.ts';
import type { ThreadData } from './thread.ts';

const THREAD = fileURLToPath(new URL('thread.ts', import.meta.url));

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, or `unix:<path>`. */
  url: string;
  /** Null at a socket. */
  port: number | null;
  /** Resolves when the thread has ended; rejects when it has failed. */
  ended: Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Serves an engine of this process from a thread, and resolves when it answers.
 * @throws LookalikeError SERVER_*
 */
export async function startServer(
  engine: Engine,
  options: Omit<ThreadData, 'engine'>,
): Promise<RunningServer> {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(createRouter(engine, 'program'), { experimental_transfer: cloneWhenBinary }).upgrade(port1);
  port1.start();
  const workerData: ThreadData = { ...options, engine: port2 };
  const thread = new Worker(THREAD, { workerData, transferList: [port2] });
  const ended = once(thread, 'exit').then(() => port1.close());
  const stop = async () => {
    thread.postMessage('stop');
    await ended;
  };
  const [said]: unknown[] = await once(thread, 'message');
  const { state, port } = serverReport.parse(said);
  if (state.state === 'listening') return { url: state.url, port, ended, stop };
  await stop();
  if (state.state === 'failed') throw new LookalikeError(state.fault);
  throw new Error(`The server is ${state.state}.`);
}
