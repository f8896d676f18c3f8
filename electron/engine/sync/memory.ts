import { z } from 'zod';
import type { Fault } from '../../contract/faults.ts';
import type { FeedFormat, FeedMapping } from '../../contract/publishing.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';

/** A feed and how it is read: with another mapping the same feed gives other products. */
interface ReadFeed {
  ref: string;
  /** Id of the saved source; empty for none. */
  sourceId: string;
  format?: FeedFormat;
  mapping?: FeedMapping;
  charset?: string;
  imageBase?: string;
}

/** The feed whose products are staged and not published. */
const stagedFeed = z.object({
  name: z.string(),
  ref: z.string(),
  sourceId: z.string().default(''),
  sample: z.boolean().default(false),
});
export type StagedFeed = z.infer<typeof stagedFeed>;

const remembered = z.object({
  /** By feed: its validator, and the snapshot that had last changed its source at that time. */
  feeds: z.record(
    z.string(),
    z.object({ validator: z.string(), version: z.number().int(), readAs: z.string() }),
  ),
  secondsPerImage: z.number().nullable(),
  /** By feed: the unused columns that its last sync named. Older files lack this field. */
  unusedColumns: z.record(z.string(), z.array(z.string())).default({}),
  staged: stagedFeed.nullable(),
});

const NOTHING = { feeds: {}, secondsPerImage: null, unusedColumns: {}, staged: null };

/** The least number of pictures whose time predicts that of the next ones. */
const LEAST_IMAGES = 20;

/** What one sync notes for the next. The next sync also works without it, only slower. */
export class SyncMemory {
  readonly #file: JsonFile<z.infer<typeof remembered>>;

  /** The fault when the file was damaged. The next sync then only reads more than necessary. */
  readonly fault: Fault | null;

  private constructor(file: JsonFile<z.infer<typeof remembered>>, fault: Fault | null) {
    this.#file = file;
    this.fault = fault;
  }

  static async open(dataDir: string): Promise<SyncMemory> {
    const path = dataFolder.sync(dataDir);
    const { file, fault } = await JsonFile.openAnyway(path, remembered, NOTHING, 'sync');
    return new SyncMemory(file, fault);
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async forget(): Promise<void> {
    await this.#file.set(NOTHING);
  }

  /** Seconds that a new picture took, fetching included; null when none was read yet. */
  get secondsPerImage(): number | null {
    return this.#file.value.secondsPerImage;
  }

  /** The feed that was last staged without being published; null when the last sync published. */
  get staged(): StagedFeed | null {
    return this.#file.value.staged;
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async noteStaged(staged: StagedFeed | null): Promise<void> {
    if (staged !== this.staged) await this.#file.set({ ...this.#file.value, staged });
  }

  /**
   * The validator for the next request of a feed. Null when other products of its source are live now than when the feed was
   * read: after a rollback, an unchanged feed must be synced too.
   * @param version of the snapshot that last changed the source; null when none of its products is live
   */
  validatorOf(feed: ReadFeed, version: number | null): string | null {
    const known = this.#file.value.feeds[keyOf(feed)];
    return known?.version === version && known.readAs === readAs(feed) ? known.validator : null;
  }

  async noteValidator(feed: ReadFeed, validator: string | null, version: number | null): Promise<void> {
    const { [keyOf(feed)]: before, ...others } = this.#file.value.feeds;
    if (validator !== null && version !== null) {
      const known = { validator, version, readAs: readAs(feed) };
      await this.#try({ feeds: { ...others, [keyOf(feed)]: known } });
    } else if (before) await this.#try({ feeds: others });
  }

  /** Whether the last sync of this feed named exactly these columns as unused. */
  saidUnused(ref: string, columns: readonly string[]): boolean {
    const noted = this.#file.value.unusedColumns[ref];
    return noted !== undefined && JSON.stringify(noted) === JSON.stringify(columns);
  }

  async noteUnused(ref: string, columns: readonly string[]): Promise<void> {
    if (this.saidUnused(ref, columns)) return;
    const { [ref]: before, ...others } = this.#file.value.unusedColumns;
    if (!before && columns.length === 0) return;
    await this.#try({ unusedColumns: columns.length > 0 ? { ...others, [ref]: [...columns] } : others });
  }

  /**
   * @param images how many pictures took this time, and how many of them were new; too many known pictures would distort the
   * average
   */
  async noteSpeed(images: { added: number; all: number }, seconds: number): Promise<void> {
    if (images.added >= LEAST_IMAGES && images.added * 2 >= images.all)
      await this.#try({ secondsPerImage: seconds / images.added });
  }

  /** Writes a change. An error does not fail the sync, because the file only makes the next sync faster. */
  async #try(change: Partial<z.infer<typeof remembered>>): Promise<void> {
    await this.#file.set({ ...this.#file.value, ...change }).catch(console.error);
  }
}

/** One feed can belong to several sources. */
const keyOf = ({ sourceId, ref }: ReadFeed) => (sourceId === '' ? ref : `${sourceId} ${ref}`);

/** Version of the fields that products are read into (`feed/product.ts`). */
const PRODUCT_FIELDS = 2;

const readAs = ({ format, mapping, charset, imageBase }: ReadFeed) => {
  const more = charset === undefined && imageBase === undefined ? [] : [charset ?? null, imageBase ?? null];
  // A feed that another version of the fields has read is read again, even if it has not changed.
  return JSON.stringify([PRODUCT_FIELDS, format ?? null, mapping ?? null, ...more]);
};
