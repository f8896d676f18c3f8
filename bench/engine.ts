import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { RouterClient } from '@orpc/server';
import type { ImportProgress, ImportReport } from '../electron/contract/publishing.ts';
import type { SearchResponse } from '../electron/contract/search.ts';
import { cloneWhenBinary } from '../electron/contract/transfer.ts';
import type { benchRouter } from './engine-process.ts';
import type { BenchModel } from './model.ts';
import { nodeChannel } from './node-channel.ts';

/** An engine in another process, used through the contract. */
export interface BenchEngine extends AsyncDisposable {
  ask: RouterClient<typeof benchRouter>;
}

export async function startEngine(dataDir: string, model: BenchModel): Promise<BenchEngine> {
  const child = fork(join(import.meta.dirname, 'engine-process.ts'), [dataDir, model.root, model.entry.id], {
    serialization: 'advanced',
  });
  await ready(child);
  const ask: BenchEngine['ask'] = createORPCClient(
    new RPCLink({ port: nodeChannel(child), experimental_transfer: cloneWhenBinary }),
  );
  return {
    ask,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The engine ended with code ${code}.`);
  });
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
}

/**
 * Searches with a photo and reads the thumbnails, as the screen does. Returns the answer and the milliseconds measured here.
 */
export async function timedQuery(
  engine: BenchEngine,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ ms: number; answer: SearchResponse }> {
  const began = performance.now();
  const answer = await engine.ask.search({ query: { kind: 'photo', photo: { bytes } } });
  return { ms: performance.now() - began, answer };
}

/** Syncs the feed at a path, and returns its report and when each phase began, in milliseconds from the start. */
export async function runSync(
  engine: BenchEngine,
  path: string,
): Promise<ImportReport & { began: Map<ImportProgress['phase'], number>; ms: number }> {
  const started = performance.now();
  const began = new Map<ImportProgress['phase'], number>();
  const steps = await engine.ask.sync({ source: { kind: 'file', path } });
  let step = await steps.next();
  while (!step.done) {
    if (!began.has(step.value.phase)) began.set(step.value.phase, performance.now() - started);
    step = await steps.next();
  }
  return { ...step.value, began, ms: performance.now() - started };
}
