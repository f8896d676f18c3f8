import { type UtilityProcess, utilityProcess } from 'electron';

/** Programs that prove models, by the number of the request; the engine cannot start processes itself. */
export class Proofs {
  readonly #entry: string;
  readonly #running = new Map<number, UtilityProcess>();

  /** @param entry the built `prove-process.ts` */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Runs the program. What it said, or null when it ended without a word, is given to `answer` once it has ended. */
  start(request: number, argument: string, answer: (said: unknown) => void): void {
    const program = utilityProcess.fork(this.#entry, [argument], { serviceName: 'Lookalike model test' });
    let said: unknown = null;
    program.on('message', (message) => {
      said = message;
      // A utility process lives until it is told to end.
      program.kill();
    });
    program.once('exit', () => {
      this.#running.delete(request);
      answer(said);
    });
    this.#running.set(request, program);
  }

  stop(request: number): void {
    this.#running.get(request)?.kill();
  }

  /** When the engine has gone, nobody waits for its proofs. */
  stopAll(): void {
    for (const program of this.#running.values()) program.kill();
  }
}
