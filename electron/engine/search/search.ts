import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import {
  type Ranking,
  type SearchRequest,
  type SearchResponse,
  searchRequest,
} from '../../contract/search.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { Indexer } from '../snapshot/indexer.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { Snapshot } from '../snapshot/snapshot.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { type FoundByFields, facetsOf, findByFields } from './by-fields.ts';
import type { Calibration } from './calibration.ts';
import { Calibrator } from './calibrator.ts';
import { Clock } from './clock.ts';
import { composeVector, type QueryPart, unwantedWeight } from './compose.ts';
import { type Candidate, fuse, weakening } from './fusion.ts';
import { type Look, Looks, lookOfProduct } from './look.ts';
import { clearerLook, rankByPicture } from './picture-ranking.ts';
import { type Asked, type CountedWords, countedWords, type QueryPicture, readPicture } from './query.ts';
import { bandsOfWords } from './words-bands.ts';

/** Thumbnails sent with the answer: two rows of a wide window, so that the best are painted at once. */
const FIRST_SCREEN = 12;

/** Nearest styles that are fused with those found by their fields; further down a place says nothing. */
const FUSED = 1000;

/** All that an answer is made from. */
interface Query {
  asked: Asked;
  words: CountedWords | null;
  look: Look | null;
  photo: SearchResponse['photo'];
  snapshot: Searchable;
  calibration: Calibration;
}

/** Styles ranked by a vector. */
interface Near {
  candidates: Candidate[];
  total: number;
  color: Ranking['color'];
  search: Ranking['search'];
}

type Answer = Omit<SearchResponse, 'timings'>;

export interface SearchParts {
  catalog: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
  /** What proposes crops. */
  subjectModels: SubjectModels;
  /** Where calibrations and indexes are kept. */
  dataDir: string;
}

/** Ranks the published catalog's products against a query. */
export class Search {
  readonly #catalog: LiveCatalog;
  readonly #embedder: Embedder;
  readonly #gate: PriorityGate;
  readonly #looks: Looks;
  readonly #calibrator: Calibrator;
  readonly #indexer: Indexer;
  readonly #words = new LRUCache<string, Float32Array>({ max: 500 });
  readonly #answers = new LRUCache<string, Answer>({ max: 60 });
  #calibration: Calibration | null = null;

  constructor({ catalog, embedder, gate, subjectModels, dataDir }: SearchParts) {
    this.#catalog = catalog;
    this.#embedder = embedder;
    this.#gate = gate;
    this.#looks = new Looks(embedder, subjectModels);
    this.#calibrator = new Calibrator(dataDir, embedder, gate);
    this.#indexer = new Indexer(dataDir, embedder.info.id, gate);
    catalog.beforeAnswering(async (next, before) => {
      await this.#calibrator.of(next.sample);
      await next.warmUp(before);
    });
  }

  /**
   * The styles most like a photo, a crop of it, or another product, or that words name, or both; best first. A style counts
   * as its nearest picture. Holds back bulk work until it has answered.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, PRODUCT_UNKNOWN, CATALOG_EMPTY, MODEL_*
   */
  async search(request: SearchRequest): Promise<SearchResponse> {
    const asked = searchRequest.parse(request);
    return this.#gate.interactive(async () => {
      const clock = new Clock();
      const picture = await readPicture(asked.query);
      // A photo is decoded while Lance reads what is published. That of a remembered answer is known.
      const live = this.#catalog.searchable();
      const looked = picture?.kind === 'photo' ? this.#looks.at(picture, clock) : null;
      looked?.catch(() => {});
      // One snapshot for the whole of an answer, whatever is published meanwhile.
      using snapshot = await live;
      const seen = await looked;
      if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
      const calibration = await this.#prepare(snapshot);
      const key = this.#keyOf(asked, picture, snapshot, calibration);
      const remembered = this.#answers.get(key);
      if (remembered) return { ...remembered, timings: clock.timings(true) };
      const look =
        picture?.kind === 'product'
          ? await lookOfProduct(picture.productId, snapshot)
          : seen && (await clearerLook(seen, snapshot, calibration));
      const words = countedWords(asked.query);
      const photo = seen?.photo ?? null;
      const answer = await this.#answer({ asked, words, look, photo, snapshot, calibration }, clock);
      this.#answers.set(key, answer);
      return { ...answer, timings: clock.timings(false) };
    });
  }

  /** Resolves when it is known how the live catalog is best ranked, and it is indexed: for evaluations and tests. */
  async calibrate(): Promise<void> {
    await this.#catalog.caughtUp();
    using snapshot = await this.#catalog.searchable();
    if (!snapshot) return;
    await this.#prepare(snapshot);
    await Promise.all([this.#calibrator.settled(), this.#indexer.settled()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#calibrator.close(), this.#indexer.close()]);
  }

  /** Begins what makes a snapshot's answers better and faster, and returns how to rank them meanwhile. */
  #prepare(snapshot: Searchable): Promise<Calibration> {
    if (snapshot instanceof Snapshot) this.#indexer.of(snapshot);
    return this.#calibrator.of(snapshot.sample);
  }

  /** Everything an answer depends on, so that a remembered answer is never a stale one. */
  #keyOf(asked: Asked, picture: QueryPicture | null, snapshot: Searchable, calibration: Calibration): string {
    if (calibration !== this.#calibration) this.#answers.clear();
    this.#calibration = calibration;
    const { query, ...how } = asked;
    const words = query.kind === 'words' ? [query.words] : [query.words ?? null, query.balance];
    return JSON.stringify([
      picture?.identity ?? null,
      words,
      how,
      snapshot.info.version,
      snapshot.info.publishedAt,
    ]);
  }

  /** Query parts -> one vector -> candidates by vector and by fields -> results, and how they came about. */
  async #answer(query: Query, clock: Clock): Promise<Answer> {
    const { asked, look, photo, snapshot } = query;
    const vector = await this.#vectorOf(query, clock);
    clock.start();
    const named = await findByFields(snapshot, query.words?.text, asked);
    const near = await this.#near(query, vector, named);
    const ranked = weakening(await this.#fused(query, vector, near, named)).slice(0, asked.limit);
    const making = async () => {
      const results = ranked.map(toResult);
      const facets = await facetsOf(snapshot, vector !== null, named, asked);
      clock.lap('search');
      return { results, facets };
    };
    // Lance reads on threads of its own while the rows are made here.
    const firstScreen = ranked.slice(0, FIRST_SCREEN).map(({ neighbour }) => neighbour.imageHash);
    const [thumbnails, { results, facets }] = await Promise.all([snapshot.thumbnails(firstScreen), making()]);
    clock.lap('thumbnails');
    const { info: model, provider } = this.#embedder;
    const ranking: Ranking = {
      crop: look?.crop ?? null,
      color: near.color,
      words: query.words || asked.without ? (model.words ? 'meaning and fields' : 'fields') : null,
      search: near.search,
      answeredBy: snapshot.answeredBy,
      approximate: snapshot.answeredBy === 'lance' ? approximations(asked) : [],
    };
    const { total } = near;
    return { results, total, facets, thumbnails, ranking, photo, model, provider, snapshot: snapshot.info };
  }

  /** All parts of a query as one vector; null where nothing but fields can be compared. */
  async #vectorOf({ asked, words, look, snapshot }: Query, clock: Clock): Promise<Float32Array | null> {
    const parts: QueryPart[] = [];
    const meaning = this.#embedder.info.words;
    const ofWords = meaning && words ? words.balance : 0;
    const ofPicture = look ? 1 - ofWords : 0;
    if (look) parts.push({ vector: look.vector, weight: ofPicture });
    if (words && meaning) parts.push({ vector: await this.#wordsVector(words.text, clock), weight: ofWords });
    if (asked.without && meaning) {
      const vector = await this.#wordsVector(asked.without, clock);
      parts.push({ vector, weight: unwantedWeight(ofPicture, ofWords) });
    }
    return composeVector(parts, (vector) => snapshot.similarities(vector));
  }

  async #wordsVector(text: string, clock: Clock): Promise<Float32Array> {
    const known = this.#words.get(text);
    if (known) return known;
    clock.start();
    const vector = await this.#embedder.embedWords(text);
    clock.lap('embed');
    this.#words.set(text, vector);
    return vector;
  }

  /** The styles nearest to a vector, deep enough that those found by their fields have a place among them. */
  async #near(
    query: Query,
    vector: Float32Array | null,
    { matches, unwanted }: FoundByFields,
  ): Promise<Near> {
    const { asked, words, look, snapshot, calibration } = query;
    if (!vector) return { candidates: [], total: matches.length, color: NO_COLOR, search: 'exact' };
    // A band depends on the next style too, so the last one asked for must not lack its next.
    const limit = Math.max(asked.limit, matches.length > 0 ? FUSED : 2) + unwanted.size;
    const meant = this.#embedder.info.words && (words !== null || asked.without !== undefined);
    const ranked = look
      ? await rankByPicture(snapshot, { vector, colors: colorsOf(query, meant) }, calibration, {
          ...asked,
          limit,
        })
      : { ...(await snapshot.nearest(vector, limit, asked.filters)), bands: [], color: NO_COLOR };
    const bands = meant
      ? bandsOfWords(ranked.neighbours, matches, snapshot.similarities(vector))
      : ranked.bands;
    const candidates = ranked.neighbours.flatMap((neighbour, i) =>
      unwanted.has(neighbour.styleId)
        ? []
        : [{ neighbour, score: neighbour.score, band: bands[i] ?? 'other', typed: false }],
    );
    // Of one colour only some are ranked at all; of all others the unwanted were counted by the same filters.
    const dropped = asked.sameColor ? ranked.neighbours.length - candidates.length : unwanted.size;
    return { candidates, total: ranked.total - dropped, color: ranked.color, search: ranked.search };
  }

  /** Words alone: both rankings alike. Beside a picture the fields count as much as the words do. */
  #fused(
    { asked, words, look, snapshot }: Query,
    vector: Float32Array | null,
    { candidates }: Near,
    { matches }: FoundByFields,
  ): Candidate[] | Promise<Candidate[]> {
    if (!words) return candidates;
    const weights = { vector: this.#embedder.info.words ? 1 : 1 - words.balance, fields: words.balance };
    const near = new Set(candidates.map(({ neighbour }) => neighbour.styleId));
    const allowed = asked.sameColor && look ? matches.filter(({ styleId }) => near.has(styleId)) : matches;
    return fuse(snapshot, candidates, allowed, vector, weights);
  }
}

/** What of an answer LanceDB's can only say about; see `Ranking.approximate`. */
function approximations({ query, sameColor }: Asked): Ranking['approximate'] {
  const words = query.kind === 'words' || query.words !== undefined;
  return [
    'bands',
    'facets',
    ...(sameColor ? (['color'] as const) : []),
    ...(words ? (['words'] as const) : []),
  ];
}

const NO_COLOR: Ranking['color'] = { weight: 0, from: 'default' };

/** Words may ask for another colour than the picture's, so beside words its colours count only for those who say so. */
function colorsOf({ asked, look }: Query, meant: boolean): Look['colors'] | null {
  const chosen = asked.sameColor || asked.colorWeight !== undefined;
  return look && (!meant || chosen) ? look.colors : null;
}

function toResult(
  { neighbour, score, band, typed }: Candidate,
  i: number,
): SearchResponse['results'][number] {
  const { product, style, imageHash, imageCount } = neighbour;
  return { ...product, ...style, typed, rank: i + 1, score, band, thumbnail: imageHash, imageCount };
}
