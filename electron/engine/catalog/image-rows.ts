import type { Table } from '@lancedb/lancedb';
import type { Vector } from 'apache-arrow';
import { LookalikeError } from '../../contract/errors.ts';
import { fromTableRow, type ImageRow, ROW_COLUMNS } from './schema.ts';

type Column = (typeof ROW_COLUMNS)[number];

/**
 * What is shown of every image of a table's version, in the table's order and as Arrow holds it: a row becomes an object
 * only when somebody asks for it.
 */
export class ImageRows {
  readonly count: number;
  readonly #columns: ReadonlyMap<Column, Vector>;
  readonly #rowIds: Vector;

  private constructor(count: number, columns: ReadonlyMap<Column, Vector>, rowIds: Vector) {
    this.count = count;
    this.#columns = columns;
    this.#rowIds = rowIds;
  }

  /** @throws LookalikeError CATALOG_UNREADABLE */
  static async read(table: Table): Promise<ImageRows> {
    const found = await table
      .query()
      .select([...ROW_COLUMNS])
      .withRowId()
      .toArrow();
    const column = (name: string): Vector => {
      const values = found.getChild(name);
      if (!values) throw new LookalikeError('CATALOG_UNREADABLE', { item: name });
      return values;
    };
    const columns = new Map(ROW_COLUMNS.map((name) => [name, column(name)]));
    return new ImageRows(found.numRows, columns, column('_rowid'));
  }

  at(row: number): ImageRow {
    return fromTableRow(
      Object.fromEntries([...this.#columns].map(([name, values]) => [name, values.get(row)])),
    );
  }

  /** One row's value of a column, in the type that the table's schema gives it. */
  value(column: Column, row: number): unknown {
    return this.#columns.get(column)?.get(row);
  }

  /** Lance's own number of a row. */
  rowId(row: number): bigint {
    return BigInt(this.#rowIds.get(row));
  }
}
