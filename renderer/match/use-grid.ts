import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo } from 'react';
import type { SearchResponse } from '../../electron/contract/search.ts';
import { useAfter } from '../ui/use-after.ts';
import { useSize } from '../ui/use-size.ts';
import { cardId } from './card.tsx';
import { copyProduct, copySize, copySku } from './copy-sku.ts';
import { showToCustomer } from './customer-view.tsx';
import { say } from './feedback.ts';
import { FIRST_ROW_HEAD, type GridLayout, layOut, moveFocus, placeOf, ROW_HEAD } from './grid-layout.ts';
import { focusStyle, keepFocus, setDetailsOpen, useMatch } from './match.ts';
import { pickedSize } from './style.ts';
import { useSayKeys } from './this-is-it.tsx';

/** Padding around the cards, in CSS pixels. */
export const GRID_PADDING = 16;

/** Rows beyond the visible ones that are drawn, once nobody waits for an answer. */
const ROWS_AHEAD = 3;
const AHEAD_AFTER_MS = 100;

interface Grid {
  layout: GridLayout;
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
  const wanted = useMatch(
    ({ wantsFocus, search: { phase } }) => wantsFocus && (phase === 'idle' || phase === 'refining'),
  );
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

/**
 * Lays the ranked results out in the scroller's width, selects the visible rows, and handles the keys.
 * @param large whether the best result is to have a large card
 */
export function useGrid(
  { results }: SearchResponse,
  large: boolean,
  scroller: RefObject<HTMLElement | null>,
): Grid {
  const focusedId = useMatch((state) => state.focusedId);
  const picked = useMatch((state) => state.pickedSize);
  const isSaying = useSayKeys();
  const filters = useMatch((state) => state.filters);
  const { width, height } = useSize(scroller);
  const sizes = useMemo(
    () => results.some(({ sizes: all }) => all.some(({ size }) => size !== null)),
    [results],
  );
  const count = results.length;
  const layout = useMemo(
    () => layOut({ width: width - GRID_PADDING * 2, height, count, sizes, large }),
    [width, height, count, sizes, large],
  );
  const at = results.findIndex(({ styleId }) => styleId === focusedId);
  const focused = Math.max(at, 0);
  const focusedRow = placeOf(layout, focused).row;
  const refining = useMatch(({ search }) => search.phase === 'refining');
  const settled = useAfter(!refining, AHEAD_AFTER_MS) && !refining;

  const virtualizer = useVirtualizer({
    count: layout.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => layout.rowHeight,
    overscan: settled ? ROWS_AHEAD : 0,
    paddingStart: FIRST_ROW_HEAD - ROW_HEAD,
    paddingEnd: GRID_PADDING,
    useFlushSync: false,
    // The focused card stays in the document, because the focus would be lost with it.
    rangeExtractor: (range: Range) => [...new Set([focusedRow, ...defaultRangeExtractor(range)])],
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from the layout
  useLayoutEffect(() => virtualizer.measure(), [layout]);
  // A card that is higher than the visible area is aligned at its top: the picture matters more than the text under it.
  const reveal = (index: number) => {
    const { row, span } = placeOf(layout, index);
    // The first row shows the word above it, too.
    if (row === 0) scroller.current?.scrollTo({ top: 0 });
    else virtualizer.scrollToIndex(row, { align: layout.rowHeight * span > height ? 'start' : 'auto' });
  };
  useWantedFocus(width > 0, () => reveal(focused));
  // In a window of another size or zoom, the card with the keyboard has another row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when rows change, not whenever the focus moves
  useLayoutEffect(() => {
    if (document.activeElement?.id === cardId(results[focused]?.styleId ?? '')) reveal(focused);
  }, [layout.columns, layout.rowHeight]);

  const move = (key: string, toEnds: boolean): boolean => {
    const page = Math.max(1, Math.floor(height / layout.rowHeight));
    const next = moveFocus(layout, focused, key, { toEnds, page });
    const target = next === null ? undefined : results[next];
    if (next === null || !target) return false;
    focusStyle(target.styleId);
    reveal(next);
    focusCard(target.styleId);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const current = results[focused];
    if (event.altKey || !current) return;
    const size = pickedSize(current, picked, filters);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      event.preventDefault();
      void copyProduct(current, size);
      return;
    }
    if (event.metaKey) return;
    const numbered = /^[1-9]$/.test(event.key) ? current.sizes[Number(event.key) - 1] : undefined;
    if (event.key === 'Enter' && event.shiftKey) showToCustomer(current.styleId);
    else if (event.key === 'Enter') void copySku(current, size);
    else if (numbered) copySize(current, numbered.uid);
    else if (event.key === ' ') setDetailsOpen(true);
    else if (isSaying && !event.ctrlKey && /^y$/i.test(event.key)) void say(current);
    else if (isSaying && !event.ctrlKey && /^n$/i.test(event.key)) void say(null);
    else if (!move(event.key, event.ctrlKey)) return;
    event.preventDefault();
  };
  return {
    layout,
    focused,
    lines: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    onKeyDown,
  };
}
