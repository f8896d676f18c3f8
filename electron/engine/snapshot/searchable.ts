import type { Product, Snapshot as PublishedSnapshot, Style, Thumbnail } from '../../contract/catalog.ts';
import type { Facets, Ranking } from '../../contract/search.ts';
import type { ImageRow } from '../catalog/schema.ts';
import type { Conditions } from '../words/conditions.ts';
import type { FieldMatch } from './field-search.ts';
import type { Snapshot } from './snapshot.ts';

/** A style found near a query, shown as one of its sizes. */
export interface Neighbour {
  /** The product of the size that is shown. */
  readonly uid: string;
  /** Its fields, read lazily. */
  readonly product: Product;
  /** When several styles share a card, the id of the first one. */
  readonly styleId: string;
  /** Its sizes and its design's other colours, read lazily. */
  readonly style: Style;
  /** The style's picture nearest to the query. */
  readonly imageHash: string;
  /** The product's category, without reading its other fields. */
  readonly category: string | null;
  /** Number of different pictures of the style. */
  readonly imageCount: number;
  /** Cosine similarity, -1 to 1. */
  readonly score: number;
  /** The colour signature of that picture; see `colorSimilarity`. */
  readonly colorSignature: Uint8Array;
  /** Of its subject; null where it is not known. */
  readonly subjectColors: Uint8Array | null;
}

/** The styles nearest to a query. */
export interface NearestStyles {
  neighbours: Neighbour[];
  /** Number of styles that pass the filters. */
  total: number;
  search: Ranking['search'];
}

/** A style with a size whose fields match. */
export interface StyleMatch extends FieldMatch {
  styleId: string;
}

/** One picture of a product, with its features. */
export interface ProductPicture {
  row: ImageRow;
  /** Unit length. */
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colorSignature: Uint8Array;
  /** Of its subject; null where it is not known. */
  subjectColors: Uint8Array | null;
}

type Awaitable<T> = T | Promise<T>;

/**
 * One published version of the catalog that can be searched: finds the k nearest styles that pass filters, and provides what
 * an answer shows of them. `Snapshot` holds everything in memory; `LanceSnapshot` queries LanceDB, for a catalog that is
 * larger than the memory it may take. A caller that gets one holds it, and disposes of it when done (`using`).
 *
 * Methods that take a product take its uid, or its product id if only one product has it.
 */
export interface Searchable extends Disposable {
  readonly info: PublishedSnapshot;
  readonly answeredBy: Ranking['answeredBy'];
  /** Rows in memory that describe the catalog: all of them, or a sample. */
  readonly sample: Snapshot;
  /** The most styles, nearest first, whose colours are compared. */
  readonly colorDepth: number;

  /** Number of its pictures that the model has not embedded yet. Products with only such pictures are not found. */
  readonly unseen: number;

  /** Adds a holder, who has to dispose of it. */
  hold(): this;

  /**
   * The styles nearest to a unit vector, best first. A style counts as its nearest picture among those of the products that
   * pass the filters, and is shown as the first such product.
   * @param exclude a product whose style is left out (the query itself, in "more like this")
   */
  nearest(query: Float32Array, limit: number, filters: Conditions, exclude?: string): Promise<NearestStyles>;

  /**
   * The styles of these products in this order, each shown as that product and its picture nearest to a query. Without a
   * query it is shown with its first picture and a score of 0. Unknown products are left out.
   */
  neighbours(uids: readonly string[], query: Float32Array | null): Awaitable<Neighbour[]>;

  /** Similarities of a query to at most 512 styles, spread evenly over the catalog, whatever the filters. */
  similarities(query: Float32Array): number[];

  /** Number of styles that meet conditions. */
  count(filters: Conditions): Awaitable<number>;

  /** The styles that meet conditions, in the feed's order, each with the first product that does and its price. */
  passing(filters: Conditions): Awaitable<{ styleId: string; uid: string; price: number | null }[]>;

  /** The number of styles that each filter value would leave. */
  facets(filters: Conditions): Promise<Facets>;

  /** Like `facets`, counting only the styles that pass. */
  facetsOf(passes: (styleId: string) => boolean, filters: Conditions): Promise<Facets>;

  /** Styles whose fields match the words, each as its best size; best first. See `FieldSearch.matching`. */
  matching(words: string, filters: Conditions): Promise<StyleMatch[]>;

  /** The ids of the styles that have all these words in the fields of one size. */
  havingAll(words: string, filters: Conditions): Promise<ReadonlySet<string>>;

  /** The id of a product's style; undefined when the product does not exist. */
  styleIdOf(product: string): Awaitable<string | undefined>;

  /** A product's style; undefined when the product does not exist. */
  styleOf(product: string): Awaitable<Style | undefined>;

  /** A product's pictures in the feed's order; empty when the product does not exist. */
  product(product: string): Awaitable<ProductPicture[]>;

  /** The hashes of the first pictures. */
  imageHashes(count: number): string[];

  /** Thumbnails (WebP bytes) by image hash. Those that this version does not have are left out. */
  thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]>;

  /**
   * Prepares for the kinds of queries that the previous snapshot got, so that the first answers are as fast as later ones.
   */
  warmUp(before: Searchable | null): Promise<void>;
}

/** The best match of each style, best first. Sizes that are left out take no rank. */
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
