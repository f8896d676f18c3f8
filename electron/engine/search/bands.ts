import type { Band } from '../../contract/search.ts';
import type { Evidence } from './color.ts';

/** A result in the order of the ranking. */
export interface RankedEvidence {
  evidence: Evidence;
  /** Cosine similarity of the query and the result's picture. */
  similarity: number;
}

/**
 * The logistic regression that tells how probable it is that a result is the product of the query, fitted on real photos:
 * phone photos of groceries and other views of a fashion shop, of which half of the catalog was left out in turn, with two
 * models (bench/README.md says how well it is kept on others). `score` is how alike query and result are, in deviations
 * above the ordinary, look and colour counting half each; `lead` is how far that is ahead of the other results.
 */
const FITTED = { score: 1.65, lead: 0.96, constant: -4.37 } as const;

/** The least probability of each band. */
const LEAST = { same: 0.6, close: 0.4, similar: 0.25 } as const;

/**
 * A photo that is less like the catalog than so many of its own pictures are (`Calibration.familiarity`) is of another kind.
 * Its best result is never called the same: of such photos, too many were wrong.
 */
const OF_ITS_KIND = 0.1;

/** Where familiarity is not known, because the catalog is small or new. */
const LEAST_UNMEASURED = 0.9;

/** A picture so similar is the query's picture. Quantised vectors and float32 lose less. */
const IDENTICAL = 0.9999;

/**
 * How probable it is that each result is the product that the query shows.
 * @param results in the order of the ranking
 * @param colorTrust how far the photo's colours count; see `colorTrust`
 */
export function probabilities(results: readonly RankedEvidence[], colorTrust = 1): number[] {
  const scores = results.map(({ evidence }) => scoreOf(evidence, colorTrust));
  const [first = 0, second = first] = scores;
  return scores.map((score, i) => {
    const lead = score - (i === 0 ? second : first);
    return 1 / (1 + Math.exp(-(FITTED.score * score + FITTED.lead * lead + FITTED.constant)));
  });
}

/**
 * The band of each result. Down an answer bands only get weaker.
 * @param results in the order of the ranking
 * @param familiarity see `Calibration.familiarity`; null where it is not known
 */
export function bandsOf(
  results: readonly RankedEvidence[],
  familiarity: number | null,
  colorTrust = 1,
): Band[] {
  const least = familiarity === null ? LEAST_UNMEASURED : familiarity < OF_ITS_KIND ? 1 : LEAST.same;
  let weakest = Number.POSITIVE_INFINITY;
  return probabilities(results, colorTrust).map((probability, i) => {
    const isIdentical = (results[i]?.similarity ?? 0) >= IDENTICAL;
    weakest = Math.min(weakest, isIdentical ? 1 : probability);
    if (weakest >= least) return 'same';
    if (weakest >= LEAST.close) return 'close';
    return weakest >= LEAST.similar ? 'similar' : 'other';
  });
}

/** Colours that are further apart than ordinary ones count as ordinary, as in `combinedScores`. */
function scoreOf({ visual, color }: Evidence, colorTrust: number): number {
  return (visual + colorTrust * Math.max(0, color)) / (1 + colorTrust);
}
