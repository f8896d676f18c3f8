import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type { Ranking, SearchRequest, SearchResponse } from '../../contract/schemas.ts';
import { searchRequest } from '../../contract/schemas.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Neighbour, Snapshot } from '../catalog/snapshot.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { Turns } from '../model/turns.ts';
import { bandsOf } from './bands.ts';
import { Clock } from './clock.ts';
import { type Asked, type QueryPicture, readPicture } from './query.ts';

/** Thumbnails sent with the answer: two rows of a wide window, so that the best are painted at once. */
const FIRST_SCREEN = 12;

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
    const asked = searchRequest.parse(request);
    return this.#turns.interactive(async () => {
      const clock = new Clock();
      const [snapshot, picture] = await Promise.all([this.#catalog.live(), readPicture(asked.query)]);
      if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
      const key = this.#keyOf(asked, picture, snapshot);
      const remembered = this.#answers.get(key);
      if (remembered) return { ...remembered, timings: clock.timings(true) };
      const answer = await this.#answer(asked, picture, snapshot, clock);
      this.#answers.set(key, answer);
      return { ...answer, timings: clock.timings(false) };
    });
  }

  /** Everything an answer depends on, so that a remembered answer is never a stale one. */
  #keyOf(asked: Asked, picture: QueryPicture | null, snapshot: Snapshot): string {
    const { query, ...how } = asked;
    const words = query.kind === 'words' ? [query.words] : [query.words ?? null, query.balance];
    return JSON.stringify([
      picture?.identity ?? null,
      words,
      how,
      this.#embedder.info.id,
      snapshot.info.version,
    ]);
  }

  /** Query parts -> one vector -> candidates -> results, and how they came about. */
  async #answer(
    asked: Asked,
    picture: QueryPicture | null,
    snapshot: Snapshot,
    clock: Clock,
  ): Promise<Answer> {
    const { query, filters, limit } = asked;
    const vector = await this.#pictureVector(asked, picture, snapshot, clock);
    clock.start();
    const exclude = query.kind === 'product' ? query.productId : undefined;
    const { neighbours, total } = await snapshot.nearest(vector, Math.max(limit, 2), filters, exclude);
    const facets = await snapshot.facets(filters);
    // A band depends on the next product too, so the last one asked for must not lack its next.
    const results = toResults(neighbours, snapshot.ordinarySimilarity(vector)).slice(0, limit);
    clock.lap('search');
    const thumbnails = await snapshot.thumbnails(
      results.slice(0, FIRST_SCREEN).map((found) => found.thumbnail),
    );
    clock.lap('thumbnails');
    const ranking: Ranking = {
      crop: null,
      color: { weight: 0, from: 'default' },
      words: null,
      search: 'exact',
    };
    const { info: model, provider } = this.#embedder;
    return { results, total, facets, thumbnails, ranking, model, provider, snapshot: snapshot.info };
  }

  async #pictureVector(
    { query }: Asked,
    picture: QueryPicture | null,
    snapshot: Snapshot,
    clock: Clock,
  ): Promise<Float32Array> {
    if (query.kind === 'product') {
      const [first] = snapshot.product(query.productId);
      if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: query.productId });
      return first.vector;
    }
    if (query.kind === 'words' || picture?.kind !== 'photo') {
      throw new LookalikeError('INTERNAL', { detail: 'Not by words yet.' });
    }
    const key = `${picture.identity} ${this.#embedder.info.id}`;
    const known = this.#embeddings.get(key);
    if (known) return known;
    clock.start();
    const crop = query.crop === 'auto' ? undefined : query.crop;
    const { pixels } = await readPixels(picture.bytes, this.#embedder.pixelSpec, crop);
    clock.lap('decode');
    const vector = await this.#embedder.embed(pixels);
    clock.lap('embed');
    this.#embeddings.set(key, vector);
    return vector;
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
