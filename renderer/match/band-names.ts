import { PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import type { Band, Result } from '../../electron/contract/search.ts';
import type { Query } from './query.ts';

type BandNames = Record<Band, string>;

const OF_WORDS: BandNames = {
  same: 'Exactly this',
  close: 'Fits well',
  similar: 'Fits in part',
  other: 'Fits less',
};

/** The bands in words, as an answer to a kind of query. */
export function bandNames(kind: Query['kind'] | undefined): BandNames {
  return kind === 'words' ? OF_WORDS : PICTURE_BANDS;
}

/**
 * Whether the best result deserves a large card. To words there are often many equal answers, so there only a typed SKU or
 * barcode does. A result that is not even similar does not.
 */
export function standsOut(best: Pick<Result, 'band' | 'typed'> | undefined, kind: Query['kind'] | undefined) {
  if (!best) return false;
  return kind === 'words' ? best.typed : best.band !== 'other';
}
