import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { readerOf } from './arrow.ts';
import { fromTableRow, type ImageContent, type ImageRow, ROW_COLUMNS } from './schema.ts';

/** All that the catalog keeps of one product image. */
export interface CatalogRow {
  row: ImageRow;
  content: ImageContent;
}

/** What a sync must know of a staged row to tell whether it changed. */
export type StagedRow = Pick<
  ImageRow,
  'key' | 'productId' | 'imageRef' | 'imageValidator' | 'imageHash' | 'rowHash'
>;

const stagedRow = z.object({
  key: z.string(),
  productId: z.string(),
  imageRef: z.string(),
  imageValidator: z.string().nullable(),
  imageHash: z.string(),
  rowHash: z.string(),
});

/** Whether a row stands there already just like that: its content follows from its hashes. */
export function isSameRow(a: StagedRow | undefined, b: StagedRow): boolean {
  return (
    a?.key === b.key &&
    a.rowHash === b.rowHash &&
    a.imageHash === b.imageHash &&
    a.imageRef === b.imageRef &&
    a.imageValidator === b.imageValidator
  );
}

/** The rows of the version that the table is at, by key. */
export async function readStagedRows(table: Table): Promise<Map<string, StagedRow>> {
  const columns = Object.keys(stagedRow.shape);
  const rows = new Map<string, StagedRow>();
  for await (const batch of table.query().select(columns)) {
    const cells = columns.map((column): [string, (n: number) => unknown] => [
      column,
      readerOf(batch, column),
    ]);
    for (let i = 0; i < batch.numRows; i++) {
      const row = stagedRow.parse(Object.fromEntries(cells.map(([column, at]) => [column, at(i)])));
      rows.set(row.key, row);
    }
  }
  return rows;
}

/** Rows that are read at once with their pictures: about 10 KB each. */
const ROWS_AT_ONCE = 256;

/** The wanted rows of the version that the table is at, some hundreds at a time. */
export async function* scanRows(
  table: Table,
  wanted: (row: StagedRow) => boolean,
): AsyncGenerator<ImageRow[], void> {
  for await (const batch of table.query().select([...ROW_COLUMNS])) {
    for (let from = 0; from < batch.numRows; from += ROWS_AT_ONCE) {
      const rows = batch
        .slice(from, from + ROWS_AT_ONCE)
        .toArray()
        .map((row) => fromTableRow(row.toJSON()))
        .filter(wanted);
      if (rows.length > 0) yield rows;
    }
  }
}
