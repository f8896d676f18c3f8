import type { SearchRequest } from '../../electron/contract/search.ts';

/** One way to ask the same queries. */
export interface Setting {
  name: string;
  request: Pick<SearchRequest, 'colorWeight'> & { crop?: 'auto' };
  /** The photo and its mirror image are both asked for, and their scores averaged. */
  mirrored?: true;
}

/** With the crop that the app proposes where a subject model is installed. */
export const AS_IN_THE_APP: Setting = { name: 'as in the app', request: { crop: 'auto' } };

/** What is compared in one run over one catalog. */
export function settingsFor(hasSubjectModel: boolean): Setting[] {
  return [
    AS_IN_THE_APP,
    ...(hasSubjectModel ? [{ name: 'crop off', request: {} }] : []),
    { name: 'crop off, colour off', request: { colorWeight: 0 } },
    { name: 'crop off, colour off, mirror averaged', request: { colorWeight: 0 }, mirrored: true },
  ];
}
