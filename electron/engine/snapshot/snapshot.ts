import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Product, Snapshot as PublishedSnapshot, Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Facets, Filters, Ranking } from '../../contract/search.ts';
import { filtersToSql } from '../catalog/filters.ts';
import type { ImageRow } from '../catalog/schema.ts';
import type { Groups } from '../vectors/group-bounds.ts';
import { buildIndex } from '../vectors/index-build.ts';
import type { KeptIndex } from '../vectors/index-file.ts';
import type { Vectors } from '../vectors/vectors.ts';
import { FacetCounter } from './facets.ts';
import { FieldSearch } from './field-search.ts';
import { firstPlaceOfImages, firstRows, groupByProduct, NONE, type ProductGroups } from './grouping.ts';
import type { ImageRows } from './image-rows.ts';
import type { Pause } from './load.ts';
import type { ResidentRows } from './resident.ts';

/** A product found near a query. */
export interface Neighbour {
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
  readonly #vectors: Vectors;
  /** Numbers of the rows of each product, in the feed's order. */
  readonly #products: Groups;
  readonly #groups: ProductGroups;
  readonly #placeOfImage: Uint32Array;
  readonly #facetCounter: FacetCounter;
  /** Numbers of the products that pass a filter, in order, by its SQL. */
  readonly #selections = new LRUCache<string, Uint32Array>({ max: 200, maxSize: 50e6, sizeCalculation });
  /** By the filters they were counted for. */
  readonly #facets = new LRUCache<string, Promise<Facets>>({ max: 200 });
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
    this.#vectors = parts.rows.vectors;
    this.#groups = groups;
    this.#products = groups.products;
    this.#placeOfImage = derived.placeOfImage;
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
    return new Snapshot(info, parts, groups, { firstRows: first, facetCounter, placeOfImage });
  }

  /** Rows in memory that this snapshot shares with those before and after it. */
  get rows(): ResidentRows {
    return this.#parts.rows;
  }

  /** The numbers of its rows in memory, in the table's order, and Lance's own numbers of them. */
  get parts(): Pick<SnapshotParts, 'order' | 'addresses'> {
    return this.#parts;
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
    const passing = await this.#select(filters);
    const excluded = exclude === undefined ? undefined : this.#productOf(exclude);
    // One more, in place of the excluded one: to leave it out of a million takes longer than to search them.
    const { groups, search } = this.#vectors.nearest(query, limit + 1, this.#products, passing);
    const found = groups.filter(({ group }) => group !== excluded).slice(0, limit);
    const neighbours = found.map(({ group, row, score }) => this.#neighbour(group, row, score));
    const isIn = excluded !== undefined && passing.includes(excluded);
    return { neighbours, total: passing.length - (isIn ? 1 : 0), search };
  }

  /**
   * Builds an index in small steps, and lets `nearest` use it from then on where that is faster.
   * @param kept what was kept of the last one
   * @returns what should be kept of this one; null when it is the same
   */
  *buildIndex(kept: KeptIndex | null): Generator<void, KeptIndex | null> {
    const built = yield* buildIndex(this.#vectors, this.#products, kept);
    yield* this.#vectors.adopt(built.index);
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
        const similarity = query ? this.#vectors.similarity(query, row) : 0;
        if (similarity > score) [nearest, score] = [row, similarity];
      }
      return [this.#neighbour(product, nearest, score)];
    });
  }

  /** Similarities to a query of up to 512 products spread evenly through the catalog, whatever the filters. */
  similarities(query: Float32Array): number[] {
    const { starts, rows } = this.#products;
    const count = this.#groups.ids.length;
    const step = Math.max(1, Math.floor(count / 512));
    const scores: number[] = [];
    for (let product = 0; product < count; product += step) {
      scores.push(this.#vectors.similarity(query, rows[starts[product] ?? 0] ?? 0));
    }
    return scores;
  }

  /** The same as `facets`, of those products only that pass. */
  facetsOf(passes: (productId: string) => boolean, filters: Filters): Promise<Facets> {
    return this.#facetCounter.count(filters, async (others) =>
      (await this.#select(others)).filter((product) => passes(this.#idOf(product))),
    );
  }

  /** How many products each filter value would leave (see `Facets`). */
  facets(filters: Filters): Promise<Facets> {
    const key = JSON.stringify(filters);
    const known = this.#facets.get(key);
    if (known) return known;
    const counting = this.#facetCounter.count(filters, (others) => this.#select(others));
    this.#facets.set(key, counting);
    // A failure must be tried again by the next call, not remembered.
    counting.catch(() => this.#facets.delete(key));
    return counting;
  }

  /** A product's image rows in the feed's order, their vectors and colours. Empty when there is no such product. */
  product(productId: string): { row: ImageRow; vector: Float32Array; colorSignature: Uint8Array }[] {
    return [...this.rowsOfProduct(productId)].map((row) => ({
      row: this.#fieldsOf.at(row),
      vector: this.#vectors.at(row),
      colorSignature: this.rows.colorSignature(row),
    }));
  }

  /** Every image, those of a product one after the other in the feed's order; arrays are views, not to be changed. */
  *images(): Generator<ImageFeatures> {
    for (const product of this.#groups.ids.keys()) {
      const productId = this.#idOf(product);
      for (const row of this.#rowsOf(product)) {
        yield { productId, vector: this.#vectors.at(row), colorSignature: this.rows.colorSignature(row) };
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

  #neighbour(product: number, row: number, score: number): Neighbour {
    const rows = this.#fieldsOf;
    return {
      productId: this.#idOf(product),
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
      imageCount: this.#rowsOf(product).length,
      score,
      colorSignature: this.rows.colorSignature(row),
    };
  }

  #rowsOf(product: number | undefined): Uint32Array {
    const { starts, rows } = this.#products;
    return product === undefined ? rows.subarray(0, 0) : rows.subarray(starts[product], starts[product + 1]);
  }

  #idOf(product: number): string {
    return this.rows.columns.productId.values[this.#groups.ids[product] ?? 0] ?? '';
  }

  #productOf(productId: string): number | undefined {
    return presentAt(this.#groups.byId, this.rows.columns.productId.numberOf(productId));
  }

  #placeOf(imageHash: string): number | undefined {
    return presentAt(this.#placeOfImage, this.rows.columns.imageHash.numberOf(imageHash));
  }

  async #select(filters: Filters): Promise<Uint32Array> {
    const sql = filtersToSql(filters) ?? '';
    const known = this.#selections.get(sql);
    if (known) return known;
    const selected = sql === '' ? Uint32Array.from(this.#groups.ids.keys()) : await this.#selectWhere(sql);
    this.#selections.set(sql, selected);
    return selected;
  }

  async #selectWhere(sql: string): Promise<Uint32Array> {
    const found = await reading(this.#parts.table.query().where(sql).select(['productId']).toArrow());
    const products = new Set<number>();
    for (const productId of found.getChild('productId') ?? []) {
      const index = this.#productOf(String(productId));
      if (index !== undefined) products.add(index);
    }
    return Uint32Array.from(products).sort();
  }
}

const sizeCalculation = (array: Uint8Array | Uint32Array) => array.byteLength + 1;

/** What is made of the rows when a snapshot is. */
interface Derived {
  firstRows: Uint32Array;
  facetCounter: FacetCounter;
  placeOfImage: Uint32Array;
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
