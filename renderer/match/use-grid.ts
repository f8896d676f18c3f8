import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo } from 'react';
import type { SearchResponse } from '../../electron/contract/search.ts';
import { useSize } from '../ui/use-size.ts';
import { cardId } from './card.tsx';
import { copySize, copySku } from './copy-sku.ts';
import { BAND_HEIGHT, type GridRow, gridMetrics, gridRows, moveFocus, rowOf } from './grid-layout.ts';
import { focusStyle, keepFocus, setDetailsOpen, useMatch } from './match.ts';
import { pickedSize } from './style.ts';

/** Padding around the cards, in CSS pixels. */
export const GRID_PADDING = 16;

interface Grid {
  rows: readonly GridRow[];
  columns: number;
  cardWidth: number;
  /** Index of the focused result. */
  focused: number;
  /** The rows to draw, and the height of all rows, in CSS pixels. */
  lines: readonly VirtualItem[];
  height: number;
  onKeyDown: (event: KeyboardEvent) => void;
}

function focusCard(styleId: string): void {
  // Its row may be drawn only in the next frame.
  requestAnimationFrame(() => document.getElementById(cardId(styleId))?.focus({ preventScroll: true }));
}

/** Takes the focus when a new query's answer arrives, and scrolls to the focused card. */
function useWantedFocus(ready: boolean, reveal: () => void): void {
  const wanted = useMatch(({ wantsFocus, search }) => wantsFocus && search.phase === 'idle');
  const focusedId = useMatch((state) => state.focusedId);
  // Runs after every drawing. How many drawings it takes until the card exists differs between machines (the grid is
  // measured first, then its rows). Until then the focus stays requested.
  useLayoutEffect(() => {
    if (!wanted || !ready || !focusedId) return;
    reveal();
    const card = document.getElementById(cardId(focusedId));
    if (!card) return;
    keepFocus();
    card.focus({ preventScroll: true });
  });
}

/** Lays the ranked results out in the scroller's width, selects the visible rows, and handles the keys. */
export function useGrid({ results, total }: SearchResponse, scroller: RefObject<HTMLElement | null>): Grid {
  const focusedId = useMatch((state) => state.focusedId);
  const picked = useMatch((state) => state.pickedSize);
  const filters = useMatch((state) => state.filters);
  const { width, height } = useSize(scroller);
  const sized = useMemo(
    () => results.some(({ sizes }) => sizes.some(({ size }) => size !== null)),
    [results],
  );
  const { columns, cardWidth, rowHeight } = useMemo(
    () => gridMetrics(width - GRID_PADDING * 2, height, sized),
    [width, height, sized],
  );
  const rows = useMemo(() => {
    const bands = results.map(({ band }) => band);
    return gridRows(bands, total, columns);
  }, [results, total, columns]);
  const at = results.findIndex(({ styleId }) => styleId === focusedId);
  const focused = Math.max(at, 0);
  const focusedRow = rowOf(rows, focused);
  const tight = height < rowHeight({ kind: 'cards', start: 0, end: 1 }) + BAND_HEIGHT;
  const heightOf = (index: number) => (rows[index] ? rowHeight(rows[index]) : 0);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    overscan: 3,
    paddingEnd: GRID_PADDING,
    // Moving up also shows the band's divider, if there is room for it above a whole card.
    scrollPaddingStart: tight ? 0 : BAND_HEIGHT,
    useFlushSync: false,
    // The focused card stays in the document, because the focus would be lost with it.
    rangeExtractor: (range: Range) =>
      [...new Set([focusedRow, ...defaultRangeExtractor(range)])].filter((row) => row >= 0),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from the rows and the width
  useLayoutEffect(() => virtualizer.measure(), [rows, cardWidth]);
  // A card that is higher than the visible area is aligned at its top: the picture matters more than the text under it.
  const reveal = (row: number) =>
    virtualizer.scrollToIndex(row, { align: heightOf(row) > height ? 'start' : 'auto' });
  useWantedFocus(width > 0, () => reveal(focusedRow));

  const move = (key: string, toEnds: boolean): boolean => {
    const page = Math.max(1, Math.floor(height / heightOf(focusedRow)));
    const next = moveFocus(rows, focused, key, { toEnds, page });
    const target = next === null ? undefined : results[next];
    if (next === null || !target) return false;
    focusStyle(target.styleId);
    reveal(rowOf(rows, next));
    focusCard(target.styleId);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const current = results[focused];
    if (event.metaKey || event.altKey || !current) return;
    const numbered = /^[1-9]$/.test(event.key) ? current.sizes[Number(event.key) - 1] : undefined;
    if (event.key === 'Enter') void copySku(current, pickedSize(current, picked, filters));
    else if (numbered) copySize(current, numbered.uid);
    else if (event.key === ' ') setDetailsOpen(true);
    else if (!move(event.key, event.ctrlKey)) return;
    event.preventDefault();
  };
  return {
    rows,
    columns,
    cardWidth,
    focused,
    lines: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    onKeyDown,
  };
}
