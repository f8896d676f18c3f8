// Ids of products across sources: `uid` identifies a product, `styleId` a card.
import type { Product } from '../../contract/catalog.ts';

/**
 * A product's id in the catalog. The same id from two sources gives two products. Without a source it is the product's own
 * id, with a slash before it if it contains one: "shoes/1" must not be product 1 of the source "shoes".
 */
export function uidOf(source: string, productId: string): string {
  return source === '' && !productId.includes('/') ? productId : `${source}/${productId}`;
}

/** The key of a product's nth picture, counted from 0. */
export const rowKey = (uid: string, imageIndex: number): string => `${uid}#${imageIndex}`;

/** The uid of a row's product. */
export const uidOfKey = (key: string): string => key.slice(0, key.lastIndexOf('#'));

/**
 * The id of a style: a group in one colour, which its sizes share. Case and accents of the colour do not matter. A product
 * without a group or a colour is a style of its own.
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
