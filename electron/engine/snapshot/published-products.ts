import type { Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { type ImageRow, ROW_COLUMNS } from '../catalog/schema.ts';
import { ImageRows } from './image-rows.ts';

/** The products of a published version, without the features of their pictures. The caller disposes of it (`using`). */
export interface PublishedProducts extends Disposable {
  readonly info: PublishedSnapshot;
  /** A product's rows in the feed's order; empty when the product does not exist. */
  product(id: string): readonly { row: ImageRow }[];
  /** One row of each product. */
  firstRows(): Iterable<ImageRow>;
}

/** Reads the fields of all rows of a version. */
export async function readProducts(info: PublishedSnapshot, table: Table): Promise<PublishedProducts> {
  const fields = new ImageRows();
  const products = new Map<string, number[]>();
  let count = 0;
  for await (const batch of table.query().select([...ROW_COLUMNS])) {
    const rows = Uint32Array.from({ length: batch.numRows }, (_, i) => count + i);
    count += rows.length;
    fields.grow(count);
    fields.add(batch, rows);
    for (const row of rows) {
      const uid = String(fields.value('uid', row));
      const known = products.get(uid);
      if (known) known.push(row);
      else products.set(uid, [row]);
    }
  }
  const product = (id: string) => (products.get(id) ?? []).map((row) => ({ row: fields.at(row) }));
  return {
    info,
    product: (id) => product(id).sort((a, b) => a.row.imageIndex - b.row.imageIndex),
    *firstRows() {
      for (const [first] of products.values()) if (first !== undefined) yield fields.at(first);
    },
    [Symbol.dispose]: () => {},
  };
}
