import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import type { ImportProblem, ImportReport } from '../../contract/publishing.ts';
import { rowKey, uidOf, uidOfKey } from '../catalog/product-ids.ts';
import type { StagedRow } from '../catalog/rows.ts';
import { sourceOfRow } from '../catalog/sources.ts';
import type { Staging } from '../catalog/staging.ts';
import { AskedToWaitError, Hosts } from '../feed/hosts.ts';
import { readPicture } from '../feed/picture.ts';
import type { FeedProduct } from '../feed/product.ts';
import { isUrl } from '../feed/resource.ts';
import type { Embedder } from '../model/embedder.ts';
import { PATIENCE } from '../net/retry.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';
import { ImageMaker } from './image-maker.ts';
import type { MadeImages } from './made-images.ts';
import { ProblemLog } from './problem-log.ts';
import { type FetchedPicture, RowWriter, type WantedImage } from './row-writer.ts';
import type { Waits } from './waits.ts';

/**
 * Pictures in progress at once: as many as are decoded together (`model/batches.ts`), and as many again being fetched. Each may
 * take 40 MB, so there are no more.
 */
const AHEAD = 16;
const IMAGE_LIMITS = {
  reason: 'picture',
  maxBytes: MOST_PICTURE_BYTES,
  timeoutMs: 30_000,
  errors: { unreachable: 'IMAGE_MISSING', tooLarge: 'IMAGE_TOO_LARGE' },
  // When a server asks to wait, all of its pictures wait together (`#later`), so no single request waits.
  patience: { ...PATIENCE, longestWaitMs: 0 },
} as const;

/**
 * A sync remembers what so many references gave, a few MB of them. The variants of a product stand together in most feeds,
 * so few pictures are asked for twice.
 */
export const SHARED_REFS = 20_000;

/** Brings the staged rows to what a feed's products need, one picture at a time, and counts what it did. */
export class ImageStager {
  readonly problems = new ProblemLog();

  readonly #staging: Staging;
  readonly #maker: ImageMaker;
  readonly #writer: RowWriter;
  readonly #meter: ProgressMeter;
  readonly #waits: Waits;
  /** Problems that were reported, by product, picture and kind. */
  readonly #told = new Set<string>();
  readonly #feedHost: string | null;
  readonly #source: string;
  readonly #hosts = new Hosts();
  /** What the last references gave, or how they failed. */
  readonly #fetched = new LRUCache<string, Promise<Fetched>>({ max: SHARED_REFS });
  /** Pictures whose hosts asked to wait, by key, with the host and the time. */
  readonly #later = new Map<string, AskedToWaitError>();
  readonly #keep = new Set<string>();
  /** The first failure that concerns the whole sync (disk full, cancelled). */
  #failure: unknown;

  /**
   * @param source path or URL of the feed; a private address is allowed at this host
   * @param sourceId the saved source of these products; empty for none
   */
  constructor(
    staging: Staging,
    { embedder, gate }: { embedder: Embedder; gate: PriorityGate },
    { meter, waits }: { meter: ProgressMeter; waits: Waits },
    source: string,
    sourceId: string,
  ) {
    this.#source = sourceId;
    this.#feedHost = isUrl(source) ? new URL(source).host : null;
    this.#staging = staging;
    this.#maker = new ImageMaker(embedder);
    this.#writer = new RowWriter(staging, gate, sourceId, (hash) => this.#maker.forget(hash));
    this.#meter = meter;
    this.#waits = waits;
  }

  /**
   * Stages every picture of the products. A picture that cannot be read is a problem, and the row it would have replaced
   * stays. Rows that no product needs any more are left for `unwanted`.
   *
   * New pictures come first: a server that limits its requests must not spend them on pictures that are already here.
   * Pictures of a host that asks to wait are requested again once the wait is over, after everything else. `toCome` counts
   * the pictures that the sync does not wait for.
   * @param products called more than once; each call must read the products from the first
   * @param images number of pictures, for the progress
   * @throws LookalikeError STORAGE_FAILED, CANCELLED (finished pictures are staged)
   */
  async stage(
    products: () => AsyncIterable<FeedProduct>,
    images: number,
    signal: AbortSignal,
  ): Promise<void> {
    this.#meter.start('embedding', images);
    // Each file being read listens to the signal, and Electron's Node warns of a leak at more than ten listeners.
    setMaxListeners(AHEAD + 1, signal);
    const known = new Set<string>();
    await this.#pass(products(), signal, (image) => {
      if (image.staged?.imageRef !== image.ref) return true;
      known.add(image.key);
      return false;
    });
    if (known.size > 0) await this.#pass(products(), signal, ({ key }) => known.has(key));
    while (await this.#waitForHosts(signal)) {
      const again = new Set(this.#later.keys());
      this.#later.clear();
      await this.#pass(products(), signal, ({ key }) => again.has(key));
    }
    await this.#writer.write();
    if (this.#failure) throw this.#failure;
  }

  /** The pictures that were embedded. */
  get made(): MadeImages {
    return this.#maker.made;
  }

  /** The pictures that are still missing because their hosts ask to wait; null when none is. */
  get toCome(): NonNullable<ImportReport['toCome']> | null {
    if (this.#later.size === 0) return null;
    const waits = [...this.#later.values()];
    const first = Math.min(...waits.map(({ until }) => until));
    return {
      pictures: this.#later.size,
      hosts: [...new Set(waits.map(({ host }) => host))],
      retryAt: this.#waits.retryAt(first, this.#maker.made.hashes.size > 0),
    };
  }

  async #pass(
    products: AsyncIterable<FeedProduct>,
    signal: AbortSignal,
    isWanted: (image: WantedImage) => boolean,
  ): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const product of products) {
      if (this.#failure) break;
      for (const [index, ref] of product.images.entries()) {
        const key = rowKey(uidOf(this.#source, product.productId), index);
        const image = { product, index, ref, key, staged: this.#staging.rows.get(key) };
        if (!isWanted(image)) continue;
        const task = this.#takeUnlessFailed(image, signal).finally(() => running.delete(task));
        running.add(task);
        if (running.size >= AHEAD) await Promise.race(running);
      }
    }
    await Promise.all(running);
  }

  /** Waits until the first host accepts requests again. False when no host asked to wait, or the wait is too long. */
  async #waitForHosts(signal: AbortSignal): Promise<boolean> {
    if (this.#failure) return false;
    const [first] = [...this.#later.values()].sort((a, b) => a.until - b.until);
    if (!first || !this.#waits.allows(first.until)) return false;
    // Write first, so that a kill during the wait loses no finished picture.
    await this.#writer.write();
    return this.#waits.until(first.host, first.until, signal);
  }

  /** Keys of the source's rows that no product of the feed needs. */
  unwanted(): string[] {
    const { rows, own } = this.#staging;
    const isOwn = (row: StagedRow) => own === null || own.ids.has(sourceOfRow(row));
    return [...rows.values()].filter((row) => isOwn(row) && !this.#keep.has(row.key)).map(({ key }) => key);
  }

  /** The uids of the products that remain after the unwanted rows are removed. */
  keptProducts(): Set<string> {
    return new Set([...this.#keep].map(uidOfKey));
  }

  /** After a failure that concerns the whole sync, the remaining pictures are skipped. */
  async #takeUnlessFailed(image: WantedImage, signal: AbortSignal): Promise<void> {
    if (this.#failure) return;
    try {
      if (signal.aborted) throw new LookalikeError('CANCELLED');
      if (await this.#take(image, signal)) this.#meter.advance();
    } catch (error) {
      this.#failure ??= error;
    }
  }

  /** @returns whether the picture is finished; false when it must be requested later */
  async #take(image: WantedImage, signal: AbortSignal): Promise<boolean> {
    const { product, ref, staged } = image;
    let later = false;
    try {
      await this.#read(image, signal);
    } catch (error) {
      const about = { item: product.productId, image: ref };
      if (error instanceof AskedToWaitError) {
        later = staged?.imageRef !== ref;
        if (later) this.#later.set(image.key, error);
        else this.problems.add({ ...about, code: 'PICTURE_NOT_CHECKED', params: { host: error.host } });
      } else if (
        error instanceof LookalikeError &&
        /^(IMAGE_|MODEL_OUTPUT|ADDRESS_|AUTH_)/.test(error.code)
      ) {
        this.#addOnce(product, { ...about, ...error.fault });
      } else {
        throw error;
      }
      if (!staged) return !later;
      // If the catalog has lost this picture and it cannot be fetched now, the next sync must request it again.
      if (this.#staging.pictures.isKnown(staged.imageHash))
        await this.#writer.put({ ...image, ref: staged.imageRef }, unchanged(staged));
    }
    this.#keep.add(image.key);
    return !later;
  }

  /** Reports a problem once per product: its variants share its pictures. */
  #addOnce({ groupId, productId }: FeedProduct, problem: ImportProblem): void {
    const picture = JSON.stringify([groupId ?? productId, problem.image, problem.code]);
    if (!this.#told.has(picture)) this.problems.add(problem);
    this.#told.add(picture);
  }

  async #read(image: WantedImage, signal: AbortSignal): Promise<void> {
    const { imageHash, validator } = await this.#fetchOnce(image, signal);
    await this.#writer.put(image, { imageHash, validator, content: await this.#maker.unwritten(imageHash) });
  }

  /** The sizes of a style show the same pictures, so each is asked for once. A host that asks to wait is asked again. */
  #fetchOnce(image: WantedImage, signal: AbortSignal): Promise<Fetched> {
    const before = this.#fetched.get(image.ref);
    if (before) return before;
    const fetching = this.#fetch(image, signal);
    this.#fetched.set(image.ref, fetching);
    fetching.catch((error: unknown) => {
      if (error instanceof AskedToWaitError) this.#fetched.delete(image.ref);
    });
    return fetching;
  }

  async #fetch({ ref, staged }: WantedImage, signal: AbortSignal): Promise<Fetched> {
    // A picture that the catalog has lost has to be sent again.
    const here = staged?.imageRef === ref && this.#staging.pictures.isKnown(staged.imageHash) ? staged : null;
    const validator = here?.imageValidator ?? null;
    const request = { ...IMAGE_LIMITS, ownHost: this.#feedHost, signal, validator };
    const resource = await this.#hosts.asking(ref, () => readPicture(ref, request));
    if (resource === 'unchanged') {
      if (!here) throw new LookalikeError({ code: 'INTERNAL', params: { said: `304 for ${ref}` } });
      return { imageHash: here.imageHash, validator };
    }
    const imageHash = createHash('sha256').update(resource.bytes).digest('hex');
    if (!this.#staging.pictures.isKnown(imageHash)) await this.#maker.make(imageHash, resource.bytes);
    return { imageHash, validator: resource.validator };
  }
}

type Fetched = Omit<FetchedPicture, 'content'>;

/** The picture that the row already shows. */
function unchanged({ imageHash, imageValidator }: StagedRow): FetchedPicture {
  return { imageHash, validator: imageValidator, content: null };
}
