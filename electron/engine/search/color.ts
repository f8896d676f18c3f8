// How colour enters a ranking by picture: visual similarity, colour and category become one score for each candidate.
import type { ColorsOf, Ranking } from '../../contract/search.ts';
import { colorSimilarity } from '../snapshot/color-bytes.ts';
import { deviationOf, meanOf } from './statistics.ts';

/** Mean and standard deviation of a similarity between pictures of different products. */
export interface Scale {
  mean: number;
  deviation: number;
}

/** How alike the pictures of one catalog ordinarily are. */
export interface Scales {
  /** By the model's embeddings alone. */
  visual: Scale;
  /** By the colours of whole pictures. */
  color: Scale;
  /** By the colours of their subjects. */
  subject: Scale;
}

/** The colours of a query, in bytes; see `colorSimilarity`. */
export interface QueryColors {
  /** Of the whole picture. */
  picture: Uint8Array;
  /** Of its subject; null where it is not known. */
  subject: Uint8Array | null;
}

/** How much colour counts, and why. */
export type ColorWeight = Omit<Ranking['color'], 'of'>;

/** What speaks for one candidate, in standard deviations above an ordinary picture of the catalog. */
export interface Evidence {
  visual: number;
  color: number;
  category: string | null;
}

/** How much colour counts where nothing was measured: in a catalog with categories, and in one without. */
export const DEFAULT_WEIGHT = { withCategories: 0.5, without: 1 / 3 } as const;

/** The nearest products that vote for a category, and the deviations within which a vote fades to 1/e. */
const VOTERS = 20;
const VOTE_FADES = 0.4;
/** The share of votes that a category without votes is given: the vote may be wrong. */
const LEAST_SHARE = 0.1;

/** How much the votes count of a photo that is unlike the catalog's pictures. */
const LEAST_VOTES = 0.25;

/** Colours that are alike by so many deviations above the ordinary are called the same. */
const SAME_COLOR = 1;

/**
 * What colour adds fades to 1/e within so many deviations behind the candidate that is visually nearest. Where categories
 * vote, they keep other things of the same colour away, and colour may reach further.
 */
const COLOR_FADES = { withCategories: 2, without: 1 } as const;

/** In a catalog whose pictures are all the same, every difference would be infinitely many deviations. */
const LEAST_DEVIATION = 1e-4;

export function scaleOf(values: readonly number[]): Scale {
  return { mean: meanOf(values), deviation: Math.max(deviationOf(values), LEAST_DEVIATION) };
}

/** A picture of the catalog that is compared with a query. */
export interface ComparedPicture {
  /** Its cosine similarity to the query. */
  score: number;
  colorSignature: Uint8Array;
  subjectColors: Uint8Array | null;
  category: string | null;
}

/**
 * @param colors null where the query's colours do not count. Subjects are compared where both are known, and whole pictures
 * elsewhere, each in deviations of its own kind: so a catalog whose subjects are known in part is ranked as one.
 */
export function evidenceOf(
  candidates: readonly ComparedPicture[],
  colors: QueryColors | null,
  scales: Scales,
): Evidence[] {
  const { visual } = scales;
  return candidates.map(({ score, colorSignature, subjectColors, category }) => {
    const ofSubject =
      colors?.subject && subjectColors ? colorSimilarity(colors.subject, subjectColors) : null;
    const color = ofSubject === null ? scales.color : scales.subject;
    const likeness = ofSubject ?? colorSimilarity(colors?.picture ?? NO_COLORS, colorSignature);
    return {
      visual: (score - visual.mean) / visual.deviation,
      color: (likeness - color.mean) / color.deviation,
      category,
    };
  });
}

const NO_COLORS = new Uint8Array();

/** The colours of a picture of the catalog that is asked with. */
export function colorsOfPicture(
  image: Pick<ComparedPicture, 'colorSignature' | 'subjectColors'>,
): QueryColors {
  return { picture: image.colorSignature, subject: image.subjectColors };
}

/** Whose colours a query is compared by. */
export function comparedBy(
  colors: QueryColors | null,
  candidates: readonly Pick<ComparedPicture, 'subjectColors'>[],
): ColorsOf {
  return colors?.subject && candidates.some(({ subjectColors }) => subjectColors) ? 'subject' : 'picture';
}

/**
 * How much the votes of categories count. The nearest products of a photo that is taken as the catalog's pictures are (a
 * competitor's, a supplier's) are of its category. Those of a close-up or a photo from a phone often are not, and at full
 * strength their votes put the right product behind (bench/README.md).
 * @param familiarity see `Calibration.familiarity`; null where it is not known
 */
export function voteStrength(familiarity: number | null): number {
  return Math.min(1, Math.max(LEAST_VOTES, 2 * (familiarity ?? 0)));
}

export function isSameColor({ color }: Evidence): boolean {
  return color >= SAME_COLOR;
}

/**
 * The score of each candidate in visual similarity and colour together, in deviations above the ordinary.
 * @param weight how much colour counts: 0 is visual similarity alone, 1 is colour alone
 */
export function combinedScores(evidence: readonly Evidence[], weight: number): number[] {
  // Colours that are further apart than ordinary ones count as ordinary: light shifts colours, and the background of a print
  // is not the print.
  return evidence.map(({ visual, color }) => (1 - weight) * visual + weight * Math.max(0, color));
}

/**
 * Ranks candidates by visual similarity, by colour, and by the category that the nearest candidates vote for. Where the
 * model's nearest are coats, a coat of the right colour is meant and not a bag of that colour. So colour adds less to a
 * candidate that is visually further behind, and categories vote. Without these two, colour finds the right product more
 * often and its category less often (bench/README.md).
 * @param evidence visually nearest first
 * @param weight as for `combinedScores`; at 0 the order stays as it is
 * @param votes how much the votes of categories count, 0 to 1; see `voteStrength`
 * @returns the candidates' indexes, best first
 */
export function rankByEvidence(evidence: readonly Evidence[], weight: number, votes: number): number[] {
  if (weight === 0) return [...evidence.keys()];
  const support = categorySupport(evidence);
  const fades = support ? COLOR_FADES.withCategories : COLOR_FADES.without;
  const nearest = evidence[0]?.visual ?? 0;
  const scores = evidence.map(({ visual, color }, i) => {
    const faded = Math.exp(((1 - weight) * (visual - nearest)) / fades);
    return (1 - weight) * visual + votes * (support?.[i] ?? 0) + weight * faded * Math.max(0, color);
  });
  return scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/**
 * The logarithm of the share of votes that each candidate's category has; null when there are no categories. The weight of
 * colour does not change it: where colour counts more, other things of the same colour come nearer, and the votes are needed.
 */
function categorySupport(evidence: readonly Evidence[]): number[] | null {
  const votes = new Map<string, number>();
  let total = 0;
  const [nearest] = evidence;
  for (const { visual, category } of evidence.slice(0, VOTERS)) {
    if (category === null || !nearest) continue;
    const vote = Math.exp((visual - nearest.visual) / VOTE_FADES);
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
  // A product without a category in the feed is neither helped nor held back.
  return evidence.map(({ category }) =>
    category === null ? ordinary : (support.get(category) ?? Math.log(LEAST_SHARE)),
  );
}
