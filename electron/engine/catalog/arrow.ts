import type { FixedSizeList, RecordBatch, Schema, Table, Vector } from 'apache-arrow';
import { LookalikeError } from '../../contract/errors.ts';
import { arrow } from './arrow-library.ts';
import { attributeTerm, type ImageRow, plainAttributes } from './schema.ts';

/**
 * Rows as an Arrow table of the schema's columns. Of objects, LanceDB makes the same table number
 * by number: that held the engine's thread for 10 ms where 64 rows of 512 numbers take 3 so.
 * @throws RangeError when a list of numbers is not as long as the schema says
 */
export function toArrow(cells: readonly object[], schema: Schema): Table {
  const columns = schema.fields.map(({ name, type }): [string, Vector] => {
    const column = cells.map((row): unknown => Reflect.get(row, name));
    if (arrow.DataType.isFixedSizeList(type)) return [name, floatLists(column, type)];
    // A blob is given as bytes or as an address of them.
    const isBlob = arrow.DataType.isStruct(type);
    return [name, arrow.vectorFromArray(isBlob ? column.map((data) => ({ data, uri: null })) : column, type)];
  });
  return new arrow.Table(schema, Object.fromEntries(columns));
}

/** A row as the table of product images has it: `attributes` as JSON, and their terms. */
export function cellsOf(row: ImageRow): object {
  const attributes = JSON.stringify(row.attributes);
  const terms = plainAttributes(row.attributes).map(([name, value]) => attributeTerm(name, value));
  return { ...row, attributes, attributeTerms: terms };
}

/**
 * Reads one column's cells. Texts by Buffer and not by Arrow, whose TextDecoder takes three times as long for short ones.
 * @throws LookalikeError CATALOG_UNREADABLE when there is no such column
 */
export function readerOf(batch: RecordBatch, column: string): (n: number) => unknown {
  const data = batch.getChild(column)?.data[0];
  if (!data) throw new LookalikeError('CATALOG_UNREADABLE', { item: column });
  const { values, valueOffsets } = data;
  if (!valueOffsets) return (n) => (data.getValid(n) ? values[n] : null);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return (n) => (data.getValid(n) ? bytes.toString('utf8', valueOffsets[n], valueOffsets[n + 1]) : null);
}

function floatLists(lists: readonly unknown[], type: FixedSizeList): Vector {
  const { listSize } = type;
  const data = new Float32Array(lists.length * listSize);
  lists.forEach((list, i) => {
    if (!(list instanceof Float32Array) || list.length !== listSize) {
      throw new RangeError(`There should be ${listSize} numbers in a list.`);
    }
    data.set(list, i * listSize);
  });
  const child = arrow.makeData({ type: new arrow.Float32(), data });
  return new arrow.Vector([arrow.makeData({ type, length: lists.length, nullCount: 0, child })]);
}
