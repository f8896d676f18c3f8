import type { Table } from '@lancedb/lancedb';
import { toArrow } from './arrow.ts';
import { columnIn } from './filters.ts';
import type { GuardedWrites } from './guarded-writes.ts';
import { noteNewest } from './integrity.ts';
import { pruneStore, reclaimStore } from './published.ts';
import type { ImageContent, PictureFeatures } from './schema.ts';
import { readColors, readFeatures, readHashes, readThumbnails, type Store } from './stores.ts';
import { isFolder, restoreVersion } from './tables.ts';

/** Cosine distance of a vector to itself, with what float32 loses. */
export const SAME_VECTOR = 1e-4;

/** Pictures that nothing names are deleted when there are so many, and so large a share of all. */
const LEAST_UNNAMED = 100;
const SHARE_UNNAMED = 0.1;

export interface StagedPicturesParts {
  /** A handle of its own each time, at the newest version. */
  openStore: (store: Store) => Promise<Table>;
  pictures: Store;
  features: Store;
  /** The features of other models, of which the colours can be taken over. */
  otherFeatures: () => Promise<Table[]>;
  uri: string;
  writes: GuardedWrites;
  /** Only this process writes: what killed writes have left can be deleted at once. */
  exclusive: boolean;
  /** Reuse nothing that is known of any picture. */
  afresh: boolean;
}

/** A table of pictures or features that is being written, and the pictures it has. */
interface OpenStore {
  table: Table;
  store: Store;
  known: Set<string>;
}

/**
 * The tables of pictures and features while an import writes. Both have a row for each picture, by the hash of its bytes,
 * and count at their newest version: what is added is seen as soon as a row of the product images names it.
 */
export class StagedPictures {
  readonly #pictures: OpenStore;
  readonly #features: OpenStore;
  readonly #parts: StagedPicturesParts;
  /** Pictures that are written again although they are known, because nothing is to be taken over. */
  readonly #stale: Set<string>;
  /** The version of the features when this import began. */
  readonly #before: number;
  #hasNewFeatures = false;

  private constructor(
    tables: { pictures: OpenStore; features: OpenStore; before: number },
    parts: StagedPicturesParts,
  ) {
    this.#pictures = tables.pictures;
    this.#features = tables.features;
    this.#before = tables.before;
    this.#parts = parts;
    this.#stale = new Set(parts.afresh ? [...tables.pictures.known, ...tables.features.known] : []);
  }

  static async open(parts: StagedPicturesParts): Promise<StagedPictures> {
    const open = async (store: Store): Promise<OpenStore> => {
      const table = await parts.openStore(store);
      return { table, store, known: await readHashes(table) };
    };
    const pictures = await open(parts.pictures);
    const features = await open(parts.features);
    return new StagedPictures({ pictures, features, before: await features.table.version() }, parts);
  }

  /** Whether features were made of pictures that rows name already: then readers have to read them again. */
  get hasNewFeatures(): boolean {
    return this.#hasNewFeatures;
  }

  /** Whether both a picture and its features are here: then a row that shows it can be written without its content. */
  isKnown(imageHash: string): boolean {
    return (
      this.#pictures.known.has(imageHash) &&
      this.#features.known.has(imageHash) &&
      !this.#stale.has(imageHash)
    );
  }

  /** Those of some pictures whose thumbnails are here and that this model has not looked at. */
  unseenOf(imageHashes: ReadonlySet<string>): string[] {
    return [...imageHashes].filter(
      (hash) => !this.#features.known.has(hash) && this.#pictures.known.has(hash),
    );
  }

  /** What the model has made of these pictures, by hash. */
  featuresOf(imageHashes: readonly string[]): Promise<Map<string, PictureFeatures>> {
    return readFeatures(this.#features.table, imageHashes);
  }

  /** Thumbnails by hash. */
  thumbnailsOf(imageHashes: readonly string[]): Promise<Map<string, Uint8Array>> {
    return readThumbnails(this.#pictures.table, imageHashes);
  }

  /** Colour signatures that were made of pictures when another model looked at them, by hash. */
  async colorsOfOtherModels(imageHashes: readonly string[]): Promise<Map<string, Float32Array>> {
    const colors = new Map<string, Float32Array>();
    for (const table of await this.#parts.otherFeatures()) {
      const missing = imageHashes.filter((hash) => !colors.has(hash));
      const found = missing.length === 0 ? [] : await readColors(table, missing);
      for (const [hash, color] of found) colors.set(hash, color);
      table.close();
    }
    return colors;
  }

  /** Whether a picture is found at the vector it was given: the nearest there is, or as near as that. */
  async finds(imageHash: string, vector: Float32Array): Promise<boolean> {
    const search = () =>
      this.#features.table
        .vectorSearch(vector)
        .distanceType('cosine')
        .select(['imageHash', '_distance'])
        .limit(1);
    const [nearest] = await search().toArray();
    if (nearest?.imageHash === imageHash) return true;
    const [own] = await search()
      .where(columnIn('imageHash', [imageHash]))
      .toArray();
    return Number(own?._distance) - Number(nearest?._distance) < SAME_VECTOR;
  }

  /** Adds pictures with their features, by hash. Stale ones are replaced. */
  async add(contents: ReadonlyMap<string, ImageContent>): Promise<void> {
    const cells = [...contents].map(([imageHash, content]) => ({ imageHash, ...content }));
    await this.#parts.writes.run(async () => {
      await this.#addTo(this.#pictures, cells);
      await this.#addTo(this.#features, cells);
    });
    for (const hash of contents.keys()) this.#stale.delete(hash);
  }

  /** Adds what a model has made of pictures that rows name already. */
  async addFeatures(features: ReadonlyMap<string, PictureFeatures>): Promise<void> {
    if (features.size === 0) return;
    const cells = [...features].map(([imageHash, made]) => ({ imageHash, ...made }));
    await this.#parts.writes.run(() => this.#addTo(this.#features, cells));
    this.#hasNewFeatures = true;
  }

  /** Takes away what the model has made of these pictures. An import that began afresh puts back what it found. */
  async discardFeatures(imageHashes: ReadonlySet<string>): Promise<void> {
    const { writes, afresh } = this.#parts;
    if (afresh) {
      // Readers need the features that this import has replaced.
      await writes.run(() => restoreVersion(this.#features.table, this.#before));
      return;
    }
    await writes.deleteRows(this.#features.table, 'imageHash', [...imageHashes]);
    for (const hash of imageHashes) this.#features.known.delete(hash);
  }

  /**
   * Deletes the pictures that neither a staged row nor a kept snapshot names, with what all models made of them, when it is
   * worth writing the tables anew. Killed in between it has deleted less.
   * @param namedByRows hashes that staged rows name
   * @param namedByKept the same of the kept snapshots, which are only read when it may be worth it
   */
  async deleteUnnamed(
    namedByRows: ReadonlySet<string>,
    namedByKept: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    const all = new Set([...this.#pictures.known, ...this.#features.known]);
    const named = new Set(namedByRows);
    const isWorthIt = () => {
      const unnamed = all.size - named.size;
      return unnamed >= LEAST_UNNAMED && unnamed >= all.size * SHARE_UNNAMED;
    };
    if (!isWorthIt()) return;
    for (const hash of await namedByKept()) named.add(hash);
    if (!isWorthIt()) return;
    const unnamed = [...all].filter((hash) => !named.has(hash));
    const { otherFeatures, writes, exclusive, uri } = this.#parts;
    const others = await otherFeatures();
    for (const table of [...others, this.#features.table, this.#pictures.table]) {
      await writes.deleteRows(table, 'imageHash', unnamed);
      await pruneStore(table, exclusive);
    }
    for (const table of others) {
      if (isFolder(uri)) await noteNewest(uri, table.name);
      table.close();
    }
    for (const hash of unnamed) {
      this.#pictures.known.delete(hash);
      this.#features.known.delete(hash);
    }
  }

  /** Before a publish: makes room in the tables, and notes what files they consist of. */
  async tidy(): Promise<void> {
    const { uri, exclusive } = this.#parts;
    for (const { table, store } of [this.#pictures, this.#features]) {
      await reclaimStore(table, exclusive);
      if (isFolder(uri)) await noteNewest(uri, store.name);
    }
  }

  close(): void {
    this.#pictures.table.close();
    this.#features.table.close();
  }

  /** Adds to a table what it does not have; what is stale in it is replaced. */
  async #addTo({ table, store, known }: OpenStore, cells: readonly { imageHash: string }[]): Promise<void> {
    const fresh = cells.filter(({ imageHash }) => !known.has(imageHash));
    const stale = cells.filter(({ imageHash }) => known.has(imageHash) && this.#stale.has(imageHash));
    if (fresh.length > 0) await table.add(toArrow(fresh, store.schema));
    if (stale.length > 0) {
      const replacing = table.mergeInsert('imageHash').whenMatchedUpdateAll();
      await replacing.execute(toArrow(stale, store.schema));
    }
    for (const { imageHash } of fresh) known.add(imageHash);
  }
}
