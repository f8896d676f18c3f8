import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LookalikeError } from '../../../contract/errors.ts';
import { fault } from '../../../contract/faults.ts';
import type { LocatedModel } from '../../model/files.ts';
import { mismatch } from '../../model/graph.ts';
import { type ModelEntry, modelEntry } from '../../model/manifest.ts';

/**
 * A large model on a slow disk takes some ten seconds to load and run once. What takes this long is given up, in
 * milliseconds.
 */
const DEADLINE_MS = 120_000;

/** The one argument of `prove-process.ts`, as JSON. */
export const locatedModel = z.object({ entry: modelEntry, folder: z.string() });

const proofOutcome = z.discriminatedUnion('result', [
  z.object({ result: z.literal('works') }),
  z.object({ result: z.literal('fails'), fault }),
]);
/** What `prove-process.ts` says before it ends. */
export type ProofOutcome = z.infer<typeof proofOutcome>;

/**
 * Runs `prove-process.ts` with this argument. Gives what the program said; null when it ended without a word. The program
 * is killed when the signal aborts, and the promise resolves when the program has ended.
 */
export type RunProof = (argument: string, signal: AbortSignal) => Promise<unknown>;

/** Runs the program as a child of this Node. Electron's Node starts no others: there the shell runs the program. */
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
 * Proves in a process of its own that a model does what its entry says; see `prove`. This process stays responsive, and
 * a graph that never ends or that crashes its process is only a model that does not work.
 * @throws LookalikeError MODEL_MISMATCH for one that crashes or does not end within the deadline; MODEL_*, CANCELLED
 */
export async function proveApart(
  { entry, folder }: LocatedModel<ModelEntry>,
  run: RunProof,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const said = await run(JSON.stringify({ entry, folder }), AbortSignal.any([signal, deadline]));
  const outcome = proofOutcome.safeParse(said).data;
  if (outcome?.result === 'works') return;
  if (signal.aborted) throw new LookalikeError('CANCELLED');
  if (outcome) throw new LookalikeError(outcome.fault, { item: entry.id });
  throw mismatch(
    entry,
    deadline.aborted ? { kind: 'too-slow', seconds: deadlineMs / 1000 } : { kind: 'crashed' },
  );
}
