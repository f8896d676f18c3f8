import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import type { Product } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { fromTableRow, type ImageRow, PRODUCT_COLUMNS, ROW_COLUMNS, toProduct } from './schema.ts';

type Column = (typeof ROW_COLUMNS)[number];

/** Rows from number `start` on: for each column, what stands in the nth of them. */
interface Chunk {
  start: number;
  cells: ReadonlyMap<string, (n: number) => unknown>;
}

/**
 * What is shown of every image of a table's version, in the table's order and as Arrow holds it: a row becomes an object
 * only when somebody asks for it.
 */
export class ImageRows {
  readonly count: number;
  readonly #chunks: Chunk[];

  private constructor(count: number, chunks: Chunk[]) {
    this.count = count;
    this.#chunks = chunks;
  }

  /** @throws LookalikeError CATALOG_UNREADABLE */
  static async read(table: Table): Promise<ImageRows> {
    const chunks: Chunk[] = [];
    let count = 0;
    const query = table.query().select([...ROW_COLUMNS]);
    for await (const batch of query.withRowId()) {
      chunks.push({ start: count, cells: cellsOf(batch) });
      count += batch.numRows;
    }
    return new ImageRows(count, chunks);
  }

  at(row: number): ImageRow {
    return fromTableRow(this.#valuesAt(row, ROW_COLUMNS));
  }

  /** What of a row is its product's: half the time of the whole row. */
  productAt(row: number): Product {
    return toProduct(this.#valuesAt(row, PRODUCT_COLUMNS));
  }

  /** One row's value of a column, in the type that the table's schema gives it. */
  value(column: Column, row: number): unknown {
    const { start, cells } = this.#chunkOf(row);
    return cells.get(column)?.(row - start);
  }

  /** Lance's own number of a row. */
  rowId(row: number): bigint {
    const { start, cells } = this.#chunkOf(row);
    return BigInt(String(cells.get('_rowid')?.(row - start)));
  }

  #valuesAt(row: number, columns: readonly Column[]): Record<string, unknown> {
    const { start, cells } = this.#chunkOf(row);
    return Object.fromEntries(columns.map((name) => [name, cells.get(name)?.(row - start)]));
  }

  #chunkOf(row: number): Chunk {
    let [low, high] = [0, this.#chunks.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.start ?? 0) <= row) low = middle;
      else high = middle;
    }
    const chunk = this.#chunks[low];
    if (!chunk || row < 0 || row >= this.count) throw new RangeError(`There is no row ${row}.`);
    return chunk;
  }
}

function cellsOf(batch: RecordBatch): Chunk['cells'] {
  return new Map([...ROW_COLUMNS, '_rowid'].map((name) => [name, readerOf(batch, name)]));
}

/**
 * Reads one column's cells. Texts by Buffer and not by Arrow, whose TextDecoder takes three times as long for short ones.
 */
function readerOf(batch: RecordBatch, column: string): (n: number) => unknown {
  const data = batch.getChild(column)?.data[0];
  if (!data) throw new LookalikeError('CATALOG_UNREADABLE', { item: column });
  const { values, valueOffsets } = data;
  if (!valueOffsets) return (n) => (data.getValid(n) ? values[n] : null);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return (n) => (data.getValid(n) ? bytes.toString('utf8', valueOffsets[n], valueOffsets[n + 1]) : null);
}
