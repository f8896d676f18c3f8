import type { Band } from '../../contract/schemas.ts';

/**
 * How far a product may be from the query, as a share of the distance of an ordinary product of the catalog, to be in
 * each band. A flat similarity cannot be used: 0.88 is a perfect match with one model and junk with another
 * (immich#5996, rclip#207). Measured with the starter model on 120 altered copies (mirrored, cropped, darkened,
 * recompressed) of real clothing photos: the right product's share was at most 0.31 for 95 % of them, and that of the
 * nearest other product at least 0.39 for 95 %.
 */
const LIMITS: readonly [band: Band, share: number][] = [
  ['same', 0.3],
  ['close', 0.55],
  ['similar', 0.8],
];

/**
 * A hard photo of the right product is further away, but then the right product stands alone. With its share at most
 * this and the next one's this much more, 5 % of the copies above would have had a wrong product called the same,
 * were their own product not in the catalog.
 */
const ALONE = { share: 0.45, lead: 0.1 };

/**
 * Each score's band.
 * @param scores cosine similarities of one answer, best first
 * @param ordinary the similarity of an ordinary product of the catalog to the same query
 */
export function bandsOf(scores: readonly number[], ordinary: number): Band[] {
  // Below this everything in the catalog is the same picture, and the share would be of nothing.
  const far = Math.max(1 - ordinary, 0.01);
  const shares = scores.map((score) => (1 - score) / far);
  const [first = 1, second = first] = shares;
  const alone = first <= ALONE.share && second - first >= ALONE.lead;
  return shares.map((share, i) => {
    if (i === 0 && alone) return 'same';
    return LIMITS.find(([, limit]) => share <= limit)?.[0] ?? 'other';
  });
}
