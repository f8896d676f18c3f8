import { useCallback, useSyncExternalStore } from 'react';
import type { ComparisonRow } from '../../electron/contract/compare.ts';
import { pendingDecision } from './deciding.ts';
import type { Shelf } from './shelf.ts';

/** A row with its decision as it is shown, which may still be on its way to disk; undefined until the row is read. */
export function useRow(shelf: Shelf, number: number): ComparisonRow | undefined {
  const subscribe = useCallback((notify: () => void) => shelf.rows.want(number, notify), [shelf, number]);
  const row = useSyncExternalStore(subscribe, () => shelf.rows.get(number));
  const pending = useSyncExternalStore(subscribe, () => pendingDecision(number));
  return row && (pending === undefined ? row : { ...row, decision: pending });
}
