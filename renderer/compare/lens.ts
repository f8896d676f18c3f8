import type { ComparisonCounts, ComparisonFilters } from '../../electron/contract/compare.ts';
import { DECISIONS, MATCH_NAMES } from './key-map.ts';

/** One of the sets of rows that a person looks at most. */
export const LENSES = ['all', 'undecided', 'weak', ...DECISIONS, 'failed', 'waiting'] as const;
export type Lens = (typeof LENSES)[number];

export const LENS_NAMES: Record<Lens, string> = {
  all: 'All',
  undecided: 'Undecided',
  weak: 'Weak',
  ...MATCH_NAMES,
  failed: 'Failed',
  waiting: 'Not run yet',
};

const WEAK: NonNullable<ComparisonFilters['band']> = ['similar', 'other', 'nothing'];

/** What a lens adds to the other filters. */
function filtersOf(lens: Lens): Pick<ComparisonFilters, 'status' | 'match' | 'band'> {
  if (lens === 'all') return {};
  if (lens === 'weak') return { match: ['undecided'], band: WEAK };
  return lens === 'failed' || lens === 'waiting' ? { status: [lens] } : { match: [lens] };
}

/** The filters with another lens. Category, competitor and text stay; a band stays where the lens has none of its own. */
export function withLens(filters: ComparisonFilters, lens: Lens): ComparisonFilters {
  const { status: _status, match: _match, band, ...rest } = filters;
  const kept = band && lensOf(filters) !== 'weak' ? { band } : {};
  return { ...rest, ...kept, ...filtersOf(lens) };
}

/** The lens of some filters; null for a mixture that no lens makes. */
export function lensOf({ status, match, band }: ComparisonFilters): Lens | null {
  if (status) return status.length === 1 && !match && status[0] !== 'answered' ? (status[0] ?? null) : null;
  if (!match) return 'all';
  if (match.length !== 1) return null;
  if (match[0] === 'undecided' && band?.join() === WEAK.join()) return 'weak';
  return match[0] ?? null;
}

/** How many rows of the whole document a lens shows. */
export function lensCount(counts: ComparisonCounts, lens: Lens): number {
  if (lens === 'all') return counts.rows;
  if (lens === 'undecided' || lens === 'weak' || lens === 'failed' || lens === 'waiting') return counts[lens];
  return counts.decided[lens];
}

/** The lenses worth offering: those with rows, those that always matter, and the one in use. */
export function offeredLenses(counts: ComparisonCounts, current: Lens | null): readonly Lens[] {
  return LENSES.filter(
    (lens) =>
      lens === 'all' ||
      lens === 'undecided' ||
      lens === 'weak' ||
      lens === current ||
      lensCount(counts, lens) > 0,
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
