import type { FixedSizeList, Schema, Table, Vector } from 'apache-arrow';
import { arrow } from './arrow-library.ts';
import type { CatalogRow } from './rows.ts';
import { attributeTerm, plainAttributes } from './schema.ts';

/**
 * Rows as an Arrow table of the schema's columns, `attributes` as JSON. Of objects, LanceDB makes the same table number
 * by number: that held the engine's thread for 10 ms where 64 rows of 512 numbers take 3 so.
 * @throws RangeError when a list of numbers is not as long as the schema says
 */
export function toArrow(rows: readonly CatalogRow[], schema: Schema): Table {
  const cells = rows.map(cellsOf);
  const columns = schema.fields.map(({ name, type }): [string, Vector] => {
    const column = cells.map((row) => row[name]);
    if (arrow.DataType.isFixedSizeList(type)) return [name, floatLists(column, type)];
    // A blob is given as bytes or as an address of them.
    const isBlob = arrow.DataType.isStruct(type);
    return [name, arrow.vectorFromArray(isBlob ? column.map((data) => ({ data, uri: null })) : column, type)];
  });
  return new arrow.Table(schema, Object.fromEntries(columns));
}

function cellsOf({ row, content }: CatalogRow): Record<string, unknown> {
  const attributes = JSON.stringify(row.attributes);
  const terms = plainAttributes(row.attributes).map(([name, value]) => attributeTerm(name, value));
  return { ...row, ...content, attributes, attributeTerms: terms };
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
