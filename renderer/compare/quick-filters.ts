import type { ComparisonCounts, ComparisonFilters } from '../../electron/contract/compare.ts';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import { DECISIONS } from './key-map.ts';

/** One of the sets of rows that a person looks at most. */
export const QUICK_FILTERS = [
  'all',
  'undecided',
  'weak',
  ...DECISIONS,
  'inBulk',
  'gone',
  'better',
  'rejected',
  'failed',
  'waiting',
] as const;
export type QuickFilter = (typeof QUICK_FILTERS)[number];

export const QUICK_FILTER_NAMES: Record<QuickFilter, string> = {
  all: 'All',
  undecided: 'Undecided',
  weak: 'Weak',
  ...MATCH_NAMES,
  inBulk: 'In bulk',
  gone: 'Gone',
  better: 'Better candidate',
  rejected: 'Not a match',
  failed: 'Failed',
  waiting: 'Not run yet',
};

const WEAK: NonNullable<ComparisonFilters['band']> = ['similar', 'other', 'nothing'];

/** What a quick filter adds to the other filters. */
function filtersOf(quick: QuickFilter): Omit<ComparisonFilters, 'category' | 'competitor' | 'text'> {
  if (quick === 'all') return {};
  if (quick === 'inBulk') return { inBulk: true };
  if (quick === 'rejected') return { rejected: true };
  if (quick === 'gone' || quick === 'better') return { changed: [quick] };
  if (quick === 'weak') return { match: ['undecided'], band: WEAK };
  return quick === 'failed' || quick === 'waiting' ? { status: [quick] } : { match: [quick] };
}

/** The filters with another quick filter. Category, competitor and text stay; a band stays where the quick filter has none of its own. */
export function withQuickFilter(filters: ComparisonFilters, quick: QuickFilter): ComparisonFilters {
  const { band, category, competitor, text } = filters;
  const others = { ...(category && { category }), ...(competitor && { competitor }), ...(text && { text }) };
  const kept = band && quickFilterOf(filters) !== 'weak' ? { band } : {};
  return { ...others, ...kept, ...filtersOf(quick) };
}

/** The quick filter of some filters; null for a mixture that no quick filter makes. */
export function quickFilterOf(filters: ComparisonFilters): QuickFilter | null {
  const { category: _category, competitor: _competitor, text: _text, band, ...set } = filters;
  // The last one: weak rows are undecided too.
  const found = QUICK_FILTERS.findLast((quick) => {
    const { band: own, ...its } = filtersOf(quick);
    return isSame(its, set) && (own === undefined || isSame(own, band ?? []));
  });
  return found ?? null;
}

const isSame = (one: object, other: object): boolean =>
  JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));

/** How many rows of the whole document a quick filter shows. */
export function quickFilterCount(counts: ComparisonCounts, quick: QuickFilter): number {
  if (quick === 'all') return counts.rows;
  if (quick === 'gone' || quick === 'better') return counts.changed[quick];
  if (quick === 'inBulk' || quick === 'rejected') return counts[quick];
  if (quick === 'undecided' || quick === 'weak' || quick === 'failed' || quick === 'waiting')
    return counts[quick];
  return counts.decided[quick];
}

/** The quick filters worth offering: those with rows, those that always matter, and the one in use. */
export function offeredQuickFilters(
  counts: ComparisonCounts,
  current: QuickFilter | null,
): readonly QuickFilter[] {
  return QUICK_FILTERS.filter(
    (quick) =>
      quick === 'all' ||
      quick === 'undecided' ||
      quick === 'weak' ||
      quick === current ||
      quickFilterCount(counts, quick) > 0,
  );
}

type Listed = 'band' | 'category' | 'competitor';

/** The filters with a value of a list added or taken out. */
export function withValue(filters: ComparisonFilters, field: Listed, value: string): ComparisonFilters {
  const { [field]: before = [], ...rest } = filters;
  const values: readonly string[] = before;
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return next.length === 0 ? rest : { ...rest, [field]: next };
}

export function withText(filters: ComparisonFilters, typed: string): ComparisonFilters {
  const { text: _text, ...rest } = filters;
  return typed.trim() === '' ? rest : { ...rest, text: typed.trim() };
}
