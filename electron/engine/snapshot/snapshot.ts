import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Snapshot as PublishedSnapshot, Style, Thumbnail } from '../../contract/catalog.ts';
import type { Facets } from '../../contract/search.ts';
import { membersOf } from '../vectors/groups.ts';
import { buildIndex } from '../vectors/index-build.ts';
import type { KeptIndex } from '../vectors/index-file.ts';
import type { Conditions } from '../words/conditions.ts';
import { readCatalogWords, type SnapshotWords } from './catalog-words.ts';
import { type Derived, derive } from './derived.ts';
import { FieldSearch } from './field-search.ts';
import { type Grouping, productNamed } from './grouping.ts';
import { PublishedProduct } from './published-products.ts';
import { rankGroups } from './ranking.ts';
import type { ResidentRows } from './resident.ts';
import {
  matchesByStyle,
  type NearestStyles,
  type Neighbour,
  type ProductPicture,
  type Searchable,
  type StyleMatch,
} from './searchable.ts';
import type { Pause } from './slices.ts';
import type { StoreView } from './store-view.ts';
import type { ImageFeatures } from './style-pictures.ts';
import { readThumbnails, type ThumbnailCache } from './thumbnails.ts';

/** The parts of a snapshot: a version of the product images in memory. */
export interface SnapshotParts {
  /** Checked out at the version. */
  table: Table;
  /** The addresses of its features and pictures; null when the pictures cannot be read. */
  features: StoreView;
  pictures: StoreView | null;
  /** Number of its pictures that the model has not embedded. Rows that show them are left out. */
  unseen: number;
  rows: ResidentRows;
  /** The numbers of its rows in memory, in the table's order, each claimed once. */
  order: Uint32Array;
  /** Lance's addresses of the same rows. */
  addresses: Float64Array;
  /** By image hash; see `ThumbnailCache`. */
  thumbnails: ThumbnailCache;
  /** Closes the table and everything that was opened with it. */
  close: () => void;
}

/** Styles that a query is compared with, to measure its deviations. */
const COMPARED = 512;

/**
 * One published version of the catalog, immutable and in memory: vectors, colours and the columns that are shown. Searching
 * in memory is faster than searching with Lance (see bench). Thumbnails stay in the table. Rows that several snapshots have
 * in common are in memory once; see `ResidentRows`.
 *
 * A caller that gets a snapshot from `Catalog.live` holds it, and disposes of it when done (`using`). What only an old
 * snapshot needs is freed when nobody holds it any more.
 */
export class Snapshot implements Searchable {
  readonly info: PublishedSnapshot;
  readonly answeredBy = 'memory';
  readonly colorDepth = Number.POSITIVE_INFINITY;
  /** Finds products by the words of their fields. */
  readonly fields: FieldSearch;
  readonly #parts: SnapshotParts;
  readonly #grouping: Grouping;
  readonly #derived: Derived;
  /** By filters. */
  readonly #facets = new LRUCache<string, Facets>({ max: 200 });
  #words: Promise<SnapshotWords> | null = null;
  #holders = 1;

  private constructor(info: PublishedSnapshot, parts: SnapshotParts, derived: Derived) {
    this.info = info;
    this.#parts = parts;
    this.#grouping = derived.grouping;
    this.#derived = derived;
    this.fields = new FieldSearch(parts.table, parts.rows.fields, derived.firstRows);
  }

  /**
   * Makes a snapshot of rows in memory. It owns its parts from now on and is held once.
   * @param pause yields the thread
   */
  static async of(info: PublishedSnapshot, parts: SnapshotParts, pause: Pause): Promise<Snapshot> {
    return new Snapshot(info, parts, await derive(parts.rows, parts.order, pause));
  }

  /** The rows in memory, which this snapshot shares with others. */
  get rows(): ResidentRows {
    return this.#parts.rows;
  }

  /** The numbers of its rows in memory, in the table's order, and Lance's addresses of the rows and their pictures. */
  get parts(): Pick<SnapshotParts, 'order' | 'addresses' | 'features' | 'pictures'> {
    return this.#parts;
  }

  get unseen(): number {
    return this.#parts.unseen;
  }

  /** Number of different pictures that its rows show. */
  get pictureCount(): number {
    return this.#derived.selections.all.rows.pictures.count;
  }

  get styleCount(): number {
    return this.#grouping.designOf.length;
  }

  /**
   * The uid of a product.
   * @param id its uid, or its id in its source if only one product has it
   */
  uidOf(id: string): string | undefined {
    const product = this.#productOf(id);
    return product === undefined ? undefined : this.#derived.pictures.uidOf(product);
  }

  styleIdOf(id: string): string | undefined {
    const style = this.#styleOf(this.#productOf(id));
    return style === undefined ? undefined : this.#derived.styles.idOf(style);
  }

  styleOf(id: string): Style | undefined {
    const product = this.#productOf(id);
    const style = this.#styleOf(product);
    return product === undefined || style === undefined ? undefined : this.#derived.styles.of(style, product);
  }

  /** The rows of a product in memory; empty when the product does not exist. */
  rowsOfProduct(id: string): Uint32Array {
    const product = this.#productOf(id);
    return product === undefined ? new Uint32Array() : membersOf(this.#grouping.products, product);
  }

  async warmUp(before: Searchable | null): Promise<void> {
    await this.facets({});
    if (before?.sample.fields.isInUse) await this.fields.warmUp();
  }

  get sample(): this {
    return this;
  }

  async matching(words: string, filters: Conditions): Promise<StyleMatch[]> {
    const { words: conditions, ...columns } = filters;
    const found = await this.fields.matching(words, columns);
    const passes = conditions ? this.#derived.selections.of(filters).hasProduct : () => true;
    const passing = found.filter(({ uid }) => passes(this.#productOf(uid) ?? -1));
    return matchesByStyle(passing, (uid) => this.styleIdOf(uid));
  }

  async havingAll(words: string, filters: Conditions): Promise<ReadonlySet<string>> {
    const found = await this.fields.havingAll(words, filters);
    return new Set([...found].flatMap((uid) => this.styleIdOf(uid) ?? []));
  }

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
   * The styles nearest to a unit vector, best first. Equal ones are in the feed's order, those of one design together. A
   * style counts as its nearest picture among those of the products that pass, and is shown as the first such product.
   * @param exclude a product whose style is left out (the query itself, in "more like this")
   */
  async nearest(
    query: Float32Array,
    limit: number,
    filters: Conditions,
    exclude?: string,
  ): Promise<NearestStyles> {
    const { rows, styles, hasStyle } = this.#derived.selections.of(filters);
    const excluded = exclude === undefined ? undefined : this.#styleOf(this.#productOf(exclude));
    const { vectors } = this.rows.pictures;
    const { groups, search } = rankGroups(vectors, query, limit, this.#derived.shown, rows, excluded);
    const total = styles - (excluded !== undefined && hasStyle(excluded) ? 1 : 0);
    return { neighbours: groups.map((ranked) => this.#derived.pictures.neighbour(ranked)), total, search };
  }

  /**
   * Builds an index in small steps. From then on `nearest` uses the index where that is faster.
   * @param kept what was kept of the last index
   * @returns what to keep of this index; null when it is unchanged
   */
  *buildIndex(kept: KeptIndex | null): Generator<void, KeptIndex | null> {
    const { vectors } = this.rows.pictures;
    const built = yield* buildIndex(vectors, this.#derived.selections.all.rows.pictures, kept);
    yield* vectors.adopt(built.index);
    return built.kept;
  }

  /**
   * The styles of these products in this order, each shown as that product and its picture nearest to a query. Without a
   * query it is shown with its first picture and a score of 0. Unknown products are left out.
   */
  neighbours(uids: readonly string[], query: Float32Array | null): Neighbour[] {
    return uids.flatMap((uid) => {
      const rows = this.rowsOfProduct(uid);
      const group = this.#styleOf(this.#productOf(uid));
      if (group === undefined) return [];
      let [nearest, score] = [rows[0] ?? 0, query ? Number.NEGATIVE_INFINITY : 0];
      const similarities = query ? this.#derived.pictures.similarities(query, [...rows]) : [];
      for (const [n, similarity] of similarities.entries())
        if (similarity > score) [nearest, score] = [rows[n] ?? 0, similarity];
      return [this.#derived.pictures.neighbour({ group, row: nearest, score })];
    });
  }

  similarities(query: Float32Array): number[] {
    const step = Math.max(1, Math.floor(this.styleCount / COMPARED));
    const rows: number[] = [];
    for (let style = 0; style < this.styleCount; style += step)
      rows.push(this.#derived.firstRows[this.#grouping.styleStarts[style] ?? 0] ?? 0);
    return this.#derived.pictures.similarities(query, rows);
  }

  /** Names of attributes that are not filters: see `FacetCounter.unusable`. */
  get unusableAttributes(): ReadonlySet<string> {
    return this.#derived.facets.unusable;
  }

  count(filters: Conditions): number {
    return this.#derived.selections.of(filters).styles;
  }

  passing(filters: Conditions): { styleId: string; uid: string; price: number | null }[] {
    const { styles, pictures, selections, firstRows } = this.#derived;
    const { hasStyle, firstOf } = selections.of(filters);
    const found: { styleId: string; uid: string; price: number | null }[] = [];
    for (let style = 0; style < this.styleCount; style++) {
      if (!hasStyle(style)) continue;
      const first = firstOf(style);
      const price = this.rows.prices[firstRows[first] ?? 0] ?? Number.NaN;
      found.push({
        styleId: styles.idOf(style),
        uid: pictures.uidOf(first),
        price: Number.isNaN(price) ? null : price,
      });
    }
    return found;
  }

  /** The words that have a meaning in this catalog. Read when words are first asked for. */
  words(): Promise<SnapshotWords> {
    this.#words ??= readCatalogWords(this.rows, this.#derived);
    return this.#words;
  }

  async facets(filters: Conditions): Promise<Facets> {
    const key = JSON.stringify(filters);
    const counts = this.#facets.get(key) ?? this.#derived.facets.count(filters);
    this.#facets.set(key, counts);
    return counts;
  }

  async facetsOf(passes: (styleId: string) => boolean, filters: Conditions): Promise<Facets> {
    const { styles, facets } = this.#derived;
    const isIn = Uint8Array.from({ length: this.styleCount }, (_, style) =>
      Number(passes(styles.idOf(style))),
    );
    return facets.count(filters, (product) => isIn[this.#grouping.styleOf[product] ?? 0] === 1);
  }

  /** A product's image rows in the feed's order, with vectors and colours; empty when the product does not exist. */
  product(id: string): ProductPicture[] {
    return Array.from(this.rowsOfProduct(id), (row) => ({
      row: this.rows.fields.at(row),
      ...this.#derived.pictures.featuresOf(row),
    }));
  }

  /** The different pictures of a product's style. */
  picturesOfStyle(id: string): ImageFeatures[] {
    const style = this.#styleOf(this.#productOf(id));
    return style === undefined ? [] : [...this.#derived.pictures.imagesOf(style)];
  }

  /**
   * The different pictures of every style, those of a style consecutively in the feed's order. The arrays are views, and
   * must not be changed.
   */
  *images(): Generator<ImageFeatures> {
    for (let style = 0; style < this.styleCount; style++) yield* this.#derived.pictures.imagesOf(style);
  }

  published(uid: string): PublishedProduct | undefined {
    const product = this.#productOf(uid);
    const found = product === undefined ? undefined : this.#published(product);
    // A product id in its source names the only product that has it.
    return found?.text('uid') === uid ? found : undefined;
  }

  *allPublished(): Generator<PublishedProduct> {
    for (const product of this.#derived.firstRows.keys()) yield this.#published(product);
  }

  #published(product: number): PublishedProduct {
    return new PublishedProduct(this.rows.fields, membersOf(this.#grouping.products, product));
  }

  imageHashes(count: number): string[] {
    const hashes = new Set<string>();
    for (const row of this.#parts.order) {
      if (hashes.size === count) break;
      hashes.add(this.#derived.pictures.hashOf(row));
    }
    return [...hashes];
  }

  /**
   * Thumbnails (WebP bytes) by image hash, of its pictures. Those that cannot be read are left out: an answer with a missing
   * picture is better than none.
   */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const { pictures, thumbnails } = this.#parts;
    return readThumbnails(imageHashes, pictures?.table ?? null, (hash) => this.#addressOf(hash), thumbnails);
  }

  #styleOf(product: number | undefined): number | undefined {
    return product === undefined ? undefined : this.#grouping.styleOf[product];
  }

  #productOf(id: string): number | undefined {
    return productNamed(id, this.rows, this.#grouping);
  }

  /** Lance's address of a picture's row. */
  #addressOf(imageHash: string): number | undefined {
    const hash = this.rows.columns.imageHash.numberOf(imageHash);
    const address = hash === undefined ? Number.NaN : (this.#parts.pictures?.addresses[hash] ?? Number.NaN);
    return Number.isNaN(address) ? undefined : address;
  }
}
