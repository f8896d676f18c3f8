import type { Band } from '../../electron/contract/search.ts';

/** A line of the results grid: a band's divider, or a row of cards as a range [start, end) of the results. */
export type GridRow =
  | { kind: 'band'; band: Band; count: number; more: boolean }
  | { kind: 'cards'; start: number; end: number };

/** The width cards come nearest to, in CSS pixels: a low window gets small ones, so that a whole picture fits. */
const CARD_WIDTH = { least: 120, most: 166, shareOfHeight: 0.6 };
export const CARD_GAP = 14;
/** Height of the words under a picture: title, price, colour and SKU; and of a line of sizes. */
const CARD_TEXT = 90;
const SIZES_LINE = 16;
const ROW_GAP = 14;
export const BAND_HEIGHT = 44;

export interface GridMetrics {
  columns: number;
  cardWidth: number;
  rowHeight: (row: GridRow) => number;
}

/**
 * @param width of the space for cards, @param height of what is in sight of it; both in CSS pixels
 * @param sizes cards have a line of sizes
 */
export function gridMetrics(width: number, height: number, sizes: boolean): GridMetrics {
  const { least, most, shareOfHeight } = CARD_WIDTH;
  const ideal = Math.min(Math.max(height * shareOfHeight, least), most);
  const columns = Math.max(1, Math.round((width + CARD_GAP) / (ideal + CARD_GAP)));
  const cardWidth = Math.max(1, (width - CARD_GAP * (columns - 1)) / columns);
  const cardsHeight = Math.round(cardWidth * 1.25) + CARD_TEXT + (sizes ? SIZES_LINE : 0) + ROW_GAP;
  return { columns, cardWidth, rowHeight: (row) => (row.kind === 'band' ? BAND_HEIGHT : cardsHeight) };
}

/**
 * Ranked results as lines. @param bands of the results, best first
 * @param total how many were ranked: of the last band there may be more than have been asked for
 */
export function gridRows(bands: readonly Band[], total: number, columns: number): GridRow[] {
  const rows: GridRow[] = [];
  for (let start = 0; start < bands.length; ) {
    const band = bands[start];
    if (!band) break;
    let end = start;
    while (end < bands.length && bands[end] === band) end += 1;
    const rest = end === bands.length ? total - bands.length : 0;
    // Nothing ranks after the last band, so whatever has not been asked for belongs to it.
    const count = band === 'other' ? end - start + rest : end - start;
    rows.push({ kind: 'band', band, count, more: band !== 'other' && rest > 0 });
    for (let from = start; from < end; from += columns) {
      rows.push({ kind: 'cards', start: from, end: Math.min(from + columns, end) });
    }
    start = end;
  }
  return rows;
}

/** The line a result is on; -1 when there is none. */
export function rowOf(rows: readonly GridRow[], index: number): number {
  return rows.findIndex((row) => row.kind === 'cards' && index >= row.start && index < row.end);
}

/**
 * Where a key moves the focus from `index`, or null when it is not a moving key. Up and down keep the column across
 * bands; a shorter row takes its last card.
 * @param page how many rows of cards a page is
 */
export function moveFocus(
  rows: readonly GridRow[],
  index: number,
  key: string,
  options: { toEnds: boolean; page: number },
): number | null {
  const cards = rows.filter((row) => row.kind === 'cards');
  const at = rowOf(cards, index);
  const row = cards[at];
  const last = cards.at(-1);
  if (!row || !last) return null;

  const vertical = (by: number) => {
    const target = cards[Math.min(Math.max(at + by, 0), cards.length - 1)] ?? row;
    return Math.min(target.start + (index - row.start), target.end - 1);
  };
  switch (key) {
    case 'ArrowLeft':
      return Math.max(index - 1, 0);
    case 'ArrowRight':
      return Math.min(index + 1, last.end - 1);
    case 'ArrowUp':
      return vertical(-1);
    case 'ArrowDown':
      return vertical(1);
    case 'PageUp':
      return vertical(-options.page);
    case 'PageDown':
      return vertical(options.page);
    case 'Home':
      return options.toEnds ? 0 : row.start;
    case 'End':
      return options.toEnds ? last.end - 1 : row.end - 1;
    default:
      return null;
  }
}
