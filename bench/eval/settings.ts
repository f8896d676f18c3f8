import type { SearchRequest } from '../../electron/contract/schemas.ts';

/** One way to ask the same queries. */
export interface Setting {
  name: string;
  request: Pick<SearchRequest, 'colorWeight'> & { crop?: 'auto' };
  /** The photo and its mirror image are both asked for, and their scores averaged. */
  mirrored?: true;
}

export const AS_IN_THE_APP: Setting = { name: 'as in the app', request: {} };
/** What is compared in one run over one catalog. */
export function settingsFor(hasSubjectModel: boolean): Setting[] {
  const crop: Setting = { name: 'crop auto', request: { crop: 'auto' } };
  return [
    AS_IN_THE_APP,
    { name: 'colour off', request: { colorWeight: 0 } },
    { name: 'colour off, mirror averaged', request: { colorWeight: 0 }, mirrored: true },
    ...(hasSubjectModel ? [crop] : []),
  ];
}
