import type { Band } from '../../contract/search.ts';
import type { Neighbour, StyleMatch } from '../snapshot/searchable.ts';
import { deviationOf, meanOf } from './compose.ts';

/**
 * Standard deviations above the ordinary style from where on words can be said to describe a product. What a fifth of
 * a catalog is, and the rest is not, stands out by no more than two.
 */
const DESCRIBED = 1.5;

/**
 * Bands of an answer to words by meaning. No picture is like words as pictures are like each other, so nothing looks the
 * same: close is what has all the words in its fields, similar what stands out among the catalog's styles.
 * @param ordinary similarities of the same query to a sample of the catalog
 */
export function bandsOfWords(
  neighbours: readonly Neighbour[],
  matches: readonly StyleMatch[],
  ordinary: readonly number[],
): Band[] {
  const [mean, deviation] = [meanOf(ordinary), deviationOf(ordinary)];
  const named = new Set(matches.flatMap(({ styleId, whole }) => (whole ? [styleId] : [])));
  return neighbours.map(({ styleId, score }) => {
    if (named.has(styleId)) return 'close';
    return score >= mean + DESCRIBED * deviation && deviation > 0 ? 'similar' : 'other';
  });
}
