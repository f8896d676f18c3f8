import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { type Evidence, evidenceOf, rankByEvidence, type Scales } from './color.ts';
import { dot } from './scales.ts';

/** How deep a ranking is looked at. */
const CANDIDATES = 60;

/** A query with one right answer, and what spoke for the styles near it. */
export interface Trial {
  evidence: Evidence[];
  /** Where the right one is among the evidence; -1 when it was not near. */
  own: number;
}

/** A held-out query: a picture of a style that is asked for as if the style were not in the catalog. */
export interface Stranger {
  category: string | null;
  evidence: Evidence[];
}

/** What a query that should find a style looks like. */
export interface TrialQuery {
  styleId: string;
  vector: Float32Array;
  colors: Uint8Array;
}

/** Asks for a style by a picture that the catalog does not have. */
export async function tryCopy(snapshot: Snapshot, scales: Scales, query: TrialQuery): Promise<Trial> {
  const { neighbours } = await snapshot.nearest(query.vector, CANDIDATES, {});
  const own = neighbours.findIndex(({ styleId }) => styleId === query.styleId);
  return { evidence: evidenceOf(neighbours, query.colors, scales), own };
}

/** Asks for a style by one of its pictures, as if the style had only the others. */
export async function tryView(snapshot: Snapshot, scales: Scales, view: ImageFeatures): Promise<Trial> {
  const { productId, vector, colorSignature } = view;
  const others = snapshot.picturesOfStyle(productId).filter((image) => !isSame(image.vector, vector));
  const { neighbours } = await snapshot.nearest(vector, CANDIDATES, {}, productId);
  const [best] = others
    .map((image) => ({ ...image, score: dot(image.vector, vector) }))
    .sort((a, b) => b.score - a.score);
  if (!best) return { evidence: evidenceOf(neighbours, colorSignature, scales), own: -1 };
  const all = [...neighbours, best].sort((a, b) => b.score - a.score).slice(0, CANDIDATES);
  return { evidence: evidenceOf(all, colorSignature, scales), own: all.indexOf(best) };
}

export async function askAsStranger(
  snapshot: Snapshot,
  scales: Scales,
  { productId, category, vector, colorSignature }: ImageFeatures,
): Promise<Stranger> {
  const { neighbours } = await snapshot.nearest(vector, CANDIDATES, {}, productId);
  return { category, evidence: evidenceOf(neighbours, colorSignature, scales) };
}

/** 1 for the right style first, 1/2 for second, and so on; 0 when it was not near. */
export function reciprocalRank({ evidence, own }: Trial, weight: number): number {
  return own < 0 ? 0 : 1 / (rankByEvidence(evidence, weight).indexOf(own) + 1);
}

/** The share of the first `depth` results that are of the query's category; null is the order of shape alone. */
export function categoryPrecision(
  { category, evidence }: Stranger,
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
