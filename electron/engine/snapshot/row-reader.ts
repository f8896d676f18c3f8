import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import { LookalikeError } from '../../contract/errors.ts';
import { NONE } from './grouping.ts';
import type { Pause } from './slices.ts';
import { addressesOf } from './store-view.ts';

/** Rows read by address at once. */
const ROWS_AT_ONCE = 2048;

/** Rows of a batch, and their places in the table. */
export interface PlacedBatch {
  batch: RecordBatch;
  /** For each row its place in the table's order; `NONE` when it was not wanted. */
  places: Uint32Array;
}

/** Lance's addresses of all rows of a table, in its order. */
export async function readAddresses(table: Table, pause: Pause): Promise<Float64Array> {
  const numbers: Float64Array[] = [];
  for await (const batch of table.query().select([]).withRowId()) {
    numbers.push(addressesOf(batch));
    await pause();
  }
  const all = new Float64Array(numbers.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of numbers) {
    all.set(some, at);
    at += some.length;
  }
  return all;
}

/** Reads columns of rows of a table. Rows are given by their places in a list of addresses. */
export class RowReader {
  readonly #table: Table;
  readonly #addresses: Float64Array;
  readonly #isWhole: boolean;

  /**
   * @param addresses Lance's addresses of the rows, ascending
   * @param isWhole whether they are the addresses of all rows of the table, in its order
   */
  constructor(table: Table, addresses: Float64Array, isWhole: boolean) {
    this.#table = table;
    this.#addresses = addresses;
    this.#isWhole = isWhole;
  }

  /**
   * Reads the rows at some places: one by one or, when these are most of the table, the whole table.
   * @throws LookalikeError CATALOG_UNREADABLE when a row is missing
   */
  async *read(columns: readonly string[], places: Uint32Array): AsyncGenerator<PlacedBatch, void> {
    if (this.#isWhole && places.length * 2 > this.#addresses.length) {
      yield* this.#scan(columns, places);
      return;
    }
    for (let from = 0; from < places.length; from += ROWS_AT_ONCE) {
      const slice = places.subarray(from, from + ROWS_AT_ONCE);
      const placeAt = new Map([...slice].map((place) => [this.#addresses[place] ?? -1, place]));
      const query = this.#table.takeRowIds([...placeAt.keys()].map(BigInt)).select([...columns]);
      let count = 0;
      for await (const batch of query.withRowId()) {
        const found = Uint32Array.from(addressesOf(batch), (address) => placeAt.get(address) ?? NONE);
        if (found.includes(NONE)) throw new LookalikeError('CATALOG_UNREADABLE');
        count += found.length;
        if (found.length > 0) yield { batch, places: found };
      }
      if (count !== slice.length) throw new LookalikeError('CATALOG_UNREADABLE');
    }
  }

  async *#scan(columns: readonly string[], places: Uint32Array): AsyncGenerator<PlacedBatch, void> {
    const isAsked = new Uint8Array(this.#addresses.length);
    for (const place of places) isAsked[place] = 1;
    let from = 0;
    for await (const batch of this.#table
      .query()
      .select([...columns])
      .withRowId()) {
      const first = from;
      from += batch.numRows;
      if (batch.numRows === 0) continue;
      // Lance reads a version in the same order each time. Whether the batches match is checked anyway.
      if (addressesOf(batch)[0] !== this.#addresses[first]) throw new LookalikeError('CATALOG_UNREADABLE');
      const found = Uint32Array.from({ length: batch.numRows }, (_, i) =>
        isAsked[first + i] ? first + i : NONE,
      );
      if (found.some((place) => place !== NONE)) yield { batch, places: found };
    }
    if (from !== this.#addresses.length) throw new LookalikeError('CATALOG_UNREADABLE');
  }
}

/**
 * Reads columns of the rows at some addresses: one by one or, when these are most of the table, the whole table. It may also
 * yield rows that were not wanted.
 */
export async function* readAt(
  table: Table,
  columns: readonly string[],
  addresses: readonly number[],
): AsyncGenerator<RecordBatch, void> {
  if (addresses.length * 2 > (await table.countRows())) {
    yield* table
      .query()
      .select([...columns])
      .withRowId();
    return;
  }
  for (let from = 0; from < addresses.length; from += ROWS_AT_ONCE) {
    const slice = addresses.slice(from, from + ROWS_AT_ONCE).map(BigInt);
    yield* table
      .takeRowIds(slice)
      .select([...columns])
      .withRowId();
  }
}
