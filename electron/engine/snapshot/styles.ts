import type { OtherStyle, Style, StyleSize } from '../../contract/catalog.ts';
import { skuKeyOf } from '../../contract/product-codes.ts';
import type { Grouping } from './grouping.ts';
import type { NumberedColumn, ResidentRows } from './resident.ts';

/** More sizes or colours than a card can show: a feed may give all its products one group. */
const MOST_SIZES = 200;
const MOST_COLORS = 100;

/** Reads what a card shows of a style: its sizes, and the other colours of its design. */
export class StyleReader {
  readonly #rows: ResidentRows;
  readonly #grouping: Grouping;
  readonly #firstRows: Uint32Array;

  /** @param firstRows one row of each product */
  constructor(rows: ResidentRows, grouping: Grouping, firstRows: Uint32Array) {
    this.#rows = rows;
    this.#grouping = grouping;
    this.#firstRows = firstRows;
  }

  /** The id of a style. When several share a card, it is the first one's. */
  idOf(style: number): string {
    const row = this.#firstRow(style);
    const { style: named, uid } = this.#rows.columns;
    return named.values[named.of[row] ?? 0] ?? uid.values[uid.of[row] ?? 0] ?? '';
  }

  /** @param shown the size that is shown, a product of the style */
  of(style: number, shown: number): Style {
    const { fields } = this.#rows;
    const { styleStarts, designOf, designStarts } = this.#grouping;
    const [from = 0, to = 0] = [styleStarts[style], styleStarts[style + 1]];
    const firsts = this.#firstRows.subarray(from, Math.min(to, from + MOST_SIZES));
    const sizes = Array.from(firsts, (row) => fields.sizeAt(row));
    const design = designOf[style] ?? 0;
    const [first = 0, end = 0] = [designStarts[design], designStarts[design + 1]];
    const colors: Style['colors'] = [];
    for (let other = first; other < end && colors.length < MOST_COLORS; other++) {
      if (other === style) continue;
      colors.push(this.#swatchOf(other));
    }
    const own = String(fields.value('sku', this.#firstRows[shown] ?? 0));
    return { styleSku: commonSku(sizes) ?? own, sizes, colors };
  }

  #swatchOf(style: number): OtherStyle {
    const { uid, color, imageHash } = this.#rows.columns;
    const row = this.#firstRow(style);
    const cell = ({ values, of }: NumberedColumn) => values[of[row] ?? 0] ?? null;
    return {
      styleId: this.idOf(style),
      uid: cell(uid) ?? '',
      color: cell(color),
      thumbnail: cell(imageHash) ?? '',
    };
  }

  #firstRow(style: number): number {
    return this.#firstRows[this.#grouping.styleStarts[style] ?? 0] ?? 0;
  }
}

/**
 * The SKU of a style: the common beginning of its sizes' SKUs, up to a separator, where each goes on with its size
 * ("40101-NVY" of 40101-NVY-S and 40101-NVY-M). Otherwise the beginning may be the shop's: ABC-1001 and ABC-1002 are two
 * sizes of one style as often as ABC-1003 is another style.
 * @returns null when there is none
 */
export function commonSku(sizes: readonly Pick<StyleSize, 'sku' | 'size'>[]): string | null {
  const common = commonBeginning(sizes.map(({ sku }) => sku));
  if (common === null) return null;
  const goesOn = ({ sku, size }: Pick<StyleSize, 'sku' | 'size'>) =>
    sku === common || (size !== null && skuKeyOf(sku.slice(common.length)) === skuKeyOf(size));
  return sizes.every(goesOn) ? common : null;
}

function commonBeginning(skus: readonly string[]): string | null {
  const [first = '', ...others] = skus;
  let length = first.length;
  for (const sku of others) {
    let same = 0;
    while (same < length && first[same] === sku[same]) same++;
    length = same;
  }
  if (skus.every((sku) => sku.length === length)) return first;
  // Without a separator the beginning of the size is unknown: both begin with X-3.
  const begins = (sku: string) => sku.length === length || SEPARATOR.test(sku[length] ?? '');
  let common = first.slice(0, length);
  if (!skus.every(begins)) common = common.slice(0, Math.max(0, lastSeparator(common)));
  return common.replace(/[\s\p{P}\p{S}]+$/u, '') || null;
}

const SEPARATOR = /[\s\p{P}\p{S}]/u;

function lastSeparator(text: string): number {
  for (let at = text.length - 1; at >= 0; at--) if (SEPARATOR.test(text[at] ?? '')) return at;
  return -1;
}
