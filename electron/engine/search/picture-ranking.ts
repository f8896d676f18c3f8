import type { Band, Ranking } from '../../contract/search.ts';
import type { Neighbour, Searchable } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import { bandsOf, IDENTICAL, probabilities, RIVALS } from './bands.ts';
import type { Calibration } from './calibration.ts';
import {
  type ColorWeight,
  comparedBy,
  isSameColor,
  type QueryColors,
  rankByEvidence,
  type Scale,
  voteStrength,
} from './color.ts';
import type { ParsedRequest } from './query.ts';
import { type Judged, joinConfirmed, judge, raise, type Said } from './raised.ts';
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
  /** What feedback has taught; null for nothing. */
  use: Use | null;
  /** What was taken out of the vector; null for nothing. */
  common: Float32Array | null;
}

/** What feedback has taught of ranking a photo. */
export interface Use {
  /** The confirmed photos that count, and how many products they are of. */
  photos: number;
  products: number;
  /**
   * What they say for each style.
   * @param vector of the query
   * @param common what was taken out of it
   */
  speak(vector: Float32Array, common: Float32Array | null): Said;
  /** See `Worth`. */
  color: number | null;
  odds: number;
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
  confirmed: Ranking['confirmed'];
  search: Ranking['search'];
}

/** The styles most like a picture in visual similarity and colour. */
export async function rankByPicture(
  snapshot: Searchable,
  target: Target,
  calibration: Calibration,
  asked: Omit<ParsedRequest, 'filters'> & { filters: Conditions },
): Promise<RankedByPicture> {
  const { vector, colors, own, use } = target;
  const { query, filters, limit, sameColor, colorWeight } = asked;
  const exclude = query.kind === 'product' ? query.productId : undefined;
  const colorDepth = Math.min(SAME_COLOR_POOL, snapshot.colorDepth);
  const depth = Math.max(limit, sameColor ? colorDepth : COLOR_RANKED);
  const found = await snapshot.nearest(vector, depth, filters, exclude);
  const { total, search } = found;
  const scales = scalesOfQuery(snapshot.similarities(vector), calibration.scales);
  const said = use?.speak(vector, target.common) ?? NOTHING_SAID;
  const neighbours = await joinConfirmed(snapshot, { vector, filters }, found, said, scales.visual);
  const weighed = colorRanking(target, calibration, colorWeight);
  const color = { ...weighed, of: comparedBy(colors, neighbours) };
  const judged = judge(neighbours, colors, scales);
  const passing = sameColor && colors ? judged.filter(({ evidence }) => isSameColor(evidence)) : judged;
  const nearest = own ? (await snapshot.nearest(own, 1, {})).neighbours[0] : neighbours[0];
  const similarity = nearest?.score ?? 0;
  const familiarity = calibration.familiarity(similarity);
  const order = (some: readonly Judged[]) => ranked(some, color.weight, voteStrength(familiarity));
  const results = order(raise(passing, said)).map(({ evidence, neighbour }) => ({
    ...{ evidence, neighbour },
    // The nearest counts by the picture as it is: it may be the picture itself.
    similarity: neighbour.styleId === nearest?.styleId ? similarity : neighbour.score,
  }));
  // Beside "in green" a picture's own colours say nothing of how good a match is; the look stands for them.
  const trust = colors === null ? 0 : target.colorTrust;
  const leftOut = await leftOutBy(asked, snapshot, vector, exclude, results);
  const doubts = { colorTrust: trust, odds: use?.odds ?? 0, leftOut: judge(leftOut, colors, scales) };
  // A band depends on the next style too, so bands are made before the results are cut to the limit.
  const bands = bandsOf(results, familiarity, doubts).slice(0, limit);
  const showsNothing = similarity < leastAlike(calibration.scales.visual);
  const confirmed = use && said.size > 0 ? confirmedBy(use, results[0], order(passing)) : null;
  // A first result that is so by its confirmed photos alone is seldom wrong, and more often than "the same" may be.
  const isByPhotos = confirmed !== null && confirmed.firstWithout !== 1;
  const isCapped =
    bands[0] === 'same' &&
    (isByPhotos || (await leavesBetterOut(snapshot, vector, filters, exclude, results)));
  return {
    neighbours: results.slice(0, limit).map(({ neighbour }) => neighbour),
    probability: showsNothing ? 0 : (probabilities(results, doubts)[0] ?? null),
    bands: bands.map((band) => (showsNothing ? 'other' : isCapped && band === 'same' ? 'close' : band)),
    total: passing === judged ? total : passing.length,
    color,
    confirmed,
    search,
  };
}

const NOTHING_SAID: Said = new Map();

/** The first ones in the order of look, colour and category, the others by look alone. */
function ranked(judged: readonly Judged[], weight: number, votes: number): Judged[] {
  const first = judged.slice(0, COLOR_RANKED);
  const order = rankByEvidence(
    first.map(({ evidence }) => evidence),
    weight,
    votes,
  );
  return [...order.flatMap((i) => first[i] ?? []), ...judged.slice(COLOR_RANKED)];
}

function confirmedBy(
  { photos, products }: Use,
  first: Judged | undefined,
  without: readonly Judged[],
): Ranking['confirmed'] {
  const place = without.findIndex(({ neighbour }) => neighbour.styleId === first?.neighbour.styleId);
  return { photos, products, firstWithout: place < 0 ? null : place + 1 };
}

/**
 * A photo that is less like everything than pictures of different products are like each other, by so many deviations, shows
 * nothing that the catalog could have: a blank wall, a covered lens. Of 616 photos of four shops one was so unlike, with two models
 * (bench/README.md); its nearest picture stands out from the others all the same.
 */
const UNLIKE_ALL = 1.5;

const leastAlike = ({ mean, deviation }: Scale): number => mean - UNLIKE_ALL * deviation;

/**
 * The styles most like a picture that filters leave out. Beside words there are none: "in green" asks for another product than the
 * picture shows, and what it leaves out says nothing of how good a match is.
 */
async function leftOutBy(
  { query, without, filters }: Pick<ParsedRequest, 'query' | 'without'> & { filters: Conditions },
  snapshot: Searchable,
  vector: Float32Array,
  exclude: string | undefined,
  results: readonly { neighbour: Neighbour }[],
): Promise<Neighbour[]> {
  const isAlone = query.kind !== 'words' && query.words === undefined && without === undefined;
  if (!isAlone || Object.keys(filters).length === 0) return [];
  const found = new Set(results.map(({ neighbour }) => neighbour.styleId));
  const { neighbours } = await snapshot.nearest(vector, RIVALS, {}, exclude);
  return neighbours.filter(({ styleId }) => !found.has(styleId));
}

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
  { colors, colorTrust, use }: Target,
  calibration: Calibration,
  chosen: number | undefined,
): ColorWeight {
  const color: ColorWeight =
    use && use.color !== null ? { weight: use.color, from: 'use' } : calibration.color;
  if (colors === null) return { weight: 0, from: 'default' };
  if (chosen !== undefined) return { weight: chosen, from: 'chosen' };
  return colorTrust === 1 ? color : { weight: color.weight * colorTrust, from: 'photo' };
}
