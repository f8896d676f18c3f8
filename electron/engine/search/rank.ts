import type { Ranking } from '../../contract/search.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Calibration } from './calibration.ts';
import { type Candidate, fuse, weakening } from './fusion.ts';

import { rankByPicture } from './picture-ranking.ts';
import type { ParsedRequest } from './query.ts';
import type { QueryImage } from './query-image.ts';
import type { Learned } from './query-memory.ts';
import type { Understood } from './understand.ts';
import { bandsOfWords } from './words-bands.ts';

/** So many nearest styles are fused with those found by their fields. Further down a rank says nothing. */
const FUSED = 1000;

const NO_COLOR: Ranking['color'] = { weight: 0, from: 'default' };

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
  /** The picture's own embedding; null where the query has no picture. */
  embedding: Float32Array | null;
}

/** Styles, best first. */
export interface Ranked {
  candidates: Candidate[];
  /** Styles that passed the filters and were ranked. */
  total: number;
  /** Of the first style; null where text was asked too. */
  probability: number | null;
  color: Ranking['color'];
  search: Ranking['search'];
}

/** Ranks styles by the query's vector and by their fields, fuses both rankings, and takes as many as were asked for. */
export async function rankStyles(query: RankedQuery): Promise<Ranked> {
  const near = await rankByVector(query);
  const candidates = weakening(await fused(query, near.candidates)).slice(0, query.asked.limit);
  return { ...near, candidates };
}

/** The styles nearest to the query's vector, so many that those found by their fields have a rank among them too. */
async function rankByVector(query: RankedQuery): Promise<Ranked> {
  const { asked, image, understood, snapshot, calibration } = query;
  const { vector, usesMeaning } = understood;
  const { matches, unwanted } = understood.byFields;
  if (!vector)
    return { candidates: [], total: matches.length, color: NO_COLOR, search: 'exact', probability: null };
  // At least two: a band depends on the next style too.
  const limit = Math.max(asked.limit, matches.length > 0 ? FUSED : 2) + unwanted.size;
  const ranked = image
    ? await rankByPicture(
        snapshot,
        {
          vector,
          colors: colorsOf(query, image),
          colorTrust: image.colorTrust,
          embedding: query.learned && query.embedding,
        },
        calibration,
        {
          ...asked,
          limit,
        },
      )
    : {
        ...(await snapshot.nearest(vector, limit, asked.filters)),
        bands: [],
        color: NO_COLOR,
        probability: null,
      };
  const bands = usesMeaning
    ? bandsOfWords(ranked.neighbours, matches, snapshot.similarities(vector))
    : ranked.bands;
  const candidates = ranked.neighbours.flatMap((neighbour, i) =>
    unwanted.has(neighbour.styleId)
      ? []
      : [{ neighbour, score: neighbour.score, band: bands[i] ?? 'other', typed: false }],
  );
  // "Same colour" ranks some styles only, so the unwanted ones among them are counted. Otherwise all unwanted styles are part
  // of the total, because they passed the same filters.
  const dropped = asked.sameColor ? ranked.neighbours.length - candidates.length : unwanted.size;
  const { color, search, probability } = ranked;
  const isPictureAlone = understood.words === null && asked.without === undefined;
  return {
    candidates,
    total: ranked.total - dropped,
    color,
    search,
    probability: isPictureAlone ? probability : null,
  };
}

/** Text may ask for another colour than the picture's. So beside text the picture's colours count only on request. */
function colorsOf({ asked, understood }: RankedQuery, image: QueryImage): QueryImage['colors'] | null {
  const chosen = asked.sameColor || asked.colorWeight !== undefined;
  return !understood.usesMeaning || chosen ? image.colors : null;
}

/** Both rankings count alike for text alone. Beside a picture the fields count as much as the text does. */
function fused(
  { asked, image, understood, snapshot }: RankedQuery,
  candidates: Candidate[],
): Candidate[] | Promise<Candidate[]> {
  const { words, usesMeaning, vector, byFields } = understood;
  if (!words) return candidates;
  const weights = { vector: usesMeaning ? 1 : 1 - words.balance, fields: words.balance };
  const near = new Set(candidates.map(({ neighbour }) => neighbour.styleId));
  const allowed =
    asked.sameColor && image ? byFields.matches.filter(({ styleId }) => near.has(styleId)) : byFields.matches;
  return fuse(snapshot, candidates, allowed, vector, weights);
}
