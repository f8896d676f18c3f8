import { type UtilityProcess, utilityProcess } from 'electron';

/** Runs the programs that prove models, by the number of the request: the engine cannot start processes itself. */
export class Proofs {
  readonly #entry: string;
  readonly #running = new Map<number, UtilityProcess>();

  /** @param entry the built `prove-process.ts` */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Runs the program. When it has ended, `answer` gets its message, or null when it sent none. */
  start(request: number, argument: string, answer: (said: unknown) => void): void {
    const program = utilityProcess.fork(this.#entry, [argument], { serviceName: 'Lookalike model test' });
    let said: unknown = null;
    program.on('message', (message) => {
      said = message;
      // A utility process lives until it is killed.
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

  /** Kills all programs, because the engine that waits for them has ended. */
  stopAll(): void {
    for (const program of this.#running.values()) program.kill();
  }
}
