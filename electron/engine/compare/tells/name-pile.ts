import type { ComparisonChange } from '../../../contract/compare.ts';
import type { Document } from '../document.ts';
import { changeOf } from '../review.ts';

/** See `namePile` of the contract. */
export async function namePile(
  document: Document,
  { rows, name }: { rows: number[]; name: string | null },
): Promise<ComparisonChange> {
  await document.write((state) => {
    const there = rows.filter((row) => state.rows.has(row));
    const [known] = state.pileNames.filter((each) => each.rows.some((row) => there.includes(row)));
    if (there.length === 0 || (known?.name ?? null) === name) return [];
    return [{ kind: 'step', at: new Date().toISOString(), pile: { rows: there, name } }];
  });
  return changeOf(document, []);
}
