import type { Ranking } from '../../contract/search.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import type { Calibration } from './calibration.ts';
import { type Candidate, weakening } from './fusion.ts';
import type { Use } from './picture-ranking.ts';
import type { ParsedRequest } from './query.ts';
import type { QueryImage } from './query-image.ts';
import type { Learned } from './query-memory.ts';
import { rankByFields } from './rank-by-fields.ts';
import { rankByVector, rankInLevels } from './rank-by-vector.ts';
import { isMostlyUnfound } from './told.ts';
import type { Understood } from './understand.ts';
import { isAsked } from './wishes.ts';

/** All that styles are ranked by. */
export interface RankedQuery {
  asked: ParsedRequest;
  /** Null where the query has no picture. */
  image: QueryImage | null;
  understood: Understood;
  snapshot: Searchable;
  calibration: Calibration;
  /** What was taken out of the picture's embedding; null for nothing. */
  learned: Learned | null;
  /** See `withoutShift`: how much was taken out. */
  shift: number;
  /** The vector that was taken out of the picture's embedding, by `learned` or by the shift; null for nothing. */
  common: Float32Array | null;
  /** What feedback has taught; null for nothing. */
  use: Use | null;
}

/** Styles, best first. */
export interface Ranked {
  candidates: Candidate[];
  /** Styles that passed the filters and were ranked. */
  total: number;
  /** Of the first style; null where text was asked too. */
  probability: number | null;
  /** Styles that are shown though their price is not what was asked for. */
  outOfPrice: number;
  color: Ranking['color'];
  confirmed: Ranking['confirmed'];
  search: Ranking['search'];
  /** What the ranked styles meet, for counting facets; `among` is null for all of these, else the ids of some. */
  scope: { conditions: Conditions; among: ReadonlySet<string> | null };
}

/**
 * Ranks styles by the query's vector and by their fields, and takes as many as were asked for. Where most of the words found
 * nothing, no style is called a close match.
 */
export async function rankStyles(query: RankedQuery): Promise<Ranked> {
  const { asked, understood, image } = query;
  const { wishes, vector } = understood;
  // The cheapest of all that meet the rest are found without a vector: the nearest to a text are only some of them.
  const isByPrice = wishes.order !== null && image === null;
  const rank = vector && !isByPrice ? (isAsked(wishes) ? rankInLevels : rankByVector) : rankByFields;
  const ranked = await rank(query);
  const best = isMostlyUnfound(understood.told) ? 'similar' : 'same';
  return { ...ranked, candidates: weakening(ranked.candidates, best).slice(0, asked.limit) };
}
