// Finds the rows of a new version that the previous snapshot already has in memory, so that they are not read again.
import { readerOf } from '../catalog/arrow.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { NONE } from './grouping.ts';
import type { ResidentRows } from './resident.ts';
import type { RowReader } from './row-reader.ts';
import { inSlices, type Pause } from './slices.ts';
import type { Snapshot } from './snapshot.ts';

/** The share of rows that may be read again to free memory: those in batches whose other rows are mostly unused. */
const MOST_READ_AGAIN = 1 / 16;

/** When these columns have not changed, nothing derived from them has. */
const IDENTITY = ['key', 'rowHash', 'imageHash', 'imageRef', 'imageValidator'] as const;

/** A version that is being read. */
export interface Sharing {
  /** The rows in memory, which the previous snapshot uses too. */
  rows: ResidentRows;
  /** Lance's address of the row at each place. */
  addresses: Float64Array;
  /** For each place the row in memory; `NONE` while none was found. This is filled in. */
  order: Uint32Array;
  /** Whether the features of a row's picture have changed: then the row is not shared. */
  hasChanged: (row: number) => boolean;
}

/**
 * Finds rows by their addresses, which ascend within a file. Lance's address contains the file, and Lance never rewrites a
 * file, so a row with a known address is the same row. Valid only for two versions of the same table.
 */
export function shareByAddress(sharing: Sharing, { parts: known }: Snapshot): void {
  const { addresses, order, rows } = sharing;
  const starts = new Map<number, number>();
  for (const [place, address] of known.addresses.entries()) {
    const file = fileOf(address);
    if (!starts.has(file)) starts.set(file, place);
  }
  let again = Math.floor(order.length * MOST_READ_AGAIN);
  let [file, at] = [-1, 0];
  for (const [place, address] of addresses.entries()) {
    if (fileOf(address) !== file) {
      file = fileOf(address);
      at = starts.get(file) ?? known.addresses.length;
    }
    while (fileOf(known.addresses[at] ?? -1) === file && (known.addresses[at] ?? 0) < address) at++;
    if (known.addresses[at] !== address) continue;
    const row = known.order[at] ?? NONE;
    if (sharing.hasChanged(row)) continue;
    if (again > 0 && rows.fields.isInThinBatch(row)) again--;
    else share(sharing, place, row);
  }
}

/** Finds rows that have other addresses now, as after a compaction, and are otherwise the same. */
export async function shareByContent(
  sharing: Sharing,
  before: Snapshot,
  reader: RowReader,
  pause: Pause,
): Promise<void> {
  const { rows, order } = sharing;
  const missing = Uint32Array.from(order.keys()).filter((place) => order[place] === NONE);
  for await (const { batch, places } of reader.read(IDENTITY, missing)) {
    const cells = IDENTITY.map((column) => readerOf(batch, column));
    const isRow = (row: number, i: number) =>
      !sharing.hasChanged(row) &&
      IDENTITY.every((column, n) => cells[n]?.(i) === rows.fields.value(column, row));
    const steps = function* () {
      for (const [i, place] of places.entries()) {
        if (i % 32 === 0) yield;
        if (place === NONE) continue;
        const key = String(cells[0]?.(i));
        const product = before.rowsOfProduct(uidOfKey(key));
        const alike = product.find((row) => isRow(row, i));
        if (alike !== undefined) share(sharing, place, alike);
      }
    };
    await inSlices(steps(), pause);
  }
}

function share({ rows, order }: Sharing, place: number, row: number): void {
  order[place] = row;
  rows.claim(Uint32Array.of(row));
}

/** Lance's address of a row is the number of its file times 2^32, plus the row's number in the file. */
const fileOf = (address: number) => Math.floor(address / 2 ** 32);
