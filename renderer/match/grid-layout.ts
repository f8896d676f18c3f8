import type { Band } from '../../electron/contract/search.ts';

/** Between two cards of a row, in CSS pixels. */
export const CARD_GAP = 14;
/** Above each row. Where a band begins, its word stands there. The first row's word is larger. */
export const ROW_HEAD = 18;
export const FIRST_ROW_HEAD = 28;
/** Height of the mark and the text under a picture (two lines of title, price, colour and SKU), and of a line of sizes. */
const CARD_TEXT = 89;
const SIZES_LINE = 15;
/** Height of a picture divided by its width. */
const PICTURE = 1.25;
/** The part of a card's text that must be in sight with its picture: the title's first line; of the large card, also the price. */
const SEEN_TEXT = 20;
const SEEN_TEXT_LARGE = 64;
/** Widths of a card: the least takes two words of a title; at the most, a thumbnail of 320 px is still sharp. */
const LEAST_WIDTH = 90;
const MOST_WIDTH = 200;
/**
 * A screen is to show a product for so many square pixels: 11 in a window of 1280 x 800, 7 in one of 900 x 600. Beyond the
 * limits, cards become larger, not more.
 */
const AREA_OF_CARD = 40_000;
const WANTED = { least: 4, most: 18 };

/** Where cards are. Rows and columns are counted from 0. */
export interface GridLayout {
  /** Number of cards. */
  count: number;
  columns: number;
  cardWidth: number;
  /** Height of a row with the space above it. */
  rowHeight: number;
  rows: number;
  /** The first card is two columns wide and two rows high. */
  large: boolean;
}

export interface Place {
  row: number;
  column: number;
  /** Number of rows and columns: 2 for the large card, else 1. */
  span: number;
}

interface Space {
  /** Of the space for cards and of its visible part, in CSS pixels. */
  width: number;
  height: number;
  count: number;
  /** Whether cards have a line of sizes. */
  sizes: boolean;
  /** Whether the first card is to be large. In a small window it is not. */
  large: boolean;
}

function inColumns(columns: number, { width, height, count, sizes, large }: Space): GridLayout {
  const cardWidth = Math.max(1, (width - CARD_GAP * (columns - 1)) / columns);
  const rowHeight = ROW_HEAD + Math.round(cardWidth * PICTURE) + CARD_TEXT + (sizes ? SIZES_LINE : 0);
  const largeHeight = FIRST_ROW_HEAD + (cardWidth * 2 + CARD_GAP) * PICTURE + SEEN_TEXT_LARGE;
  const isLarge = large && count > 0 && columns > 2 && largeHeight <= height;
  const beside = isLarge ? Math.min(count - 1, (columns - 2) * 2) : 0;
  const others = isLarge ? count - 1 - beside : count;
  const rows = (isLarge ? 2 : 0) + Math.ceil(others / columns);
  return { count, columns, cardWidth, rowHeight, rows, large: isLarge };
}

/** How many cards a full screen shows without scrolling, with the first line of their titles. */
function capacity({ columns, cardWidth, rowHeight, large }: GridLayout, height: number): number {
  const below = height - FIRST_ROW_HEAD - cardWidth * PICTURE - SEEN_TEXT;
  const rows = Math.max(0, Math.floor(below / rowHeight) + 1);
  return rows * columns - (large ? Math.min(rows, 2) * 2 - 1 : 0);
}

/** Lays cards out as large as they can be while the screen shows enough of them. */
export function layOut(space: Space): GridLayout {
  const { width, height, large } = space;
  const most = Math.max(1, Math.floor((width + CARD_GAP) / (LEAST_WIDTH + CARD_GAP)));
  const least = Math.min(most, Math.max(1, Math.ceil((width + CARD_GAP) / (MOST_WIDTH + CARD_GAP))));
  const wanted = Math.min(Math.max(Math.floor((width * height) / AREA_OF_CARD), WANTED.least), WANTED.most);
  // The largest cards first.
  const all = Array.from({ length: most - least + 1 }, (_, i) => inColumns(least + i, space));
  const enough = all.filter((each) => capacity(each, height) >= wanted);
  // Where no card is in sight with its title, the smallest are: of them most of the picture is.
  const fullest = () =>
    all.reduce((best, each) =>
      capacity(each, height) > capacity(best, height) || capacity(best, height) === 0 ? each : best,
    );
  return enough.find((each) => each.large === large) ?? enough[0] ?? fullest();
}

/** Place of the card of a result. Results run from left to right, row by row, beside the large card and then below it. */
export function placeOf({ columns, large }: GridLayout, index: number): Place {
  if (!large) return { row: Math.floor(index / columns), column: index % columns, span: 1 };
  if (index === 0) return { row: 0, column: 0, span: 2 };
  const beside = columns - 2;
  const at = index - 1;
  if (at < beside * 2) return { row: Math.floor(at / beside), column: 2 + (at % beside), span: 1 };
  const below = at - beside * 2;
  return { row: 2 + Math.floor(below / columns), column: below % columns, span: 1 };
}

/** The result whose card covers a place; the last one for a place after it. */
function indexAt({ columns, count, large }: GridLayout, row: number, column: number): number {
  const last = count - 1;
  if (!large) return Math.min(row * columns + column, last);
  if (row >= 2) return Math.min(1 + (columns - 2) * 2 + (row - 2) * columns + column, last);
  return column < 2 ? 0 : Math.min(1 + row * (columns - 2) + column - 2, last);
}

/** The results whose cards begin in a row, as a range [start, end). The large card begins in the first. */
export function rowRange(layout: GridLayout, row: number): { start: number; end: number } {
  const startOf = (at: number) => {
    if (at >= layout.rows) return layout.count;
    // A row without cards of its own, beside the large one, has the last card at its places.
    const index = indexAt(layout, at, layout.large && at === 1 ? 2 : 0);
    return placeOf(layout, index).row < at ? layout.count : index;
  };
  return { start: startOf(row), end: startOf(row + 1) };
}

/** The results with which a band begins, by index. */
export function bandStarts(bands: readonly Band[]): ReadonlySet<number> {
  return new Set(bands.flatMap((band, index) => (band === bands[index - 1] ? [] : [index])));
}

/**
 * The result that a key moves the focus to from `index`, or null when the key does not move it. Up and down keep the column;
 * a shorter row takes its last card.
 * @param page rows per page
 */
export function moveFocus(
  layout: GridLayout,
  index: number,
  key: string,
  options: { toEnds: boolean; page: number },
): number | null {
  const last = layout.count - 1;
  if (index < 0 || index > last) return null;
  const { row, column, span } = placeOf(layout, index);
  const range = rowRange(layout, row);
  const vertical = (by: number) => {
    const from = by > 0 ? row + span - 1 : row;
    const target = Math.min(Math.max(from + by, 0), placeOf(layout, last).row);
    return indexAt(layout, target, column);
  };
  switch (key) {
    case 'ArrowLeft':
      return Math.max(index - 1, 0);
    case 'ArrowRight':
      return Math.min(index + 1, last);
    case 'ArrowUp':
      return vertical(-1);
    case 'ArrowDown':
      return vertical(1);
    case 'PageUp':
      return vertical(-options.page);
    case 'PageDown':
      return vertical(options.page);
    case 'Home':
      return options.toEnds ? 0 : range.start;
    case 'End':
      return options.toEnds ? last : range.end - 1;
    default:
      return null;
  }
}
