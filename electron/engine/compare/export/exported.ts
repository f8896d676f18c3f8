import type { ComparisonRow } from '../../../contract/compare.ts';
import type { Summary } from '../summaries.ts';

/** What is exported of a comparison. */
export interface Exported {
  summary: Summary;
  /** In the order of the export; made when they are written. */
  rows: readonly number[];
  row(number: number): ComparisonRow | null;
}

/** The rows, one by one. */
export function* rowsOf({ rows, row }: Exported): Generator<ComparisonRow> {
  for (const number of rows) {
    const found = row(number);
    if (found) yield found;
  }
}
