import type { Band } from '../../contract/search.ts';
import type { Neighbour, StyleMatch } from '../snapshot/searchable.ts';
import { deviationOf, meanOf } from './statistics.ts';

/**
 * A text describes a style whose similarity is so many standard deviations above that of an ordinary style. Where a text
 * describes a fifth of the catalog and nothing else, those styles are no more than two deviations above.
 */
const DESCRIBED = 1.5;

/**
 * Bands of an answer to a text that was embedded. No picture is as like a text as pictures are like each other, so nothing is
 * in the band "same". Styles with all the words in their fields are close, and those that stand out among the catalog's
 * styles are similar.
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
