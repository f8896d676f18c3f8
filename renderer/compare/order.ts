import type { ComparisonFilters } from '../../electron/contract/compare.ts';
import { engine } from '../engine/client.ts';
import { fail, NOTHING, useDocument } from './open-document.ts';
import type { Place, Sort } from './place.ts';

const change = useDocument.setState;

let loading: Promise<void> | null = null;
let outdated = false;
/** How often decisions have been written. */
let changes = 0;

/** Decisions were written: an order that is being read may be of before. */
export function noteChange(): void {
  changes++;
}

/** Reads which rows pass the filters. While it is read, a further call makes it read once more. */
export function loadOrder(): Promise<void> {
  outdated = true;
  loading ??= (async () => {
    while (outdated) {
      outdated = false;
      await readOrder();
    }
  })().finally(() => {
    loading = null;
  });
  return loading;
}

async function readOrder(): Promise<void> {
  const { id, filters, sort } = useDocument.getState();
  if (id === null) return;
  const before = changes;
  try {
    const open = { ...filters, match: ['undecided' as const] };
    const [{ rows, facets }, undecided] = await Promise.all([
      engine.comparisonOrder({ id, filters, sort }),
      engine.comparisonOrder({ id, filters: open }),
    ]);
    const now = useDocument.getState();
    // Another answer is on its way.
    if (now.id !== id || now.filters !== filters || now.sort !== sort) return;
    if (before !== changes) {
      outdated = true;
      return;
    }
    const still = undecided.rows.filter((row) => !now.queue?.decisionOf(row));
    const rowsBefore = now.order?.rows ?? [];
    const isOfOthers = now.order?.filters !== filters || now.order.sort !== sort;
    const shown = now.view === 'focus' && !isOfOthers ? steady(rowsBefore, rows) : rows;
    change({
      order: { rows: shown, undecided: new Set(still), facets, filters, sort },
      row: stillThere(now.row, rowsBefore, shown),
    });
  } catch (thrown) {
    fail(id, thrown);
  }
}

/** The row with the keyboard; the one that takes its place where it no longer passes the filters. */
function stillThere(row: number | null, before: readonly number[], rows: readonly number[]): number | null {
  if (row === null || rows.length === 0 || rows.includes(row)) return row;
  const at = before.indexOf(row);
  return at === -1 ? row : (rows[Math.min(at, rows.length - 1)] ?? row);
}

/** In focus, rows that no longer pass the filters keep their places, and new ones come last: one's place never jumps. */
function steady(before: readonly number[], rows: readonly number[]): readonly number[] {
  const known = new Set(before);
  return before.length === 0 ? rows : [...before, ...rows.filter((row) => !known.has(row))];
}

export function setFilters(filters: ComparisonFilters): void {
  change({ filters, selected: NOTHING });
  void loadOrder();
}

export function setSort(sort: Sort): void {
  change({ sort });
  void loadOrder();
}

/** @param row the row to look at; default: the one in focus, or the first undecided one */
export function setView(view: Place['view'], row?: number): void {
  const { row: at, order } = useDocument.getState();
  const first = order?.rows.find((each) => order.undecided.has(each)) ?? order?.rows[0];
  change({ view, row: row ?? at ?? first ?? null });
  // Rows that were decided in focus leave the table's filters now.
  if (view === 'table') void loadOrder();
}
