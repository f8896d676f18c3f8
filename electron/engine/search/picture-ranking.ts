import type { Band, Ranking } from '../../contract/search.ts';
import type { Neighbour, Searchable } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import { bandsOf, probabilities } from './bands.ts';
import type { Calibration } from './calibration.ts';
import {
  type ColorWeight,
  comparedBy,
  evidenceOf,
  isSameColor,
  type QueryColors,
  rankByEvidence,
  voteStrength,
} from './color.ts';
import type { ParsedRequest } from './query.ts';
import { scalesOfQuery } from './scales.ts';

/**
 * Colour reorders so many of the visually nearest styles. Deeper, a thing of the right colour is seldom the right thing, and
 * the answer must not depend on how many results were asked for.
 */
export const COLOR_RANKED = 200;

/** "Same colour" chooses among so many of the visually nearest styles. */
const SAME_COLOR_POOL = 2000;

/** What styles are compared with. */
export interface Target {
  vector: Float32Array;
  /** The picture's colours; null when the text says more of the colour than the picture does. */
  colors: QueryColors | null;
  /** See `colorTrust`. */
  colorTrust: number;
  /** See `QueryImage.own`. */
  own: Float32Array | null;
}

/** Styles by picture, best first. */
export interface RankedByPicture {
  neighbours: Neighbour[];
  /** The band of each neighbour. */
  bands: Band[];
  /** Of the first result; null when there is none. See `probabilities`. */
  probability: number | null;
  /** Styles that were ranked. */
  total: number;
  color: Ranking['color'];
  search: Ranking['search'];
}

/** The styles most like a picture in visual similarity and colour. */
export async function rankByPicture(
  snapshot: Searchable,
  target: Target,
  calibration: Calibration,
  { query, filters, limit, sameColor, colorWeight }: Omit<ParsedRequest, 'filters'> & { filters: Conditions },
): Promise<RankedByPicture> {
  const { vector, colors, own } = target;
  const exclude = query.kind === 'product' ? query.productId : undefined;
  const colorDepth = Math.min(SAME_COLOR_POOL, snapshot.colorDepth);
  const depth = Math.max(limit, sameColor ? colorDepth : COLOR_RANKED);
  const { neighbours, total, search } = await snapshot.nearest(vector, depth, filters, exclude);
  const weighed = colorRanking(target, calibration, colorWeight);
  const color = { ...weighed, of: comparedBy(colors, neighbours) };
  const scales = scalesOfQuery(snapshot.similarities(vector), calibration.scales);
  const evidence = evidenceOf(neighbours, colors, scales);
  const passing = sameColor && colors ? evidence.filter(isSameColor) : evidence;
  const reordered = passing.slice(0, COLOR_RANKED);
  const familiarity = calibration.familiarity(await nearestSimilarity(snapshot, own, neighbours));
  const votes = voteStrength(familiarity);
  const ranked = rankByEvidence(reordered, color.weight, votes).flatMap((i) => reordered[i] ?? []);
  const neighbourOf = new Map(evidence.map((item, i) => [item, neighbours[i]]));
  const results = [...ranked, ...passing.slice(COLOR_RANKED)].flatMap((item) => {
    const neighbour = neighbourOf.get(item);
    return neighbour ? [{ evidence: item, similarity: neighbour.score, neighbour }] : [];
  });
  // Beside "in green" a picture's own colours say nothing of how good a match is; the look stands for them.
  const trust = colors === null ? 0 : target.colorTrust;
  return {
    neighbours: results.slice(0, limit).map(({ neighbour }) => neighbour),
    // A band depends on the next style too, so bands are made before the results are cut to the limit.
    probability: probabilities(results, trust)[0] ?? null,
    bands: bandsOf(results, familiarity, trust).slice(0, limit),
    total: passing === evidence ? total : passing.length,
    color,
    search,
  };
}

/** Of the picture as it is, whatever was added to its embedding or taken out of it. */
async function nearestSimilarity(
  snapshot: Searchable,
  own: Float32Array | null,
  neighbours: readonly Neighbour[],
): Promise<number> {
  const nearest = own ? (await snapshot.nearest(own, 1, {})).neighbours : neighbours;
  return nearest[0]?.score ?? 0;
}

function colorRanking(
  { colors, colorTrust }: Target,
  { color }: Calibration,
  chosen: number | undefined,
): ColorWeight {
  if (colors === null) return { weight: 0, from: 'default' };
  if (chosen !== undefined) return { weight: chosen, from: 'chosen' };
  return colorTrust === 1 ? color : { weight: color.weight * colorTrust, from: 'photo' };
}
