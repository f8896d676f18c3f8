import type { Facets, Ranking, SearchResponse } from '../../contract/search.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Clock } from './clock.ts';
import type { Candidate } from './fusion.ts';
import type { ParsedRequest, QueryPicture } from './query.ts';
import type { Ranked, RankedQuery } from './rank.ts';

/**
 * Thumbnails that are sent with the answer: a window of 1280 x 800, so that its first results are painted at once. Others would
 * wait until the subject of the photo is found.
 */
const FIRST_SCREEN = 18;

/** The part of an answer that follows from the ranking. */
export type RankedAnswer = Pick<
  SearchResponse,
  'results' | 'total' | 'facets' | 'thumbnails' | 'ranking' | 'understood'
>;

/** Makes the answer of a ranking: results, facets, and the thumbnails of the first screen. */
export async function makeAnswer(query: RankedQuery, ranked: Ranked, clock: Clock): Promise<RankedAnswer> {
  const { understood, snapshot } = query;
  const { total } = ranked;
  const candidates = await withOwnScores(query, ranked.candidates);
  const making = async () => {
    const results = candidates.map(toResult);
    const facets = await facetsOf(query, ranked);
    clock.lap('search');
    return { results, facets };
  };
  // Lance reads thumbnails on threads of its own while this thread makes the results.
  const firstScreen = candidates.slice(0, FIRST_SCREEN).map(({ neighbour }) => neighbour.imageHash);
  const [thumbnails, { results, facets }] = await Promise.all([snapshot.thumbnails(firstScreen), making()]);
  clock.lap('thumbnails');
  return {
    results,
    total,
    facets,
    thumbnails,
    understood: { ...understood.told, outOfPrice: ranked.outOfPrice },
    ranking: rankingOf(query, ranked),
  };
}

/** Facets of the styles that were ranked. */
function facetsOf({ understood, snapshot }: RankedQuery, { scope }: Ranked): Promise<Facets> {
  const { conditions, among } = scope;
  const { unwanted } = understood.byFields;
  if (among) return snapshot.facetsOf((styleId) => among.has(styleId), conditions);
  if (unwanted.size > 0) return snapshot.facetsOf((styleId) => !unwanted.has(styleId), conditions);
  return snapshot.facets(conditions);
}

/** A score is the similarity of the photo as it is, whatever was added to its embedding or taken out of it to rank by. */
async function withOwnScores(
  { image, snapshot, understood }: RankedQuery,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  if (!image?.own || understood.words) return candidates;
  const own = await snapshot.neighbours(
    candidates.map(({ neighbour }) => neighbour.uid),
    image.own,
  );
  const scores = new Map(own.map(({ uid, score }) => [uid, score]));
  return candidates.map((each) => ({ ...each, score: scores.get(each.neighbour.uid) ?? each.score }));
}

/** How an answer was ranked. */
function rankingOf(
  { asked, image, understood, snapshot, learned, shift }: RankedQuery,
  { color, confirmed, search, probability }: Ranked,
): Ranking {
  const { words, usesMeaning } = understood;
  return {
    crop: image?.crop ?? null,
    closer: image?.closer ?? false,
    color,
    probability,
    learned: learned && { photos: learned.photos },
    photoShift: shift,
    confirmed,
    words: words || asked.without ? (usesMeaning ? 'meaning and fields' : 'fields') : null,
    search,
    answeredBy: snapshot.answeredBy,
    approximate: snapshot.answeredBy === 'lance' ? approximations(asked) : [],
  };
}

/** What LanceDB's answer lacks; see `Ranking.approximate`. */
function approximations({ query, sameColor }: ParsedRequest): Ranking['approximate'] {
  const approximate: Ranking['approximate'] = ['bands', 'facets'];
  if (sameColor) approximate.push('color');
  if (query.kind === 'words' || query.words !== undefined) approximate.push('words');
  return approximate;
}

function toResult(
  { neighbour, score, band, typed }: Candidate,
  i: number,
): SearchResponse['results'][number] {
  const { product, style, imageHash, imageCount } = neighbour;
  return { ...product, ...style, typed, rank: i + 1, score, band, thumbnail: imageHash, imageCount };
}

/** The cache key of an answer: everything the answer depends on but the calibration, which empties the cache (`search.ts`). */
export function answerKey(
  { query, ...how }: ParsedRequest,
  picture: QueryPicture | null,
  { info: { version, publishedAt } }: Searchable,
): string {
  const words = query.kind === 'words' ? [query.words] : [query.words ?? null, query.balance];
  return JSON.stringify([picture?.identity ?? null, words, how, version, publishedAt]);
}
