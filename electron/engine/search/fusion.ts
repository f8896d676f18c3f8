import type { Band } from '../../contract/search.ts';
import type { FieldMatch } from '../snapshot/field-search.ts';
import type { Neighbour, Snapshot } from '../snapshot/snapshot.ts';

/** A product that may be an answer, with what is said of it. */
export interface Candidate {
  neighbour: Neighbour;
  score: number;
  band: Band;
}

/** How much each ranking counts. */
export interface FusionWeights {
  vector: number;
  fields: number;
}

/** Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet". */
const K = 60;

const WEAKER: readonly Band[] = ['same', 'close', 'similar', 'other'];

/**
 * The ranking by vector and the ranking by fields as one (reciprocal rank fusion); a product whose SKU or id was typed
 * comes first. Fields' equal matches share a place, so that among them the vectors decide.
 * @param candidates by vector, best first; a match that is not among them counts by its fields alone
 * @param vector what the candidates were compared with
 */
export function fuse(
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  matches: readonly FieldMatch[],
  vector: Float32Array | null,
  weights: FusionWeights,
): Candidate[] {
  const byFields = new Map(matches.map((match) => [match.productId, match]));
  const known = new Set(candidates.map(({ neighbour }) => neighbour.productId));
  const missing = matches.flatMap(({ productId }) => (known.has(productId) ? [] : [productId]));
  const others = snapshot.neighbours(missing, vector).map((neighbour): Candidate => {
    const match = byFields.get(neighbour.productId);
    if (vector) return { neighbour, score: neighbour.score, band: 'other' };
    return { neighbour, score: match?.score ?? 0, band: match?.whole ? 'close' : 'similar' };
  });
  others.sort((a, b) => b.score - a.score);
  const all = [...candidates, ...others].map((candidate, i) => {
    const match = byFields.get(candidate.neighbour.productId);
    const near = i < candidates.length ? weights.vector / (K + i + 1) : 0;
    const named = match ? weights.fields / (K + match.place) : 0;
    return { candidate, match, fused: near + named };
  });
  all.sort((a, b) => Number(b.match?.exact ?? false) - Number(a.match?.exact ?? false) || b.fused - a.fused);
  return all.map(({ candidate, match }) => ({ ...candidate, band: match?.exact ? 'same' : candidate.band }));
}

/** Down an answer bands only get weaker, whatever else has moved a product up. */
export function weakening(candidates: readonly Candidate[]): Candidate[] {
  let weakest = 0;
  return candidates.map((candidate) => {
    weakest = Math.max(weakest, WEAKER.indexOf(candidate.band));
    return { ...candidate, band: WEAKER[weakest] ?? 'other' };
  });
}
