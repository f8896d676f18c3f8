import type { Ranking } from '../../contract/search.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Calibration } from './calibration.ts';
import { type Candidate, fuse, weakening } from './fusion.ts';
import type { Look } from './look.ts';
import { rankByPicture } from './picture-ranking.ts';
import type { Asked } from './query.ts';
import type { Understood } from './understand.ts';
import { bandsOfWords } from './words-bands.ts';

/** Nearest styles that are fused with those found by their fields; further down a place says nothing. */
const FUSED = 1000;

const NO_COLOR: Ranking['color'] = { weight: 0, from: 'default' };

/** All that styles are ranked by. */
export interface RankedQuery {
  asked: Asked;
  /** Null where the query has no picture. */
  look: Look | null;
  understood: Understood;
  snapshot: Searchable;
  calibration: Calibration;
}

/** Styles, best first. */
export interface Ranked {
  candidates: Candidate[];
  /** How many passed the filters and were ranked. */
  total: number;
  color: Ranking['color'];
  search: Ranking['search'];
}

/** The styles that answer a query: ranked by vector and by fields, and both rankings fused. As many as were asked for. */
export async function rankStyles(query: RankedQuery): Promise<Ranked> {
  const near = await rankByVector(query);
  const candidates = weakening(await fused(query, near.candidates)).slice(0, query.asked.limit);
  return { ...near, candidates };
}

/** The styles nearest to the query's vector, deep enough that those found by their fields have a place among them. */
async function rankByVector(query: RankedQuery): Promise<Ranked> {
  const { asked, look, understood, snapshot, calibration } = query;
  const { vector, usesMeaning } = understood;
  const { matches, unwanted } = understood.byFields;
  if (!vector) return { candidates: [], total: matches.length, color: NO_COLOR, search: 'exact' };
  // A band depends on the next style too, so the last one asked for must not lack its next.
  const limit = Math.max(asked.limit, matches.length > 0 ? FUSED : 2) + unwanted.size;
  const ranked = look
    ? await rankByPicture(snapshot, { vector, colors: colorsOf(query, look) }, calibration, {
        ...asked,
        limit,
      })
    : { ...(await snapshot.nearest(vector, limit, asked.filters)), bands: [], color: NO_COLOR };
  const bands = usesMeaning
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

/** Text may ask for another colour than the picture's, so beside text its colours count only for those who say so. */
function colorsOf({ asked, understood }: RankedQuery, look: Look): Look['colors'] | null {
  const chosen = asked.sameColor || asked.colorWeight !== undefined;
  return !understood.usesMeaning || chosen ? look.colors : null;
}

/** Text alone: both rankings count alike. Beside a picture the fields count as much as the text does. */
function fused(
  { asked, look, understood, snapshot }: RankedQuery,
  candidates: Candidate[],
): Candidate[] | Promise<Candidate[]> {
  const { words, usesMeaning, vector, byFields } = understood;
  if (!words) return candidates;
  const weights = { vector: usesMeaning ? 1 : 1 - words.balance, fields: words.balance };
  const near = new Set(candidates.map(({ neighbour }) => neighbour.styleId));
  const allowed =
    asked.sameColor && look ? byFields.matches.filter(({ styleId }) => near.has(styleId)) : byFields.matches;
  return fuse(snapshot, candidates, allowed, vector, weights);
}
