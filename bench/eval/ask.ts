import { readFile } from 'node:fs/promises';
import type { Band, Ranking, Result, SearchRequest } from '../../electron/contract/search.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { loadSharp } from '../../electron/engine/images/sharp-build.ts';
import { wilson } from '../../electron/engine/search/statistics.ts';
import { seeded } from '../random.ts';
import { type LabelledPhoto, type Labels, LEVELS, type Level } from './labelled-set.ts';
import { areaUnderCurve, type Found, type Outcome } from './metrics.ts';
import type { Setting } from './settings.ts';

/** One query and its result. */
export interface Answer {
  query: LabelledPhoto;
  outcome: Outcome;
  /** The first ten. */
  results: Result[];
  /** Whether each of them is the query's product. */
  right: boolean[];
  ranking: Ranking;
}

/** A rank beyond this does not matter: 1/1000 is 0 in every measure. */
const DEPTH = 1000;
/** Products whose similar products are queried. */
const MOST_PRODUCTS = 1000;

/**
 * Sends every query to the engine as the app would.
 * @param leftOut receives the queries that the engine could not read
 */
export async function askPhotos(
  engine: Engine,
  queries: readonly LabelledPhoto[],
  labels: Labels,
  { request, mirrored }: Setting,
  leftOut: Set<string>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const { crop, ...how } = request;
  const ask = (bytes: Uint8Array<ArrayBuffer>) =>
    engine.search({
      query: { kind: 'photo', photo: { bytes }, ...(crop && { crop }) },
      ...how,
      limit: DEPTH,
    });
  for (const query of queries) {
    try {
      const bytes = new Uint8Array(await readFile(query.path));
      const { results, ranking } = await ask(bytes);
      const ranked = mirrored ? averaged(results, (await ask(await mirror(bytes))).results) : results;
      answers.push(judge(query, ranked, ranking, labels));
    } catch (error) {
      leftOut.add(`${query.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return answers;
}

const DRAWS = 5;
/** Photos that a shop's first day brings: told apart from the later ones. */
export const FIRST_PHOTOS = 50;

/** The answers of one random order. */
export interface Season {
  early: Answer[];
  late: Answer[];
}

/**
 * Asks the engine every query with what it has learned from those before, in five seeded random orders.
 * @param leftOut gets the queries that the engine could not read
 */
export async function askInOrder(
  engine: Engine,
  queries: readonly LabelledPhoto[],
  labels: Labels,
  { request }: Setting,
  leftOut: Set<string>,
): Promise<Season[]> {
  const seasons: Season[] = [];
  for (let draw = 1; draw <= DRAWS; draw++) {
    await (await engine.learned).forget();
    const random = seeded(draw);
    const order = queries.map((query) => ({ query, at: random() })).sort((a, b) => a.at - b.at);
    const answers = await askPhotos(
      engine,
      order.map(({ query }) => query),
      labels,
      { name: '', request: { ...request, learned: true } },
      leftOut,
    );
    seasons.push({ early: answers.slice(0, FIRST_PHOTOS), late: answers.slice(FIRST_PHOTOS) });
  }
  await (await engine.learned).forget();
  return seasons;
}

/**
 * Queries the products similar to each product of the catalog, or to many of them. The product itself is left out of its
 * results.
 */
export async function askProducts(engine: Engine, labels: Labels, { request }: Setting): Promise<Answer[]> {
  const answers: Answer[] = [];
  const { crop: _, ...how } = request;
  const products = [...labels.values()];
  const step = Math.max(1, products.length / MOST_PRODUCTS);
  for (let at = 0; at < products.length; at += step) {
    const query = products[Math.floor(at)];
    // A product whose picture could not be read is not in the catalog.
    if (!query || !(await engine.product(query.productId).catch(() => null))) continue;
    const searchRequest: SearchRequest = {
      query: { kind: 'product', productId: query.productId },
      ...how,
      limit: 10,
    };
    const { results, ranking } = await engine.search(searchRequest);
    answers.push(judge(query, results, ranking, labels));
  }
  return answers;
}

function judge(query: LabelledPhoto, results: readonly Result[], ranking: Ranking, labels: Labels): Answer {
  const own = labels.get(query.productId);
  const place = results.findIndex(({ productId }) => productId === query.productId);
  const first = results.slice(0, 10);
  const hits = (label: 'category' | 'color') => {
    const right = normal(query[label] ?? own?.[label] ?? null);
    if (right === null || !isUsed(labels, label)) return null;
    return first.slice(0, 5).map(({ productId }) => normal(labels.get(productId)?.[label] ?? null) === right);
  };
  return {
    query,
    outcome: {
      inCatalog: own !== undefined,
      rank: place < 0 ? null : place + 1,
      style: foundBy('style', query, results, labels),
      group: foundBy('group', query, results, labels),
      categories: hits('category'),
      colors: hits('color'),
    },
    results: first,
    right: first.map(({ productId }) => productId === query.productId),
    ranking,
  };
}

/** Where the first product of the query's style or group is; null where the set does not tell what that is. */
function foundBy(
  level: Level,
  query: LabelledPhoto,
  results: readonly Result[],
  labels: Labels,
): Found | null {
  const of = LEVELS[level];
  const own = labels.get(query.productId);
  const right = of({
    ...query,
    groupId: query.groupId ?? own?.groupId ?? null,
    color: query.color ?? own?.color ?? null,
  });
  if (right === null) return null;
  const isRight = (product: LabelledPhoto | undefined) => product !== undefined && of(product) === right;
  const place = results.findIndex(({ productId }) => isRight(labels.get(productId)));
  return { inCatalog: [...labels.values()].some(isRight), rank: place < 0 ? null : place + 1 };
}

const normal = (label: string | null) => label?.trim().toLowerCase() ?? null;

/** When no product has a label, a missing match says nothing. */
function isUsed(labels: Labels, label: 'category' | 'color'): boolean {
  return [...labels.values()].some((product) => product[label] !== null);
}

function averaged(results: readonly Result[], mirrored: readonly Result[]): Result[] {
  const scores = new Map(mirrored.map(({ productId, score }) => [productId, score]));
  return results
    .map((result) => ({ ...result, score: (result.score + (scores.get(result.productId) ?? -1)) / 2 }))
    .sort((a, b) => b.score - a.score);
}

async function mirror(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  return new Uint8Array(await sharp(bytes).autoOrient().flop().png({ compressionLevel: 1 }).toBuffer());
}

/** How well answers tell photos of absent products from others. */
export interface Presence {
  /** By the probability of the first result, absent products against those that were found first. */
  areaUnderCurve: number | null;
  /** Photos whose first result is called the same, and how many of those are right. */
  same: { all: number; right: number; low: number; high: number };
  /** Of photos in this case, the share that is told "no good match". */
  noMatch: { absent: number; first: number; presentNotFirst: number };
}

export function presenceOf(answers: readonly Answer[]): Presence {
  const isFirst = ({ outcome }: Answer) => outcome.rank === 1;
  const absent = answers.filter(({ outcome }) => !outcome.inCatalog);
  const first = answers.filter(isFirst);
  const notFirst = answers.filter((answer) => answer.outcome.inCatalog && !isFirst(answer));
  const probability = ({ ranking }: Answer) => ranking.probability ?? 0;
  const same = answers.filter(({ results }) => results[0]?.band === 'same');
  const right = same.filter(isFirst).length;
  const told = (some: readonly Answer[]) =>
    some.filter(({ results }) => (results[0]?.band ?? 'other') === 'other').length / Math.max(1, some.length);
  return {
    areaUnderCurve: areaUnderCurve(first.map(probability), absent.map(probability)),
    same: { all: same.length, right, ...wilson(right, Math.max(1, same.length)) },
    noMatch: { absent: told(absent), first: told(first), presentNotFirst: told(notFirst) },
  };
}

/** How often a band was right: for first results in it, and for all results in it. */
export interface BandRecord {
  band: Band;
  firsts: number;
  firstsRight: number;
  results: number;
  right: number;
}

export function bandRecords(answers: readonly Answer[]): BandRecord[] {
  return (['same', 'close', 'similar', 'other'] as const).map((band) => {
    const all = answers.flatMap(({ results, right }) =>
      results.map((result, i) => ({ band: result.band, first: i === 0, right: right[i] ?? false })),
    );
    const inBand = all.filter((result) => result.band === band);
    const firsts = inBand.filter(({ first }) => first);
    return {
      band,
      firsts: firsts.length,
      firstsRight: firsts.filter(({ right }) => right).length,
      results: inBand.length,
      right: inBand.filter(({ right }) => right).length,
    };
  });
}
