import { amountIn } from '../../../contract/amounts.ts';
import type { ComparedProduct, ComparisonRow, RowFacts } from '../../../contract/compare.ts';
import type { ComparisonOverview, GapPile } from '../../../contract/compare-tells.ts';
import type { ComparisonTrust } from '../../../contract/compare-trust.ts';
import { type PricePosition, positionOf } from '../../../contract/price-position.ts';
import type { Summary } from '../summaries.ts';

/** What a whole comparison tells, whatever rows are exported. */
export interface Tells {
  overview: ComparisonOverview;
  piles: readonly GapPile[];
}

/** What is exported of a comparison. */
export interface Exported {
  summary: Summary;
  trust: ComparisonTrust;
  /** Null where the format has no place for it. */
  tells: Tells | null;
  /** In the order of the export; made when they are written. */
  rows: readonly number[];
  row(number: number): ComparisonRow | null;
  /** sha256 of the file of a row's picture, hex; null before it is read. */
  hashOf(number: number): string | null;
}

/** The rows, one by one. */
export function* rowsOf({ rows, row }: Exported): Generator<ComparisonRow> {
  for (const number of rows) {
    const found = row(number);
    if (found) yield found;
  }
}

/** How the price of a row's product stands to theirs; null too where the product has left the catalog: its price is an old one. */
export function pricePosition(
  { changed }: Pick<ComparisonRow, 'changed'>,
  product: ComparedProduct | null | undefined,
  theirs: RowFacts | null,
): PricePosition | null {
  return changed === 'gone' ? null : positionOf(product, theirs);
}

/** The decided product of a row, or the one that is suggested. */
export function shownProduct({ decision, candidates }: ComparisonRow): ComparedProduct | null {
  return decision ? decision.product : (candidates[0] ?? null);
}

/** An amount of a report, which is in English; see `amountIn`. */
export function amountOf(price: number, currency: string | null): string {
  return amountIn(price, currency, 'en');
}
