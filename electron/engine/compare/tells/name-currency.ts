import type { ComparisonChange } from '../../../contract/compare.ts';
import type { Document } from '../document.ts';
import { changeOf } from '../review.ts';

/** See `namePriceCurrency` of the contract. */
export async function namePriceCurrency(
  document: Document,
  { currency }: { currency: string | null },
): Promise<ComparisonChange> {
  const rows = await document.write((state) =>
    state.currency === currency ? [] : [{ kind: 'step', at: new Date().toISOString(), currency }],
  );
  return changeOf(document, rows);
}
