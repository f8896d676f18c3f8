import type { CalibrationRecord } from '../files/calibrations.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { type ColorWeight, DEFAULT_WEIGHT, type Scales } from './color.ts';
import { type PhotoShift, USUAL_STRENGTH } from './photo-shift.ts';
import { type Center, measureCenter } from './scales.ts';
import { deviationOf, meanOf } from './statistics.ts';
import { categoryPrecision, type HeldOutQuery, reciprocalRank, type Trial } from './trials.ts';

/** Fewer queries than this say too little about a catalog. */
export const LEAST_TRIALS = 30;

/**
 * Colour may cost so much category precision, against visual similarity alone: finding the product itself is worth that
 * much.
 */
const TOLERATED = 0.08;

/** A weight is worse than another by so many standard errors of their difference before it is not chosen for that. */
const ERRORS = 2;

const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6] as const;

interface CalibrationParts {
  scales: Scales;
  color: ColorWeight;
  nearest?: readonly number[];
  center?: Center | null;
  shift?: PhotoShift | null;
}

/** How answers about one catalog are ranked, and what it knows of its own pictures. */
export class Calibration {
  readonly scales: Scales;
  /** How much colour counts unless someone chooses. */
  readonly color: ColorWeight;
  /** The middle of the catalog's embeddings; null in a small catalog. */
  readonly center: Center | null;
  /** Null before it was measured. */
  readonly shift: PhotoShift | null;
  /** Ascending. */
  readonly #nearest: readonly number[];

  /** @param nearest of held-out queries by the catalog's own pictures, the similarity of the nearest style; none before that was measured */
  constructor({ scales, color, nearest = [], center = null, shift = null }: CalibrationParts) {
    this.scales = scales;
    this.color = color;
    this.center = center;
    this.shift = shift;
    this.#nearest = nearest.length < LEAST_TRIALS ? [] : nearest.toSorted((a, b) => a - b);
  }

  /**
   * The calibration until a catalog has been measured.
   * @param sample pictures of the catalog
   */
  static usual(sample: readonly ImageFeatures[], scales: Scales): Calibration {
    const named = sample.filter(({ category }) => category !== null).length;
    const weight = named * 2 >= sample.length ? DEFAULT_WEIGHT.withCategories : DEFAULT_WEIGHT.without;
    return new Calibration({ scales, color: { weight, from: 'default' }, center: measureCenter(sample) });
  }

  /**
   * The share of the catalog's own pictures that have no style as similar to them as this, when their own style is left out: 0
   * for a photo unlike anything in the catalog, about a half for one that is taken as the catalog's pictures are. Null where
   * that was not measured.
   * @param similarity of a query to the style nearest to it
   */
  familiarity(similarity: number): number | null {
    if (this.#nearest.length === 0) return null;
    return this.#nearest.filter((each) => each < similarity).length / this.#nearest.length;
  }
}

/** What one weight of colour achieves. */
interface Result {
  weight: number;
  /** The reciprocal rank of each trial. */
  found: number[];
  /** The precision at 1 and at 5 of each held-out query that has a category. */
  kinds: number[][];
}

/**
 * Chooses how much colour counts. A weight must not lose more than `TOLERATED` of category precision (at 1 and at 5) against
 * visual similarity alone. Among those, the best finds the right product and its category most often. All weights that are
 * worse than the best by no more than two standard errors of the paired differences are as good, and the one nearest to the
 * usual weight is taken, so that little evidence moves the weight little. Where the feed gives no categories nothing shows
 * what colour costs, so colour counts as usual at most.
 */
export function chooseWeight(
  trials: readonly Trial[],
  heldOut: readonly HeldOutQuery[],
  usual: number,
): CalibrationRecord['color'] {
  if (trials.length < LEAST_TRIALS) return { weight: usual, from: 'default' };
  const named = heldOut.filter(({ category }) => category !== null);
  const labelled = named.length < LEAST_TRIALS ? [] : named;
  const precisions = (weight: number | null) =>
    [1, 5].map((depth) => labelled.map((query) => categoryPrecision(query, depth, weight)));
  const alone = precisions(null);
  const results = WEIGHTS.filter((weight) => labelled.length > 0 || weight <= usual)
    .map((weight): Result => {
      const found = trials.map((trial) => reciprocalRank(trial, weight));
      return { weight, found, kinds: precisions(weight) };
    })
    .filter(({ kinds }) => kinds.every((each, i) => loses(each, alone[i] ?? []) <= TOLERATED));
  const best = results.reduce((a, b) => (worth(b) > worth(a) ? b : a));
  const [chosen = best] = results
    .filter((result) => !isWorse(result, best))
    .sort((a, b) => Math.abs(a.weight - usual) - Math.abs(b.weight - usual));
  return { weight: chosen.weight, from: 'calibrated' };
}

/**
 * Chooses how much of what customers' photos have in common is taken out of them. All strengths that are worse than the best by
 * no more than two standard errors are as good, and the one nearest to the usual is taken.
 * @param tried for each strength, the reciprocal rank of each trial, in one order
 */
export function chooseStrength(tried: readonly { strength: number; found: readonly number[] }[]): number {
  const best = tried.reduce((a, b) => (meanOf(b.found) > meanOf(a.found) ? b : a));
  const isWorse = (found: readonly number[]) => {
    const differences = found.map((value, i) => value - (best.found[i] ?? 0));
    return meanOf(differences) < -ERRORS * standardError(differences);
  };
  const [chosen = best] = tried
    .filter((each) => each === best || !isWorse(each.found))
    .sort((a, b) => Math.abs(a.strength - USUAL_STRENGTH) - Math.abs(b.strength - USUAL_STRENGTH));
  return chosen.strength;
}

const loses = (values: readonly number[], than: readonly number[]) => meanOf(than) - meanOf(values);

/** Finding the product counts as much as finding its category. */
function worth({ found, kinds }: Result): number {
  return meanOf(found) + meanOf(kinds.map(meanOf));
}

/** Whether the first is worth less than the second by more than chance makes of their paired differences. */
function isWorse(result: Result, than: Result): boolean {
  const average = ({ kinds }: Result, i: number) => meanOf(kinds.map((each) => each[i] ?? 0));
  const found = result.found.map((value, i) => value - (than.found[i] ?? 0));
  const kinds = (result.kinds[0] ?? []).map((_, i) => average(result, i) - average(than, i));
  return worth(result) - worth(than) < -ERRORS * Math.hypot(standardError(found), standardError(kinds));
}

function standardError(values: readonly number[]): number {
  return deviationOf(values) / Math.sqrt(Math.max(1, values.length - 1));
}
