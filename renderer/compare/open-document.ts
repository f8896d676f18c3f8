import { create } from 'zustand';
import type { ComparisonOrder, ComparisonState } from '../../electron/contract/compare.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { asLookalikeError, engineState } from '../engine/client.ts';
import type { DecisionQueue, Step } from './decision-queue.ts';
import type { LoadedRows } from './loaded-rows.ts';
import type { Order } from './look-ahead.ts';
import type { Place } from './place.ts';

export interface Listed extends Order, Pick<Place, 'filters' | 'sort'> {
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
  loaded: LoadedRows | null;
  /** The decisions that are on their way to disk. */
  queue: DecisionQueue | null;
  state: ComparisonState | null;
  /** The rows that pass the filters; null until they are read. */
  order: Listed | null;
  /** Rows that are ticked in the table. */
  selected: ReadonlySet<number>;
  unsaved: readonly Unsaved[];
  /** Why the document cannot be read or changed. */
  error: LookalikeError | null;
}

export const AT_FIRST: Place = { view: 'table', row: null, filters: {}, sort: 'row' };
export const NOTHING: ReadonlySet<number> = new Set();
export const CLOSED: OpenDocument = {
  ...AT_FIRST,
  id: null,
  loaded: null,
  queue: null,
  state: null,
  order: null,
  selected: NOTHING,
  unsaved: [],
  error: null,
};

/** The document that is open. */
export const useDocument = create<OpenDocument>(() => CLOSED);
const change = useDocument.setState;

/** Keeps why something could not be done, for the screen. */
export function fail(id: string, thrown: unknown, signal?: AbortSignal): void {
  // The next engine is watched when it is ready.
  if (signal?.aborted || useDocument.getState().id !== id || engineState.getState().phase !== 'ready') return;
  const error = asLookalikeError(thrown);
  if (error.code !== 'ENGINE_STOPPED') change({ error });
}

export function setRow(row: number): void {
  change({ row });
}

export function setSelected(selected: ReadonlySet<number>): void {
  change({ selected });
}

export function dismissProblem(): void {
  change({ error: null });
}
