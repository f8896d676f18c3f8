import { uidOf } from '../catalog/product-ids.ts';
import { type Groups, groupBy, membersOf } from '../vectors/groups.ts';
import type { ShownPictures } from './ranking.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';
import { compareSizes } from './size-order.ts';

/** Stands for a missing number. */
export const NONE = 0xffff_ffff;

/**
 * The rows of a snapshot as products, styles and designs, each numbered from 0.
 * - A product is one size, with a SKU of its own, and has a row for each of its pictures.
 * - A style is a design in one colour, in all its sizes. It is what a card shows and what is ranked.
 * - A design is a group of the feed. Its styles have consecutive numbers, so that equally near ones are shown next to each
 *   other.
 * Designs are in the order of their first rows, and within them styles and rows in the feed's order. The products of a style
 * are in the order of their sizes.
 */
export interface Grouping {
  /** The rows of each product. */
  products: Groups;
  /** The product of each row in memory. Rows of other snapshots have the number after the last product's. */
  productOf: Uint32Array;
  /** For each product the number of its id (`columns.uid`). */
  ids: Uint32Array;
  /** For each number of an id its product, or `NONE`. */
  byId: Uint32Array;
  /** The style of each product. */
  styleOf: Uint32Array;
  /** Style `s` has the products from `styleStarts[s]` up to but not including `styleStarts[s + 1]`. */
  styleStarts: Uint32Array;
  /** The design of each style. */
  designOf: Uint32Array;
  /** Design `d` has the styles from `designStarts[d]` up to but not including `designStarts[d + 1]`. */
  designStarts: Uint32Array;
}

/** @param order the rows of a snapshot, in the table's order */
export function groupRows(rows: ResidentRows, order: Uint32Array): Grouping {
  const { uid } = rows.columns;
  const products = numbered(order, uid.values.length, (row) => uid.of[row] ?? 0);
  speakWithFirst(products, order, rows);
  const { first } = products;
  const styles = stylesOf(rows, order, products);
  // Products are renumbered, so that those of a style and of a design are consecutive.
  const { sorted, styleOf, designOf } = inOrder(styles, bySize(rows, first));
  const numberOf = new Uint32Array(first.length);
  for (const [number, product] of sorted.entries()) numberOf[product] = number;
  const productOf = new Uint32Array(rows.count).fill(first.length);
  for (const [place, row] of order.entries()) productOf[row] = numberOf[products.of[place] ?? 0] ?? 0;
  const ids = sorted.map((product) => uid.of[first[product] ?? 0] ?? 0);
  const byId = new Uint32Array(uid.values.length).fill(NONE);
  for (const [product, id] of ids.entries()) byId[id] = product;
  return {
    products: sortedByPosition(groupBy(productOf, first.length, order), rows),
    productOf,
    ids,
    byId,
    styleOf,
    styleStarts: startsOf(styleOf),
    designOf,
    designStarts: startsOf(designOf),
  };
}

/**
 * Makes the row of a product's first picture represent the product: when the feed gives no colour, only that row has the
 * colour found in the picture. That row can come after the others in the table, once it was rewritten.
 */
function speakWithFirst({ of, first }: Numbered, order: Uint32Array, { imageIndexes }: ResidentRows): void {
  for (const [place, row] of order.entries()) {
    const product = of[place] ?? 0;
    if ((imageIndexes[row] ?? 0) < (imageIndexes[first[product] ?? 0] ?? 0)) first[product] = row;
  }
}

/** Numbers from 0 for different keys, in the order of their first occurrence. */
interface Numbered {
  /** The number of each element. */
  of: Uint32Array;
  /** The first element with each number. */
  first: Uint32Array;
}

/** @param bound all keys are below it */
function numbered(elements: Uint32Array, bound: number, keyOf: (element: number) => number): Numbered {
  const numbers = new Uint32Array(bound).fill(NONE);
  const of = new Uint32Array(elements.length);
  const first = new Uint32Array(elements.length);
  let count = 0;
  for (const [place, element] of elements.entries()) {
    const key = keyOf(element);
    if (numbers[key] === NONE) {
      numbers[key] = count;
      first[count++] = element;
    }
    of[place] = numbers[key] ?? 0;
  }
  return { of, first: first.slice(0, count) };
}

/** The style of each product, and the design of each style. */
interface Styles {
  styleOf: Uint32Array;
  designOf: Uint32Array;
}

function stylesOf(rows: ResidentRows, order: Uint32Array, products: Numbered): Styles {
  const { uid, style, design } = rows.columns;
  // A product that is a style of its own is identified by its own id. The numbers of these ids follow those of the styles.
  const own = (column: NumberedColumn) => (row: number) => {
    const number = column.of[row] ?? 0;
    return column.values[number] === null ? column.values.length + (uid.of[row] ?? 0) : number;
  };
  const bound = (column: NumberedColumn) => column.values.length + uid.values.length;
  const styles = numbered(products.first, bound(style), own(style));
  const designs = numbered(styles.first, bound(design), own(design));
  const merged = sharingPictures(rows, order, products, styles, designs);
  return { styleOf: styles.of.map((number) => merged[number] ?? number), designOf: designs.of };
}

/**
 * Styles of one design with exactly the same pictures count as one: only the names of their colours differ.
 * @returns for each style the first style with the same pictures
 */
function sharingPictures(
  rows: ResidentRows,
  order: Uint32Array,
  products: Numbered,
  styles: Numbered,
  designs: Numbered,
): Uint32Array {
  const merged = Uint32Array.from(styles.first.keys());
  if (designs.first.length === styles.first.length) return merged;
  const members = groupBy(designs.of, designs.first.length);
  const isAlone = (style: number) => membersOf(members, designs.of[style] ?? 0).length < 2;
  const pictures = new Map<number, Set<number>>();
  for (const [place, row] of order.entries()) {
    const style = styles.of[products.of[place] ?? 0] ?? 0;
    if (isAlone(style)) continue;
    const stylePictures = pictures.get(style) ?? new Set();
    pictures.set(style, stylePictures.add(rows.columns.imageHash.of[row] ?? 0));
  }
  const known = new Map<string, number>();
  for (const [style, stylePictures] of pictures) {
    const key = `${designs.of[style]} ${[...stylePictures].sort((a, b) => a - b).join()}`;
    merged[style] = known.get(key) ?? style;
    known.set(key, merged[style] ?? style);
  }
  return merged;
}

/**
 * Sorts products from the smallest size to the largest. Those without a size come first; equal ones stay in the feed's
 * order.
 */
function bySize({ columns }: ResidentRows, first: Uint32Array): Uint32Array {
  const { values, of } = columns.size;
  const sizes = values.flatMap((size, number) => (size === null ? [] : [{ size, number }]));
  sizes.sort((a, b) => compareSizes(a.size, b.size) || a.number - b.number);
  const rankOf = new Uint32Array(values.length);
  for (const [rank, { number }] of sizes.entries()) rankOf[number] = rank + 1;
  const ranks = first.map((row) => rankOf[of[row] ?? 0] ?? 0);
  return groupBy(ranks, sizes.length + 1).members;
}

/** Sorts products by design, style and size, and numbers their styles and designs in that order. */
function inOrder({ styleOf, designOf }: Styles, products: Uint32Array): Styles & { sorted: Uint32Array } {
  const byStyle = groupBy(styleOf, designOf.length, products).members;
  const ofProduct = styleOf.map((style) => designOf[style] ?? 0);
  // A counting sort keeps the order of equal keys, so the second sort by design keeps the styles in order.
  const sorted = groupBy(ofProduct, designOf.length, byStyle).members;
  const styles = numbered(
    sorted.map((product) => styleOf[product] ?? 0),
    designOf.length,
    (style) => style,
  );
  const designs = numbered(
    styles.first.map((style) => designOf[style] ?? 0),
    designOf.length,
    (design) => design,
  );
  return { sorted, styleOf: styles.of, designOf: designs.of };
}

/** The index at which each of the numbers 0, 0, 1, 2, 2 ... begins, and the end. */
function startsOf(ascending: Uint32Array): Uint32Array {
  const starts = new Uint32Array((ascending.at(-1) ?? -1) + 2);
  for (const [i, number] of ascending.entries()) if (number !== ascending[i - 1]) starts[number] = i;
  starts[starts.length - 1] = ascending.length;
  return starts;
}

/** Each product's rows in the order of its pictures in the feed. */
function sortedByPosition(products: Groups, { imageIndexes }: ResidentRows): Groups {
  const { starts, members } = products;
  const position = (row: number) => imageIndexes[row] ?? 0;
  for (let product = 0; product < starts.length - 1; product++) {
    const [start = 0, end = 0] = [starts[product], starts[product + 1]];
    if (end - start > 1) members.subarray(start, end).sort((a, b) => position(a) - position(b));
  }
  return products;
}

/** The pictures that the rows of styles show; see `ShownPictures`. */
export function picturesShown(rows: ResidentRows, { products, productOf, styleOf }: Grouping): ShownPictures {
  const pictures = products.members.map((row) => rows.pictureOf[row] ?? 0);
  const groupOf = productOf.map((product) => styleOf[product] ?? NONE);
  return { rows: products.members, positions: groupBy(pictures, rows.pictures.count), groupOf };
}

/** One row of each product. */
export function firstRows({ starts, members }: Groups): Uint32Array {
  return starts.subarray(0, -1).map((start) => members[start] ?? 0);
}

/**
 * The number of a product.
 * @param id its uid, or its id in its source if only one product has it
 */
export function productNamed(
  id: string,
  { columns: { uid, source } }: ResidentRows,
  { byId }: Grouping,
): number | undefined {
  const byUid = (name: string) => presentAt(byId, uid.numberOf(name));
  const found = byUid(id);
  if (found !== undefined) return found;
  const inSources = source.values.map((each) => byUid(uidOf(each ?? '', id)));
  const [first, ...others] = inSources.filter((product) => product !== undefined);
  return others.length === 0 ? first : undefined;
}

/** Numbers that came with later snapshots are beyond the end. */
function presentAt(numbers: Uint32Array, at: number | undefined): number | undefined {
  const number = at === undefined ? undefined : numbers[at];
  return number === NONE ? undefined : number;
}
