// What products are called across sources: `uid` is one product, `styleId` one card.
import type { Product } from '../../contract/catalog.ts';

/** A product's name in the catalog. The same id from two sources is two products. */
export function uidOf(source: string, productId: string): string {
  return source === '' ? productId : `${source}/${productId}`;
}

/** The key of a product's nth picture, counted from 0. */
export const rowKey = (uid: string, imageIndex: number): string => `${uid}#${imageIndex}`;

/** The product that a row is of. */
export const uidOfKey = (key: string): string => key.slice(0, key.lastIndexOf('#'));

/**
 * The group in one colour, as its sizes share it. Case and accents of the colour do not count. A product without a group
 * or a colour is a style by itself.
 */
export function styleIdOf({
  uid,
  source,
  groupId,
  color,
}: Pick<Product, 'uid' | 'source' | 'groupId' | 'color'>): string {
  if (groupId === null || color === null) return uid;
  return `${uidOf(source, groupId)}#${folded(color)}`;
}

const folded = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim();
