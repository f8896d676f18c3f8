import type { Product, Style, StyleSize } from '../../electron/contract/catalog.ts';
import type { Filters, SearchResponse } from '../../electron/contract/search.ts';
import { capitalised, formatCount, formatCounted } from '../ui/format.ts';

/** What a card and the details show of a style: one of its sizes, and what all of them have in common. */
export interface Shown extends Style {
  /** Of the size that is shown. */
  uid: string;
  /** Its SKU, barcode or id was typed. */
  typed?: boolean;
}

/** What goes to the clipboard. */
export interface SkuToCopy {
  sku: string;
  /** What the SKU is of: a size by its name, the style in all sizes, or (null) a product that has no sizes. */
  of: string | 'all sizes' | null;
}

/**
 * The size that was asked for; null where the style is meant.
 * @param picked uid of the size that the person picked
 */
export function askedSize({ sizes, uid, typed }: Shown, picked: string | null): StyleSize | null {
  const asked =
    sizes.find((size) => size.uid === picked) ?? (typed && sizes.find((size) => size.uid === uid));
  return asked || (sizes.length === 1 ? (sizes[0] ?? null) : null);
}

/**
 * The size that was picked, else the one that a filter leaves: what is shown of a style is the first size that passes.
 * @returns its uid; null where neither says a size
 */
export function pickedSize(
  { uid, size }: Pick<Product, 'uid' | 'size'>,
  picked: string | null,
  { attributes = {} }: Filters,
): string | null {
  // Feeds call the attribute what they like; its value is the size.
  const isFiltered = Object.values(attributes).some((values) => values.length === 1 && values[0] === size);
  return picked ?? (isFiltered ? uid : null);
}

/** The SKU of the size that was asked for, else the one that the style's sizes share. */
export function skuToCopy(shown: Shown, picked: string | null): SkuToCopy {
  const { sizes, styleSku } = shown;
  // Without a common beginning, the style's SKU is one of its sizes'.
  const size = askedSize(shown, picked) ?? sizes.find(({ sku }) => sku === styleSku);
  return size ? { sku: size.sku, of: sizeName(size, sizes) } : { sku: styleSku, of: 'all sizes' };
}

/** "M", or "M, navy" where one card stands for several colours; null for a product that has no size. */
export function sizeName({ size, color }: StyleSize, sizes: readonly StyleSize[]): string | null {
  const severalColors = sizes.some((other) => other.color !== color);
  return [size, severalColors ? color : null].filter(Boolean).join(', ') || null;
}

/** Whether a size cannot be sold now; what can be ordered can. */
export function isOut({ stock, availability }: StyleSize): boolean {
  if (availability === 'preorder' || availability === 'backorder') return false;
  return stock === null ? availability === 'out of stock' : stock <= 0;
}

/** "12 in stock", "Out of stock", "Preorder"; empty where the feed says nothing. */
export function stockWords(size: StyleSize): string {
  const { stock, availability } = size;
  if (isOut(size)) return 'Out of stock';
  if (stock !== null && stock > 0) return `${formatCount(stock)} in stock`;
  return availability === null ? '' : capitalised(availability);
}

/** "5 of 8 sizes in stock"; null where no size says whether it is. */
export function sizesInStock(sizes: readonly StyleSize[]): string | null {
  if (sizes.every(({ stock, availability }) => stock === null && availability === null)) return null;
  const here = sizes.filter((size) => !isOut(size)).length;
  return `${formatCount(here)} of ${formatCount(sizes.length)} sizes in stock`;
}

/** How many cards an answer has: "60 styles", or "60 products" where each is a product of its own. */
export function countWords({ results, total }: Pick<SearchResponse, 'results' | 'total'>): string {
  return formatCounted(total, results.some(({ sizes }) => sizes.length > 1) ? 'style' : 'product');
}

/**
 * The title without the size at its end, as shops put it there: a card is a style in all sizes. "Tee – Navy / XS" is
 * "Tee – Navy".
 */
export function styleTitle({ title, size, sizes }: Pick<Product, 'title' | 'size'> & Style): string {
  if (size === null || sizes.length < 2) return title;
  const bare = title.replace(/[\s)\]]+$/, '');
  const before = bare.slice(0, -size.length);
  const endsWithSize = bare.slice(-size.length).toLowerCase() === size.toLowerCase();
  // Part of a word is no size: "Dress" does not end with S.
  if (!endsWithSize || !/[\s\p{P}]$/u.test(before)) return title;
  return before.replace(/[\s\p{P}]+$/u, '') || title;
}
