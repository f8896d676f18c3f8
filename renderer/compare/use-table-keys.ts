import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import { usePreferences } from '../page/preferences.ts';
import { useView } from '../page/view.ts';
import { DECISIONS, strokeOf } from './key-map.ts';
import { setRow, setSelected } from './open-document.ts';
import { setView } from './order.ts';
import { undoOrRedo } from './review.ts';
import { decideSelected, selectAll, tick } from './table-keys.ts';
import { TABLE_ROW, tableRowId } from './table-row.tsx';
import { usesKey } from './use-review-keys.ts';

interface Table {
  rows: readonly number[];
  /** Index of the row with the keyboard. */
  current: number;
  scroller: RefObject<HTMLElement | null>;
  reveal: (index: number) => void;
}

/** Where a key moves to among the rows; null: it does not move. */
function target(key: string, current: number, last: number, page: number): number | null {
  const to: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: last,
  };
  const at = to[key];
  return at === undefined ? null : Math.min(Math.max(at, 0), last);
}

/** Undoes and redoes wherever the keyboard is, as on the switch that opened the table; not in fields and dialogs. */
function undoAnywhere(event: globalThis.KeyboardEvent): void {
  if (event.defaultPrevented || useView.getState().view !== 'compare') return;
  const stroke = strokeOf(event, usePreferences.getState().reviewKeys);
  if ((stroke !== 'undo' && stroke !== 'redo') || usesKey(event.target, event.key)) return;
  event.preventDefault();
  void undoOrRedo(stroke);
}

/**
 * The keys of the table: arrows move, with Shift they select, Space selects, Enter opens the row in focus, and the keys of
 * decisions decide the selected rows.
 */
export function useTableKeys({ rows, current, scroller, reveal }: Table) {
  useEffect(() => {
    window.addEventListener('keydown', undoAnywhere);
    return () => window.removeEventListener('keydown', undoAnywhere);
  }, []);
  const move = (to: number, selecting: boolean) => {
    const from = rows[current];
    const row = rows[to];
    if (row === undefined) return;
    if (selecting && from !== undefined) {
      tick(from, true);
      tick(row, true);
    }
    setRow(row);
    reveal(to);
    // Its row may be drawn only in the next frame.
    requestAnimationFrame(() => document.getElementById(tableRowId(row))?.focus({ preventScroll: true }));
  };
  return (event: KeyboardEvent) => {
    const row = rows[current];
    const onRow = event.target instanceof HTMLElement && event.target.getAttribute('role') === 'row';
    if (row === undefined || !onRow) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / TABLE_ROW) - 1);
    const to =
      event.altKey || event.ctrlKey || event.metaKey
        ? null
        : target(event.key, current, rows.length - 1, page);
    const stroke = strokeOf(event, usePreferences.getState().reviewKeys);
    const decision = DECISIONS.find((each) => each === stroke);
    if (to !== null) move(to, event.shiftKey);
    else if (event.key === ' ') tick(row, event.shiftKey);
    else if (event.key === 'Enter') setView('focus', row);
    else if (event.key === 'Escape') setSelected(new Set());
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selectAll();
    else if (decision) decideSelected(decision);
    else if (stroke === 'undo' || stroke === 'redo') void undoOrRedo(stroke);
    else return;
    event.preventDefault();
  };
}
