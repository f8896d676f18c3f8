// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
// biome-ignore-all lint/a11y/useFocusableInteractive: in a grid, one card at a time has the keyboard
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Band, SearchResponse } from '../../electron/contract/schemas.ts';
import { focusProduct, loadMore, setDetailsOpen, useMatch } from '../store/match.ts';
import { formatCount } from '../ui/format.ts';
import { Card, cardId } from './card.tsx';
import { copySku } from './copy-sku.ts';
import { CARD_GAP, gridMetrics, gridRows, moveFocus } from './grid-layout.ts';
import './results-grid.css';

const BAND_NAMES: Record<Band, string> = {
  same: 'Looks the same',
  close: 'Very close',
  similar: 'Similar',
  other: 'Less alike',
};

const PADDING = 16;

function open(productId: string): void {
  focusProduct(productId);
  setDetailsOpen(true);
}

/** An element's content box in CSS pixels, 0 by 0 until it is known. */
function useSize(ref: { current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => {
      // A hidden screen has no size; the grid keeps the one it had.
      if (entry && entry.contentRect.width > 0) setSize(entry.contentRect);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Ranked products in bands, drawn only where they are in sight. Arrow keys move, Enter copies, Space opens. */
export function ResultsGrid({ answer, dimmed }: { answer: SearchResponse; dimmed: boolean }) {
  const { results, total } = answer;
  const focusedId = useMatch((state) => state.focusedId);
  const wantsFocus = useMatch((state) => state.wantsFocus && state.search.phase === 'idle');
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const { columns, cardWidth, rowHeight } = useMemo(
    () => gridMetrics(width - PADDING * 2, height),
    [width, height],
  );
  const rows = useMemo(
    () =>
      gridRows(
        results.map(({ band }) => band),
        total,
        columns,
      ),
    [results, total, columns],
  );
  const focused = Math.max(
    results.findIndex(({ productId }) => productId === focusedId),
    0,
  );
  const focusedRow = rows.findIndex(
    (row) => row.kind === 'cards' && focused >= row.start && focused < row.end,
  );

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index];
      return row ? rowHeight(row) : 0;
    },
    overscan: 3,
    paddingEnd: PADDING,
    scrollPaddingStart: 44,
    useFlushSync: false,
    // The card that has the keyboard stays, or the keyboard would be lost with it.
    rangeExtractor: (range) =>
      [...new Set([focusedRow, ...defaultRangeExtractor(range)])].filter((row) => row >= 0),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from the rows and the width
  useLayoutEffect(() => virtualizer.measure(), [rows, cardWidth]);

  const focusCard = useCallback((productId: string) => {
    // The row may only be drawn in the next frame.
    requestAnimationFrame(() => document.getElementById(cardId(productId))?.focus({ preventScroll: true }));
  }, []);
  useLayoutEffect(() => {
    if (!wantsFocus || width <= 0 || !focusedId) return;
    useMatch.setState({ wantsFocus: false });
    scroller.current?.scrollTo({ top: 0 });
    focusCard(focusedId);
  }, [wantsFocus, width, focusedId, focusCard]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.altKey) return;
    const current = results[focused];
    if (!current) return;
    if (event.key === 'Enter') void copySku(current.sku);
    else if (event.key === ' ') setDetailsOpen(true);
    else {
      const height = rows[focusedRow] ? rowHeight(rows[focusedRow]) : 1;
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height));
      const next = moveFocus(rows, focused, event.key, { toEnds: event.ctrlKey, page });
      const target = next === null ? undefined : results[next];
      if (next === null || !target) return;
      focusProduct(target.productId);
      virtualizer.scrollToIndex(
        rows.findIndex((row) => row.kind === 'cards' && next >= row.start && next < row.end),
      );
      focusCard(target.productId);
    }
    event.preventDefault();
  };

  const items = virtualizer.getVirtualItems();
  const cards = items.flatMap(({ index, start }) => {
    const row = rows[index];
    if (row?.kind !== 'cards') return [];
    return results.slice(row.start, row.end).map((result, column) => ({ result, column, y: start }));
  });
  // Drawn in an order that does not depend on rank: a re-ranked card moves on screen, and its element never does, so it
  // keeps its picture and the keyboard. Rows own their cards by id, which gives readers the ranked order.
  cards.sort((a, b) => (a.result.productId < b.result.productId ? -1 : 1));

  return (
    <div
      ref={scroller}
      className={`grid-scroller ${dimmed ? 'is-dimmed' : ''}`}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        if (scrollTop + clientHeight * 3 > scrollHeight) loadMore();
      }}
    >
      <div
        role="grid"
        aria-label="Results"
        aria-rowcount={rows.length}
        aria-colcount={columns}
        aria-busy={dimmed}
        tabIndex={-1}
        className="grid"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          if (row.kind === 'band') {
            return (
              <div
                key={row.band}
                role="row"
                aria-rowindex={index + 1}
                className="band"
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="rowheader" className="band-name">
                  {BAND_NAMES[row.band]}
                </span>
                <span role="gridcell" className="band-count numbers">
                  {formatCount(row.count)}
                  {row.more && '+'}
                </span>
              </div>
            );
          }
          const owned = results.slice(row.start, row.end).map(({ productId }) => cardId(productId));
          return (
            <div key={`row ${index}`} role="row" aria-rowindex={index + 1} aria-owns={owned.join(' ')} />
          );
        })}
        {cards.map(({ result, column, y }) => (
          <Card
            key={result.productId}
            result={result}
            focused={results[focused] === result}
            column={column}
            x={PADDING + column * (cardWidth + CARD_GAP)}
            y={y}
            width={cardWidth}
            onOpen={open}
          />
        ))}
      </div>
    </div>
  );
}
