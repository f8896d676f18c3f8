import { type Groups, groupBy } from '../vectors/groups.ts';
import type { ShownPictures } from './ranking.ts';
import type { ResidentRows } from './resident.ts';

/** The number of what is not there. */
export const NONE = 0xffff_ffff;

/** The products of a snapshot. */
export interface ProductGroups {
  /** In the order of their first rows, and each one's rows in the feed's order. */
  products: Groups;
  /** The product of each row in memory; rows of other snapshots have the number that follows the last product's. */
  of: Uint32Array;
  /** For each product the number of its id (`columns.uid`). */
  ids: Uint32Array;
  /** For each number of an id its product, or `NONE`. */
  byId: Uint32Array;
}

/** @param order the rows of a snapshot, in the table's order */
export function groupByProduct(rows: ResidentRows, order: Uint32Array): ProductGroups {
  const idOf = rows.columns.uid;
  const byId = new Uint32Array(idOf.values.length).fill(NONE);
  const ids = new Uint32Array(order.length);
  let count = 0;
  for (const row of order) {
    const id = idOf.of[row] ?? 0;
    if (byId[id] !== NONE) continue;
    byId[id] = count;
    ids[count++] = id;
  }
  const of = new Uint32Array(rows.count).fill(count);
  for (const row of order) of[row] = byId[idOf.of[row] ?? 0] ?? count;
  const products = groupBy(of, count, order);
  const { starts, members } = products;
  const position = (row: number) => rows.imageIndexes[row] ?? 0;
  for (let i = 0; i < count; i++) {
    const [start = 0, end = 0] = [starts[i], starts[i + 1]];
    if (end - start > 1) members.subarray(start, end).sort((a, b) => position(a) - position(b));
  }
  return { products, of, ids: ids.slice(0, count), byId };
}

/** Which pictures the rows of products show; see `ShownPictures`. */
export function picturesShown(rows: ResidentRows, { products, of }: ProductGroups): ShownPictures {
  const pictures = products.members.map((row) => rows.pictureOf[row] ?? 0);
  return { rows: products.members, positions: groupBy(pictures, rows.pictures.count), groupOf: of };
}

/** One row of each product. */
export function firstRows({ starts, members }: Groups): Uint32Array {
  return starts.subarray(0, -1).map((start) => members[start] ?? 0);
}

/** For each number of an image hash (`columns.imageHash`) the first place in the order of a row that has it, or `NONE`. */
export function firstPlaceOfImages(rows: ResidentRows, order: Uint32Array): Uint32Array {
  const { values, of } = rows.columns.imageHash;
  const places = new Uint32Array(values.length).fill(NONE);
  for (let place = order.length - 1; place >= 0; place--) places[of[order[place] ?? 0] ?? 0] = place;
  return places;
}
