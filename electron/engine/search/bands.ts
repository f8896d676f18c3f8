import type { Band } from '../../contract/search.ts';

/** The least likeness (see `likenesses`) of each band. */
export interface BandLimits {
  same: number;
  close: number;
  similar: number;
  /** The best result is the same, too, when it is at least close and this far ahead of the next. */
  lead: number;
}

/** The two best likenesses that a query met whose own product was not in the catalog. */
export interface Met {
  first: number;
  second: number;
}

/**
 * Limits from what images of the catalog meet when their own product is left out:
 * - same: nearer, or further ahead of the next, than 97.5 % of them come with any other product. There are these two ways
 *   to be called the same, so a wrong product is for one in twenty at most;
 * - close: as near as the nearest other product ordinarily is;
 * - similar: as near as all but 5 % of them come to something. Further away than that there is no good match.
 * @param identical the likeness of a picture to itself
 */
export function limitsFrom(met: readonly Met[], identical: number): BandLimits {
  const firsts = met.map(({ first }) => first).sort((a, b) => a - b);
  const leads = met.map(({ first, second }) => first - second).sort((a, b) => a - b);
  const at = (values: readonly number[], share: number) => values[Math.floor(share * values.length)] ?? 0;
  // In a catalog full of one picture twice, the picture itself is still the same.
  const same = Math.min(at(firsts, UNLIKELY), IDENTICAL * identical);
  const close = Math.min(at(firsts, 0.5), same);
  return { same, close, similar: Math.min(at(firsts, 0.05), close), lead: at(leads, UNLIKELY) };
}

const UNLIKELY = 0.975;

/** What quantised colours and float32 lose of a picture's likeness to itself is far less than a twentieth. */
const IDENTICAL = 0.95;

/**
 * Limits where too little is known of the catalog: shares of the way from an ordinary product to the picture itself, as
 * measured with the starter model on altered copies of clothing photos.
 */
export function usualLimits(identical: number): BandLimits {
  return { same: 0.7 * identical, close: 0.45 * identical, similar: 0.2 * identical, lead: 0.1 * identical };
}

/**
 * Each result's band.
 * @param likenesses of one answer, in the order of its ranking: down an answer bands only get weaker
 */
export function bandsOf(likenesses: readonly number[], limits: BandLimits): Band[] {
  const [first = 0, second = Number.NEGATIVE_INFINITY] = likenesses;
  const alone = likenesses.length > 1 && first >= limits.close && first - second >= limits.lead;
  let least = Number.POSITIVE_INFINITY;
  return likenesses.map((likeness, i) => {
    least = Math.min(least, likeness);
    if (least >= limits.same || (i === 0 && alone)) return 'same';
    if (least >= limits.close) return 'close';
    return least >= limits.similar ? 'similar' : 'other';
  });
}
