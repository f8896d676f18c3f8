import type { Band, Ranking } from '../../contract/search.ts';
import type { Neighbour, Searchable } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import { bandsOf, IDENTICAL, probabilities } from './bands.ts';
import type { Calibration } from './calibration.ts';
import {
  type ColorWeight,
  comparedBy,
  evidenceOf,
  isSameColor,
  type QueryColors,
  rankByEvidence,
  type Scale,
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
  const nearest = own ? (await snapshot.nearest(own, 1, {})).neighbours[0] : neighbours[0];
  const similarity = nearest?.score ?? 0;
  const familiarity = calibration.familiarity(similarity);
  const votes = voteStrength(familiarity);
  const ranked = rankByEvidence(reordered, color.weight, votes).flatMap((i) => reordered[i] ?? []);
  const neighbourOf = new Map(evidence.map((item, i) => [item, neighbours[i]]));
  const results = [...ranked, ...passing.slice(COLOR_RANKED)].flatMap((item) => {
    const neighbour = neighbourOf.get(item);
    // The nearest counts by the picture as it is: it may be the picture itself.
    const score = neighbour?.styleId === nearest?.styleId ? similarity : (neighbour?.score ?? 0);
    return neighbour ? [{ evidence: item, similarity: score, neighbour }] : [];
  });
  // Beside "in green" a picture's own colours say nothing of how good a match is; the look stands for them.
  const trust = colors === null ? 0 : target.colorTrust;
  // A band depends on the next style too, so bands are made before the results are cut to the limit.
  const bands = bandsOf(results, familiarity, trust).slice(0, limit);
  const showsNothing = similarity < leastAlike(calibration.scales.visual);
  const isCapped =
    bands[0] === 'same' && (await leavesBetterOut(snapshot, vector, filters, exclude, results));
  return {
    neighbours: results.slice(0, limit).map(({ neighbour }) => neighbour),
    probability: showsNothing ? 0 : (probabilities(results, trust)[0] ?? null),
    bands: bands.map((band) => (showsNothing ? 'other' : isCapped && band === 'same' ? 'close' : band)),
    total: passing === evidence ? total : passing.length,
    color,
    search,
  };
}

/**
 * A photo that is less like everything than pictures of different products are like each other, by so many deviations, shows
 * nothing that the catalog could have: a blank wall, a covered lens. Of 616 photos of four shops one was so unlike, with two models
 * (bench/README.md); its nearest picture stands out from the others all the same.
 */
const UNLIKE_ALL = 1.5;

const leastAlike = ({ mean, deviation }: Scale): number => mean - UNLIKE_ALL * deviation;

/** Whether filters, or what the words ask for, leave out a style that is more alike than the first result: that one is not "the same". */
async function leavesBetterOut(
  snapshot: Searchable,
  vector: Float32Array,
  filters: Conditions,
  exclude: string | undefined,
  [first]: readonly { neighbour: Neighbour; similarity: number }[],
): Promise<boolean> {
  if (!first || first.similarity >= IDENTICAL || Object.keys(filters).length === 0) return false;
  const [best] = (await snapshot.nearest(vector, 1, {}, exclude)).neighbours;
  return best !== undefined && best.score > first.similarity && best.styleId !== first.neighbour.styleId;
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
