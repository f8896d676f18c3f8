import type { MatchType } from '../../electron/contract/compare.ts';
import { decide, pendingDecision } from './deciding.ts';
import { productOf } from './in-focus.ts';
import { setSelected, useDocument } from './open-document.ts';

/** The row from which a range is selected. */
let anchor: number | null = null;

/** Selects a row or takes it out. @param toHere selects all rows from the last one that was ticked */
export function tick(row: number, toHere: boolean): void {
  const { selected, order } = useDocument.getState();
  const next = new Set(selected);
  if (toHere && order) {
    anchor ??= row;
    for (const each of between(order.rows, anchor, row)) next.add(each);
  } else {
    if (!next.delete(row)) next.add(row);
    anchor = row;
  }
  setSelected(next);
}

function between(rows: readonly number[], from: number, to: number): readonly number[] {
  const ends = [rows.indexOf(from), rows.indexOf(to)];
  if (ends.includes(-1)) return [to];
  return rows.slice(Math.min(...ends), Math.max(...ends) + 1);
}

export function selectAll(): void {
  const { order, selected } = useDocument.getState();
  if (!order) return;
  setSelected(selected.size === order.rows.length ? new Set() : new Set(order.rows));
}

/** Decides the selected rows, or the row with the keyboard where none is selected. */
export function decideSelected(match: MatchType | null): void {
  const { order, selected, row: at, loaded } = useDocument.getState();
  if (!order) return;
  if (selected.size > 0) {
    decide(
      order.rows.filter((row) => selected.has(row)),
      match,
      null,
    );
    setSelected(new Set());
    return;
  }
  const row = at === null ? undefined : loaded?.rows.get(at);
  if (row?.status !== 'answered') return;
  if (match === null && !(pendingDecision(row.row) ?? row.decision)) return;
  const isMatch = match === 'same' || match === 'equivalent' || match === 'similar';
  const product = isMatch ? productOf(row, null) : null;
  if (!isMatch || product) decide([row.row], match, product);
}
