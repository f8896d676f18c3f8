import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Searchable } from './searchable.ts';

/** A version that could not be read is tried again after this time, in milliseconds: a disk may be available again. */
const TRY_AGAIN_MS = 30_000;

export interface LiveParts {
  /** Reads a version into memory. The snapshot is held once. `before` answers meanwhile. */
  load: (version: number, before: Searchable | null) => Promise<Searchable>;
  /** Called when another version is being read, starts to answer, or could not be read. */
  onChange: () => void;
}

/** Why the published snapshot does not answer. */
export interface LiveFailure {
  /** Null when the version is unknown too. */
  version: number | null;
  error: LookalikeError;
}

/**
 * The snapshot that answers queries. When another version is published, it is read in the background. The previous one
 * answers until the new one is ready, or permanently when it cannot be read. One version is read at a time.
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

  /** The snapshot that answers; null as long as none has been read. */
  get answering(): PublishedSnapshot | null {
    return this.#current?.info ?? null;
  }

  /** The number of its pictures that the model has not embedded. */
  get unseen(): number {
    return this.#current?.unseen ?? 0;
  }

  /** The version that is being read. */
  get loading(): number | null {
    return this.#loading?.version ?? null;
  }

  /** Why the answering snapshot is not the published one; null when it is. */
  get failure(): LiveFailure | null {
    return this.#failure;
  }

  /** Sets what to do with a snapshot before it answers. If that fails, the snapshot answers anyway. */
  beforeAnswering(prepare: (next: Searchable, before: Searchable | null) => Promise<void>): void {
    this.#prepare = prepare;
  }

  /**
   * The snapshot that answers while a version is published: that version, or the previous one while it is being read. The
   * caller holds it.
   * @throws LookalikeError CATALOG_UNREADABLE when nothing is in memory and the version cannot be read
   */
  async at(version: number): Promise<Searchable> {
    if (!this.#current) await this.#read(version);
    else if (this.#isDue(version)) this.#read(version).catch(() => {});
    if (!this.#current) throw new LookalikeError('CATALOG_UNREADABLE');
    return this.#current.hold();
  }

  /** Starts to read the published version, if another one answers now. */
  follow(version: number): void {
    if (this.#current && this.#isDue(version)) this.#read(version).catch(() => {});
  }

  /**
   * The snapshot that answers when the published version is unknown.
   * @throws the error when nothing is in memory
   */
  despite(error: unknown): Searchable {
    if (!this.#current) throw error;
    this.#fail(null, error);
    return this.#current.hold();
  }

  /**
   * Resolves when a version answers, or could not be read (see `failure`). Resolves at once when nothing has been read so
   * far.
   */
  async caughtUp(version: number): Promise<void> {
    while (this.#loading || (this.#current && this.#current.info.version !== version)) {
      const before = this.#loading;
      await this.#read(version).catch(() => {});
      // This version failed, and not another one that was being read.
      if (!before && this.#failure) return;
    }
  }

  /** Releases all snapshots. */
  async close(): Promise<void> {
    await this.#loading?.done.catch(() => {});
    this.#current?.[Symbol.dispose]();
    this.#current = null;
  }

  #isDue(version: number): boolean {
    if (this.#loading) return false;
    if (this.#current?.info.version === version) {
      // The published version is again the one that answers.
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
      // Slower or worse-ranked answers are better than outdated ones.
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
    // While nothing answers, the error is thrown to the caller.
    if (!this.#current) return;
    // Logged once per version, because every query asks for it.
    if (!this.#failure || this.#failure.version !== version) console.error(error);
    this.#failure = { version, error, at: performance.now() };
  }
}
