import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { ComparisonRow } from '../../electron/contract/compare.ts';
import { pendingDecision } from './deciding.ts';
import type { LoadedRows } from './loaded-rows.ts';

/** A row with its decision as it is shown, which may still be on its way to disk; undefined until the row is read. */
export function useRow(loaded: LoadedRows, number: number): ComparisonRow | undefined {
  const subscribe = useCallback((notify: () => void) => loaded.rows.want(number, notify), [loaded, number]);
  const row = useSyncExternalStore(subscribe, () => loaded.rows.get(number));
  const pending = useSyncExternalStore(subscribe, () => pendingDecision(number));
  return useMemo(() => row && (pending === undefined ? row : { ...row, decision: pending }), [row, pending]);
}
