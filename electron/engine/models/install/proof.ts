import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LookalikeError } from '../../../contract/errors.ts';
import { fault } from '../../../contract/faults.ts';
import type { LocatedModel } from '../../model/files.ts';
import { mismatch } from '../../model/graph.ts';
import { type ModelEntry, modelEntry } from '../../model/manifest.ts';

/**
 * The longest a proof may take, in milliseconds. A large model on a slow disk takes some ten seconds to load and run once.
 */
const DEADLINE_MS = 120_000;

/** The model to prove: the only argument of `prove-process.ts`, as JSON. */
export const locatedModel = z.object({ entry: modelEntry, folder: z.string() });

const proofOutcome = z.discriminatedUnion('result', [
  z.object({ result: z.literal('works') }),
  z.object({ result: z.literal('fails'), fault }),
]);
/** The message that `prove-process.ts` sends before it ends. */
export type ProofOutcome = z.infer<typeof proofOutcome>;

/**
 * Runs `prove-process.ts` with this argument. Resolves when the program has ended, with the message that it sent, or null
 * when it sent none. The program is killed when the signal aborts.
 */
export type RunProof = (argument: string, signal: AbortSignal) => Promise<unknown>;

/**
 * Runs the program as a child process of Node. Electron's Node cannot start child processes, so in the app the shell runs
 * the program.
 */
export const forkProof: RunProof = async (argument, signal) => {
  const program = fileURLToPath(new URL('./prove-process.ts', import.meta.url));
  const child = fork(program, [argument], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    let said: unknown = null;
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    child.once('message', (message) => {
      said = message;
    });
    child.once('error', reject);
    child.once('close', () => {
      signal.removeEventListener('abort', kill);
      resolve(said);
    });
  });
};

/**
 * Proves in a separate process that a model does what its entry says; see `prove`. This process stays responsive. A graph
 * that never ends, or that crashes its process, only fails the proof.
 * @throws LookalikeError MODEL_MISMATCH for a model that crashes or exceeds the deadline; MODEL_*, CANCELLED
 */
export async function proveApart(
  { entry, folder }: LocatedModel<ModelEntry>,
  run: RunProof,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const message = await run(JSON.stringify({ entry, folder }), AbortSignal.any([signal, deadline]));
  const outcome = proofOutcome.safeParse(message).data;
  if (outcome?.result === 'works') return;
  if (signal.aborted) throw new LookalikeError('CANCELLED');
  if (outcome) throw new LookalikeError(outcome.fault, { item: entry.id });
  throw mismatch(
    entry,
    deadline.aborted ? { kind: 'too-slow', seconds: deadlineMs / 1000 } : { kind: 'crashed' },
  );
}
