import type { Band, Ranking } from '../../contract/search.ts';
import type { Neighbour, Searchable } from '../snapshot/searchable.ts';
import { bandsOf } from './bands.ts';
import type { Calibration } from './calibration.ts';
import { evidenceOf, isSameColor, likenesses, rankByEvidence, scaleOf } from './color.ts';
import type { Look, Looked } from './look.ts';
import type { Asked } from './query.ts';

/**
 * Colour orders only what is near in the model's eyes. Deeper, a thing of the right colour is seldom the right thing, and
 * the answer must not depend on how many were asked for.
 */
const PLAUSIBLE = 200;

/** Of this many nearest styles those of the query's colour are taken. */
const SAME_COLOR_POOL = 2000;

/**
 * The deviations by which a proposed crop must be more like the catalog than the whole photo is. A subject that was found
 * wrongly, or that the catalog's pictures show with as much around it, is no nearer for being cut out (bench/README.md).
 */
const CROP_GAIN = 0.25;

/** What styles are compared with. */
export interface Target {
  vector: Float32Array;
  /** The picture's; null when words say more of the colour than the picture does. */
  colors: Uint8Array | null;
}

/** Styles by picture, best first. */
export interface RankedByPicture {
  neighbours: Neighbour[];
  /** Each neighbour's. */
  bands: Band[];
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
  { query, filters, limit, sameColor, colorWeight }: Asked,
): Promise<RankedByPicture> {
  const { vector, colors } = target;
  const exclude = query.kind === 'product' ? query.productId : undefined;
  const colorDepth = Math.min(SAME_COLOR_POOL, snapshot.colorDepth);
  const depth = Math.max(limit, sameColor ? colorDepth : PLAUSIBLE);
  const { neighbours, total, search } = await snapshot.nearest(vector, depth, filters, exclude);
  const color = colorRanking(target, calibration, colorWeight);
  // Words make a vector that is less like all pictures than a picture is.
  const scales = colors
    ? calibration.scales
    : { ...calibration.scales, shape: scaleOf(snapshot.similarities(vector)) };
  const evidence = evidenceOf(neighbours, colors ?? new Uint8Array(), scales);
  const passing = sameColor && colors ? evidence.filter(isSameColor) : evidence;
  const plausible = passing.slice(0, PLAUSIBLE);
  const ranked = rankByEvidence(plausible, color.weight).flatMap((i) => plausible[i] ?? []);
  const order = [...ranked, ...passing.slice(PLAUSIBLE)];
  const places = new Map(evidence.map((item, i) => [item, neighbours[i]]));
  return {
    neighbours: order.slice(0, limit).flatMap((item) => places.get(item) ?? []),
    // A band depends on the next style too, so the last one asked for must not lack its next.
    bands: bandsOf(likenesses(order, color.weight), calibration.limits(color.weight)).slice(0, limit),
    total: passing === evidence ? total : passing.length,
    color,
    search,
  };
}

/** The whole photo, unless a part of it is clearly more like something in the catalog, whatever the filters. */
export async function clearerLook(
  { whole, parts }: Looked,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<Look> {
  if (parts.length === 0) return whole;
  let best = { look: whole, likeness: (await bestLikeness(whole, snapshot, calibration)) + CROP_GAIN };
  for (const look of parts) {
    const likeness = await bestLikeness(look, snapshot, calibration);
    if (likeness > best.likeness) best = { look, likeness };
  }
  return best.look;
}

async function bestLikeness(
  { vector, colors }: Look,
  snapshot: Searchable,
  { scales, color }: Calibration,
): Promise<number> {
  const { neighbours } = await snapshot.nearest(vector, PLAUSIBLE, {});
  const evidence = evidenceOf(neighbours, colors, scales);
  const [first = 0] = rankByEvidence(evidence, color.weight);
  return likenesses(evidence, color.weight)[first] ?? 0;
}

function colorRanking(
  { colors }: Target,
  { color }: Calibration,
  chosen: number | undefined,
): Ranking['color'] {
  if (colors === null) return { weight: 0, from: 'default' };
  return chosen === undefined ? color : { weight: chosen, from: 'chosen' };
}
