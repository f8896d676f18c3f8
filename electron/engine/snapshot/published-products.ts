import type { Table } from '@lancedb/lancedb';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { type ImageRow, ROW_COLUMNS } from '../catalog/schema.ts';
import { cellOf } from '../catalog/version-1.ts';
import { ImageRows } from './image-rows.ts';

/** The products of a published version, without the features of their pictures. The caller disposes of it (`using`). */
export interface PublishedProducts extends Disposable {
  readonly info: PublishedSnapshot;
  /** The product with this uid; undefined when there is none. */
  published(uid: string): PublishedProduct | undefined;
  allPublished(): Iterable<PublishedProduct>;
}

type Identity = 'uid' | 'productId' | 'source' | 'rowHash';

/**
 * A published product. Each value is read from its column when it is asked for: a sync compares every product of a feed, and
 * needs the whole rows of those alone that have changed.
 */
export class PublishedProduct {
  readonly #fields: ImageRows;
  readonly #rows: ArrayLike<number>;

  /** @param rows the product's rows, in the feed's order; there is at least one */
  constructor(fields: ImageRows, rows: ArrayLike<number>) {
    this.#fields = fields;
    this.#rows = rows;
  }

  /** A value of the first row. The hash of a row is that of the feed's fields, without its pictures. */
  text(column: Identity): string {
    return String(cellOf(column, (name) => this.#fields.value(name, this.#rows[0] ?? 0)));
  }

  get imageRefs(): string[] {
    return Array.from(this.#rows, (row) => String(this.#fields.value('imageRef', row)));
  }

  rows(): ImageRow[] {
    return Array.from(this.#rows, (row) => this.#fields.at(row));
  }
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
  const position = (row: number) => Number(fields.value('imageIndex', row));
  for (const rows of products.values()) if (rows.length > 1) rows.sort((a, b) => position(a) - position(b));
  return {
    info,
    published: (uid) => {
      const rows = products.get(uid);
      return rows && new PublishedProduct(fields, rows);
    },
    *allPublished() {
      for (const rows of products.values()) yield new PublishedProduct(fields, rows);
    },
    [Symbol.dispose]: () => {},
  };
}
