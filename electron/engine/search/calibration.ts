import type { Ranking } from '../../contract/schemas.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { type BandLimits, limitsFrom, type Met, usualLimits } from './bands.ts';
import { DEFAULT_WEIGHT, likenesses, rankByEvidence, type Scales } from './color.ts';
import { meanOf } from './compose.ts';
import { categoryPrecision, reciprocalRank, type Stranger, type Trial } from './trials.ts';

/** With fewer queries than this a catalog's own pictures say too little about it. */
export const LEAST_TRIALS = 30;

/** What category precision may fall by where the sample could hardly show it: colour is worth that much. */
const TOLERATED = 0.02;

const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6] as const;

/** How answers about one catalog are ranked, and what their bands mean. */
export class Calibration {
  readonly scales: Scales;
  /** How much colour counts unless someone chooses. */
  readonly color: Ranking['color'];
  readonly #strangers: readonly Stranger[];
  readonly #limits = new Map<number, BandLimits>();

  /** @param strangers what the catalog's pictures meet besides their own product; none when that was not measured */
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

/**
 * How much colour should count. Of the weights that lose no category precision (at 1 and at 5, against shape alone), and
 * that find the right product as well as the best of them does, the one nearest to the usual weight: both judged to within
 * the standard error of the paired differences, so that little evidence moves the weight little.
 */
export function chooseWeight(
  trials: readonly Trial[],
  strangers: readonly Stranger[],
  usual: number,
): Ranking['color'] {
  if (trials.length < LEAST_TRIALS) return { weight: usual, from: 'default' };
  const labelled = strangers.filter(({ category }) => category !== null);
  const safe = WEIGHTS.filter((weight) => [1, 5].every((depth) => keepsCategory(labelled, depth, weight)));
  const found = safe.map((weight) => ({
    weight,
    ranks: trials.map((trial) => reciprocalRank(trial, weight)),
  }));
  const best = found.reduce((a, b) => (meanOf(b.ranks) > meanOf(a.ranks) ? b : a));
  const [chosen = best] = found
    .filter(({ ranks }) => !isWorse(ranks, best.ranks))
    .sort((a, b) => Math.abs(a.weight - usual) - Math.abs(b.weight - usual));
  return { weight: chosen.weight, from: 'calibrated' };
}

function keepsCategory(strangers: readonly Stranger[], depth: number, weight: number): boolean {
  if (strangers.length === 0) return true;
  const fused = strangers.map((stranger) => categoryPrecision(stranger, depth, weight));
  const alone = strangers.map((stranger) => categoryPrecision(stranger, depth, null));
  return meanOf(fused) >= meanOf(alone) - TOLERATED || !isWorse(fused, alone);
}

/** Whether the first is worse than the second by more than the standard error of their paired differences. */
function isWorse(values: readonly number[], than: readonly number[]): boolean {
  const differences = values.map((value, i) => value - (than[i] ?? 0));
  const mean = meanOf(differences);
  const variance = meanOf(differences.map((difference) => (difference - mean) ** 2));
  return mean < -Math.sqrt(variance / Math.max(1, differences.length - 1));
}
