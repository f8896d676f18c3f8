import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Fault } from '../../contract/faults.ts';
import { rename } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import {
  Journal,
  type JournalContent,
  readJournal,
  removeDamagedCopies,
  writeJournal,
} from '../files/journal.ts';
import { storageError } from '../files/storage-error.ts';
import {
  decodeFeatures,
  type Entry,
  encodeFeatures,
  entry,
  type GivenEntry,
  type PhotoFeatures,
  type Worth,
} from './feedback-entries.ts';

/** Photos whose features are kept, and photos of which what was said is kept: of more, the oldest go. */
const MOST_FEATURES = 1000;
const MOST_KEPT = 10_000;
/** A journal is written anew when it has so many lines, or features, that are not needed. */
const MOST_REPLACED = 200;

/** What was said of one photo. */
export interface Given extends Omit<GivenEntry, 'kind' | 'features'> {
  /** Null where only the facts are kept, or they are of other weights of the model. */
  features: PhotoFeatures | null;
}

export type NewFeedback = Omit<Given, 'id' | 'at' | 'weights'> & { features: PhotoFeatures };

const NOTHING_SHOWN: Worth = { of: '', given: 0, counts: false, color: null, odds: 0 };

/**
 * What people have said of their photos: that a product is the photo's, or that the catalog does not have it. A photo has one
 * feedback, the last one. Kept are embeddings, colours and ids, and no photo, in a journal per model: what was said is on the
 * disk when the call returns, and a damaged line costs that line only.
 */
export class Feedback {
  readonly #path: string;
  readonly #model: { dim: number; weights: string };
  /** By photo, oldest first. */
  readonly #given = new Map<string, Given>();
  #worth = NOTHING_SHOWN;
  #known: Omit<JournalContent, 'entries'> = { bytes: 0, torn: 0, damaged: 0 };
  #lines = 0;
  #fault: Fault | null = null;
  /** Photos of which the SKUs of several styles were copied. */
  readonly #unclear = new Set<string>();
  /** Changes happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, model: { dim: number; weights: string }) {
    this.#path = path;
    this.#model = model;
  }

  /** Damage is mended at once, and said by `fault`. */
  static async open(dataDir: string, model: { id: string; dim: number; weights: string }): Promise<Feedback> {
    const feedback = new Feedback(dataFolder.feedback(dataDir, model.id), model);
    try {
      const content = await readJournal(feedback.#path);
      // Nothing of it is a line: it was overwritten.
      if (content.entries.length === 0 && content.torn > 0) await feedback.#setAside();
      else feedback.#load(content);
      if (feedback.#known.damaged > 0) await feedback.#write([]);
    } catch (error) {
      // Ranking goes on without it. What is said from now on fails with the reason.
      console.error(`${feedback.#path} could not be read.`, error);
      feedback.#noteDamage(null);
    }
    return feedback;
  }

  /** That something of it was lost; null when all is well. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Oldest first. */
  get all(): Given[] {
    return [...this.#given.values()];
  }

  /** How many photos there is feedback of. */
  get count(): number {
    return this.#given.size;
  }

  get worth(): Worth {
    return this.#worth;
  }

  /** @param photo see `photoName` */
  of(photo: string): Given | null {
    return this.#given.get(photo) ?? null;
  }

  /**
   * Notes what was said of a photo, in place of what was said of it before. A copied SKU is less sure: it replaces nothing that was
   * said, and where the SKUs of several products are copied for one photo, none of them is taken for the photo's.
   * @param isSame whether two products are of one style
   * @returns null where a copied SKU says nothing
   * @throws LookalikeError STORAGE_*
   */
  note(said: NewFeedback, isSame: (one: string, other: string) => Promise<boolean>): Promise<Given | null> {
    return this.#inTurn(async () => {
      const before = this.of(said.photo);
      if (said.by === 'copied') {
        if (before?.by === 'said' || this.#unclear.has(said.photo)) return null;
        if (before?.product && said.product) {
          if (await isSame(before.product, said.product)) return before;
          this.#unclear.add(said.photo);
          await this.#write([{ kind: 'taken-back', id: before.id }]);
          return null;
        }
      }
      const { features, ...facts } = said;
      const id = randomUUID();
      const at = new Date().toISOString();
      const { weights } = this.#model;
      await this.#write([{ kind: 'given', id, at, weights, ...facts, features: encodeFeatures(features) }]);
      this.#unclear.delete(said.photo);
      return this.of(said.photo);
    });
  }

  /**
   * @returns false where there is no such feedback
   * @throws LookalikeError STORAGE_*
   */
  takeBack(id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const known = this.all.some((each) => each.id === id);
      if (known) await this.#write([{ kind: 'taken-back', id }]);
      return known;
    });
  }

  /** @throws LookalikeError STORAGE_* */
  keepWorth(found: Worth): Promise<void> {
    return this.#inTurn(() => this.#write([{ kind: 'worth', ...found }]));
  }

  /**
   * Forgets all, damaged files that were kept included.
   * @throws LookalikeError STORAGE_*
   */
  forget(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#replace([]);
      this.#fault = null;
      await removeDamagedCopies(this.#path);
    });
  }

  /** Every line that makes it what it is. */
  entries(): Entry[] {
    const given = this.all;
    const withFeatures = new Set(given.slice(-MOST_FEATURES));
    const kept = given.slice(-MOST_KEPT).map((each): Entry => {
      const features = withFeatures.has(each) && each.features ? encodeFeatures(each.features) : null;
      return { kind: 'given', ...each, features };
    });
    return this.#worth === NOTHING_SHOWN ? kept : [...kept, { kind: 'worth', ...this.#worth }];
  }

  /** Resolves when what was begun is written. */
  async close(): Promise<void> {
    await this.#turn;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(change);
    this.#turn = next.catch(() => {});
    return next;
  }

  /** The journal is opened for each change: another process may have changed it, such as a command that forgets. */
  async #write(entries: Entry[]): Promise<void> {
    const { journal, content, kept } = await Journal.open(this.#path, this.#known);
    try {
      if (content) this.#load(content);
      if (kept !== null) this.#noteDamage(kept);
      await journal.add(entries, { durable: true });
      this.#known = { bytes: journal.bytes, torn: 0, damaged: 0 };
    } finally {
      await journal.close();
    }
    for (const each of entries) this.#apply(each);
    this.#lines += entries.length;
    const needed = Math.min(this.#given.size, MOST_KEPT) + 1;
    const isFull = this.#withFeatures > MOST_FEATURES + MOST_REPLACED;
    if (isFull || this.#lines > needed + MOST_REPLACED) await this.#replace(this.entries());
  }

  get #withFeatures(): number {
    return this.all.filter(({ features }) => features).length;
  }

  async #replace(entries: Entry[]): Promise<void> {
    try {
      await writeJournal(this.#path, entries);
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
    this.#load(await readJournal(this.#path));
  }

  #load({ entries, ...known }: JournalContent): void {
    this.#known = known;
    this.#lines = entries.length;
    this.#given.clear();
    this.#worth = NOTHING_SHOWN;
    for (const each of entries) {
      const parsed = entry.safeParse(each);
      if (parsed.success) this.#apply(parsed.data);
      else this.#noteDamage(null);
    }
  }

  #apply(each: Entry): void {
    if (each.kind === 'given') {
      const { kind: _, features, ...facts } = each;
      const isOurs = facts.weights === this.#model.weights;
      // The last one of a photo is the newest of all.
      this.#given.delete(facts.photo);
      const read = features && isOurs ? decodeFeatures(features, this.#model.dim) : null;
      this.#given.set(facts.photo, { ...facts, features: read });
    } else if (each.kind === 'taken-back') {
      for (const [photo, { id }] of this.#given) if (id === each.id) this.#given.delete(photo);
    } else {
      const { kind: _, ...found } = each;
      this.#worth = found;
    }
  }

  async #setAside(): Promise<void> {
    const kept = `${this.#path}.damaged`;
    await rename(this.#path, kept);
    this.#noteDamage(basename(kept));
  }

  #noteDamage(kept: string | null): void {
    this.#fault = { code: 'FILE_DAMAGED', params: { file: basename(this.#path), of: 'feedback', kept } };
  }
}

/** The name of a photo in feedback. @param hash sha256 of its bytes, hex */
export const photoName = (hash: string): string => hash.slice(0, 32);
