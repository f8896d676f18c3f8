import type { Product, Snapshot as PublishedSnapshot, Style, Thumbnail } from '../../contract/catalog.ts';
import type { Facets, Filters, Ranking } from '../../contract/search.ts';
import type { ImageRow } from '../catalog/schema.ts';
import type { FieldMatch } from './field-search.ts';
import type { Snapshot } from './snapshot.ts';

/** A style found near a query, shown as one of its sizes. */
export interface Neighbour {
  /** The product that is the size shown. */
  readonly uid: string;
  /** What is shown of it; read when it is asked for. */
  readonly product: Product;
  /** Where styles share a card, the first one's. */
  readonly styleId: string;
  /** Its sizes and its design's other colours; read when they are asked for. */
  readonly style: Style;
  /** Of the style's picture nearest to the query. */
  readonly imageHash: string;
  /** The product's, without reading the rest of it. */
  readonly category: string | null;
  /** Different pictures that the style has. */
  readonly imageCount: number;
  /** Cosine similarity, -1 to 1. */
  readonly score: number;
  /** That picture's colour signature; see `colorSimilarity`. */
  readonly colorSignature: Uint8Array;
}

/** The styles nearest to a query. */
export interface NearestStyles {
  neighbours: Neighbour[];
  /** Styles that pass the filters. */
  total: number;
  search: Ranking['search'];
}

/** A style that has a size whose fields match. */
export interface StyleMatch extends FieldMatch {
  styleId: string;
}

/** One picture of a product, with what the engine makes of it. */
export interface ProductPicture {
  row: ImageRow;
  /** Unit length. */
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colorSignature: Uint8Array;
}

type Awaitable<T> = T | Promise<T>;

/**
 * One published version of the catalog that can be searched: the k nearest styles that pass filters, and what an answer
 * says of them. `Snapshot` holds everything in memory; `LanceSnapshot` asks LanceDB, for a catalog that is larger than the
 * memory it may take. Whoever was given one holds it, and disposes of it when done (`using`).
 *
 * Where a method takes a product, the product is named by its uid, or by its product id where only one product has that.
 */
export interface Searchable extends Disposable {
  readonly info: PublishedSnapshot;
  readonly answeredBy: Ranking['answeredBy'];
  /** What describes the catalog, in memory: all of it, or a sample of its rows. */
  readonly sample: Snapshot;
  /** Of so many nearest styles colours are compared at most. */
  readonly colorDepth: number;

  /** How many of its pictures the model has not looked at yet: what shows nothing else is not found. */
  readonly unseen: number;

  /** One more holder, who has to dispose of it. */
  hold(): this;

  /**
   * The styles nearest to a unit vector, best first. A style counts as its nearest picture among those of the products that
   * pass the filters, and is shown as the first such product.
   * @param exclude a product whose style is left out (the query itself, in "more like this")
   */
  nearest(query: Float32Array, limit: number, filters: Filters, exclude?: string): Promise<NearestStyles>;

  /**
   * The styles of these products in this order, each shown as that product and its picture nearest to a query; without
   * one, its first, with a score of 0. Products that are not in the catalog are left out.
   */
  neighbours(uids: readonly string[], query: Float32Array | null): Awaitable<Neighbour[]>;

  /** Similarities to a query of up to 512 styles spread evenly through the catalog, whatever the filters. */
  similarities(query: Float32Array): number[];

  /** How many styles each filter value would leave. */
  facets(filters: Filters): Promise<Facets>;

  /** The same, of those styles only that pass. */
  facetsOf(passes: (styleId: string) => boolean, filters: Filters): Promise<Facets>;

  /** Styles whose fields have the words, each as its best size; best first. See `FieldSearch.matching`. */
  matching(words: string, filters: Filters): Promise<StyleMatch[]>;

  /** The ids of the styles that have all these words in the fields of a size. */
  havingAll(words: string, filters: Filters): Promise<ReadonlySet<string>>;

  /** The id of the style that a product is a size of; undefined when there is no such product. */
  styleIdOf(product: string): Awaitable<string | undefined>;

  /** The style that a product is a size of; undefined when there is no such product. */
  styleOf(product: string): Awaitable<Style | undefined>;

  /** A product's pictures in the feed's order. Empty when there is no such product. */
  product(product: string): Awaitable<ProductPicture[]>;

  /** The first few pictures' hashes. */
  imageHashes(count: number): string[];

  /** Thumbnails (WebP bytes) by image hash; those that this version does not have are left out. */
  thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]>;

  /** Makes the first answers as fast as the next ones, in what was asked of the one before. */
  warmUp(before: Searchable | null): Promise<void>;
}

/** The best match of each style, best first. Sizes that are left out take up no places. */
export function matchesByStyle(
  found: readonly FieldMatch[],
  styleIdOf: (uid: string) => string | undefined,
): StyleMatch[] {
  const matches = new Map<string, StyleMatch>();
  let [before, place] = [0, 0];
  for (const match of found) {
    const styleId = styleIdOf(match.uid);
    if (styleId === undefined || matches.has(styleId)) continue;
    if (match.place !== before) place++;
    before = match.place;
    matches.set(styleId, { ...match, styleId, place });
  }
  return [...matches.values()];
}
