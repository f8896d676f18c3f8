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
 * models (bench/README.md says how well it is kept on others). Look and colour count by how alike query and result are, in
 * deviations above the ordinary, and by how far that is ahead of the most alike of the other results.
 */
const FITTED = { visual: 0.29, color: 0.97, visualLead: 1.26, colorLead: 0.84, constant: -3.19 } as const;

/** The first results, which a result's lead is measured against. */
export const RIVALS = 10;

/** The least probability of each band. */
const LEAST = { same: 0.8, close: 0.4, similar: 0.25 } as const;

/**
 * A photo that is less like the catalog than so many of its own pictures are (`Calibration.familiarity`) is of another kind.
 * Its best result is never called the same: of such photos, too many were wrong.
 */
const OF_ITS_KIND = 0.1;

/** Where familiarity is not known, because the catalog is small or new. */
const LEAST_UNMEASURED = 0.9;

/** A picture so similar is the query's picture. Quantised vectors and float32 lose less. */
export const IDENTICAL = 0.9999;

/** What a result's probability depends on beside the results themselves. */
interface Doubts {
  /** How far the photo's colours count; see `colorTrust`. */
  colorTrust?: number;
  /** What feedback has shown to add to the log odds; see `Worth`. */
  odds?: number;
  /** The most alike of what filters leave out: a result has to be ahead of these too. */
  leftOut?: readonly Pick<RankedEvidence, 'evidence'>[];
}

/**
 * How probable it is that each result is the product that the query shows.
 * @param results in the order of the ranking
 */
export function probabilities(
  results: readonly RankedEvidence[],
  { colorTrust = 1, odds = 0, leftOut = [] }: Doubts = {},
): number[] {
  const looksOf = (some: readonly Pick<RankedEvidence, 'evidence'>[]) =>
    some.map(({ evidence }) => evidence.visual);
  const colorsOf = (some: readonly Pick<RankedEvidence, 'evidence'>[]) =>
    some.map(({ evidence }) => colorOf(evidence, colorTrust));
  const [looks, colors] = [looksOf(results), colorsOf(results)];
  const visualLeads = leadsOf(looks, looksOf(leftOut));
  const colorLeads = leadsOf(colors, colorsOf(leftOut));
  return looks.map((visual, i) => {
    const alike = FITTED.visual * visual + FITTED.color * (colors[i] ?? 0);
    const ahead = FITTED.visualLead * (visualLeads[i] ?? 0) + FITTED.colorLead * (colorLeads[i] ?? 0);
    return 1 / (1 + Math.exp(-(alike + ahead + FITTED.constant + odds)));
  });
}

/** How far each value is above the largest of the other first ones and of the others; 0 where there is none. */
function leadsOf(values: readonly number[], others: readonly number[]): number[] {
  const [largest = 0, second = largest] = [...values.slice(0, RIVALS), ...others].sort((a, b) => b - a);
  return values.map((value) => value - (value === largest ? second : largest));
}

/**
 * The band of each result. Down an answer bands only get weaker.
 * @param results in the order of the ranking
 * @param familiarity see `Calibration.familiarity`; null where it is not known
 */
export function bandsOf(
  results: readonly RankedEvidence[],
  familiarity: number | null,
  doubts: Doubts = {},
): Band[] {
  const least = familiarity === null ? LEAST_UNMEASURED : familiarity < OF_ITS_KIND ? 1 : LEAST.same;
  let weakest = Number.POSITIVE_INFINITY;
  return probabilities(results, doubts).map((probability, i) => {
    const isIdentical = (results[i]?.similarity ?? 0) >= IDENTICAL;
    weakest = Math.min(weakest, isIdentical ? 1 : probability);
    if (weakest >= least) return 'same';
    if (weakest >= LEAST.close) return 'close';
    return weakest >= LEAST.similar ? 'similar' : 'other';
  });
}

/**
 * Colours that are further apart than ordinary ones count as ordinary, as in `combinedScores`. As far as a photo's colours are
 * not its subject's, the look stands for them.
 */
function colorOf({ visual, color }: Evidence, colorTrust: number): number {
  return colorTrust * Math.max(0, color) + (1 - colorTrust) * visual;
}
