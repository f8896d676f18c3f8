import type { Band } from '../../contract/search.ts';

/** The least score (see `combinedScores`) of each band. */
export interface BandLimits {
  same: number;
  close: number;
  similar: number;
  /** The best result is the same, too, when it is at least close and this far ahead of the next. */
  lead: number;
}

/** The two best scores of a held-out query: of two products that are not the one it shows. */
export interface TopTwo {
  first: number;
  second: number;
}

/** The share of held-out queries that a wrong product must beat to be called the same, in each of two ways. */
const UNLIKELY = 0.975;

/** What quantised colours and float32 lose of a picture's score with itself is far less than a twentieth. */
const IDENTICAL = 0.95;

/**
 * Measures the limits of bands from the scores of held-out queries, whose own product is not in the catalog:
 * - same: a score, or a lead over the next result, that only 2.5 % of the held-out queries reach with a wrong product. These
 *   are two ways to be called the same, so at most one wrong product in twenty is;
 * - close: the median of the best scores with a wrong product;
 * - similar: the score that 95 % of the held-out queries reach with some product. Below this there is no good match.
 * @param identical the score of a picture with itself
 */
export function limitsFrom(topTwo: readonly TopTwo[], identical: number): BandLimits {
  const firsts = topTwo.map(({ first }) => first).sort((a, b) => a - b);
  const leads = topTwo.map(({ first, second }) => first - second).sort((a, b) => a - b);
  const at = (values: readonly number[], share: number) => values[Math.floor(share * values.length)] ?? 0;
  // In a catalog that has every picture twice, the picture itself must still be the same.
  const same = Math.min(at(firsts, UNLIKELY), IDENTICAL * identical);
  const close = Math.min(at(firsts, 0.5), same);
  return { same, close, similar: Math.min(at(firsts, 0.05), close), lead: at(leads, UNLIKELY) };
}

/**
 * Limits where too little is known of the catalog: shares of the way from an ordinary product to the picture itself, as
 * measured with the starter model on altered copies of clothing photos.
 */
export function usualLimits(identical: number): BandLimits {
  return { same: 0.7 * identical, close: 0.45 * identical, similar: 0.2 * identical, lead: 0.1 * identical };
}

/**
 * The band of each result. Down an answer bands only get weaker.
 * @param scores of one answer, in the order of its ranking
 */
export function bandsOf(scores: readonly number[], limits: BandLimits): Band[] {
  const [first = 0, second = Number.NEGATIVE_INFINITY] = scores;
  const isFarAhead = scores.length > 1 && first >= limits.close && first - second >= limits.lead;
  let least = Number.POSITIVE_INFINITY;
  return scores.map((score, i) => {
    least = Math.min(least, score);
    if (least >= limits.same || (i === 0 && isFarAhead)) return 'same';
    if (least >= limits.close) return 'close';
    return least >= limits.similar ? 'similar' : 'other';
  });
}
