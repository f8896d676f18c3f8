// Finds the rows of a new version that the snapshot before it has in memory already, so that they are not read again.
import { readerOf } from '../catalog/arrow.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { NONE } from './grouping.ts';
import type { ResidentRows } from './resident.ts';
import type { RowReader } from './row-reader.ts';
import { inSlices, type Pause } from './slices.ts';
import type { Snapshot } from './snapshot.ts';

/** Of this share of the rows the fields are read again when most of what is held with them is used no more. */
const MOST_READ_AGAIN = 1 / 16;

/** What follows from these columns has not changed where they have not. */
const IDENTITY = ['key', 'rowHash', 'imageHash', 'imageRef', 'imageValidator'] as const;

/** A version that is being read. */
export interface Sharing {
  /** The rows in memory, which the snapshot before uses too. */
  rows: ResidentRows;
  /** Lance's number of the row at each place. */
  addresses: Float64Array;
  /** For each place the row in memory; `NONE` where none was found yet. Filled in. */
  order: Uint32Array;
  /** Whether the picture of a row has other features now: then the row is not shared. */
  hasChanged: (row: number) => boolean;
}

/**
 * Finds rows by their addresses, which ascend within a file. Lance numbers a row by its file and never writes a file twice,
 * so a row under a known number is a known row. Valid only for two versions of the same table.
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

/** Finds rows that stand at other addresses now, as after a compaction, and are otherwise the same. */
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

/** Lance's number of a row is its file's number times 2^32, and the row's number in the file. */
const fileOf = (address: number) => Math.floor(address / 2 ** 32);
