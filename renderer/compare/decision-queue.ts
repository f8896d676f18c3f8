import type {
  ComparedProduct,
  ComparisonChange,
  Decision,
  MatchType,
} from '../../electron/contract/compare.ts';

/** What a person decided at once, of one row or of several. */
export interface Step {
  rows: readonly number[];
  /** Null takes the decisions back. */
  match: MatchType | null;
  /** Null: none, or the first candidate of each row where there are several. */
  product: ComparedProduct | null;
}

interface Options {
  /** Writes a step; it is on disk when the promise is fulfilled. */
  write: (step: Step) => Promise<ComparisonChange>;
  /** Called with the engine's answer, before the rows stop being shown as decided here. */
  onWritten: (change: ComparisonChange) => void;
  /** Called when a step could not be written: its rows are shown as they were. */
  onFailed: (step: Step, error: unknown) => void;
  /** Called when rows have to be drawn again. */
  onShown: (rows: readonly number[]) => void;
}

/**
 * Decisions that are on screen at once and are written one after another, in the order in which they were made. What is on
 * its way is shown as decided; what could not be written is shown as it was, and said.
 */
export class DecisionQueue {
  readonly #options: Options;
  /** Steps that are not written yet, the first one first. */
  readonly #pending: { step: Step; shown: Decision | null }[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  decide(step: Step): void {
    const { match, product } = step;
    const shown = match === null ? null : { match, product, at: new Date().toISOString() };
    const pending = { step, shown };
    this.#pending.push(pending);
    this.#options.onShown(step.rows);
    void this.after(async () => {
      const failure = await this.#write(step);
      this.#pending.splice(this.#pending.indexOf(pending), 1);
      this.#options.onShown(step.rows);
      if (failure) this.#options.onFailed(step, failure.error);
    });
  }

  /** Runs work once everything that was decided before it is written, and before what is decided after it. */
  after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** How a row's decision is shown while it is on its way; undefined: as the engine has it. The same object each time. */
  decisionOf(row: number): Decision | null | undefined {
    return this.#pending.findLast(({ step }) => step.rows.includes(row))?.shown;
  }

  /** How many steps are not written yet. */
  get waiting(): number {
    return this.#pending.length;
  }

  async #write(step: Step): Promise<{ error: unknown } | null> {
    try {
      this.#options.onWritten(await this.#options.write(step));
      return null;
    } catch (error) {
      return { error };
    }
  }
}
