// A separate program that loads one model and runs it once, so that a graph that never ends can be killed. `forkProof`
// starts it from a terminal and the shell starts it in the app, with the model as its only argument.
import { LookalikeError } from '../../../contract/errors.ts';
import { locatedModel, type ProofOutcome } from './proof.ts';
import { prove } from './prove.ts';

function tell(outcome: ProofOutcome): void {
  // Electron's utility processes have a port; Node's child processes have an IPC channel.
  if (process.parentPort) process.parentPort.postMessage(outcome);
  else process.send?.(outcome);
}

async function outcome(): Promise<ProofOutcome> {
  try {
    await prove(locatedModel.parse(JSON.parse(process.argv[2] ?? 'null')));
    return { result: 'works' };
  } catch (error) {
    if (!(error instanceof LookalikeError)) throw error;
    return { result: 'fails', fault: error.fault };
  }
}

tell(await outcome());
