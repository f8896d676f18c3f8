import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Product, Snapshot as PublishedSnapshot, Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Facets, Filters, Ranking } from '../../contract/search.ts';
import { uidOf } from '../catalog/product-ids.ts';
import type { ImageRow } from '../catalog/schema.ts';
import { type Groups, membersOf } from '../vectors/groups.ts';
import { buildIndex } from '../vectors/index-build.ts';
import type { KeptIndex } from '../vectors/index-file.ts';
import { FacetCounter } from './facets.ts';
import { FieldSearch } from './field-search.ts';
import {
  firstPlaceOfImages,
  firstRows,
  groupByProduct,
  NONE,
  type ProductGroups,
  picturesShown,
} from './grouping.ts';
import type { ImageRows } from './image-rows.ts';
import type { Pause } from './load.ts';
import type { ResidentPictures } from './pictures.ts';
import { filterProducts } from './product-filter.ts';
import { type RankedGroup, type RowSelection, rankGroups, type ShownPictures } from './ranking.ts';
import type { ResidentRows } from './resident.ts';

/** A product found near a query. */
export interface Neighbour {
  /** The product's uid. */
  readonly productId: string;
  /** What is shown of it; read when it is asked for. */
  readonly product: Product;
  /** Of the product's image nearest to the query. */
  readonly imageHash: string;
  /** The product's, without reading the rest of it. */
  readonly category: string | null;
  readonly imageCount: number;
  /** Cosine similarity, -1 to 1. */
  readonly score: number;
  /** That image's colour signature; see `colorSimilarity`. */
  readonly colorSignature: Uint8Array;
}

/** What the engine makes of one image, for those who compare images with each other. */
export interface ImageFeatures {
  /** The product's uid. */
  productId: string;
  /** Unit length. */
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colorSignature: Uint8Array;
}

/** A version of the table in memory: what it consists of. */
export interface SnapshotParts {
  /** Checked out at the version. */
  table: Table;
  rows: ResidentRows;
  /** The numbers of its rows in memory, in the table's order, each claimed once. */
  order: Uint32Array;
  /** Lance's own numbers of the same rows. */
  addresses: Float64Array;
  /** By image hash; see `ThumbnailCache`. */
  thumbnails: ThumbnailCache;
  /** Closes the table and all that was opened with it. */
  close: () => void;
}

/** Thumbnails that are remembered, 8 KB each: for some Lance takes as long as for one, so every miss costs an answer 2 ms. */
const MOST_THUMBNAIL_BYTES = 32e6;

export type ThumbnailCache = LRUCache<string, Uint8Array<ArrayBuffer>>;

/** A picture's hash is that of its bytes, so that all snapshots can share what is remembered. */
export function thumbnailCache(): ThumbnailCache {
  return new LRUCache<string, Uint8Array<ArrayBuffer>>({ maxSize: MOST_THUMBNAIL_BYTES, sizeCalculation });
}

/**
 * One published version of the catalog, immutable, resident in memory: vectors, colours and the columns that are shown.
 * Searching them there is faster than asking Lance (see bench). Thumbnails stay in the table. Rows that several
 * snapshots have are in memory once; see `ResidentRows`.
 *
 * Whoever was given a snapshot by `Catalog.live` holds it, and disposes of it when done (`using`): what an old snapshot
 * alone has needed is let go when nobody holds it any more.
 */
export class Snapshot implements Disposable {
  readonly info: PublishedSnapshot;
  /** Finds products by the words of their fields. */
  readonly fields: FieldSearch;
  readonly #parts: SnapshotParts;
  /** Those of the shared rows. */
  readonly #fieldsOf: ImageRows;
  readonly #pictures: ResidentPictures;
  readonly #shown: ShownPictures;
  /** Numbers of the rows of each product, in the feed's order. */
  readonly #products: Groups;
  readonly #groups: ProductGroups;
  readonly #placeOfImage: Uint32Array;
  readonly #firstRows: Uint32Array;
  readonly #facetCounter: FacetCounter;
  /** What passes filters, by their JSON. */
  readonly #selections = new LRUCache<string, Selected>({
    max: 200,
    maxSize: 50e6,
    sizeCalculation: ({ products, rows }) => products.byteLength + rows.pictures.mask.length + 1,
  });
  #all: Selected | null = null;
  /** By the filters they were counted for. */
  readonly #facets = new LRUCache<string, Facets>({ max: 200 });
  #holders = 1;

  private constructor(
    info: PublishedSnapshot,
    parts: SnapshotParts,
    groups: ProductGroups,
    derived: Derived,
  ) {
    this.info = info;
    this.#parts = parts;
    this.#fieldsOf = parts.rows.fields;
    this.#pictures = parts.rows.pictures;
    this.#shown = derived.shown;
    this.#groups = groups;
    this.#products = groups.products;
    this.#placeOfImage = derived.placeOfImage;
    this.#firstRows = derived.firstRows;
    this.#facetCounter = derived.facetCounter;
    this.fields = new FieldSearch(parts.table, this.#fieldsOf, derived.firstRows);
  }

  /**
   * Makes a snapshot of rows that are in memory. It owns its parts from now on and is held once.
   * @param pause lets others have their turns
   */
  static async of(info: PublishedSnapshot, parts: SnapshotParts, pause: Pause): Promise<Snapshot> {
    const { rows, order } = parts;
    const groups = groupByProduct(rows, order);
    await pause();
    const first = firstRows(groups.products);
    const facetCounter = new FacetCounter(rows, first);
    await pause();
    const placeOfImage = firstPlaceOfImages(rows, order);
    await pause();
    const shown = picturesShown(rows, groups);
    return new Snapshot(info, parts, groups, { firstRows: first, facetCounter, placeOfImage, shown });
  }

  /** Rows in memory that this snapshot shares with those before and after it. */
  get rows(): ResidentRows {
    return this.#parts.rows;
  }

  /** The numbers of its rows in memory, in the table's order, and Lance's own numbers of them. */
  get parts(): Pick<SnapshotParts, 'order' | 'addresses'> {
    return this.#parts;
  }

  /** Different pictures that its rows show. */
  get pictureCount(): number {
    return this.#everything().rows.pictures.count;
  }

  /**
   * The uid of a product.
   * @param id its uid, or its id in its source where only one product has it
   */
  uidOf(id: string): string | undefined {
    const product = this.#productOf(id);
    return product === undefined ? undefined : this.#idOf(product);
  }

  /** The rows of a product in memory; none when there is no such product. */
  rowsOfProduct(productId: string): Uint32Array {
    return this.#rowsOf(this.#productOf(productId));
  }

  /** Makes the first answers as fast as the next ones, in what was asked of the snapshot before. */
  async warmUp(before: Snapshot | null): Promise<void> {
    await this.facets({});
    if (before?.fields.isInUse) await this.fields.warmUp();
  }

  /** One more holder, who has to dispose of it. */
  hold(): this {
    this.#holders++;
    return this;
  }

  [Symbol.dispose](): void {
    if (--this.#holders > 0) return;
    this.#parts.rows.release(this.#parts.order);
    this.#parts.close();
  }

  /**
   * The products nearest to a unit vector, best first, equal ones in the feed's order; a product counts as its nearest
   * image.
   * @param exclude a product to leave out (the query itself, in "more like this")
   */
  async nearest(
    query: Float32Array,
    limit: number,
    filters: Filters,
    exclude?: string,
  ): Promise<{ neighbours: Neighbour[]; total: number; search: Ranking['search'] }> {
    const { products, rows } = this.#select(filters);
    const excluded = exclude === undefined ? undefined : this.#productOf(exclude);
    const { vectors } = this.#pictures;
    const { groups, search } = rankGroups(vectors, query, limit, this.#shown, rows, excluded);
    const isIn = excluded !== undefined && products.includes(excluded);
    const total = products.length - (isIn ? 1 : 0);
    return { neighbours: groups.map((ranked) => this.#neighbour(ranked)), total, search };
  }

  /**
   * Builds an index in small steps, and lets `nearest` use it from then on where that is faster.
   * @param kept what was kept of the last one
   * @returns what should be kept of this one; null when it is the same
   */
  *buildIndex(kept: KeptIndex | null): Generator<void, KeptIndex | null> {
    const built = yield* buildIndex(this.#pictures.vectors, this.#everything().rows.pictures, kept);
    yield* this.#pictures.vectors.adopt(built.index);
    return built.kept;
  }

  /**
   * These products in this order, each as its image nearest to a query; without one, as its first, with a score of 0.
   * Ids that are not in the catalog are left out.
   */
  neighbours(productIds: readonly string[], query: Float32Array | null): Neighbour[] {
    return productIds.flatMap((productId) => {
      const product = this.#productOf(productId);
      if (product === undefined) return [];
      const rows = this.#rowsOf(product);
      let [nearest, score] = [rows[0] ?? 0, query ? Number.NEGATIVE_INFINITY : 0];
      for (const row of query ? rows : []) {
        const similarity = query ? this.#similarity(query, row) : 0;
        if (similarity > score) [nearest, score] = [row, similarity];
      }
      return [this.#neighbour({ group: product, row: nearest, score })];
    });
  }

  /** Similarities to a query of up to 512 products spread evenly through the catalog, whatever the filters. */
  similarities(query: Float32Array): number[] {
    const { starts, members } = this.#products;
    const count = this.#groups.ids.length;
    const step = Math.max(1, Math.floor(count / 512));
    const scores: number[] = [];
    for (let product = 0; product < count; product += step) {
      scores.push(this.#similarity(query, members[starts[product] ?? 0] ?? 0));
    }
    return scores;
  }

  /** How many products each filter value would leave (see `Facets`). */
  async facets(filters: Filters): Promise<Facets> {
    const key = JSON.stringify(filters);
    const counts = this.#facets.get(key) ?? this.#facetCounter.count(filters);
    this.#facets.set(key, counts);
    return counts;
  }

  /** The same as `facets`, of those products only that pass. */
  async facetsOf(passes: (productId: string) => boolean, filters: Filters): Promise<Facets> {
    return this.#facetCounter.count(filters, (product) => passes(this.#idOf(product)));
  }

  /** A product's image rows in the feed's order, their vectors and colours. Empty when there is no such product. */
  product(productId: string): { row: ImageRow; vector: Float32Array; colorSignature: Uint8Array }[] {
    return [...this.rowsOfProduct(productId)].map((row) => ({
      row: this.#fieldsOf.at(row),
      ...this.#featuresOf(row),
    }));
  }

  /** Every image, those of a product one after the other in the feed's order; arrays are views, not to be changed. */
  *images(): Generator<ImageFeatures> {
    for (const product of this.#groups.ids.keys()) {
      const productId = this.#idOf(product);
      for (const row of this.#rowsOf(product)) {
        yield { productId, ...this.#featuresOf(row) };
      }
    }
  }

  /** One row of each product. */
  *firstRows(): Generator<ImageRow> {
    for (const row of firstRows(this.#products)) yield this.#fieldsOf.at(row);
  }

  /** The first few pictures' hashes. */
  imageHashes(count: number): string[] {
    const hashes = new Set<string>();
    for (const row of this.#parts.order) {
      if (hashes.size === count) break;
      hashes.add(String(this.#fieldsOf.value('imageHash', row)));
    }
    return [...hashes];
  }

  /** Thumbnails (WebP bytes) by image hash; those the snapshot does not have are left out. */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const { table, thumbnails, addresses } = this.#parts;
    const missing = imageHashes.flatMap((id) => {
      const place = thumbnails.has(id) ? undefined : this.#placeOf(id);
      return place === undefined ? [] : [{ id, rowId: BigInt(addresses[place] ?? 0) }];
    });
    const found = new Map<string, Uint8Array<ArrayBuffer>>();
    if (missing.length > 0) {
      const rowIds = missing.map(({ rowId }) => rowId);
      const blobs = await reading(table.fetchBlobs('thumbnail', rowIds));
      missing.forEach(({ id }, i) => {
        const blob = blobs[i];
        // A copy: a Buffer may be a view on a larger pool, all of which would cross the port with it.
        if (blob) found.set(id, Uint8Array.from(blob));
      });
    }
    for (const [id, bytes] of found) thumbnails.set(id, bytes);
    return imageHashes.flatMap((id) => {
      // Another snapshot may have had it.
      const bytes = found.get(id) ?? (this.#placeOf(id) === undefined ? undefined : thumbnails.get(id));
      return bytes ? [{ id, bytes }] : [];
    });
  }

  #similarity(query: Float32Array, row: number): number {
    return this.#pictures.vectors.similarity(query, this.rows.pictureOf[row] ?? 0);
  }

  #featuresOf(row: number): Pick<ImageFeatures, 'vector' | 'colorSignature'> {
    const picture = this.rows.pictureOf[row] ?? 0;
    const vector = this.#pictures.vectors.at(picture);
    return { vector, colorSignature: this.#pictures.colorSignature(picture) };
  }

  #neighbour({ group, row, score }: RankedGroup): Neighbour {
    const rows = this.#fieldsOf;
    return {
      productId: this.#idOf(group),
      get product() {
        return rows.productAt(row);
      },
      get imageHash() {
        return String(rows.value('imageHash', row));
      },
      get category() {
        const category = rows.value('category', row);
        return typeof category === 'string' ? category : null;
      },
      imageCount: this.#rowsOf(group).length,
      score,
      colorSignature: this.#featuresOf(row).colorSignature,
    };
  }

  #rowsOf(product: number | undefined): Uint32Array {
    return product === undefined ? new Uint32Array() : membersOf(this.#products, product);
  }

  #idOf(product: number): string {
    return this.rows.columns.uid.values[this.#groups.ids[product] ?? 0] ?? '';
  }

  /** @param id a uid, or a product's id in its source where only one product has it */
  #productOf(id: string): number | undefined {
    const { uid, source } = this.rows.columns;
    const byUid = (name: string) => presentAt(this.#groups.byId, uid.numberOf(name));
    const found = byUid(id);
    if (found !== undefined) return found;
    const inSources = source.values.map((each) => (each ? byUid(uidOf(each, id)) : undefined));
    const [first, ...others] = inSources.filter((product) => product !== undefined);
    return others.length === 0 ? first : undefined;
  }

  #placeOf(imageHash: string): number | undefined {
    return presentAt(this.#placeOfImage, this.rows.columns.imageHash.numberOf(imageHash));
  }

  #select(filters: Filters): Selected {
    if (Object.keys(filters).length === 0) return this.#everything();
    const key = JSON.stringify(filters);
    const known = this.#selections.get(key);
    if (known) return known;
    const filtered = filterProducts(this.rows, this.#firstRows, filters);
    const products = Uint32Array.from(this.#groups.ids.keys()).filter((product) => filtered.passes(product));
    const selected = this.#selectionOf(products, true);
    this.#selections.set(key, selected);
    return selected;
  }

  #everything(): Selected {
    this.#all ??= this.#selectionOf(Uint32Array.from(this.#groups.ids.keys()), false);
    return this.#all;
  }

  #selectionOf(products: Uint32Array, filtered: boolean): Selected {
    const isIn = new Uint8Array(this.#groups.ids.length);
    const mask = new Uint8Array(this.#pictures.count);
    let count = 0;
    for (const product of products) {
      isIn[product] = 1;
      for (const row of this.#rowsOf(product)) {
        const picture = this.rows.pictureOf[row] ?? 0;
        if (mask[picture] === 1) continue;
        mask[picture] = 1;
        count++;
      }
    }
    const { of } = this.#groups;
    const passes = (row: number) => isIn[of[row] ?? 0] === 1;
    return { products, rows: { pictures: { mask, count, filtered }, passes } };
  }
}

const sizeCalculation = (array: Uint8Array) => array.byteLength + 1;

/** What passes a filter. */
interface Selected {
  /** Numbers of products, ascending. */
  products: Uint32Array;
  rows: RowSelection;
}

/** What is made of the rows when a snapshot is. */
interface Derived {
  firstRows: Uint32Array;
  facetCounter: FacetCounter;
  placeOfImage: Uint32Array;
  shown: ShownPictures;
}

/** A file that was whole when the snapshot was read can be damaged later. */
function reading<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new LookalikeError('CATALOG_UNREADABLE', { cause });
  });
}

/** Numbers that came with later snapshots are beyond the end. */
function presentAt(numbers: Uint32Array, at: number | undefined): number | undefined {
  const number = at === undefined ? undefined : numbers[at];
  return number === NONE ? undefined : number;
}
