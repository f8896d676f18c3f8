import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Snapshot as PublishedSnapshot, Style, Thumbnail } from '../../contract/catalog.ts';
import type { Facets } from '../../contract/search.ts';
import { spread } from '../vectors/centroids.ts';
import type { Conditions } from '../words/conditions.ts';
import { lanceFacets, scanStyles } from './lance-counts.ts';
import { addressesOfPictures, LanceReader, type NearPicture, type RowIdentity } from './lance-reader.ts';
import { loadRows, type Version } from './load.ts';
import { ResidentRows } from './resident.ts';
import {
  matchesByStyle,
  type NearestStyles,
  type Neighbour,
  type ProductPicture,
  type Searchable,
  type StyleMatch,
} from './searchable.ts';
import { compareSizes } from './size-order.ts';
import type { Pause } from './slices.ts';
import type { Snapshot } from './snapshot.ts';
import { readThumbnails, type ThumbnailCache } from './thumbnails.ts';

/** The sampled rows. Bands, scales and completions of words are measured from them. */
const SAMPLED_ROWS = 5000;
const COLOR_DEPTH = 500;
/**
 * When a filter leaves at most this many pictures, Lance searches only these; otherwise it searches all and fetches more
 * than needed.
 */
const FEW_PICTURES = 2000;
/** Additional pictures to fetch, and how many times more in each further round. */
const MORE_PICTURES = 50;
const OVER_FETCH = 4;
/** Rows read for one query. */
const MOST_ROWS = 20_000;
/** Styles found by text. Nobody looks further down. */
const MOST_MATCHES = 1000;
/** The largest difference of one similarity between memory and Lance. */
const ROUNDING = 1e-5;
/** Once earlier queries have left this many ids, the memory for rows is allocated anew. */
const MOST_IDS = 200_000;

/**
 * A published version that LanceDB searches, for a catalog that is larger than the memory it may take. In memory are a
 * sample of its rows and, during a query, the rows of the styles that Lance found. These form a small `Snapshot` that
 * provides everything else, so that both kinds of answer follow the same rules. Bands are measured from the sample, colours
 * are compared for the 500 nearest styles, and incomplete words are completed from the words of the sample.
 */
export class LanceSnapshot implements Searchable {
  readonly info: PublishedSnapshot;
  readonly answeredBy = 'lance';
  readonly colorDepth = COLOR_DEPTH;
  readonly sample: Snapshot;
  readonly #version: Version;
  readonly #thumbnails: ThumbnailCache;
  readonly #reader: LanceReader;
  readonly #search: NearestStyles['search'];
  /** The memory for rows during a query. */
  #scratch: ResidentRows;
  /** By filters. */
  readonly #passing = new LRUCache<string, Promise<ReadonlySet<string>>>({ max: 4 });
  readonly #totals = new LRUCache<string, Promise<number>>({ max: 200 });
  readonly #facets = new LRUCache<string, Promise<Facets>>({ max: 200 });
  #holders = 1;

  private constructor(
    version: Version,
    reader: LanceReader,
    search: NearestStyles['search'],
    sample: Snapshot,
    thumbnails: ThumbnailCache,
  ) {
    this.info = version.info;
    this.#version = version;
    this.#reader = reader;
    this.#search = search;
    this.sample = sample;
    this.#thumbnails = thumbnails;
    this.#scratch = new ResidentRows(sample.rows.dim);
  }

  /**
   * Reads the sample.
   * @returns held once; `version` is closed with it, or when reading fails
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  static async open(
    version: Version,
    dim: number,
    thumbnails: ThumbnailCache,
    pause: Pause,
  ): Promise<LanceSnapshot> {
    try {
      const reader = new LanceReader(version);
      const search = (await reader.hasIndex()) ? 'index' : 'exact';
      const all = await reader.addresses();
      const sampled = Float64Array.from(spread(all.length, SAMPLED_ROWS), (place) => all[place] ?? 0).sort();
      const sample = await loadRows(version, sampled, new ResidentRows(dim), thumbnails, pause, true);
      return new LanceSnapshot(version, reader, search, sample, thumbnails);
    } catch (error) {
      version.close();
      throw error;
    }
  }

  /** Of the sample. */
  get unseen(): number {
    return this.sample.unseen;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  [Symbol.dispose](): void {
    if (--this.#holders > 0) return;
    this.sample[Symbol.dispose]();
    this.#version.close();
  }

  async warmUp(before: Searchable | null): Promise<void> {
    await Promise.all([this.facets({}), this.#total({})]);
    if (before?.sample.fields.isInUse) await this.sample.fields.warmUp();
  }

  async nearest(
    query: Float32Array,
    limit: number,
    filters: Conditions,
    exclude?: string,
  ): Promise<NearestStyles> {
    const passing = isEmpty(filters) ? null : await this.#passingHashes(filters);
    const few = passing && passing.size <= FEW_PICTURES ? [...passing] : null;
    const total = await this.#total(filters);
    for (let k = limit + MORE_PICTURES; ; k *= OVER_FETCH) {
      const { pictures: found, areAll: isAll } =
        few?.length === 0 ? NOTHING : await this.#reader.nearest(query, k, few);
      const pictures = passing && !few ? found.filter(({ imageHash }) => passing.has(imageHash)) : found;
      if (!isAll && pictures.length < limit) continue;
      const { certain, isExcludedIn } = await this.#stylesOf(pictures, query, limit, filters, exclude);
      // A style that is less near than the last fetched picture may not be the next one.
      const last = isAll ? Number.NEGATIVE_INFINITY : (found.at(-1)?.score ?? 0) - ROUNDING;
      const neighbours = certain.filter(({ score }) => score >= last).slice(0, limit);
      if (isAll || neighbours.length === limit)
        return { neighbours, total: total - (isExcludedIn ? 1 : 0), search: this.#search };
    }
  }

  async neighbours(uids: readonly string[], query: Float32Array | null): Promise<Neighbour[]> {
    using found = await this.#productsInMemory(uids.slice(0, MOST_MATCHES));
    return found.neighbours(uids, query).map(readAtOnce);
  }

  similarities(query: Float32Array): number[] {
    return this.sample.similarities(query);
  }

  count(filters: Conditions): Promise<number> {
    return this.#total(filters);
  }

  async passing(filters: Conditions): Promise<{ styleId: string; uid: string; price: number | null }[]> {
    const first = new Map<string, { uid: string; size: string; price: number | null }>();
    for await (const rows of this.#reader.scan(filters, [...STYLE_COLUMNS, 'price'])) {
      for (let row = 0; row < rows.count; row++) {
        const [styleId = '', uid = '', size = ''] = ['styleId', 'uid', 'size'].map((column) =>
          String(rows.cell(column, row) ?? ''),
        );
        const known = first.get(styleId);
        const cell = rows.cell('price', row);
        const price = typeof cell === 'number' ? cell : null;
        if (!known || compareSizes(size, known.size) < 0) first.set(styleId, { uid, size, price });
      }
      if (first.size >= MOST_MATCHES) break;
    }
    return Array.from(first, ([styleId, { uid, price }]) => ({ styleId, uid, price })).slice(0, MOST_MATCHES);
  }

  facets(filters: Conditions): Promise<Facets> {
    return remembered(this.#facets, filters, () =>
      lanceFacets(this.#reader, filters, this.sample.unusableAttributes),
    );
  }

  facetsOf(passes: (styleId: string) => boolean, filters: Conditions): Promise<Facets> {
    return lanceFacets(this.#reader, filters, this.sample.unusableAttributes, passes);
  }

  async matching(words: string, filters: Conditions): Promise<StyleMatch[]> {
    const found = await this.sample.fields.matching(words, filters);
    const first = found.slice(0, MOST_MATCHES);
    const styles = await this.#styleIds(first.map(({ uid }) => uid));
    return matchesByStyle(first, (uid) => styles.get(uid));
  }

  async havingAll(words: string, filters: Conditions): Promise<ReadonlySet<string>> {
    const found = await this.sample.fields.havingAll(words, filters);
    return new Set((await this.#styleIds([...found])).values());
  }

  async styleIdOf(product: string): Promise<string | undefined> {
    using found = await this.#productsInMemory([product]);
    return found.styleIdOf(product);
  }

  async styleOf(product: string): Promise<Style | undefined> {
    using found = await this.#productsInMemory([product]);
    return found.styleOf(product);
  }

  async product(product: string): Promise<ProductPicture[]> {
    using found = await this.#productsInMemory([product]);
    // Copies, because the next query uses the memory again.
    return found.product(product).map((picture) => ({
      ...picture,
      vector: picture.vector.slice(),
      colorSignature: picture.colorSignature.slice(),
      subjectColors: picture.subjectColors?.slice() ?? null,
    }));
  }

  imageHashes(count: number): string[] {
    return this.sample.imageHashes(count);
  }

  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const { pictures } = this.#version;
    const addresses = pictures ? await addressesOfPictures(pictures, imageHashes) : new Map<string, number>();
    return readThumbnails(imageHashes, pictures, (hash) => addresses.get(hash), this.#thumbnails);
  }

  /** The nearest styles among those that show these pictures, with the other styles of their designs. */
  async #stylesOf(
    pictures: readonly NearPicture[],
    query: Float32Array,
    limit: number,
    filters: Conditions,
    exclude: string | undefined,
  ): Promise<{ certain: Neighbour[]; isExcludedIn: boolean }> {
    const hashes = pictures.map(({ imageHash }) => imageHash);
    const showing = await this.#reader.rowsWith('imageHash', hashes, filters, MOST_ROWS);
    const excluded = exclude === undefined ? [] : await this.#rowsOf([exclude]);
    using found = await this.#inMemory([
      ...(await this.#designsOf(showing)),
      ...(await this.#designsOf(excluded)),
    ]);
    const { neighbours, total } = await found.nearest(query, limit, filters, exclude);
    const isExcludedIn = exclude !== undefined && (await found.nearest(query, 1, filters)).total > total;
    return { certain: neighbours.map(readAtOnce), isExcludedIn };
  }

  /** Loads these products and all others of their designs into memory. The caller disposes of the result. */
  async #productsInMemory(products: readonly string[]): Promise<Snapshot> {
    return this.#inMemory(await this.#designsOf(await this.#rowsOf(products)));
  }

  /** All rows of the designs of some rows. */
  async #designsOf(rows: readonly RowIdentity[]): Promise<RowIdentity[]> {
    const groups = new Set(rows.flatMap(({ groupId }) => groupId ?? []));
    const alone = new Set(rows.flatMap(({ groupId, productId }) => (groupId === null ? [productId] : [])));
    return [
      ...(await this.#reader.rowsWith('groupId', [...groups], {}, MOST_ROWS)),
      ...(await this.#reader.rowsWith('productId', [...alone], {}, MOST_ROWS)),
    ];
  }

  /** The rows of products, given by uid or by id in their source. */
  async #rowsOf(products: readonly string[]): Promise<RowIdentity[]> {
    // A uid is `<source>/<id>`, or only the id, which may contain a slash too.
    const ids = products.flatMap((name) => [name, name.slice(name.indexOf('/') + 1)]);
    const wanted = new Set(products);
    const rows = await this.#reader.rowsWith('productId', [...new Set(ids)], {}, MOST_ROWS);
    return rows.filter(({ uid, productId }) => wanted.has(uid) || wanted.has(productId));
  }

  async #styleIds(uids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#rowsOf(uids);
    return new Map(rows.map(({ uid, styleId }) => [uid, styleId]));
  }

  async #inMemory(rows: readonly RowIdentity[]): Promise<Snapshot> {
    const addresses = Float64Array.from(new Set(rows.map(({ address }) => address))).sort();
    if (this.#scratch.columns.uid.values.length > MOST_IDS)
      this.#scratch = new ResidentRows(this.#scratch.dim);
    // A query is waiting, so this does not pause.
    return loadRows(this.#version, addresses, this.#scratch, this.#thumbnails, () => setImmediate());
  }

  #passingHashes(filters: Conditions): Promise<ReadonlySet<string>> {
    return remembered(this.#passing, filters, () => this.#reader.hashesOf(filters));
  }

  #total(filters: Conditions): Promise<number> {
    return remembered(
      this.#totals,
      filters,
      async () => (await scanStyles(this.#reader, filters)).numbers.size,
    );
  }
}

/** `scan` needs the first of these too. */
const STYLE_COLUMNS = ['attributeTerms', 'styleId', 'uid', 'size'];

const NOTHING: { pictures: NearPicture[]; areAll: boolean } = { pictures: [], areAll: true };

const isEmpty = (filters: Conditions) => Object.keys(filters).length === 0;

/** A copy of a neighbour that does not need the memory of the query any more. */
function readAtOnce(neighbour: Neighbour): Neighbour {
  const { uid, product, styleId, style, imageHash, category, imageCount, score } = neighbour;
  const { colorSignature, subjectColors } = neighbour;
  return {
    ...{ uid, product, styleId, style, imageHash, category, imageCount, score },
    colorSignature: colorSignature.slice(),
    subjectColors: subjectColors?.slice() ?? null,
  };
}

/** Remembers a result. A failure is not remembered: the next call tries again. */
function remembered<T extends {}>(
  cache: LRUCache<string, Promise<T>>,
  filters: Conditions,
  work: () => Promise<T>,
): Promise<T> {
  const key = JSON.stringify(filters);
  const known = cache.get(key);
  if (known) return known;
  const made = work();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}
