import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';

const remembered = z.object({
  /** By feed: what it said of its freshness, and the snapshot that was live when that was read. */
  feeds: z.record(z.string(), z.object({ validator: z.string(), version: z.number().int() })),
  secondsPerImage: z.number().nullable(),
  /** The feed of what is staged and not published. */
  staged: z.object({ name: z.string(), ref: z.string() }).nullable(),
});

/** Enough pictures for their time to say something about the next ones'. */
const LEAST_IMAGES = 20;

/** What one sync leaves for the next: nothing that matters is lost with it. */
export class SyncMemory {
  readonly #file: JsonFile<z.infer<typeof remembered>>;

  private constructor(file: JsonFile<z.infer<typeof remembered>>) {
    this.#file = file;
  }

  static async open(dataDir: string): Promise<SyncMemory> {
    const empty = { feeds: {}, secondsPerImage: null, staged: null };
    return new SyncMemory(
      await JsonFile.open(join(dataDir, 'sync.json'), remembered, empty, 'STORAGE_FAILED'),
    );
  }

  /** How long a new picture took, fetching included; null when none was read yet. */
  get secondsPerImage(): number | null {
    return this.#file.value.secondsPerImage;
  }

  /** What was staged last without being published; null when the last sync published. */
  get staged(): { name: string; ref: string } | null {
    return this.#file.value.staged;
  }

  async noteStaged(staged: { name: string; ref: string } | null): Promise<void> {
    if (staged !== this.staged) await this.#file.set({ ...this.#file.value, staged });
  }

  /**
   * The validator to ask a feed with. None when something else is live now than when it was read: after a rollback or
   * another feed's sync, an unchanged feed still has to be synced.
   */
  validatorOf(ref: string, liveVersion: number | null): string | null {
    const feed = this.#file.value.feeds[ref];
    return feed && feed.version === liveVersion ? feed.validator : null;
  }

  async noteValidator(ref: string, validator: string | null, version: number | null): Promise<void> {
    const { [ref]: _, ...others } = this.#file.value.feeds;
    const feeds =
      validator === null || version === null ? others : { ...others, [ref]: { validator, version } };
    await this.#file.set({ ...this.#file.value, feeds });
  }

  async noteSpeed(images: number, seconds: number): Promise<void> {
    if (images >= LEAST_IMAGES)
      await this.#file.set({ ...this.#file.value, secondsPerImage: seconds / images });
  }
}
