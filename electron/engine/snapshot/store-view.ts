import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import { LookalikeError } from '../../contract/errors.ts';
import { readerOf } from '../catalog/arrow.ts';
import { columnIn } from '../catalog/filters.ts';
import type { NumberedColumn } from './resident.ts';
import type { Pause } from './slices.ts';

/** The address of each picture in the newest version of a table of pictures or features. */
export interface StoreView {
  table: Table;
  /** A version number is never used twice, not even when a damaged table is started anew; 0 for none. */
  version: number;
  /** Lance's address of the row of each picture, by the number of the picture's hash; NaN when there is none. */
  addresses: Float64Array;
}

/** Rows whose hashes are looked up between two pauses: some milliseconds. */
const ROWS_A_SLICE = 4096;

/**
 * Finds the addresses of pictures in a table.
 * @param hashes of the rows in memory
 * @param needed the numbers of the hashes that must be found; others are found along the way
 * @param before the view of the previous snapshot, which is used again when nothing has changed since
 */
export async function viewStore(
  table: Table,
  hashes: NumberedColumn,
  needed: ReadonlySet<number>,
  before: StoreView | null,
  pause: Pause,
): Promise<StoreView> {
  const version = await table.version();
  if (before?.version === version) {
    const { addresses } = before;
    // A picture that the table did not have then is still missing, unless nobody had looked for it.
    const isKnown = (hash: number) => hash < addresses.length;
    if ([...needed].every(isKnown)) return { table, version, addresses };
  }
  const addresses = new Float64Array(hashes.values.length).fill(Number.NaN);
  for await (const batch of table.query().select(['imageHash']).withRowId()) {
    const hashOf = readerOf(batch, 'imageHash');
    const numbers = addressesOf(batch);
    for (let i = 0; i < batch.numRows; i++) {
      if (i % ROWS_A_SLICE === 0) await pause();
      const hash = hashes.numberOf(String(hashOf(i)));
      if (hash !== undefined) addresses[hash] = numbers[i] ?? Number.NaN;
    }
  }
  return { table, version, addresses };
}

/** Hashes per query. */
const HASHES_AT_ONCE = 500;

/**
 * Finds the addresses of a few pictures, without reading all hashes.
 * @param needed the numbers of their hashes
 */
export async function findInStore(
  table: Table,
  hashes: NumberedColumn,
  needed: ReadonlySet<number>,
): Promise<StoreView> {
  const addresses = new Float64Array(hashes.values.length).fill(Number.NaN);
  const names = [...needed].flatMap((number) => hashes.values[number] ?? []);
  for (let from = 0; from < names.length; from += HASHES_AT_ONCE) {
    const condition = columnIn('imageHash', names.slice(from, from + HASHES_AT_ONCE));
    for await (const batch of table.query().where(condition).select(['imageHash']).withRowId()) {
      const hashOf = readerOf(batch, 'imageHash');
      for (const [i, address] of addressesOf(batch).entries()) {
        addresses[hashes.numberOf(String(hashOf(i))) ?? 0] = address;
      }
    }
  }
  return { table, version: await table.version(), addresses };
}

/** Lance's addresses of the rows of a batch. */
export function addressesOf(batch: RecordBatch): Float64Array {
  const numbers: unknown = batch.getChild('_rowid')?.toArray();
  if (!(numbers instanceof BigUint64Array)) throw new LookalikeError('CATALOG_UNREADABLE');
  return Float64Array.from(numbers, Number);
}
