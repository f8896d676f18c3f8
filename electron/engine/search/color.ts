import { colorSimilarity } from '../snapshot/color-bytes.ts';
import { deviationOf, meanOf } from './compose.ts';

/** Mean and standard deviation of a similarity between images of different products. */
export interface Scale {
  mean: number;
  deviation: number;
}

/** How alike the images of one catalog ordinarily are, in the model's vectors and in colour. */
export interface Scales {
  shape: Scale;
  color: Scale;
}

/** What speaks for one candidate, in standard deviations above an ordinary image of the catalog. */
export interface Evidence {
  shape: number;
  color: number;
  category: string | null;
}

/** How much colour counts where nothing was measured: with the categories' support, and without. */
export const DEFAULT_WEIGHT = { withCategories: 0.5, without: 1 / 3 } as const;

/** Nearest products that vote for a category, and the deviations within which a vote fades to 1/e. */
const VOTERS = 20;
const VOTE_FADES = 0.4;
/** The share of votes that a category nobody voted for is given: the vote may be wrong. */
const LEAST_SHARE = 0.1;

/** How alike the colours must be, in deviations above the ordinary, to be called the same. */
const SAME_COLOR = 1;

/**
 * The deviations behind the nearest in shape within which what colour adds fades to 1/e; more where colour counts more.
 * Where categories vote, they keep other things of that colour away, and colour may reach further.
 */
const COLOR_FADES = { withCategories: 2, without: 1 } as const;

/** Where all of a catalog's images are the same, every difference would be infinitely many deviations. */
const LEAST_DEVIATION = 1e-4;

export function scaleOf(values: readonly number[]): Scale {
  return { mean: meanOf(values), deviation: Math.max(deviationOf(values), LEAST_DEVIATION) };
}

export function evidenceOf(
  candidates: readonly { score: number; colorSignature: Uint8Array; category: string | null }[],
  colors: Uint8Array,
  { shape, color }: Scales,
): Evidence[] {
  return candidates.map(({ score, colorSignature, category }) => ({
    shape: (score - shape.mean) / shape.deviation,
    color: (colorSimilarity(colors, colorSignature) - color.mean) / color.deviation,
    category,
  }));
}

export function isSameColor({ color }: Evidence): boolean {
  return color >= SAME_COLOR;
}

/**
 * How like the query each candidate is, colour included.
 * @param weight 0: shape alone, 1: colour alone
 */
export function likenesses(evidence: readonly Evidence[], weight: number): number[] {
  // Beyond the ordinary difference colours differ no more: light shifts them, and a print's background is not its print.
  return evidence.map(({ shape, color }) => (1 - weight) * shape + weight * Math.max(0, color));
}

/**
 * The candidates' places, best first: by shape, by colour, and by the categories that the nearest speak for. Where a
 * model's nearest are coats, a coat of the right colour is meant and not a bag of that colour: colour adds the less the
 * further a candidate is behind the nearest, and categories vote. Without these, colour trades categories for instances
 * (bench/README.md).
 * @param evidence nearest in shape first
 * @param weight as for `likenesses`; at 0 the order stays as it is
 */
export function rankByEvidence(evidence: readonly Evidence[], weight: number): number[] {
  if (weight === 0) return [...evidence.keys()];
  const support = categorySupport(evidence);
  const fades = support ? COLOR_FADES.withCategories : COLOR_FADES.without;
  const nearest = evidence[0]?.shape ?? 0;
  const scores = evidence.map(({ shape, color }, i) => {
    const faded = Math.exp(((1 - weight) * (shape - nearest)) / fades);
    return (1 - weight) * shape + (support?.[i] ?? 0) + weight * faded * Math.max(0, color);
  });
  return scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/**
 * The logarithm of the share of the votes that each candidate's category has; null when there are no categories. It counts
 * the same whatever the weight: the more colour does, the more it takes to keep what is only of the same colour away.
 */
function categorySupport(evidence: readonly Evidence[]): number[] | null {
  const votes = new Map<string, number>();
  let total = 0;
  const [nearest] = evidence;
  for (const { shape, category } of evidence.slice(0, VOTERS)) {
    if (category === null || !nearest) continue;
    const vote = Math.exp((shape - nearest.shape) / VOTE_FADES);
    votes.set(category, (votes.get(category) ?? 0) + vote);
    total += vote;
  }
  if (total === 0) return null;
  const support = new Map<string, number>();
  let ordinary = 0;
  for (const [category, vote] of votes) {
    const share = vote / total;
    support.set(category, Math.log(share + LEAST_SHARE));
    ordinary += share * Math.log(share + LEAST_SHARE);
  }
  // A product that the feed gave no category is neither helped nor held back.
  return evidence.map(({ category }) =>
    category === null ? ordinary : (support.get(category) ?? Math.log(LEAST_SHARE)),
  );
}
