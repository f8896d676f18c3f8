import { unit } from '../model/graph.ts';
import type { QueryImage } from './query-image.ts';
import { type Learned, withoutCommon } from './query-memory.ts';
import type { RankedQuery } from './rank.ts';

/**
 * What customers' photos of a catalog's products have in common, measured on pictures of the catalog that are altered as such
 * photos differ from them (`asCustomersPhoto`). It says nothing of the product, and brings the same few products first for every
 * photo. So it is taken out of a photo as far as the photo has it.
 */
export interface PhotoShift {
  /** The mean embedding of the altered pictures. */
  altered: Float32Array;
  /** The mean embedding of the same pictures as they are. */
  originals: Float32Array;
  /** How much is taken out of a photo that has all of it, 0 to 1. */
  strength: number;
}

/** Strengths that a catalog is tried with. */
export const STRENGTHS = [0, 0.5, 1] as const;
/** How strong it is unless a catalog shows that another is better. */
export const USUAL_STRENGTH = 0.5;

/**
 * @param pairs at least one picture of a catalog before and after it was altered
 * @param strength see `chooseStrength`
 */
export function measureShift(
  pairs: readonly { vector: Float32Array; original: Float32Array }[],
  strength = USUAL_STRENGTH,
): PhotoShift {
  const altered = meanVector(pairs.map(({ vector }) => vector));
  return { altered, originals: meanVector(pairs.map(({ original }) => original)), strength };
}

/**
 * Takes out of a photo's embedding what customers' photos have in common.
 * @param vector unit length
 * @returns the unit vector, what was taken out (null for nothing), and how much: 0 where the photo is as the catalog's pictures are (a shop's own other
 * view, a supplier's picture), up to `strength` where it is as far from them as the altered pictures are
 */
export function withoutShift(
  vector: Float32Array,
  { altered, originals, strength }: PhotoShift,
): { vector: Float32Array; common: Float32Array | null; taken: number } {
  let [along, length] = [0, 0];
  for (const [i, value] of vector.entries()) {
    const step = (altered[i] ?? 0) - (originals[i] ?? 0);
    along += step * (value - (originals[i] ?? 0));
    length += step * step;
  }
  const taken = strength * Math.min(1, Math.max(0, along / Math.max(length, Number.MIN_VALUE)));
  if (taken === 0) return { vector, common: null, taken };
  const common = altered.map((value) => taken * value);
  return { vector: unit(vector.map((value, i) => value - (common[i] ?? 0))), common, taken };
}

/** What was taken out of a photo's embedding. */
export type TakenOut = Pick<RankedQuery, 'shift' | 'common'>;

export const NOTHING_TAKEN: TakenOut = { shift: 0, common: null };

/** What is known of what photos have in common. */
export interface KnownOfPhotos {
  learned: Learned | null;
  shift: PhotoShift | null;
}

/**
 * A photo without what photos have in common: those that were searched with before it where that is known, or else those that
 * the catalog's calibration made.
 */
export function withoutCommonPart(
  seen: QueryImage,
  { learned, shift }: KnownOfPhotos,
): { image: QueryImage } & TakenOut {
  const own = seen.own ?? seen.vector;
  if (learned) {
    const vector = withoutCommon(seen.vector, learned);
    return { image: { ...seen, vector, own }, shift: 0, common: learned.mean };
  }
  if (!shift) return { image: seen, ...NOTHING_TAKEN };
  const { vector, common, taken } = withoutShift(seen.vector, shift);
  return { image: common ? { ...seen, vector, own } : seen, shift: taken, common };
}

function meanVector(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (const [i, value] of vector.entries()) mean[i] = (mean[i] ?? 0) + value / vectors.length;
  }
  return mean;
}
