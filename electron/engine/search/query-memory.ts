import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Fault } from '../../contract/faults.ts';
import type { Learning } from '../../contract/learning.ts';
import { writeWhole } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { unit } from '../model/graph.ts';
import type { Center } from './scales.ts';

/** Fewer photos say too little of what they have in common. */
const LEAST_PHOTOS = 10;
/** Photos that count: of more, the older ones fade. */
const MOST_PHOTOS = 300;
/**
 * Photos count as of another kind when their mean is so many of the catalog's spreads from its mean. Phone photos against shop
 * pictures are 0.7 to 0.8 away, a shop's other views and a catalog's own kind 0.1 to 0.3; there it would cost (bench/README.md).
 */
const LEAST_SHIFT = 0.5;
/**
 * Photos say what they have in common only when they are nearly as different from each other as the catalog's pictures are: what
 * ten photos of one product have in common is the product.
 */
const LEAST_VARIETY = 0.8;
/** How much the photo before counts among the last ones, of which a photo of the same product says little that is new. */
const RECENT = 0.3;
/** Even of thirty photos of one product each says a little. */
const LEAST_NEWS = 0.05;
/** Photos between two writes: so many are forgotten when the engine is killed. */
const WRITE_EVERY = 10;

const numbers = z.array(z.number());
const memoryFile = z.object({
  /** Photos are noted, and what they have in common is taken out of the next. */
  on: z.boolean(),
  /** Tells the model's weights from all others. */
  weights: z.string(),
  /** Photos that were seen. */
  photos: z.number().int(),
  /** What the photos in `sum` count together. */
  count: z.number(),
  sum: numbers,
  recent: numbers,
});
type Remembered = z.infer<typeof memoryFile>;

/** A photo that is searched with. */
export interface AskedPhoto {
  /** sha256 of its bytes, hex. */
  hash: string;
  /** The embedding of all of it, unit length. */
  vector: Float32Array;
}

/** What was known when a photo came. */
interface Known {
  /** How many photos had been seen. */
  photos: number;
  before: Learned | null;
}

/** What an answer owes to the photos before it. */
export interface Learned {
  /** How many photos were seen before. */
  photos: number;
  /** Their mean embedding. */
  mean: Float32Array;
}

/**
 * What the photos that a shop searches with have in common: their light, their cameras, their counters. Against a catalog of
 * studio pictures that part of an embedding says nothing of the product, and a few products that look like it come first
 * for every photo. So it is taken out of each next photo. Kept are sums per model in the data folder, and no photo.
 */
export class QueryMemory {
  readonly #path: string;
  #kept: Remembered;
  /** The photos of this session by hash, and what was known when each came: asked again, it is answered as before. */
  readonly #known = new LRUCache<string, Known>({ max: 1000 });
  #writing: Promise<void> = Promise.resolve();
  #fault: Fault | null;

  private constructor(path: string, kept: Remembered, fault: Fault | null = null) {
    this.#path = path;
    this.#kept = kept;
    this.#fault = fault;
  }

  /**
   * A file that is gone is begun anew. What was learned with other weights is dropped, but not whether to learn. Where that cannot be
   * read, learning may have been switched off, so it is off, and `fault` says why. The file stays until someone switches or forgets.
   */
  static async open(
    dataDir: string,
    model: { id: string; dim: number; weights: string },
  ): Promise<QueryMemory> {
    const path = dataFolder.queryMemory(dataDir, model.id);
    const empty = emptyMemory(model.weights);
    try {
      const kept = memoryFile.parse(JSON.parse(await readFile(path, 'utf8')));
      // Without a photo the sums have no numbers.
      const length = kept.photos === 0 ? 0 : model.dim;
      const fits = [kept.sum, kept.recent].every((sum) => sum.length === length);
      return new QueryMemory(path, fits && kept.weights === model.weights ? kept : { ...empty, on: kept.on });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new QueryMemory(path, empty);
      console.error(`${path} could not be read.`, error);
      const params = { file: basename(path), of: 'photos', kept: null } as const;
      return new QueryMemory(path, { ...empty, on: false }, { code: 'FILE_DAMAGED', params });
    }
  }

  /** That what was learned is lost, and learning is off for it; null when all is well. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /**
   * Notes the photos of a query, and returns what the photos before them have in common. Photos of one item count as one photo, once in
   * a session, and their order does not matter: where one of them was seen before, they are answered as the earliest was.
   * @param photos at least one
   * @param center of the catalog; null where it is too small to tell its kind from theirs
   * @returns null where that is too little, or nothing that tells them from the catalog's pictures
   */
  see(photos: readonly AskedPhoto[], center: Center | null): Learned | null {
    if (!this.#kept.on) return null;
    const inOrder = photos.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
    const [earliest] = inOrder
      .flatMap(({ hash }) => this.#known.get(hash) ?? [])
      .sort((a, b) => a.photos - b.photos);
    const known = earliest ?? { photos: this.#kept.photos, before: center && this.#common(center) };
    for (const { hash } of photos) if (!this.#known.has(hash)) this.#known.set(hash, known);
    const [first] = inOrder;
    if (first && !earliest) this.#note(first.vector);
    return known.before;
  }

  get learning(): Pick<Learning, 'on' | 'photos'> {
    const { on, photos } = this.#kept;
    return { on, photos };
  }

  /** Off, photos are not noted, and answers are as if none had been. What was learned is kept. */
  async switch(on: boolean): Promise<void> {
    this.#kept = { ...this.#kept, on };
    this.#fault = null;
    this.#known.clear();
    this.#write();
    await this.#writing;
  }

  /** Forgets all photos. */
  async forget(): Promise<void> {
    this.#kept = { ...emptyMemory(this.#kept.weights), on: this.#kept.on };
    this.#fault = null;
    this.#known.clear();
    this.#write();
    await this.#writing;
  }

  async close(): Promise<void> {
    if (this.#kept.photos % WRITE_EVERY !== 0) this.#write();
    await this.#writing;
  }

  #common({ mean: ofCatalog, spread }: Center): Learned | null {
    const { photos, count, sum } = this.#kept;
    if (photos < LEAST_PHOTOS) return null;
    const mean = Float32Array.from(sum, (value) => value / count);
    const shift = Math.hypot(...mean.map((value, i) => value - (ofCatalog[i] ?? 0)));
    // The spread of unit vectors around their mean, as it is estimated from a few of them.
    const square = mean.reduce((total, value) => total + value * value, 0);
    const variety = Math.sqrt((Math.max(0, 1 - square) * photos) / (photos - 1));
    const counts = shift >= LEAST_SHIFT * spread && variety >= LEAST_VARIETY * spread;
    return counts ? { photos, mean } : null;
  }

  #note(vector: Float32Array): void {
    const { photos, count, sum, recent, ...rest } = this.#kept;
    const news = photos === 0 ? 1 : Math.max(LEAST_NEWS, 1 - this.#likeness(vector));
    const fading = Math.min(1, MOST_PHOTOS / (count + news));
    const blend = photos === 0 ? 1 : RECENT;
    this.#kept = {
      ...rest,
      photos: photos + 1,
      count: (count + news) * fading,
      sum: Array.from(vector, (value, i) => ((sum[i] ?? 0) + news * value) * fading),
      recent: Array.from(vector, (value, i) => (1 - blend) * (recent[i] ?? 0) + blend * value),
    };
    if (this.#kept.photos % WRITE_EVERY === 0) this.#write();
  }

  /** Of a photo and the last ones, beyond what all photos have in common: 1 for the same product again and again. */
  #likeness(vector: Float32Array): number {
    const { count, sum, recent } = this.#kept;
    let [dot, one, other] = [0, 0, 0];
    for (const [i, value] of vector.entries()) {
      const mean = (sum[i] ?? 0) / count;
      const [a, b] = [value - mean, (recent[i] ?? 0) - mean];
      dot += a * b;
      one += a * a;
      other += b * b;
    }
    return dot / Math.max(Math.sqrt(one * other), Number.MIN_VALUE);
  }

  #write(): void {
    const text = JSON.stringify(this.#kept);
    // What was learned only makes rankings better, so writing may fail: a full disk.
    this.#writing = this.#writing.then(() => writeWhole(this.#path, text)).catch(console.error);
  }
}

/** A photo's embedding without what the photos before it have in common, unit length. */
export function withoutCommon(vector: Float32Array, { mean }: Learned): Float32Array {
  return unit(vector.map((value, i) => value - (mean[i] ?? 0)));
}

const emptyMemory = (weights: string): Remembered => ({
  on: true,
  weights,
  photos: 0,
  count: 0,
  sum: [],
  recent: [],
});
