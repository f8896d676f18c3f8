import type { Band } from '../../electron/contract/search.ts';

/** The bands of pictures in words. */
export const PICTURE_BANDS: Record<Band, string> = {
  same: 'Looks the same',
  close: 'Very close',
  similar: 'Similar',
  other: 'Less alike',
};
