import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Searchable } from './searchable.ts';

/** A version that could not be read is tried again after so long, in milliseconds: a disk may have come back. */
const TRY_AGAIN_MS = 30_000;

export interface LiveParts {
  /** Reads a version into memory; the snapshot is held once. `before` is what answers, and goes on answering. */
  load: (version: number, before: Searchable | null) => Promise<Searchable>;
  /** Told when another version is being read, answers, or could not be read. */
  onChange: () => void;
}

/** Why what is published does not answer. */
export interface LiveFailure {
  /** Null when not even that is known. */
  version: number | null;
  error: LookalikeError;
}

/**
 * The snapshot that answers. When another version is published it is read in the background, and the one before goes on
 * answering until the new one is ready, or for good when it cannot be read. One version is read at a time.
 */
export class Live {
  readonly #parts: LiveParts;
  #current: Searchable | null = null;
  #loading: { version: number; done: Promise<void> } | null = null;
  #failure: (LiveFailure & { at: number }) | null = null;
  #prepare: (next: Searchable, before: Searchable | null) => Promise<void> = async () => {};

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** What answers; null as long as nothing has been read. */
  get answering(): PublishedSnapshot | null {
    return this.#current?.info ?? null;
  }

  /** How many pictures of what answers the model has not looked at. */
  get unseen(): number {
    return this.#current?.unseen ?? 0;
  }

  /** The version that is being read. */
  get loading(): number | null {
    return this.#loading?.version ?? null;
  }

  /** Why what answers is not what is published; null while all is well. */
  get failure(): LiveFailure | null {
    return this.#failure;
  }

  /** What is to be done with a snapshot before it answers. Should it fail, the snapshot answers all the same. */
  beforeAnswering(prepare: (next: Searchable, before: Searchable | null) => Promise<void>): void {
    this.#prepare = prepare;
  }

  /**
   * What answers while a version is published: that version, or the one before as long as it is being read. The caller
   * holds it.
   * @throws LookalikeError CATALOG_UNREADABLE when nothing is in memory and the version cannot be read
   */
  async at(version: number): Promise<Searchable> {
    if (!this.#current) await this.#read(version);
    else if (this.#isDue(version)) this.#read(version).catch(() => {});
    if (!this.#current) throw new LookalikeError('CATALOG_UNREADABLE');
    return this.#current.hold();
  }

  /** Begins to read a version that is published, if another one answers so far. */
  follow(version: number): void {
    if (this.#current && this.#isDue(version)) this.#read(version).catch(() => {});
  }

  /**
   * What answers although it is not known what is published.
   * @throws the error when nothing is in memory
   */
  despite(error: unknown): Searchable {
    if (!this.#current) throw error;
    this.#fail(null, error);
    return this.#current.hold();
  }

  /** Resolves when a version answers, or could not be read: see `failure`. At once when nothing has been read so far. */
  async caughtUp(version: number): Promise<void> {
    while (this.#loading || (this.#current && this.#current.info.version !== version)) {
      const before = this.#loading;
      await this.#read(version).catch(() => {});
      // Failed, and not because of another version that was being read.
      if (!before && this.#failure) return;
    }
  }

  /** Lets go of everything. */
  async close(): Promise<void> {
    await this.#loading?.done.catch(() => {});
    this.#current?.[Symbol.dispose]();
    this.#current = null;
  }

  #isDue(version: number): boolean {
    if (this.#loading) return false;
    if (this.#current?.info.version === version) {
      // Gone back to what answers all the time.
      if (this.#failure) this.#succeed();
      return false;
    }
    const failed = this.#failure;
    return failed?.version !== version || performance.now() - failed.at > TRY_AGAIN_MS;
  }

  /** Reads a version, or waits for the one that is being read. */
  #read(version: number): Promise<void> {
    if (this.#loading) return this.#loading.done;
    const done = this.#replaceBy(version);
    this.#loading = { version, done };
    this.#parts.onChange();
    return done;
  }

  async #replaceBy(version: number): Promise<void> {
    const before = this.#current;
    try {
      const next = await this.#parts.load(version, before);
      // Answers that are not as fast or as well ranked as they could be are better than old ones.
      await this.#prepare(next, before).catch(console.error);
      this.#current = next;
      this.#failure = null;
      before?.[Symbol.dispose]();
    } catch (error) {
      this.#fail(version, error);
      throw error;
    } finally {
      this.#loading = null;
      this.#parts.onChange();
    }
  }

  #succeed(): void {
    this.#failure = null;
    this.#parts.onChange();
  }

  #fail(version: number | null, cause: unknown): void {
    const error =
      cause instanceof LookalikeError ? cause : new LookalikeError('CATALOG_UNREADABLE', { cause });
    // Where nothing answers the error is thrown to whoever asked.
    if (!this.#current) return;
    // Once a version: it is asked for by every query.
    if (!this.#failure || this.#failure.version !== version) console.error(error);
    this.#failure = { version, error, at: performance.now() };
  }
}
