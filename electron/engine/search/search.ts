import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type {
  Filters,
  Photo,
  Ranking,
  SearchRequest,
  SearchResponse,
  Timings,
} from '../../contract/schemas.ts';
import { searchRequest } from '../../contract/schemas.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Neighbour, Snapshot } from '../catalog/snapshot.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { Turns } from '../model/turns.ts';
import { bandsOf } from './bands.ts';

/** Thumbnails sent with the answer: two rows of a wide window, so that the best are painted at once. */
const FIRST_SCREEN = 12;
const MOST_PHOTO_BYTES = 40_000_000;

type Query = SearchRequest['query'];
type Answer = Omit<SearchResponse, 'timings'>;

/** Ranks the published catalog's products against a query. */
export class Search {
  readonly #catalog: Catalog;
  readonly #embedder: Embedder;
  readonly #turns: Turns;
  readonly #embeddings = new LRUCache<string, Float32Array>({ max: 500 });
  readonly #answers = new LRUCache<string, Answer>({ max: 60 });

  constructor(catalog: Catalog, embedder: Embedder, turns: Turns) {
    this.#catalog = catalog;
    this.#embedder = embedder;
    this.#turns = turns;
  }

  /**
   * The products most like a photo, a crop of it, or another product, best first; a product counts as its nearest image.
   * Holds back bulk work until it has answered.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, PRODUCT_UNKNOWN, CATALOG_EMPTY, MODEL_OUTPUT_INVALID
   */
  async search(request: SearchRequest): Promise<SearchResponse> {
    const { query, filters, limit } = searchRequest.parse(request);
    return this.#turns.interactive(async () => {
      const clock = new Clock();
      const [snapshot, { identity, bytes }] = await Promise.all([this.#catalog.live(), identify(query)]);
      if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
      // Everything an answer depends on is in its key, so a remembered answer is never a stale one.
      const key = JSON.stringify([identity, this.#embedder.info.id, snapshot.info.version, filters, limit]);
      const remembered = this.#answers.get(key);
      if (remembered) return { ...remembered, timings: clock.timings(true) };
      const vector = await this.#vectorOf(query, identity, bytes, snapshot, clock);
      const exclude = query.kind === 'product' ? query.productId : undefined;
      const answer = await this.#rank(snapshot, vector, filters, limit, exclude, clock);
      this.#answers.set(key, answer);
      return { ...answer, timings: clock.timings(false) };
    });
  }

  async #vectorOf(
    query: Query,
    identity: string,
    bytes: Uint8Array,
    snapshot: Snapshot,
    clock: Clock,
  ): Promise<Float32Array> {
    if (query.kind === 'product') {
      const [first] = snapshot.product(query.productId);
      if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: query.productId });
      return first.vector;
    }
    if (query.kind === 'words') throw new LookalikeError('INTERNAL', { detail: 'Not by words yet.' });
    const key = `${identity} ${this.#embedder.info.id}`;
    const known = this.#embeddings.get(key);
    if (known) return known;
    clock.start();
    const { pixels } = await readPixels(
      bytes,
      this.#embedder.pixelSpec,
      query.crop === 'auto' ? undefined : query.crop,
    );
    clock.lap('decode');
    const vector = await this.#embedder.embed(pixels);
    clock.lap('embed');
    this.#embeddings.set(key, vector);
    return vector;
  }

  async #rank(
    snapshot: Snapshot,
    vector: Float32Array,
    filters: Filters,
    limit: number,
    exclude: string | undefined,
    clock: Clock,
  ): Promise<Answer> {
    clock.start();
    const { neighbours, total } = await snapshot.nearest(vector, Math.max(limit, 2), filters, exclude);
    const facets = await snapshot.facets(filters);
    // A band depends on the next product too, so the last one asked for must not lack its next.
    const results = toResults(neighbours, snapshot.ordinarySimilarity(vector)).slice(0, limit);
    clock.lap('search');
    const thumbnails = await snapshot.thumbnails(
      results.slice(0, FIRST_SCREEN).map((found) => found.thumbnail),
    );
    clock.lap('thumbnails');
    const { info: model, provider } = this.#embedder;
    const ranking: Ranking = {
      crop: null,
      color: { weight: 0, from: 'default' },
      words: null,
      search: 'exact',
    };
    return { results, total, facets, thumbnails, ranking, model, provider, snapshot: snapshot.info };
  }
}

function toResults(neighbours: readonly Neighbour[], ordinary: number): SearchResponse['results'] {
  const bands = bandsOf(
    neighbours.map(({ score }) => score),
    ordinary,
  );
  return neighbours.map(({ row, score, imageCount }, i) => ({
    productId: row.productId,
    sku: row.sku,
    title: row.title,
    category: row.category,
    brand: row.brand,
    color: row.color,
    price: row.price,
    currency: row.currency,
    availability: row.availability,
    url: row.url,
    groupId: row.groupId,
    rank: i + 1,
    score,
    band: bands[i] ?? 'other',
    thumbnail: row.imageHash,
    imageCount,
  }));
}

/** What a query is, apart from filters and catalog: two queries with one identity have one vector. */
async function identify(query: Query): Promise<{ identity: string; bytes: Uint8Array }> {
  if (query.kind === 'product') return { identity: `product ${query.productId}`, bytes: new Uint8Array() };
  if (query.kind === 'words') return { identity: `words ${query.words}`, bytes: new Uint8Array() };
  const bytes = await photoBytes(query.photo);
  const whole = { x: 0, y: 0, width: 1, height: 1 };
  const { x, y, width, height } = query.crop === 'auto' ? whole : (query.crop ?? whole);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { identity: `photo ${hash} ${x} ${y} ${width} ${height}`, bytes };
}

/**
 * The bytes of a photo that came as bytes or as a path.
 * @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE
 */
export async function photoBytes(photo: Photo): Promise<Uint8Array> {
  if ('bytes' in photo) return photo.bytes;
  try {
    const info = await stat(photo.path);
    if (info.size > MOST_PHOTO_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE', { item: photo.path });
    return await readFile(photo.path);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw new LookalikeError('IMAGE_MISSING', {
      detail: `There is no readable picture at ${photo.path}.`,
      item: photo.path,
      cause,
    });
  }
}

/** Where the milliseconds of one answer went. */
class Clock {
  readonly #began = performance.now();
  #lapFrom = this.#began;
  readonly #spent = { decode: 0, embed: 0, search: 0, thumbnails: 0 };

  start(): void {
    this.#lapFrom = performance.now();
  }

  lap(part: 'decode' | 'embed' | 'search' | 'thumbnails'): void {
    const now = performance.now();
    this.#spent[part] += now - this.#lapFrom;
    this.#lapFrom = now;
  }

  timings(cached: boolean): Timings {
    return { ...this.#spent, total: performance.now() - this.#began, cached };
  }
}
