import type { Product, Style } from '../../contract/catalog.ts';

/** The style of a product that has no other sizes and colours. */
export function styleOfOne({ productId, sku, color, availability }: Product): Style {
  return {
    styleSku: sku,
    sizes: [{ uid: productId, sku, size: null, color, stock: null, availability }],
    colors: [],
  };
}
