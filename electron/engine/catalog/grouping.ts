import type { Groups } from './group-bounds.ts';
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
  const starts = new Uint32Array(productIndex.size + 1);
  for (const product of productOf) starts[product + 1] = (starts[product + 1] ?? 0) + 1;
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const ordered = new Uint32Array(rows.count);
  for (const [row, product] of productOf.entries()) {
    const at = next[product] ?? 0;
    ordered[at] = row;
    next[product] = at + 1;
  }
  const position = (row: number) => Number(rows.value('imageIndex', row));
  for (let i = 0; i + 1 < starts.length; i++) {
    const its = ordered.subarray(starts[i], starts[i + 1]);
    if (its.length > 1) its.sort((a, b) => position(a) - position(b));
  }
  return { products: { starts, rows: ordered, of: productOf }, productIndex };
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
