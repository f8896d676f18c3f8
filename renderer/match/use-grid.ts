import { defaultRangeExtractor, type Range, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo } from 'react';
import type { SearchResponse } from '../../electron/contract/search.ts';
import { useSize } from '../ui/use-size.ts';
import { cardId } from './card.tsx';
import { copySize, copySku } from './copy-sku.ts';
import { BAND_HEIGHT, type GridRow, gridMetrics, gridRows, moveFocus, rowOf } from './grid-layout.ts';
import { focusStyle, keepFocus, setDetailsOpen, useMatch } from './match.ts';
import { pickedSize } from './style.ts';

/** Paper around the cards, in CSS pixels. */
export const GRID_PADDING = 16;

interface Grid {
  rows: readonly GridRow[];
  columns: number;
  cardWidth: number;
  /** Index of the result that has the keyboard. */
  focused: number;
  /** The lines to draw, and the height of all of them, in CSS pixels. */
  lines: readonly VirtualItem[];
  height: number;
  onKeyDown: (event: KeyboardEvent) => void;
}

function focusCard(styleId: string): void {
  // Its row may only be drawn in the next frame.
  requestAnimationFrame(() => document.getElementById(cardId(styleId))?.focus({ preventScroll: true }));
}

/** Takes the keyboard, and shows the card that has it, when a new query's answer is there. */
function useWantedFocus(ready: boolean, reveal: () => void): void {
  const wanted = useMatch(({ wantsFocus, search }) => wantsFocus && search.phase === 'idle');
  const focusedId = useMatch((state) => state.focusedId);
  // After every drawing: how many it takes until the card is there (the grid is measured first, then its lines) differs
  // from machine to machine. Until then it goes on being wanted.
  useLayoutEffect(() => {
    if (!wanted || !ready || !focusedId) return;
    reveal();
    const card = document.getElementById(cardId(focusedId));
    if (!card) return;
    keepFocus();
    card.focus({ preventScroll: true });
  });
}

/** Lays the ranked results out in the scroller's width, picks the lines in sight, and hears the keys. */
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
    // Moving up shows the band's divider too, where there is room for it above a whole card.
    scrollPaddingStart: tight ? 0 : BAND_HEIGHT,
    useFlushSync: false,
    // The card that has the keyboard stays, or the keyboard would be lost with it.
    rangeExtractor: (range: Range) =>
      [...new Set([focusedRow, ...defaultRangeExtractor(range)])].filter((row) => row >= 0),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow from the rows and the width
  useLayoutEffect(() => virtualizer.measure(), [rows, cardWidth]);
  // A card taller than what is in sight is shown from its top: the picture says more than the words under it.
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
