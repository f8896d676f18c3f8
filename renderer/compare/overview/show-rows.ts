import type { ComparisonFilters } from '../../../electron/contract/compare.ts';
import { setFilters, setView } from '../order.ts';
import { withQuickFilter } from '../quick-filters.ts';

/** Shows the rows that pass these filters, and no others, in the table. */
export function showRows(filters: ComparisonFilters): void {
  setFilters(filters);
  setView('table');
}

/** What each number of an overview opens. */
export const ROWS = {
  matched: { match: ['same', 'equivalent', 'similar'] },
  missing: { match: ['none'] },
  weak: withQuickFilter({}, 'weak'),
  open: { match: ['undecided'], band: ['same', 'close'] },
  unsure: { match: ['unsure'] },
  failed: { status: ['failed'] },
  waiting: { status: ['waiting'] },
} satisfies Record<string, ComparisonFilters>;
