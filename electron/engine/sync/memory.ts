import { z } from 'zod';
import type { Fault } from '../../contract/faults.ts';
import type { FeedFormat, FeedMapping } from '../../contract/publishing.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';

/** A feed and how it is read: another mapping of the same feed makes other products of it. */
interface ReadFeed {
  ref: string;
  /** Of the saved source that it is read as; empty for none. */
  sourceId: string;
  format?: FeedFormat;
  mapping?: FeedMapping;
  charset?: string;
  imageBase?: string;
}

/** The feed of what is staged and not published. */
const stagedFeed = z.object({
  name: z.string(),
  ref: z.string(),
  sourceId: z.string().default(''),
  sample: z.boolean().default(false),
});
export type StagedFeed = z.infer<typeof stagedFeed>;

const remembered = z.object({
  /** By feed: what it said of its freshness, and the snapshot that had last changed its source by then. */
  feeds: z.record(
    z.string(),
    z.object({ validator: z.string(), version: z.number().int(), readAs: z.string() }),
  ),
  secondsPerImage: z.number().nullable(),
  /** By feed: the columns that its last sync said are not used. Files from before this was kept have none. */
  unusedColumns: z.record(z.string(), z.array(z.string())).default({}),
  staged: stagedFeed.nullable(),
});

const NOTHING = { feeds: {}, secondsPerImage: null, unusedColumns: {}, staged: null };

/** Enough pictures for their time to say something about the next ones'. */
const LEAST_IMAGES = 20;

/** What one sync leaves for the next: nothing that matters is lost with it. */
export class SyncMemory {
  readonly #file: JsonFile<z.infer<typeof remembered>>;

  /** That the file was damaged: the next sync only reads more than it would have to. */
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

  /** How long a new picture took, fetching included; null when none was read yet. */
  get secondsPerImage(): number | null {
    return this.#file.value.secondsPerImage;
  }

  /** What was staged last without being published; null when the last sync published. */
  get staged(): StagedFeed | null {
    return this.#file.value.staged;
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async noteStaged(staged: StagedFeed | null): Promise<void> {
    if (staged !== this.staged) await this.#file.set({ ...this.#file.value, staged });
  }

  /**
   * The validator to ask a feed with. None when other products of its source are live now than when it was read: after a
   * rollback, an unchanged feed still has to be synced.
   * @param version of the snapshot that last changed the source; null when nothing of it is live
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

  /** Whether the last sync of this feed said already that these columns, and no others, are not used. */
  saidUnused(ref: string, columns: readonly string[]): boolean {
    const said = this.#file.value.unusedColumns[ref];
    return said !== undefined && JSON.stringify(said) === JSON.stringify(columns);
  }

  async noteUnused(ref: string, columns: readonly string[]): Promise<void> {
    if (this.saidUnused(ref, columns)) return;
    const { [ref]: before, ...others } = this.#file.value.unusedColumns;
    if (!before && columns.length === 0) return;
    await this.#try({ unusedColumns: columns.length > 0 ? { ...others, [ref]: [...columns] } : others });
  }

  /** @param images how many of all that took so long were new; too many others would blur what a new one takes */
  async noteSpeed(images: { added: number; all: number }, seconds: number): Promise<void> {
    if (images.added >= LEAST_IMAGES && images.added * 2 >= images.all)
      await this.#try({ secondsPerImage: seconds / images.added });
  }

  /** A sync does not fail for what only makes the next one faster. */
  async #try(change: Partial<z.infer<typeof remembered>>): Promise<void> {
    await this.#file.set({ ...this.#file.value, ...change }).catch(console.error);
  }
}

/** One feed can be several sources. */
const keyOf = ({ sourceId, ref }: ReadFeed) => (sourceId === '' ? ref : `${sourceId} ${ref}`);

/** Version of the fields that products are read into (`feed/product.ts`). */
const PRODUCT_FIELDS = 2;

const readAs = ({ format, mapping, charset, imageBase }: ReadFeed) => {
  const more = charset === undefined && imageBase === undefined ? [] : [charset ?? null, imageBase ?? null];
  // What another version has made of a feed is read again, though the feed has not changed.
  return JSON.stringify([PRODUCT_FIELDS, format ?? null, mapping ?? null, ...more]);
};
