import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Product, Snapshot as PublishedSnapshot, Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Facets, Filters, Ranking } from '../../contract/search.ts';
import { toColorBytes } from './color-bytes.ts';
import { FacetCounter } from './facets.ts';
import { FieldSearch } from './field-search.ts';
import { filtersToSql } from './filters.ts';
import type { Groups } from './group-bounds.ts';
import { firstRowOfImages, firstRows, groupByProduct } from './grouping.ts';
import { ImageRows } from './image-rows.ts';
import { buildIndex } from './index-build.ts';
import type { KeptIndex } from './index-file.ts';
import { COLOR_SIGNATURE_LENGTH, type ImageRow } from './schema.ts';
import { Vectors } from './vectors.ts';

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

/** Thumbnails that are remembered, 8 KB each: for some Lance takes as long as for one, so every miss costs an answer 2 ms. */
const MOST_THUMBNAIL_BYTES = 32e6;

/**
 * One published version of the catalog, immutable, resident in memory: vectors, colours and the columns that are shown.
 * Searching them there is faster than asking Lance (see bench). Thumbnails stay in the table.
 */
export class Snapshot {
  readonly info: PublishedSnapshot;
  /** Finds products by the words of their fields. */
  readonly fields: FieldSearch;
  readonly #table: Table;
  readonly #rows: ImageRows;
  readonly #vectors: Vectors;
  readonly #colorSignatures: Uint8Array;
  /** Numbers of the rows of each product, in the feed's order. */
  readonly #products: Groups;
  readonly #productIds: string[];
  readonly #productIndex: ReadonlyMap<string, number>;
  readonly #rowByImage: ReadonlyMap<string, number>;
  readonly #facetCounter: FacetCounter;
  /** Numbers of the products that pass a filter, in order, by its SQL. */
  readonly #selections = new LRUCache<string, Uint32Array>({ max: 200, maxSize: 50e6, sizeCalculation });
  /** By the filters they were counted for. */
  readonly #facets = new LRUCache<string, Promise<Facets>>({ max: 200 });
  readonly #thumbnails = new LRUCache<string, Uint8Array<ArrayBuffer>>({
    maxSize: MOST_THUMBNAIL_BYTES,
    sizeCalculation,
  });

  private constructor(
    info: PublishedSnapshot,
    table: Table,
    rows: ImageRows,
    features: { vectors: Vectors; colorSignatures: Uint8Array },
  ) {
    this.info = info;
    this.#table = table;
    this.#rows = rows;
    this.#vectors = features.vectors;
    this.#colorSignatures = features.colorSignatures;
    const { products, productIndex } = groupByProduct(rows);
    this.#products = products;
    this.#productIndex = productIndex;
    this.#productIds = [...productIndex.keys()];
    this.#rowByImage = firstRowOfImages(rows);
    this.#facetCounter = new FacetCounter(rows, firstRows(products));
    this.fields = new FieldSearch(table, rows, firstRows(products));
  }

  /** Reads a version into memory. `table` must be checked out at it and is owned by the snapshot from now on. */
  static async load(table: Table, info: PublishedSnapshot, dim: number): Promise<Snapshot> {
    const rows = await ImageRows.read(table);
    return new Snapshot(info, table, rows, await readFeatures(table, rows, dim));
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
    const excluded = exclude === undefined ? undefined : this.#productIndex.get(exclude);
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
      const product = this.#productIndex.get(productId);
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
    const step = Math.max(1, Math.floor(this.#productIds.length / 512));
    const scores: number[] = [];
    for (let product = 0; product < this.#productIds.length; product += step) {
      scores.push(this.#vectors.similarity(query, rows[starts[product] ?? 0] ?? 0));
    }
    return scores;
  }

  /** The same as `facets`, of those products only that pass. */
  facetsOf(passes: (productId: string) => boolean, filters: Filters): Promise<Facets> {
    return this.#facetCounter.count(filters, async (others) =>
      (await this.#select(others)).filter((product) => passes(this.#productIds[product] ?? '')),
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
    return [...this.#rowsOf(this.#productIndex.get(productId))].map((row) => ({
      row: this.#rows.at(row),
      vector: this.#vectors.at(row),
      colorSignature: this.#colorSignatureOf(row),
    }));
  }

  /** Every image, those of a product one after the other in the feed's order; arrays are views, not to be changed. */
  *images(): Generator<ImageFeatures> {
    for (const [product, productId] of this.#productIds.entries()) {
      for (const row of this.#rowsOf(product)) {
        yield { productId, vector: this.#vectors.at(row), colorSignature: this.#colorSignatureOf(row) };
      }
    }
  }

  /** One row of each product. */
  *firstRows(): Generator<ImageRow> {
    for (const row of firstRows(this.#products)) yield this.#rows.at(row);
  }

  /** The first few pictures' hashes. */
  imageHashes(count: number): string[] {
    return [...this.#rowByImage.keys()].slice(0, count);
  }

  /** Thumbnails (WebP bytes) by image hash; those the snapshot does not have are left out. */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const missing = imageHashes.flatMap((id) => {
      const row = this.#thumbnails.has(id) ? undefined : this.#rowByImage.get(id);
      return row === undefined ? [] : [{ id, rowId: this.#rows.rowId(row) }];
    });
    const found = new Map<string, Uint8Array<ArrayBuffer>>();
    if (missing.length > 0) {
      const rowIds = missing.map(({ rowId }) => rowId);
      const blobs = await this.#table.fetchBlobs('thumbnail', rowIds);
      missing.forEach(({ id }, i) => {
        const blob = blobs[i];
        // A copy: a Buffer may be a view on a larger pool, all of which would cross the port with it.
        if (blob) found.set(id, Uint8Array.from(blob));
      });
    }
    for (const [id, bytes] of found) this.#thumbnails.set(id, bytes);
    return imageHashes.flatMap((id) => {
      const bytes = found.get(id) ?? this.#thumbnails.get(id);
      return bytes ? [{ id, bytes }] : [];
    });
  }

  #neighbour(product: number, row: number, score: number): Neighbour {
    const rows = this.#rows;
    return {
      productId: this.#productIds[product] ?? '',
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
      colorSignature: this.#colorSignatureOf(row),
    };
  }

  #rowsOf(product: number | undefined): Uint32Array {
    const { starts, rows } = this.#products;
    return product === undefined ? rows.subarray(0, 0) : rows.subarray(starts[product], starts[product + 1]);
  }

  #colorSignatureOf(row: number): Uint8Array {
    const from = row * COLOR_SIGNATURE_LENGTH;
    return this.#colorSignatures.subarray(from, from + COLOR_SIGNATURE_LENGTH);
  }

  async #select(filters: Filters): Promise<Uint32Array> {
    const sql = filtersToSql(filters) ?? '';
    const known = this.#selections.get(sql);
    if (known) return known;
    const selected =
      sql === '' ? Uint32Array.from(this.#productIds, (_, i) => i) : await this.#selectWhere(sql);
    this.#selections.set(sql, selected);
    return selected;
  }

  async #selectWhere(sql: string): Promise<Uint32Array> {
    const found = await this.#table.query().where(sql).select(['productId']).toArrow();
    const products = new Set<number>();
    for (const productId of found.getChild('productId') ?? []) {
      const index = this.#productIndex.get(String(productId));
      if (index !== undefined) products.add(index);
    }
    return Uint32Array.from(products).sort();
  }
}

const sizeCalculation = (array: Uint8Array | Uint32Array) => array.byteLength + 1;

/** @throws LookalikeError CATALOG_UNREADABLE */
async function readFeatures(table: Table, rows: ImageRows, dim: number) {
  const vectors = new Vectors(rows.count, dim);
  const colorSignatures = new Uint8Array(rows.count * COLOR_SIGNATURE_LENGTH);
  let row = 0;
  for await (const batch of table.query().select(['vector', 'colorSignature']).withRowId()) {
    if (batch.numRows === 0) continue;
    const flat = batch.getChild('vector')?.getChildAt(0)?.toArray();
    const colors = batch.getChild('colorSignature')?.getChildAt(0)?.toArray();
    const whole =
      flat instanceof Float32Array &&
      colors instanceof Float32Array &&
      flat.length === batch.numRows * dim &&
      colors.length === batch.numRows * COLOR_SIGNATURE_LENGTH;
    // Lance reads a version in the same order each time; that the two belong together is checked all the same.
    const first = batch.getChild('_rowid')?.get(0);
    if (!whole || BigInt(first) !== rows.rowId(row)) throw new LookalikeError('CATALOG_UNREADABLE');
    vectors.set(row, flat);
    colorSignatures.set(toColorBytes(colors), row * COLOR_SIGNATURE_LENGTH);
    row += batch.numRows;
  }
  if (row !== rows.count) throw new LookalikeError('CATALOG_UNREADABLE');
  return { vectors, colorSignatures };
}
