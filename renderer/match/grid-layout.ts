import type { Band } from '../../electron/contract/search.ts';

/** A line of the results grid: a band's divider, or a row of cards as a range [start, end) of the results. */
export type GridRow =
  | { kind: 'band'; band: Band; count: number; more: boolean }
  | { kind: 'cards'; start: number; end: number };

/** The preferred width of cards, in CSS pixels. In a low window cards are smaller, so that a whole picture fits. */
const CARD_WIDTH = { least: 120, most: 166, shareOfHeight: 0.6 };
export const CARD_GAP = 14;
/** Height of the text under a picture (title, price, colour and SKU), and of a line of sizes. */
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
 * @param width of the space for cards, @param height of its visible part; both in CSS pixels
 * @param sizes whether cards have a line of sizes
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
 * Ranked results as rows of the grid. @param bands of the results, best first
 * @param total number of ranked styles: the last band may have more than are loaded
 */
export function gridRows(bands: readonly Band[], total: number, columns: number): GridRow[] {
  const rows: GridRow[] = [];
  for (let start = 0; start < bands.length; ) {
    const band = bands[start];
    if (!band) break;
    let end = start;
    while (end < bands.length && bands[end] === band) end += 1;
    const rest = end === bands.length ? total - bands.length : 0;
    // No band follows the last one, so everything that is not loaded yet belongs to it.
    const count = band === 'other' ? end - start + rest : end - start;
    rows.push({ kind: 'band', band, count, more: band !== 'other' && rest > 0 });
    for (let from = start; from < end; from += columns) {
      rows.push({ kind: 'cards', start: from, end: Math.min(from + columns, end) });
    }
    start = end;
  }
  return rows;
}

/** The row of a result; -1 when there is none. */
export function rowOf(rows: readonly GridRow[], index: number): number {
  return rows.findIndex((row) => row.kind === 'cards' && index >= row.start && index < row.end);
}

/**
 * The result that a key moves the focus to from `index`, or null when the key does not move it. Up and down keep the column
 * across bands; a shorter row takes its last card.
 * @param page rows of cards per page
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
