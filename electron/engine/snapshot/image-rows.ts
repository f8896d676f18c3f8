import type { RecordBatch } from 'apache-arrow';
import { type Product, type StyleSize, styleSize } from '../../contract/catalog.ts';
import { readerOf } from '../catalog/arrow.ts';
import { fromTableRow, type ImageRow, PRODUCT_COLUMNS, ROW_COLUMNS, toProduct } from '../catalog/schema.ts';
import { grown } from '../vectors/quantised.ts';
import { NONE } from './grouping.ts';

const SIZE_COLUMNS = styleSize.keyof().options;

type Column = (typeof ROW_COLUMNS)[number];
/** For each column, a function that reads the value in the nth row of a batch. */
type Cells = ReadonlyMap<string, (n: number) => unknown>;

/** Rows that were read together. Their memory is freed when none of them is used any more. */
interface Batch {
  cells: Cells;
  rows: number;
  used: number;
}

/**
 * The fields of image rows in Arrow's form, by the number of their row in memory. A row becomes an object only when it is
 * read.
 */
export class ImageRows {
  readonly #batches: (Batch | null)[] = [];
  /** For each row the number of its batch, and its index there. */
  #batchOf = new Uint32Array();
  #placeOf = new Uint32Array();

  /** Makes room for `count` rows in total. */
  grow(count: number): void {
    this.#batchOf = grown(this.#batchOf, count);
    this.#placeOf = grown(this.#placeOf, count);
  }

  /**
   * Adds a batch with `ROW_COLUMNS`.
   * @param rows the number in memory of each of its rows; `NONE` is skipped
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  add(batch: RecordBatch, rows: Uint32Array): void {
    const cells = new Map(ROW_COLUMNS.map((name) => [name, readerOf(batch, name)]));
    const free = this.#batches.indexOf(null);
    const number = free < 0 ? this.#batches.length : free;
    let used = 0;
    for (const [i, row] of rows.entries()) {
      if (row === NONE) continue;
      this.#batchOf[row] = number;
      this.#placeOf[row] = i;
      used++;
    }
    this.#batches[number] = { cells, rows: rows.length, used };
  }

  /** Releases a row that is not used any more. */
  remove(row: number): void {
    const number = this.#batchOf[row] ?? 0;
    const batch = this.#batches[number];
    if (batch && --batch.used === 0) this.#batches[number] = null;
  }

  /** Whether most of the rows that keep this row's batch in memory are unused. */
  isInThinBatch(row: number): boolean {
    const batch = this.#batches[this.#batchOf[row] ?? 0];
    return batch !== null && batch !== undefined && batch.used * 2 < batch.rows;
  }

  at(row: number): ImageRow {
    return fromTableRow(this.#valuesAt(row, ROW_COLUMNS));
  }

  /** The product of a row, which takes half the time of reading the whole row. */
  productAt(row: number): Product {
    return toProduct(this.#valuesAt(row, PRODUCT_COLUMNS));
  }

  /** What a card shows of a size. */
  sizeAt(row: number): StyleSize {
    return styleSize.parse(this.#valuesAt(row, SIZE_COLUMNS));
  }

  /** One row's value of a column, in the type of the table's schema. */
  value(column: string, row: number): unknown {
    return this.#cellsOf(row).get(column)?.(this.#placeOf[row] ?? 0);
  }

  #valuesAt(row: number, columns: readonly Column[]): Record<string, unknown> {
    const cells = this.#cellsOf(row);
    const place = this.#placeOf[row] ?? 0;
    return Object.fromEntries(columns.map((name) => [name, cells.get(name)?.(place)]));
  }

  #cellsOf(row: number): Cells {
    const batch = this.#batches[this.#batchOf[row] ?? 0];
    if (!batch) throw new RangeError(`There is no row ${row}.`);
    return batch.cells;
  }
}
