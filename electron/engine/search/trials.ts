import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { type Evidence, evidenceOf, rankByEvidence, type Scales } from './color.ts';
import { dot } from './scales.ts';

/** How many candidates of a ranking are looked at. */
const CANDIDATES = 60;

/** A query with one right answer, and the evidence for the styles near it. */
export interface Trial {
  evidence: Evidence[];
  /** The index of the right style in the evidence; -1 when it was not near. */
  own: number;
}

/** A picture of the catalog that is searched with its own style left out, and the evidence for the styles near it. */
export interface HeldOutQuery {
  category: string | null;
  evidence: Evidence[];
}

/** A picture that should find a style. */
export interface TrialQuery {
  styleId: string;
  vector: Float32Array;
  colors: Uint8Array;
}

/** Searches for a style with a picture that the catalog does not have. */
export async function tryCopy(snapshot: Snapshot, scales: Scales, query: TrialQuery): Promise<Trial> {
  const { neighbours } = await snapshot.nearest(query.vector, CANDIDATES, {});
  const own = neighbours.findIndex(({ styleId }) => styleId === query.styleId);
  return { evidence: evidenceOf(neighbours, query.colors, scales), own };
}

/** Searches for a style with one of its pictures, as if the style had only the others. */
export async function tryView(snapshot: Snapshot, scales: Scales, view: ImageFeatures): Promise<Trial> {
  const { uid, vector, colorSignature } = view;
  const others = snapshot.picturesOfStyle(uid).filter((image) => !isSame(image.vector, vector));
  const { neighbours } = await snapshot.nearest(vector, CANDIDATES, {}, uid);
  const [best] = others
    .map((image) => ({ ...image, score: dot(image.vector, vector) }))
    .sort((a, b) => b.score - a.score);
  if (!best) return { evidence: evidenceOf(neighbours, colorSignature, scales), own: -1 };
  const all = [...neighbours, best].sort((a, b) => b.score - a.score).slice(0, CANDIDATES);
  return { evidence: evidenceOf(all, colorSignature, scales), own: all.indexOf(best) };
}

/** Searches with a picture of the catalog, with its own style left out. */
export async function searchHeldOut(
  snapshot: Snapshot,
  scales: Scales,
  { uid, category, vector, colorSignature }: ImageFeatures,
): Promise<HeldOutQuery> {
  const { neighbours } = await snapshot.nearest(vector, CANDIDATES, {}, uid);
  return { category, evidence: evidenceOf(neighbours, colorSignature, scales) };
}

/** 1 when the right style comes first, 1/2 when it comes second, and so on; 0 when it was not near. */
export function reciprocalRank({ evidence, own }: Trial, weight: number): number {
  return own < 0 ? 0 : 1 / (rankByEvidence(evidence, weight).indexOf(own) + 1);
}

/**
 * The share of the first `depth` results that are of the query's category.
 * @param weight of colour; null keeps the order by visual similarity
 */
export function categoryPrecision(
  { category, evidence }: HeldOutQuery,
  depth: number,
  weight: number | null,
): number {
  const order = weight === null ? evidence.map((_, i) => i) : rankByEvidence(evidence, weight);
  const first = order.slice(0, depth);
  return first.filter((i) => evidence[i]?.category === category).length / Math.max(1, first.length);
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return dot(a, b) > 1 - 1e-6;
}
