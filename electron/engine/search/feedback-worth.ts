import type { Searchable } from '../snapshot/searchable.ts';
import type { Calibration } from './calibration.ts';
import { rankByEvidence, type Scale, voteStrength } from './color.ts';
import type { ConfirmedPhoto, ConfirmedPhotos } from './confirmed-photos.ts';
import type { Given } from './feedback.ts';
import type { Worth } from './feedback-entries.ts';
import { withoutShift } from './photo-shift.ts';
import { COLOR_RANKED } from './picture-ranking.ts';
import { type Judged, joinConfirmed, judge, raise, type Said } from './raised.ts';
import { scalesOfQuery } from './scales.ts';
import { deviationOf, meanOf } from './statistics.ts';

/** Fewer confirmed photos than this are not tried: chance decides. */
const LEAST_CONFIRMED = 20;
/** The newest that are tried: each is compared with the whole catalog and with all others. */
const MOST_TRIED = 300;
/** Fewer confirmed photos say nothing of how much colour should count. */
const LEAST_FOR_COLOR = 50;
const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] as const;
/** A weight of colour must be better than the catalog's by so many standard errors. */
const ERRORS = 2;
/** Fewer answers that were said to be right or wrong say nothing of bands. */
const LEAST_FOR_ODDS = 30;
/** Log odds are kept this near to what was fitted on real photos: their prior's standard deviation, and the most they are lowered. */
const PRIOR = 0.5;
const MOST_LOWER = 1.5;

/** One confirmed photo as a query. */
interface Tried {
  photo: ConfirmedPhoto;
  judged: Judged[];
  votes: number;
  search: { vector: Float32Array; common: Float32Array | null; total: number; scale: Scale };
}

export interface WorthParts {
  snapshot: Searchable;
  calibration: Calibration;
  given: readonly Given[];
  confirmed: ConfirmedPhotos;
  /** Lets queries have the thread. False: stop. */
  turn: () => Promise<boolean>;
}

/**
 * Measures what feedback is worth for ranking a catalog, by the feedback itself. Each confirmed photo is asked as a query, with and without
 * what the other confirmed ones say: they count only while that ranks better by more than a standard error. So a shop whose
 * products are seldom asked for twice, or whose answers are wrong, is ranked as if nothing had been said.
 * @returns null where it was told to stop
 */
export async function measureWorth(parts: WorthParts): Promise<Omit<Worth, 'of' | 'given'> | null> {
  const { snapshot, calibration, given, confirmed, turn } = parts;
  const odds = oddsOf(given);
  const photos = confirmed.photos.slice(0, MOST_TRIED);
  if (photos.length < LEAST_CONFIRMED) return { counts: false, color: null, odds };
  const gains: number[] = [];
  const tried: Tried[] = [];
  const { weight } = calibration.color;
  for (const photo of photos) {
    if (!(await turn())) return null;
    const one = await tryPhoto(photo, snapshot, calibration);
    const said = confirmed.speak(one.search.vector, [photo.photo], one.search.common);
    const raised = raise(await joined(one, snapshot, said), said);
    gains.push(reciprocal(raised, one, weight) - reciprocal(one.judged, one, weight));
    tried.push(one);
  }
  const counts = meanOf(gains) > deviationOf(gains) / Math.sqrt(gains.length);
  return { counts, color: colorOf(tried, weight), odds };
}

async function tryPhoto(
  photo: ConfirmedPhoto,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<Tried> {
  const { colors } = photo;
  const { shift } = calibration;
  // As a query: without what the catalog's calibration takes out of photos.
  const { vector, common } = shift
    ? withoutShift(photo.vector, shift)
    : { vector: photo.vector, common: null };
  const [nearest] = (await snapshot.nearest(photo.vector, 1, {})).neighbours;
  const { neighbours, total } = await snapshot.nearest(vector, COLOR_RANKED, {});
  const scales = scalesOfQuery(snapshot.similarities(vector), calibration.scales);
  return {
    photo,
    judged: judge(neighbours, colors, scales),
    votes: voteStrength(calibration.familiarity(nearest?.score ?? 0)),
    search: { vector, common, total, scale: scales.visual },
  };
}

/** With the styles that only confirmed photos speak for. Their colours are not compared here: they are few. */
async function joined({ judged, search }: Tried, snapshot: Searchable, said: Said): Promise<Judged[]> {
  const neighbours = judged.map(({ neighbour }) => neighbour);
  const { vector, total, scale } = search;
  const all = await joinConfirmed(snapshot, { vector, filters: {} }, { neighbours, total }, said, scale);
  const added = all.slice(neighbours.length).map((neighbour) => ({
    neighbour,
    evidence: {
      visual: (neighbour.score - scale.mean) / scale.deviation,
      color: 0,
      category: neighbour.category,
    },
  }));
  return [...judged, ...added];
}

/** The reciprocal of the rank of the photo's product; 0 where it is not near. */
function reciprocal(judged: readonly Judged[], { photo, votes }: Tried, weight: number): number {
  const order = rankByEvidence(
    judged.map(({ evidence }) => evidence),
    weight,
    votes,
  );
  const place = order.findIndex((i) => judged[i]?.neighbour.styleId === photo.styleId);
  return place < 0 ? 0 : 1 / (place + 1);
}

/** The weight of colour that ranks confirmed photos best; null while that is not clearly another than the catalog's. */
function colorOf(tried: readonly Tried[], usual: number): number | null {
  if (tried.length < LEAST_FOR_COLOR) return null;
  const found = (weight: number) => tried.map((one) => reciprocal(one.judged, one, weight));
  const [before, all] = [found(usual), WEIGHTS.map((weight) => ({ weight, found: found(weight) }))];
  const best = all.reduce((a, b) => (meanOf(b.found) > meanOf(a.found) ? b : a));
  const gains = best.found.map((value, i) => value - (before[i] ?? 0));
  const isClear = meanOf(gains) > (ERRORS * deviationOf(gains)) / Math.sqrt(gains.length);
  return isClear ? best.weight : null;
}

/**
 * What to add to the log odds that the first result is right, so that they are what feedback says: the mode of its posterior, by
 * Newton's method. They are only ever lowered: who finds the product says so more often than who does not, so that feedback sounds
 * better than the answers were (bench/README.md).
 */
function oddsOf(given: readonly Given[]): number {
  const answers = given.flatMap(({ shown: { probability, rank } }) =>
    probability === null ? [] : [{ logit: logit(probability), right: Number(rank === 1) }],
  );
  if (answers.length < LEAST_FOR_ODDS) return 0;
  let odds = 0;
  for (let step = 0; step < 20; step++) {
    let [slope, curve] = [-odds / PRIOR ** 2, 1 / PRIOR ** 2];
    for (const answer of answers) {
      const probability = 1 / (1 + Math.exp(-(answer.logit + odds)));
      slope += answer.right - probability;
      curve += probability * (1 - probability);
    }
    odds += slope / curve;
  }
  return Math.min(0, Math.max(-MOST_LOWER, odds));
}

/** Far from certain, as no fit is that sure. */
const SUREST = 0.995;

function logit(probability: number): number {
  const bounded = Math.min(SUREST, Math.max(1 - SUREST, probability));
  return Math.log(bounded / (1 - bounded));
}
