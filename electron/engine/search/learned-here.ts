import { setImmediate } from 'node:timers/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import type { Learning } from '../../contract/learning.ts';
import type { GivenFeedback } from '../../contract/search.ts';
import type { MonthOfAnswers } from '../../contract/use.ts';
import { writeWhole } from '../files/changes.ts';
import { storageError } from '../files/storage-error.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { Calibration } from './calibration.ts';
import { ConfirmedPhotos } from './confirmed-photos.ts';
import { Feedback, type Given, type NewFeedback, photoName } from './feedback.ts';
import type { Worth } from './feedback-entries.ts';
import { measureWorth } from './feedback-worth.ts';
import type { Use } from './picture-ranking.ts';
import { type AskedPhoto, type Learned, QueryMemory } from './query-memory.ts';

/** So many photos with other feedback than before make it worth to measure again what it is worth. */
const MEASURED_EVERY = 10;

/** What was learned that one answer depends on. */
export interface Lesson {
  learned: Learned | null;
  use: Use | null;
  feedback: GivenFeedback | null;
}

export const NO_LESSON: Lesson = { learned: null, use: null, feedback: null };

export interface LearnedHereParts {
  dataDir: string;
  model: { id: string; dim: number; weights: string };
  catalog: LiveCatalog;
  gate: PriorityGate;
  /** Answers are other than before. */
  onChange: () => void;
}

/**
 * All that this machine has learned with one model: what photos have in common (`query-memory.ts`), and what was said of them
 * (`feedback.ts`). Both are switched, shown and forgotten together.
 */
export class LearnedHere {
  readonly #memory: QueryMemory;
  readonly #feedback: Feedback;
  readonly #model: LearnedHereParts['model'];
  readonly #catalog: LiveCatalog;
  readonly #gate: PriorityGate;
  readonly #onChange: () => void;
  /** The confirmed photos of a snapshot; made again when feedback or the snapshot has changed. */
  #confirmed: { of: string; photos: Promise<ConfirmedPhotos> } | null = null;
  #changes = 0;
  #measuring: Promise<void> | null = null;
  #closed = false;

  private constructor(memory: QueryMemory, feedback: Feedback, parts: LearnedHereParts) {
    this.#memory = memory;
    this.#feedback = feedback;
    this.#model = parts.model;
    this.#catalog = parts.catalog;
    this.#gate = parts.gate;
    this.#onChange = parts.onChange;
  }

  static async open(parts: LearnedHereParts): Promise<LearnedHere> {
    const { dataDir, model } = parts;
    const [memory, feedback] = await Promise.all([
      QueryMemory.open(dataDir, model),
      Feedback.open(dataDir, model),
    ]);
    return new LearnedHere(memory, feedback, parts);
  }

  /** See `QueryMemory.fault` and `Feedback.fault`. */
  get faults(): Fault[] {
    return [this.#memory.fault, this.#feedback.fault].filter((fault) => fault !== null);
  }

  /**
   * What was learned for the photos of a query, which are noted for those after them (`QueryMemory.see`). What was said of a photo was
   * said of it alone, so it is told where it is the only one.
   * @param photos at least one
   */
  async lessonOf(
    photos: readonly AskedPhoto[],
    snapshot: Searchable,
    calibration: Calibration,
  ): Promise<Lesson> {
    const learned = this.#memory.see(photos, calibration.center);
    if (!this.#memory.learning.on) return NO_LESSON;
    this.#measure(snapshot, calibration);
    const names = photos.map(({ hash }) => photoName(hash));
    const [only, ...others] = names;
    const given = only !== undefined && others.length === 0 ? this.#feedback.of(only) : null;
    const [use, feedback] = await Promise.all([
      this.#taughtFor(names, snapshot),
      given && this.#told(given, snapshot),
    ]);
    return { learned, use, feedback: feedback ?? null };
  }

  /** See `Feedback.note`. Null also where learning is off. */
  async note(said: NewFeedback, snapshot: Searchable): Promise<GivenFeedback | null> {
    if (!this.#memory.learning.on) return null;
    const isSame = async (one: string, other: string) =>
      (await snapshot.styleIdOf(one)) === (await snapshot.styleIdOf(other));
    const given = await this.#feedback.note(said, isSame);
    this.#changed();
    return given && this.#told(given, snapshot);
  }

  /** See `Feedback.takeBack`. */
  async takeBack(id: string): Promise<boolean> {
    const known = await this.#feedback.takeBack(id);
    this.#changed();
    return known;
  }

  /** What was learned, and whether learning is on. */
  async learning(): Promise<Learning> {
    using snapshot = await this.#catalog.searchable();
    const given = this.#feedback.all;
    const confirmed = given.filter(({ product }) => product !== null);
    const here = snapshot && (await this.#confirmedIn(snapshot));
    const { counts, color } = this.#feedback.worth;
    return {
      ...this.#memory.learning,
      feedback: {
        confirmed: confirmed.length,
        products: new Set(confirmed.map(({ product }) => product)).size,
        gone: here?.gone ?? 0,
        absent: given.length - confirmed.length,
        counts,
        color,
      },
    };
  }

  /** What was said of answers, by month, the oldest first. */
  months(): MonthOfAnswers[] {
    const months = new Map<string, MonthOfAnswers>();
    for (const { at, product, shown } of this.#feedback.all) {
      const month = at.slice(0, 7);
      const told = months.get(month) ?? { month, confirmed: 0, first: 0, absent: 0 };
      if (product === null) told.absent++;
      else told.confirmed++;
      if (product !== null && shown.rank === 1) told.first++;
      months.set(month, told);
    }
    return [...months.values()].sort((a, b) => a.month.localeCompare(b.month));
  }

  /** See `QueryMemory.switch`. */
  async switch(on: boolean): Promise<void> {
    await this.#memory.switch(on);
    this.#changed();
  }

  /** Forgets everything. */
  async forget(): Promise<void> {
    await Promise.all([this.#memory.forget(), this.#feedback.forget()]);
    this.#changed();
  }

  /**
   * Writes what was said of photos to one JSON file.
   * @throws LookalikeError STORAGE_*
   */
  async exportTo(path: string): Promise<void> {
    const { id: model, weights } = this.#model;
    const document = { version: 1, model, weights, feedback: this.#feedback.entries() };
    try {
      await writeWhole(path, `${JSON.stringify(document, null, 1)}\n`);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
        throw new LookalikeError('STORAGE_FOLDER_MISSING', { item: path, cause });
      throw storageError(cause, path);
    }
  }

  /** Resolves when it is measured what feedback is worth, if that is to be done: for evaluations and tests. */
  async settled(snapshot: Searchable, calibration: Calibration): Promise<void> {
    this.#measure(snapshot, calibration);
    await this.#measuring;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#measuring;
    await Promise.all([this.#memory.close(), this.#feedback.close()]);
  }

  async #told({ id, product, by }: Given, snapshot: Searchable): Promise<GivenFeedback> {
    const styleId = product === null ? null : ((await snapshot.styleIdOf(product)) ?? null);
    return { id, product, styleId, by };
  }

  async #taughtFor(photos: readonly string[], snapshot: Searchable): Promise<Use | null> {
    const { given, counts, color, odds } = this.#feedback.worth;
    if (given === 0) return null;
    const confirmed = counts ? await this.#confirmedIn(snapshot) : null;
    return {
      photos: confirmed?.photos.length ?? 0,
      products: confirmed?.products ?? 0,
      speak: (vector, common) => confirmed?.speak(vector, photos, common) ?? new Map(),
      color,
      odds,
    };
  }

  #confirmedIn(snapshot: Searchable): Promise<ConfirmedPhotos> {
    const of = `${catalogOf(snapshot)} ${this.#changes}`;
    if (this.#confirmed?.of === of) return this.#confirmed.photos;
    const photos = ConfirmedPhotos.in(snapshot, this.#feedback.all);
    this.#confirmed = { of, photos };
    // The next query tries again.
    photos.catch(() => {
      if (this.#confirmed?.photos === photos) this.#confirmed = null;
    });
    return photos;
  }

  #changed(): void {
    this.#changes++;
    this.#onChange();
  }

  /** Measures in the background what feedback is worth, where it or the catalog has changed since. */
  #measure(snapshot: Searchable, calibration: Calibration): void {
    const { of, given } = this.#feedback.worth;
    const now = this.#feedback.count;
    const isMeasured = of === catalogOf(snapshot) && Math.abs(now - given) < MEASURED_EVERY;
    if (this.#measuring || isMeasured || (now < MEASURED_EVERY && given === 0)) return;
    snapshot.hold();
    this.#measuring = this.#measureNow(snapshot, calibration)
      // It only makes rankings better, so it may fail: a full disk.
      .catch(console.error)
      .finally(() => {
        this.#measuring = null;
        snapshot[Symbol.dispose]();
      });
  }

  async #measureNow(snapshot: Searchable, calibration: Calibration): Promise<void> {
    const given = this.#feedback.all;
    const changes = this.#changes;
    const turn = async () => {
      await this.#gate.bulk();
      await setImmediate();
      await this.#gate.bulk();
      return !this.#closed;
    };
    if (!(await turn())) return;
    const confirmed = await this.#confirmedIn(snapshot);
    const found = await measureWorth({ snapshot, calibration, given, confirmed, turn });
    // What was forgotten meanwhile must not be written back.
    const isForgotten = changes !== this.#changes && this.#feedback.count === 0;
    if (!found || isForgotten) return;
    const worth: Worth = { ...found, of: catalogOf(snapshot), given: given.length };
    await this.#feedback.keepWorth(worth);
    this.#changed();
  }
}

const catalogOf = ({ info: { version, publishedAt } }: Searchable): string => `${version} ${publishedAt}`;
