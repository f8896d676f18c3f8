import type { Band } from '../../contract/search.ts';
import type { Neighbour, Searchable, StyleMatch } from '../snapshot/searchable.ts';

/** A style that may be a result. */
export interface Candidate {
  neighbour: Neighbour;
  score: number;
  band: Band;
  /** Whether the SKU, barcode or id of the size that is shown was typed. */
  typed: boolean;
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
 * Joins the ranking by vector and the ranking by fields (reciprocal rank fusion). A style with a size whose SKU, barcode or
 * id was typed comes first, shown as that size. Equal matches by fields share a rank, so that the vectors decide among them.
 * @param candidates by vector, best first; a match that is not among them counts by its fields alone
 * @param vector the query's vector, which the candidates were compared with
 */
export async function fuse(
  snapshot: Searchable,
  candidates: readonly Candidate[],
  matches: readonly StyleMatch[],
  vector: Float32Array | null,
  weights: FusionWeights,
): Promise<Candidate[]> {
  const byFields = new Map(matches.map((match) => [match.styleId, match]));
  const known = new Set(candidates.map(({ neighbour }) => neighbour.styleId));
  const missing = matches.flatMap(({ styleId, uid }) => (known.has(styleId) ? [] : [uid]));
  const others = (await snapshot.neighbours(missing, vector)).map((neighbour): Candidate => {
    const match = byFields.get(neighbour.styleId);
    if (vector) return { neighbour, score: neighbour.score, band: 'other', typed: false };
    const band = match?.whole ? 'close' : 'similar';
    return { neighbour, score: match?.score ?? 0, band, typed: false };
  });
  others.sort((a, b) => b.score - a.score);
  const all = [...candidates, ...others].map((candidate, i) => {
    const match = byFields.get(candidate.neighbour.styleId);
    const near = i < candidates.length ? weights.vector / (K + i + 1) : 0;
    const named = match ? weights.fields / (K + match.place) : 0;
    return { candidate, match, fused: near + named };
  });
  all.sort((a, b) => Number(b.match?.exact ?? false) - Number(a.match?.exact ?? false) || b.fused - a.fused);
  const typed = all.flatMap(({ match }) => (match?.exact ? [match.uid] : []));
  const sizes = new Map((await snapshot.neighbours(typed, vector)).map((size) => [size.uid, size]));
  return all.map(({ candidate, match }) => {
    if (!match?.exact) return candidate;
    const size = sizes.get(match.uid) ?? candidate.neighbour;
    return { ...candidate, neighbour: size, band: 'same', typed: true };
  });
}

/**
 * Makes bands only get weaker down an answer, also where fusion has moved a style up.
 * @param best the band of the first at most
 */
export function weakening(candidates: readonly Candidate[], best: Band): Candidate[] {
  let weakest = WEAKER.indexOf(best);
  return candidates.map((candidate) => {
    weakest = Math.max(weakest, WEAKER.indexOf(candidate.band));
    return { ...candidate, band: WEAKER[weakest] ?? 'other' };
  });
}
