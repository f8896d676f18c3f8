import type { Table } from '@lancedb/lancedb';
import { retried } from '../files/changes.ts';
import { toArrow } from './arrow.ts';
import { columnIn } from './filters.ts';
import type { GuardedWrites } from './guarded-writes.ts';
import { noteNewest } from './integrity.ts';
import { pruneStore, reclaimStore } from './published.ts';
import { featureCells, type ImageContent, type PictureFeatures } from './schema.ts';
import {
  type PictureColors,
  readColors,
  readFeatures,
  readHashes,
  readHashesWithSubject,
  readThumbnails,
  type Store,
} from './stores.ts';
import { isFolder, restoreVersion } from './tables.ts';

/** The largest cosine distance of a vector to itself, after float32 rounding. */
export const SAME_VECTOR = 1e-4;

/** Pictures without a row are deleted once there are this many, and this share of all. */
const LEAST_UNNAMED = 100;
const SHARE_UNNAMED = 0.1;

export interface StagedPicturesParts {
  /** Opens a table with a new handle, at the newest version. */
  openStore: (store: Store) => Promise<Table>;
  pictures: Store;
  features: Store;
  /** The features of other models, whose colour signatures can be copied. */
  otherFeatures: () => Promise<Table[]>;
  uri: string;
  writes: GuardedWrites;
  /** Only this process writes: what killed writes have left can be deleted at once. */
  exclusive: boolean;
  /** Reuse nothing of what was made of pictures before. */
  afresh: boolean;
}

/** A table of pictures or features that is being written, and the hashes of its pictures. */
interface OpenStore {
  table: Table;
  store: Store;
  known: Set<string>;
}

/**
 * The tables of pictures and features during an import. Both have a row for each picture, by the hash of its bytes, and
 * count at their newest version: an added picture is used as soon as a row of the product images names it.
 */
export class StagedPictures {
  readonly #pictures: OpenStore;
  readonly #features: OpenStore;
  readonly #parts: StagedPicturesParts;
  /** Pictures that are written again although they are known, because nothing may be reused. */
  readonly #stale: Set<string>;
  /** The pictures whose subject's colours are stored with the model's features. */
  readonly #withSubject: Set<string>;
  /** The version of the features when this import began. */
  readonly #before: number;
  #hasNewFeatures = false;

  private constructor(
    tables: { pictures: OpenStore; features: OpenStore; withSubject: Set<string>; before: number },
    parts: StagedPicturesParts,
  ) {
    this.#withSubject = tables.withSubject;
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
    const withSubject = await readHashesWithSubject(features.table);
    const before = await features.table.version();
    return new StagedPictures({ pictures, features, withSubject, before }, parts);
  }

  /** Whether features were made of pictures that existing rows show: then readers must load the features again. */
  get hasNewFeatures(): boolean {
    return this.#hasNewFeatures;
  }

  /** Whether a picture and its features are stored: then a row that shows it can be written without its content. */
  isKnown(imageHash: string): boolean {
    return (
      this.#pictures.known.has(imageHash) &&
      this.#features.known.has(imageHash) &&
      !this.#stale.has(imageHash)
    );
  }

  /** The pictures that have thumbnails here and that this model has not embedded. */
  unseenOf(imageHashes: ReadonlySet<string>): string[] {
    return [...imageHashes].filter(
      (hash) => !this.#features.known.has(hash) && this.#pictures.known.has(hash),
    );
  }

  /** The model's features of these pictures, by hash. */
  featuresOf(imageHashes: readonly string[]): Promise<Map<string, PictureFeatures>> {
    return readFeatures(this.#features.table, imageHashes);
  }

  /** Thumbnails by hash. */
  thumbnailsOf(imageHashes: readonly string[]): Promise<Map<string, Uint8Array>> {
    return readThumbnails(this.#pictures.table, imageHashes);
  }

  /** Colours from the features of other models, by hash. */
  async colorsOfOtherModels(imageHashes: readonly string[]): Promise<Map<string, PictureColors>> {
    const colors = new Map<string, PictureColors>();
    for (const table of await this.#parts.otherFeatures()) {
      const missing = imageHashes.filter((hash) => !colors.get(hash)?.subjectColors);
      const found = missing.length === 0 ? [] : await readColors(table, missing);
      for (const [hash, color] of found) colors.set(hash, color);
      table.close();
    }
    return colors;
  }

  /** Whether a picture has features here, but not the colours of its subject. */
  lacksSubject(imageHash: string): boolean {
    return this.#features.known.has(imageHash) && !this.#withSubject.has(imageHash);
  }

  /** All pictures with features that lack the colours of their subjects. */
  withoutSubject(): string[] {
    return [...this.#features.known].filter((hash) => this.lacksSubject(hash));
  }

  /** Adds the colours of subjects to stored features. */
  async addSubjects(subjectColors: ReadonlyMap<string, Uint8Array>): Promise<void> {
    if (subjectColors.size === 0) return;
    const made = await this.featuresOf([...subjectColors.keys()]);
    const cells = [...made].map(([hash, features]) =>
      featureCells(hash, { ...features, subjectColors: subjectColors.get(hash) ?? features.subjectColors }),
    );
    const { table, store } = this.#features;
    await this.#parts.writes.run(() => replaceRows(table, cells, store));
    this.#noteSubjects(cells);
    this.#hasNewFeatures = true;
  }

  /** Whether a search with this vector finds the picture: as the nearest, or as near as the nearest. */
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
    const cells = [...contents].map(([imageHash, content]) => ({
      ...featureCells(imageHash, content),
      thumbnail: content.thumbnail,
    }));
    await this.#addTo(this.#pictures, cells);
    await this.#addTo(this.#features, cells);
    this.#noteSubjects(cells);
    for (const hash of contents.keys()) this.#stale.delete(hash);
  }

  /** Adds features of pictures that existing rows show. */
  async addFeatures(features: ReadonlyMap<string, PictureFeatures>): Promise<void> {
    if (features.size === 0) return;
    const cells = [...features].map(([imageHash, made]) => featureCells(imageHash, made));
    await this.#addTo(this.#features, cells);
    this.#noteSubjects(cells);
    this.#hasNewFeatures = true;
  }

  /**
   * Deletes the model's features of these pictures. An import that reuses nothing restores the features that it replaced.
   */
  async discardFeatures(imageHashes: ReadonlySet<string>): Promise<void> {
    const { writes, afresh } = this.#parts;
    if (afresh) {
      // Readers need the features that this import has replaced.
      await writes.run(() => restoreVersion(this.#features.table, this.#before));
      return;
    }
    await writes.deleteRows(this.#features.table, 'imageHash', [...imageHashes]);
    for (const hash of imageHashes) {
      this.#features.known.delete(hash);
      this.#withSubject.delete(hash);
    }
  }

  /**
   * Deletes the pictures that neither a staged row nor a kept snapshot shows, with the features of all models, once there
   * are enough of them to be worth rewriting the tables. If it is killed, some of them remain.
   * @param namedByRows hashes of the staged rows' pictures
   * @param namedByKept hashes of the kept snapshots' pictures; called only when there may be enough to delete
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
      await retried(() => pruneStore(table, exclusive));
    }
    for (const table of others) {
      if (isFolder(uri)) await noteNewest(uri, table.name);
      table.close();
    }
    for (const hash of unnamed) {
      this.#pictures.known.delete(hash);
      this.#features.known.delete(hash);
      this.#withSubject.delete(hash);
    }
  }

  /** Before a publish: prunes the tables, and notes their files. */
  async tidy(): Promise<void> {
    const { uri, exclusive } = this.#parts;
    for (const { table, store } of [this.#pictures, this.#features]) {
      await retried(() => reclaimStore(table, exclusive));
      if (isFolder(uri)) await noteNewest(uri, store.name);
    }
  }

  close(): void {
    this.#pictures.table.close();
    this.#features.table.close();
  }

  #noteSubjects(cells: readonly { imageHash: string; subjectColors: Uint8Array | null }[]): void {
    for (const { imageHash, subjectColors } of cells) if (subjectColors) this.#withSubject.add(imageHash);
  }

  /** Adds missing rows to a table and replaces stale ones. */
  async #addTo({ table, store, known }: OpenStore, cells: readonly { imageHash: string }[]): Promise<void> {
    const fresh = cells.filter(({ imageHash }) => !known.has(imageHash));
    const stale = cells.filter(({ imageHash }) => known.has(imageHash) && this.#stale.has(imageHash));
    const { writes } = this.#parts;
    if (fresh.length > 0) await writes.run(() => table.add(toArrow(fresh, store.schema)));
    if (stale.length > 0) await writes.run(() => replaceRows(table, stale, store));
    for (const { imageHash } of fresh) known.add(imageHash);
  }
}

/** Replaces rows of a table by the hash of their pictures. */
async function replaceRows(table: Table, cells: readonly object[], { schema }: Store): Promise<void> {
  await table.mergeInsert('imageHash').whenMatchedUpdateAll().execute(toArrow(cells, schema));
}
