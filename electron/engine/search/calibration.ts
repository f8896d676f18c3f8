import type { Ranking } from '../../contract/search.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type BandLimits, limitsFrom, type Met, usualLimits } from './bands.ts';
import { DEFAULT_WEIGHT, likenesses, rankByEvidence, type Scales } from './color.ts';
import { deviationOf, meanOf } from './compose.ts';
import { categoryPrecision, reciprocalRank, type Stranger, type Trial } from './trials.ts';

/** With fewer queries than this a catalog's own pictures say too little about it. */
export const LEAST_TRIALS = 30;

/** What category precision may fall by, against shape alone: finding the product itself is worth that much. */
const TOLERATED = 0.08;

const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6] as const;

/** How answers about one catalog are ranked, and what their bands mean. */
export class Calibration {
  readonly scales: Scales;
  /** How much colour counts unless someone chooses. */
  readonly color: Ranking['color'];
  readonly #strangers: readonly Stranger[];
  readonly #limits = new Map<number, BandLimits>();

  /** @param strangers what the catalog's pictures meet besides their own style; none when that was not measured */
  constructor(scales: Scales, color: Ranking['color'], strangers: readonly Stranger[]) {
    this.scales = scales;
    this.color = color;
    this.#strangers = strangers;
  }

  /** What is taken for right until it is measured. */
  static usual(snapshot: Snapshot, scales: Scales): Calibration {
    const [first] = snapshot.firstRows();
    const weight = first?.category ? DEFAULT_WEIGHT.withCategories : DEFAULT_WEIGHT.without;
    return new Calibration(scales, { weight, from: 'default' }, []);
  }

  /** The bands' limits when colour counts this much. */
  limits(weight: number): BandLimits {
    const known = this.#limits.get(weight) ?? this.#measureLimits(weight);
    this.#limits.set(weight, known);
    return known;
  }

  #measureLimits(weight: number): BandLimits {
    const { shape, color } = this.scales;
    const itself = {
      shape: (1 - shape.mean) / shape.deviation,
      color: (1 - color.mean) / color.deviation,
      category: null,
    };
    const [identical = 0] = likenesses([itself], weight);
    if (this.#strangers.length < LEAST_TRIALS) return usualLimits(identical);
    const met = this.#strangers.map(({ evidence }) => bestOf(evidence, weight));
    return limitsFrom(met, identical);
  }
}

function bestOf(evidence: Stranger['evidence'], weight: number): Met {
  const scores = likenesses(evidence, weight);
  const [first = 0, second = first] = rankByEvidence(evidence, weight).map((i) => scores[i] ?? 0);
  return { first, second: Math.min(first, second) };
}

/** What came of one weight. */
interface Result {
  weight: number;
  /** Of each trial, the reciprocal rank. */
  found: number[];
  /** Of each stranger that has a category, the precision at 1 and at 5. */
  kinds: number[][];
}

/**
 * How much colour should count. The weights that matter lose little category precision (at 1 and at 5, against shape
 * alone). Of those that are as good as the best of them in finding the right product and its category together, the one
 * nearest to the usual weight is taken: "as good" is within the standard error of the paired differences, so that little
 * evidence moves the weight little. Where the feed gives no categories nothing shows what colour costs, so it counts as
 * usual at most.
 */
export function chooseWeight(
  trials: readonly Trial[],
  strangers: readonly Stranger[],
  usual: number,
): Ranking['color'] {
  if (trials.length < LEAST_TRIALS) return { weight: usual, from: 'default' };
  const named = strangers.filter(({ category }) => category !== null);
  const labelled = named.length < LEAST_TRIALS ? [] : named;
  const precisions = (weight: number | null) =>
    [1, 5].map((depth) => labelled.map((stranger) => categoryPrecision(stranger, depth, weight)));
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

const loses = (values: readonly number[], than: readonly number[]) => meanOf(than) - meanOf(values);

/** Finding the product counts as much as finding its category. */
function worth({ found, kinds }: Result): number {
  return meanOf(found) + meanOf(kinds.map(meanOf));
}

/** Whether the first is worth less than the second by more than the standard error of their paired differences. */
function isWorse(result: Result, than: Result): boolean {
  const average = ({ kinds }: Result, i: number) => meanOf(kinds.map((each) => each[i] ?? 0));
  const found = result.found.map((value, i) => value - (than.found[i] ?? 0));
  const kinds = (result.kinds[0] ?? []).map((_, i) => average(result, i) - average(than, i));
  return worth(result) - worth(than) < -Math.hypot(standardError(found), standardError(kinds));
}

function standardError(values: readonly number[]): number {
  return deviationOf(values) / Math.sqrt(Math.max(1, values.length - 1));
}
