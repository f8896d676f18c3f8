import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import type { Calibration } from './calibration.ts';
import {
  colorsOfPicture,
  type Evidence,
  evidenceOf,
  type QueryColors,
  rankByEvidence,
  type Scales,
  voteStrength,
} from './color.ts';
import { dot, scalesOfQuery } from './scales.ts';

/** How many candidates of a ranking are looked at. */
const CANDIDATES = 60;

/**
 * So many of the nearest styles are left out of a held-out query's evidence. They are the same design in other colours, which
 * visual similarity alone finds and colour can only lose. A customer's photo does not meet a design from the same side in the
 * same light (bench/README.md).
 */
const NEAR_DUPLICATES = 2;

/** A query with one right answer, and the evidence for the styles near it. */
export interface Trial {
  evidence: Evidence[];
  /** The index of the right style in the evidence; -1 when it was not near. */
  own: number;
  /** How much the votes of categories count. */
  votes: number;
}

/** A picture of the catalog that is searched with its own style left out. */
export interface HeldOutQuery {
  category: string | null;
  /** For the styles near it, without its near-duplicates. */
  evidence: Evidence[];
  /** The similarity of the nearest style, near-duplicates included. */
  nearest: number;
}

/** A picture that should find a style. */
export interface TrialQuery {
  styleId: string;
  vector: Float32Array;
  colors: QueryColors;
}

/**
 * Searches for a style with a picture that the catalog does not have.
 * @param compared its embedding without what such pictures have in common
 */
export async function tryCopy(
  snapshot: Snapshot,
  calibration: Calibration,
  query: TrialQuery,
  compared: Float32Array,
): Promise<Trial> {
  const { neighbours } = await snapshot.nearest(compared, CANDIDATES, {});
  const own = neighbours.findIndex(({ styleId }) => styleId === query.styleId);
  const ofQuery = scalesOfQuery(snapshot.similarities(compared), calibration.scales);
  const nearest = await snapshot.nearest(query.vector, 1, {});
  const votes = voteStrength(calibration.familiarity(nearest.neighbours[0]?.score ?? 0));
  return { evidence: evidenceOf(neighbours, query.colors, ofQuery), own, votes };
}

/**
 * Searches for a style with one of its pictures, as if the style had only the others.
 * @param compared as for `tryCopy`
 */
export async function tryView(
  snapshot: Snapshot,
  calibration: Calibration,
  view: ImageFeatures,
  compared: Float32Array,
): Promise<Trial> {
  const { uid, vector } = view;
  const others = snapshot.picturesOfStyle(uid).filter((image) => !isSame(image.vector, vector));
  const { neighbours } = await snapshot.nearest(compared, CANDIDATES, {}, uid);
  const [best] = others
    .map((image) => ({ ...image, score: dot(image.vector, compared) }))
    .sort((a, b) => b.score - a.score);
  const all = [...neighbours, ...(best ? [best] : [])].sort((a, b) => b.score - a.score).slice(0, CANDIDATES);
  const ofQuery = scalesOfQuery(snapshot.similarities(compared), calibration.scales);
  const ofView = await snapshot.nearest(vector, 1, {}, uid);
  const nearest = Math.max(
    ofView.neighbours[0]?.score ?? 0,
    ...others.map((image) => dot(image.vector, vector)),
  );
  const votes = voteStrength(calibration.familiarity(nearest));
  const own = best ? all.indexOf(best) : -1;
  return { evidence: evidenceOf(all, colorsOfPicture(view), ofQuery), own, votes };
}

/** Searches with a picture of the catalog, with its own style left out. */
export async function searchHeldOut(
  snapshot: Snapshot,
  scales: Scales,
  image: ImageFeatures,
): Promise<HeldOutQuery> {
  const { uid, category, vector } = image;
  const { neighbours } = await snapshot.nearest(vector, CANDIDATES + NEAR_DUPLICATES, {}, uid);
  const ofQuery = scalesOfQuery(snapshot.similarities(vector), scales);
  const evidence = evidenceOf(neighbours.slice(NEAR_DUPLICATES), colorsOfPicture(image), ofQuery);
  return { category, evidence, nearest: neighbours[0]?.score ?? 0 };
}

/** 1 when the right style comes first, 1/2 when it comes second, and so on; 0 when it was not near. */
export function reciprocalRank({ evidence, own, votes }: Trial, weight: number): number {
  return own < 0 ? 0 : 1 / (rankByEvidence(evidence, weight, votes).indexOf(own) + 1);
}

/**
 * The share of the first `depth` results that are of the query's category. Votes count in full: a picture of the catalog is
 * as familiar as any.
 * @param weight of colour; null keeps the order by visual similarity
 */
export function categoryPrecision(
  { category, evidence }: HeldOutQuery,
  depth: number,
  weight: number | null,
): number {
  const order = weight === null ? evidence.map((_, i) => i) : rankByEvidence(evidence, weight, 1);
  const first = order.slice(0, depth);
  return first.filter((i) => evidence[i]?.category === category).length / Math.max(1, first.length);
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return dot(a, b) > 1 - 1e-6;
}
