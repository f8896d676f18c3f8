import type { ComparisonState } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import type { Answering } from '../models/answering.ts';
import type { Library } from './library.ts';
import { Run, type RunParts } from './run.ts';
import { writeSummary } from './summaries.ts';

interface Running {
  stop: AbortController;
  /** Null until its turn has come. */
  run: Run | null;
  done: Promise<void>;
}

/** Runs comparisons, one at a time in the order in which they were asked for. They belong to the engine, not to a page. */
export class Runs {
  readonly #library: Library;
  readonly #answering: () => Answering;
  readonly #running = new Map<string, Running>();
  /** Why runs ended before their end. */
  readonly #ended = new Map<string, Fault>();
  #last: Promise<void> = Promise.resolve();

  constructor(library: Library, answering: () => Answering) {
    this.#library = library;
    this.#answering = answering;
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** The progress of a document's run, and why the last one ended early. */
  of(id: string): Pick<ComparisonState, 'progress' | 'ended'> {
    const running = this.#running.get(id);
    const waiting = { phase: 'waiting' as const, done: 0, total: null, rate: 0, secondsLeft: null };
    if (running) return { progress: running.run?.progress ?? waiting, ended: null };
    return { progress: null, ended: this.#ended.get(id) ?? null };
  }

  /** See `RunParts`. */
  start(id: string, how: Pick<RunParts, 'failed' | 'again'>): void {
    if (this.#running.has(id)) return;
    this.#ended.delete(id);
    const running: Running = { stop: new AbortController(), run: null, done: Promise.resolve() };
    running.done = this.#last.then(() => this.#toEnd(id, how, running));
    this.#last = running.done;
    this.#running.set(id, running);
  }

  /** Resolves when it has stopped. */
  async stop(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.stop.abort();
    await running?.done;
  }

  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.done;
  }

  async close(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort();
    await this.#last;
  }

  async #toEnd(id: string, how: Pick<RunParts, 'failed' | 'again'>, running: Running): Promise<void> {
    const { signal } = running.stop;
    try {
      await this.#library.using(id, async (document) => {
        if (signal.aborted) throw new LookalikeError('CANCELLED');
        running.run = new Run({ document, answering: this.#answering, ...how });
        try {
          await running.run.toEnd(signal);
        } finally {
          await writeSummary(this.#library.folderOf(id), document);
        }
      });
    } catch (error) {
      this.#ended.set(id, faultOf(error));
    } finally {
      this.#running.delete(id);
    }
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof LookalikeError) {
    if (error.cause !== undefined) console.error(`${error.code}:`, error.cause);
    return error.fault;
  }
  console.error(error);
  return { code: 'INTERNAL', params: { said: String(error) } };
}
