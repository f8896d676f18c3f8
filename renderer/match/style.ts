import type { Product, Style, StyleSize } from '../../electron/contract/catalog.ts';
import type { Filters, SearchResponse } from '../../electron/contract/search.ts';
import { capitalised, formatCount, formatCounted } from '../ui/format.ts';

/** The fields of a style on a card and in the details: one of its sizes, and what all sizes share. */
export interface Shown extends Style {
  /** uid of the shown size. */
  uid: string;
  styleId: string;
  /** Whether its SKU, barcode or id was typed. */
  typed?: boolean;
}

/** The text for the clipboard. */
export interface SkuToCopy {
  sku: string;
  /** What the SKU belongs to: the name of a size, the style in all sizes, or (null) a product without sizes. */
  of: string | 'all sizes' | null;
}

/**
 * The size that was picked or typed; null when the whole style is meant.
 * @param picked uid of the size that the person picked
 */
export function askedSize({ sizes, uid, typed }: Shown, picked: string | null): StyleSize | null {
  const asked =
    sizes.find((size) => size.uid === picked) ?? (typed && sizes.find((size) => size.uid === uid));
  return asked || (sizes.length === 1 ? (sizes[0] ?? null) : null);
}

/**
 * The size that was picked, or else the one that a filter selects: a style is shown as the first size that passes.
 * @returns its uid; null when neither selects a size
 */
export function pickedSize(
  { uid, size }: Pick<Product, 'uid' | 'size'>,
  picked: string | null,
  { attributes = {} }: Filters,
): string | null {
  // Feeds give this attribute any name, but its value is the size.
  const isFiltered = Object.values(attributes).some((values) => values.length === 1 && values[0] === size);
  return picked ?? (isFiltered ? uid : null);
}

/** The SKU of the picked or typed size, or else the one that the style's sizes share. */
export function skuToCopy(shown: Shown, picked: string | null): SkuToCopy {
  const { sizes, styleSku } = shown;
  // When the sizes' SKUs have no common beginning, the style's SKU is that of one size.
  const size = askedSize(shown, picked) ?? sizes.find(({ sku }) => sku === styleSku);
  return size ? { sku: size.sku, of: sizeName(size, sizes) } : { sku: styleSku, of: 'all sizes' };
}

/** "M", or "M, navy" when one card stands for several colours; null for a product without a size. */
export function sizeName({ size, color }: StyleSize, sizes: readonly StyleSize[]): string | null {
  const severalColors = sizes.some((other) => other.color !== color);
  return [size, severalColors ? color : null].filter(Boolean).join(', ') || null;
}

/** Whether a size cannot be sold now. A size that can be ordered can be sold. */
export function isOut({ stock, availability }: StyleSize): boolean {
  if (availability === 'preorder' || availability === 'backorder') return false;
  return stock === null ? availability === 'out of stock' : stock <= 0;
}

/** "12 in stock", "Out of stock", "Preorder"; empty when the feed does not say. */
export function stockWords(size: StyleSize): string {
  const { stock, availability } = size;
  if (isOut(size)) return 'Out of stock';
  if (stock !== null && stock > 0) return `${formatCount(stock)} in stock`;
  return availability === null ? '' : capitalised(availability);
}

/** "5 of 8 sizes in stock"; null when the stock of no size is known. */
export function sizesInStock(sizes: readonly StyleSize[]): string | null {
  if (sizes.every(({ stock, availability }) => stock === null && availability === null)) return null;
  const inStock = sizes.filter((size) => !isOut(size)).length;
  return `${formatCount(inStock)} of ${formatCount(sizes.length)} sizes in stock`;
}

/** The number of cards of an answer: "60 styles", or "60 products" when each is a product of its own. */
export function countWords({ results, total }: Pick<SearchResponse, 'results' | 'total'>): string {
  return formatCounted(total, results.some(({ sizes }) => sizes.length > 1) ? 'style' : 'product');
}

/** The title without the size that shops append: a card is a style in all sizes. "Tee – Navy / XS" becomes "Tee – Navy". */
export function styleTitle({ title, size, sizes }: Pick<Product, 'title' | 'size'> & Style): string {
  if (size === null || sizes.length < 2) return title;
  const bare = title.replace(/[\s)\]]+$/, '');
  const before = bare.slice(0, -size.length);
  const endsWithSize = bare.slice(-size.length).toLowerCase() === size.toLowerCase();
  // A part of a word is not a size: "Dress" does not end with the size S.
  if (!endsWithSize || !/[\s\p{P}]$/u.test(before)) return title;
  return before.replace(/[\s\p{P}]+$/u, '') || title;
}
