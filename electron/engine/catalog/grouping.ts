import { type Groups, groupRows } from './group-bounds.ts';
import type { ImageRows } from './image-rows.ts';

/** Products in the order of their first rows, and each one's rows in the feed's order. */
export function groupByProduct(rows: ImageRows): { products: Groups; productIndex: Map<string, number> } {
  const productIndex = new Map<string, number>();
  const productOf = Uint32Array.from({ length: rows.count }, (_, row) => {
    const productId = String(rows.value('productId', row));
    const known = productIndex.get(productId);
    if (known === undefined) productIndex.set(productId, productIndex.size);
    return known ?? productIndex.size - 1;
  });
  const products = groupRows(productOf, productIndex.size);
  const { starts, rows: ordered } = products;
  const position = (row: number) => Number(rows.value('imageIndex', row));
  for (let i = 0; i + 1 < starts.length; i++) {
    const its = ordered.subarray(starts[i], starts[i + 1]);
    if (its.length > 1) its.sort((a, b) => position(a) - position(b));
  }
  return { products, productIndex };
}

/** One row of each product. */
export function firstRows({ starts, rows }: Groups): Uint32Array {
  return starts.subarray(0, -1).map((start) => rows[start] ?? 0);
}

/** For each image hash the first row that has it. */
export function firstRowOfImages(rows: ImageRows): Map<string, number> {
  const rowByImage = new Map<string, number>();
  for (let row = 0; row < rows.count; row++) {
    const imageHash = String(rows.value('imageHash', row));
    if (!rowByImage.has(imageHash)) rowByImage.set(imageHash, row);
  }
  return rowByImage;
}
