import { create } from 'zustand';
import type {
  ComparedProduct,
  ComparisonChange,
  ComparisonFilters,
  ComparisonOrder,
  ComparisonState,
  MatchType,
} from '../../electron/contract/compare.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { askAgainAfterRestart, asLookalikeError, engine, engineState } from '../engine/client.ts';
import { DecisionQueue, type Step } from './decision-queue.ts';
import type { Order } from './look-ahead.ts';
import { keepOpen, keepPlace, keptPlace, type Place, type Sort } from './place.ts';
import { Shelf } from './shelf.ts';

interface Listed extends Order {
  facets: ComparisonOrder['facets'];
}

/** A decision that could not be written. */
export interface Unsaved {
  step: Step;
  error: LookalikeError;
}

interface OpenDocument extends Place {
  /** Null: the list of documents is shown. */
  id: string | null;
  shelf: Shelf | null;
  state: ComparisonState | null;
  /** The rows that pass the filters; null until they are read. */
  order: Listed | null;
  /** Rows that are ticked in the table. */
  selected: ReadonlySet<number>;
  unsaved: readonly Unsaved[];
  /** Why the document cannot be read or changed. */
  error: LookalikeError | null;
}

const AT_FIRST: Place = { view: 'table', row: null, filters: {}, sort: 'row' };
const NOTHING: ReadonlySet<number> = new Set();
const CLOSED: OpenDocument = {
  ...AT_FIRST,
  id: null,
  shelf: null,
  state: null,
  order: null,
  selected: NOTHING,
  unsaved: [],
  error: null,
};

/** The document that is open. */
export const useDocument = create<OpenDocument>(() => CLOSED);
const change = useDocument.setState;

let watching: AbortController | null = null;
let queue = newQueue('');

/** Opens a document where the person left it. */
export async function openDocument(id: string): Promise<void> {
  const place = (await keptPlace(id)) ?? AT_FIRST;
  useDocument.getState().shelf?.close();
  queue = newQueue(id);
  change({ ...CLOSED, ...place, id, shelf: new Shelf(id) }, true);
  void keepOpen(id);
  await Promise.all([watch(id), loadOrder()]);
}

/** Shows the list of documents. @param id only where this document is open */
export function closeDocument(id = useDocument.getState().id): void {
  const { id: open, shelf } = useDocument.getState();
  if (open === null || open !== id) return;
  watching?.abort();
  shelf?.close();
  change(CLOSED, true);
  void keepOpen(null);
}

/** Reads the document's state, and goes on reading it whenever it changes. Resolves with the first. */
async function watch(id: string): Promise<void> {
  watching?.abort();
  watching = new AbortController();
  const { signal } = watching;
  await new Promise<void>((resolve) => {
    const read = async () => {
      for await (const state of await engine.watchComparison({ id }, { signal })) {
        show(id, state);
        resolve();
      }
    };
    read()
      .catch((thrown) => fail(id, thrown, signal))
      .finally(resolve);
  });
}

/** Keeps why something could not be done, for the screen. */
export function fail(id: string, thrown: unknown, signal?: AbortSignal): void {
  // The next engine is watched when it is ready.
  if (signal?.aborted || useDocument.getState().id !== id || engineState.getState().phase !== 'ready') return;
  const error = asLookalikeError(thrown);
  if (error.code !== 'ENGINE_STOPPED') change({ error });
}

/** Follows the open document with each engine. */
export function followDocument(): void {
  engineState.subscribe((state) => {
    const { id } = useDocument.getState();
    if (state.phase !== 'ready' || id === null) return;
    void watch(id);
    void loadOrder();
  });
  useDocument.subscribe(({ id, view, row, filters, sort }, before) => {
    const moved = row !== before.row || view !== before.view || sort !== before.sort;
    if (id === null || id !== before.id || !(moved || filters !== before.filters)) return;
    void keepPlace(id, { view, row, filters, sort });
  });
}

function show(id: string, state: ComparisonState): void {
  const { id: open, state: before, shelf } = useDocument.getState();
  if (open !== id) return;
  change({ state, error: null });
  const { counts } = state.comparison;
  const old = before?.comparison.counts;
  const compared =
    old !== undefined &&
    (counts.rows !== old.rows || counts.answered !== old.answered || counts.failed !== old.failed);
  if (!compared) return;
  shelf?.renewWaiting();
  void loadOrder();
}

let loading: Promise<void> | null = null;
let outdated = false;

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
  try {
    const open = { ...filters, match: ['undecided' as const] };
    const [{ rows, facets }, undecided] = await Promise.all([
      engine.comparisonOrder({ id, filters, sort }),
      engine.comparisonOrder({ id, filters: open }),
    ]);
    const now = useDocument.getState();
    // Another answer is on its way.
    if (now.id !== id || now.filters !== filters || now.sort !== sort) return;
    const still = undecided.rows.filter((row) => !queue.decisionOf(row));
    const shown = now.view === 'focus' ? steady(now.order?.rows ?? [], rows) : rows;
    change({ order: { rows: shown, undecided: new Set(still), facets } });
  } catch (thrown) {
    fail(id, thrown);
  }
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

export function setRow(row: number): void {
  change({ row });
}

export function setSelected(selected: ReadonlySet<number>): void {
  change({ selected });
}

/** @param row the row to look at; default: the one in focus, or the first undecided one */
export function setView(view: Place['view'], row?: number): void {
  const { row: at, order } = useDocument.getState();
  const first = order?.rows.find((each) => order.undecided.has(each)) ?? order?.rows[0];
  change({ view, row: row ?? at ?? first ?? null });
  // Rows that were decided in focus leave the table's filters now.
  if (view === 'table') void loadOrder();
}

function newQueue(id: string): DecisionQueue {
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
      for (const row of rows) useDocument.getState().shelf?.rows.tell(row);
    },
  });
}

/** Shows what the engine says of changed rows. */
function apply(id: string, { rows, counts, canUndo, canRedo }: ComparisonChange): void {
  const { id: open, state, shelf, order, view } = useDocument.getState();
  if (open !== id || !state) return;
  for (const row of rows) shelf?.rows.keep(row.row, row);
  const undecided = new Set(order?.undecided);
  for (const { row, status, decision } of rows) {
    if (status === 'answered' && (queue.decisionOf(row) ?? decision) === null) undecided.add(row);
    else undecided.delete(row);
  }
  change({
    state: { ...state, canUndo, canRedo, comparison: { ...state.comparison, counts } },
    ...(order && { order: { ...order, undecided } }),
  });
  if (view === 'table') void loadOrder();
}

/** How a row's decision is shown while it is written; undefined: as its row says. */
export function pendingDecision(row: number) {
  return queue.decisionOf(row);
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
  const { order } = useDocument.getState();
  if (rows.length === 0) return;
  if (order && match !== null) {
    const undecided = new Set(order.undecided);
    for (const row of rows) undecided.delete(row);
    change({ order: { ...order, undecided } });
  }
  queue.decide({ rows, match, product });
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
 * @returns the first row that it changed; null for none
 */
export async function step(which: 'undo' | 'redo'): Promise<number | null> {
  const changed = await changeRows((id) =>
    which === 'undo' ? engine.undoComparison({ id }) : engine.redoComparison({ id }),
  );
  return changed?.rows[0]?.row ?? null;
}

/** Changes rows by a call that is made after everything that was decided before it; null when it failed, which is shown. */
export async function changeRows(
  call: (id: string) => Promise<ComparisonChange>,
): Promise<ComparisonChange | null> {
  const { id } = useDocument.getState();
  if (id === null) return null;
  try {
    const changed = await queue.after(() => call(id));
    apply(id, changed);
    return changed;
  } catch (thrown) {
    fail(id, thrown);
    return null;
  }
}

/** Starts the run, or goes on. @param failed whether rows that failed are tried again */
export async function run(failed = false): Promise<void> {
  await steer((id) => engine.runComparison({ id, failed }));
}

export async function stop(): Promise<void> {
  await steer((id) => engine.stopComparison({ id }));
}

async function steer(call: (id: string) => Promise<ComparisonState>): Promise<void> {
  const { id } = useDocument.getState();
  if (id === null) return;
  try {
    show(id, await call(id));
  } catch (thrown) {
    fail(id, thrown);
  }
}

export function dismissProblem(): void {
  change({ error: null });
}
