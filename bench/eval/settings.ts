import type { SearchRequest } from '../../electron/contract/search.ts';

/** One way to send the same queries. */
export interface Setting {
  name: string;
  request: Pick<SearchRequest, 'colorWeight' | 'learned'> & { crop?: 'auto' };
  /** Query with the photo and its mirror image, and average the scores. */
  mirrored?: true;
}

/** With the crop that the app proposes, if a subject model is installed. */
export const AS_IN_THE_APP: Setting = { name: 'as in the app', request: { crop: 'auto' } };

/** The settings that one run over one catalog compares. */
export function settingsFor(hasSubjectModel: boolean): Setting[] {
  return [
    AS_IN_THE_APP,
    ...(hasSubjectModel ? [{ name: 'crop off', request: {} }] : []),
    { name: 'crop off, colour off', request: { colorWeight: 0 } },
    { name: 'crop off, colour off, mirror averaged', request: { colorWeight: 0 }, mirrored: true },
  ];
}
