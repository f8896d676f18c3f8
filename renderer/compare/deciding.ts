import type {
  ComparedProduct,
  ComparisonChange,
  Decision,
  MatchType,
} from '../../electron/contract/compare.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine/client.ts';
import { DecisionQueue } from './decision-queue.ts';
import { fail, useDocument } from './open-document.ts';
import { loadOrder, noteChange } from './order.ts';

const change = useDocument.setState;

/** The decisions of a document that is being opened. */
export function newQueue(id: string): DecisionQueue {
  return new DecisionQueue({
    write: ({ rows, match, product }) =>
      // A decision that met a dying engine may be on disk. Deciding the same again changes nothing.
      askAgainAfterRestart(
        () => engine.decide({ id, rows: [...rows], match, ...(product && { product: product.uid }) }),
        () => {},
      ),
    onWritten: (changed) => apply(id, changed),
    onFailed: (step, thrown) => {
      if (useDocument.getState().id !== id) return;
      const [row] = step.rows;
      // The first row that comes back is looked at; others that follow are listed with it.
      const { unsaved, row: at } = useDocument.getState();
      change({
        unsaved: [...unsaved, { step, error: asLookalikeError(thrown) }],
        row: unsaved.length === 0 ? (row ?? at) : at,
      });
      void loadOrder();
    },
    onShown: (rows) => {
      for (const row of rows) useDocument.getState().loaded?.rows.tell(row);
    },
  });
}

/** Shows what the engine says of changed rows. */
function apply(id: string, { rows, changed, counts, canUndo, canRedo }: ComparisonChange): void {
  const { id: open, state, loaded, order, view, queue } = useDocument.getState();
  if (open !== id || !state) return;
  noteChange();
  for (const row of rows) loaded?.rows.keep(row.row, row);
  // A change of very many rows names the others only.
  const isPartial = changed.length > rows.length;
  if (isPartial) {
    const others = new Set(changed.slice(rows.length));
    loaded?.rows.renew(({ row }) => others.has(row));
  }
  const undecided = new Set(order?.undecided);
  for (const { row, status, decision } of rows) {
    if (status === 'answered' && (queue?.decisionOf(row) ?? decision) === null) undecided.add(row);
    else undecided.delete(row);
  }
  change({
    state: { ...state, canUndo, canRedo, comparison: { ...state.comparison, counts } },
    ...(order && { order: { ...order, undecided } }),
  });
  if (view === 'table' || isPartial) void loadOrder();
}

/** How a row's decision is shown while it is written; undefined: as its row says. */
export function pendingDecision(row: number): Decision | null | undefined {
  return useDocument.getState().queue?.decisionOf(row);
}

/**
 * Decides rows. It is shown at once and written in order.
 * @param product null: none, or the first candidate of each of several rows
 */
export function decide(
  rows: readonly number[],
  match: MatchType | null,
  product: ComparedProduct | null,
): void {
  const { order, queue } = useDocument.getState();
  if (rows.length === 0) return;
  if (order && match !== null) {
    const undecided = new Set(order.undecided);
    for (const row of rows) undecided.delete(row);
    change({ order: { ...order, undecided } });
  }
  queue?.decide({ rows, match, product });
}

/** Writes again what could not be written. */
export function decideAgain(): void {
  const { unsaved } = useDocument.getState();
  change({ unsaved: [] });
  for (const { step } of unsaved) decide(step.rows, step.match, step.product);
}

export function dismissUnsaved(): void {
  change({ unsaved: [] });
}

/**
 * Takes the last step back, or makes it again, once everything before it is written.
 * @returns the rows that it changed
 */
export async function step(which: 'undo' | 'redo'): Promise<readonly number[]> {
  const changed = await changeRows((id) =>
    which === 'undo' ? engine.undoComparison({ id }) : engine.redoComparison({ id }),
  );
  return changed?.changed ?? [];
}

/** Changes rows by a call that is made after everything that was decided before it; null when it failed, which is shown. */
export async function changeRows(
  call: (id: string) => Promise<ComparisonChange>,
): Promise<ComparisonChange | null> {
  const { id, queue } = useDocument.getState();
  if (id === null || !queue) return null;
  try {
    const changed = await queue.after(() => call(id));
    apply(id, changed);
    return changed;
  } catch (thrown) {
    fail(id, thrown);
    return null;
  }
}
