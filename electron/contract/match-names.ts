import type { MatchType } from './compare.ts';
import type { Band } from './search.ts';

/** The types of a match, in the trade's words, the same in the window and in what leaves it. */
export const MATCH_NAMES: Record<MatchType, string> = {
  same: 'Same',
  equivalent: 'Equivalent',
  similar: 'Similar',
  none: 'No match',
  unsure: 'Unsure',
};

/** The bands of pictures in words. */
export const PICTURE_BANDS: Record<Band, string> = {
  same: 'Looks the same',
  close: 'Very close',
  similar: 'Similar',
  other: 'Less alike',
};
