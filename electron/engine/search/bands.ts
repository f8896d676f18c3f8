import type { Band } from '../../contract/schemas.ts';

/**
 * How far a product may be from the query, as a share of the distance of an ordinary product of the catalog, to be in
 * each band. A flat similarity cannot be used: 0.88 is a perfect match with one model and junk with another
 * (immich#5996, rclip#207). Measured in bench/bands.
 */
const LIMITS: readonly [band: Band, share: number][] = [
  ['same', 0.3],
  ['close', 0.55],
  ['similar', 0.8],
];

/**
 * Each score's band.
 * @param scores cosine similarities of one answer, best first
 * @param ordinary the similarity of an ordinary product of the catalog to the same query
 */
export function bandsOf(scores: readonly number[], ordinary: number): Band[] {
  // Below this everything in the catalog is the same picture, and the share would be of nothing.
  const far = Math.max(1 - ordinary, 0.01);
  return scores.map((score) => LIMITS.find(([, share]) => (1 - score) / far <= share)?.[0] ?? 'other');
}
