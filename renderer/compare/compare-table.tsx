// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid, one row at a time has the keyboard
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef } from 'react';
import type { ComparisonOrder } from '../../electron/contract/compare.ts';
import { formatCount } from '../ui/format.ts';
import type { Order } from './look-ahead.ts';
import { setRow, useDocument } from './open-document.ts';
import { setFilters, setView } from './order.ts';
import { TableBar } from './table-bar.tsx';
import { TableFilters } from './table-filters.tsx';
import { tick } from './table-keys.ts';
import { TABLE_ROW, TableRow, tableRowId } from './table-row.tsx';
import { openTrust, useTrust } from './trust.ts';
import { useTableKeys } from './use-table-keys.ts';
import './compare-table.css';

function open(row: number): void {
  setView('focus', row);
}

function NoRows() {
  const toCheck = useDocument(({ filters }) => filters.toCheck);
  const ofBand = useTrust(({ trust }) => trust?.bands.find(({ band }) => band === toCheck));
  const listed = useDocument(({ state }) => (state?.comparison.counts.rows ?? 0) > 0);
  const running = useDocument(({ state }) => state?.progress !== null);
  if (ofBand?.toCheck.length === 0) {
    const { band, undecided } = ofBand;
    return (
      <div className="table-none">
        <p>All that were to check are checked.</p>
        {undecided > 0 && (
          <button type="button" className="button primary" onClick={() => openTrust({ kind: 'band', band })}>
            Accept the other {formatCount(undecided)}…
          </button>
        )}
        <button type="button" className="button" onClick={() => setFilters({})}>
          Show all rows
        </button>
      </div>
    );
  }
  return (
    <div className="table-none">
      <p>
        {listed
          ? 'No row passes these filters.'
          : running
            ? 'The pictures are being listed…'
            : 'There is no picture here.'}
      </p>
      {listed && (
        <button type="button" className="button" onClick={() => setFilters({})}>
          Show all rows
        </button>
      )}
    </div>
  );
}

interface CompareTableProps {
  order: Order & Pick<ComparisonOrder, 'facets'>;
}

/** All rows that pass the filters. Only the visible ones are drawn. */
export function CompareTable({ order }: CompareTableProps) {
  const { rows } = order;
  const loaded = useDocument((state) => state.loaded);
  const selected = useDocument((state) => state.selected);
  const at = useDocument((state) => state.row);
  const scroller = useRef<HTMLDivElement>(null);
  const current = Math.max(at === null ? 0 : rows.indexOf(at), 0);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => TABLE_ROW,
    overscan: 6,
    useFlushSync: false,
    // The row with the keyboard stays in the document, because the focus would be lost with it.
    rangeExtractor: (range) =>
      [...new Set([...(rows.length > 0 ? [current] : []), ...defaultRangeExtractor(range)])].sort(
        (a, b) => a - b,
      ),
  });
  const reveal = useCallback(
    (index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    [virtualizer],
  );
  // The table opens at the row that was in focus.
  const opened = useRef(false);
  useLayoutEffect(() => {
    if (opened.current || rows.length === 0) return;
    opened.current = true;
    virtualizer.scrollToIndex(current, { align: 'center' });
    requestAnimationFrame(() =>
      document.getElementById(tableRowId(rows[current] ?? 0))?.focus({ preventScroll: true }),
    );
  }, [rows, current, virtualizer]);
  // A row that no longer passes the filters took the keyboard with it: the row in its place has it now.
  useLayoutEffect(() => {
    if (!opened.current || document.activeElement !== document.body) return;
    requestAnimationFrame(() =>
      document.getElementById(tableRowId(rows[current] ?? 0))?.focus({ preventScroll: true }),
    );
  }, [rows, current]);
  // An undo looks at its row.
  useLayoutEffect(() => {
    if (opened.current && at !== null) reveal(current);
  }, [at, current, reveal]);
  const onKeyDown = useTableKeys({ rows, current, scroller, reveal });
  const onTick = useCallback((row: number, toHere: boolean) => tick(row, toHere), []);
  return (
    <div className="compare-table">
      <TableFilters facets={order.facets} />
      <TableBar order={order} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the rows */}
      <div ref={scroller} className="table-scroller" onKeyDown={onKeyDown}>
        {rows.length === 0 || !loaded ? (
          <NoRows />
        ) : (
          <div
            role="grid"
            aria-label="Rows"
            aria-multiselectable
            aria-rowcount={rows.length + 1}
            className="table-grid"
            style={{ height: virtualizer.getTotalSize() }}
          >
            <div role="row" aria-rowindex={1} className="visually-hidden">
              {['Selected', 'Picture', 'Product’s picture', 'Name', 'Product', 'Likeness', 'Decision'].map(
                (name) => (
                  <span key={name} role="columnheader">
                    {name}
                  </span>
                ),
              )}
            </div>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const number = rows[index];
              return (
                number !== undefined && (
                  <TableRow
                    key={number}
                    loaded={loaded}
                    number={number}
                    index={index}
                    y={start}
                    current={index === current}
                    selected={selected.has(number)}
                    onTick={onTick}
                    onPoint={setRow}
                    onOpen={open}
                  />
                )
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
}
