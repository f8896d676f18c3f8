import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { ROW_COLUMNS } from '../catalog/schema.ts';
import { columnsIn } from '../catalog/version-1.ts';
import { featuresOf } from './features.ts';
import { NONE } from './grouping.ts';
import { readerOf } from './image-rows.ts';
import { ResidentRows } from './resident.ts';
import { Snapshot } from './snapshot.ts';
import type { ThumbnailCache } from './thumbnails.ts';

/** Lets others have the thread. Resolves when whoever reads in the background may go on. */
export type Pause = () => Promise<void>;

/** The thread is held no longer than this between two pauses, in milliseconds. */
const SLICE_MS = 4;
/** Rows that are asked for by their addresses at once. */
const ROWS_AT_ONCE = 2048;
/** Of this share of the rows the fields are read again when most of what is held with them is used no more. */
const MOST_READ_AGAIN = 1 / 16;

/** What follows from these has not changed where they have not. */
const IDENTITY = ['key', 'rowHash', 'imageHash', 'imageRef', 'imageValidator'] as const;

/** A version of a table that is about to be read. */
export interface Version {
  info: PublishedSnapshot;
  /** Checked out at the version. */
  table: Table;
  /** Closes the table and all that was opened with it. */
  close: () => void;
}

/**
 * Reads a version of the table into memory, in slices between which others have the thread. What the snapshot before it
 * has in memory already is not read again, and shared. Lance numbers rows by the file they are in and never writes a
 * file twice, so a row under a known number is known. Compaction gives all rows new numbers: these are compared by
 * their hashes and, to the last bit, by their vectors.
 * @param before another version of the same model's table; null shares nothing
 * @returns a snapshot that is held once; `version` is closed with it, or when reading fails
 * @throws LookalikeError CATALOG_UNREADABLE
 */
export async function loadSnapshot(
  version: Version,
  dim: number,
  before: Snapshot | null,
  thumbnails: ThumbnailCache,
  pause: Pause,
): Promise<Snapshot> {
  const { table, info, close } = version;
  const loading = new Loading(table, dim, pause);
  try {
    await loading.readRows(before);
    const { rows, order, addresses } = loading;
    return await Snapshot.of(info, { table, rows, order, addresses, thumbnails, close }, pause);
  } catch (error) {
    loading.abandon();
    close();
    throw error;
  }
}

/** Rows of a batch. */
interface Read {
  batch: RecordBatch;
  /** For each row its place in the table's order, `NONE` when it was not asked for. */
  places: Uint32Array;
}

class Loading {
  readonly #table: Table;
  readonly #pause: Pause;
  rows: ResidentRows;
  /** For each place in the table's order the row in memory; `NONE` as long as there is none. */
  order: Uint32Array = new Uint32Array();
  /** Lance's own number of the row at each place. */
  addresses: Float64Array = new Float64Array();
  /** Claimed, but not read yet. */
  #unread = new Set<number>();

  constructor(table: Table, dim: number, pause: Pause) {
    this.#table = table;
    this.#pause = pause;
    this.rows = new ResidentRows(dim);
  }

  async readRows(before: Snapshot | null): Promise<void> {
    this.addresses = await this.#readAddresses();
    this.order = new Uint32Array(this.addresses.length).fill(NONE);
    if (before && !isWorn(before.rows, this.order.length)) {
      this.rows = before.rows;
      if (await this.#isSameTable(before)) this.#locate(before);
      await this.#pause();
      await this.#recognise(before);
    }
    await this.#readMissing();
  }

  /** Lets go of what was claimed. */
  abandon(): void {
    const claimed = this.order.filter((row) => row !== NONE);
    this.rows.release(
      claimed.filter((row) => !this.#unread.has(row)),
      true,
    );
    this.rows.release(Uint32Array.from(this.#unread), false);
  }

  async #readAddresses(): Promise<Float64Array> {
    const numbers: Float64Array[] = [];
    for await (const batch of this.#table.query().select([]).withRowId()) {
      numbers.push(addressesOf(batch));
      await this.#pause();
    }
    const all = new Float64Array(numbers.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const some of numbers) {
      all.set(some, at);
      at += some.length;
    }
    return all;
  }

  /** A table that was dropped and made anew begins to count from the start, but not at the same moment. */
  async #isSameTable({ info }: Snapshot): Promise<boolean> {
    const then = Date.parse(info.publishedAt);
    const versions = await this.#table.listVersions();
    return versions.some(({ version, timestamp }) => version === info.version && timestamp.getTime() <= then);
  }

  /** Finds rows by their addresses, which ascend within a file. */
  #locate({ parts: known }: Snapshot): void {
    const starts = new Map<number, number>();
    for (const [place, address] of known.addresses.entries()) {
      const file = fileOf(address);
      if (!starts.has(file)) starts.set(file, place);
    }
    let again = Math.floor(this.order.length * MOST_READ_AGAIN);
    let [file, at] = [-1, 0];
    for (const [place, address] of this.addresses.entries()) {
      if (fileOf(address) !== file) {
        file = fileOf(address);
        at = starts.get(file) ?? known.addresses.length;
      }
      while (fileOf(known.addresses[at] ?? -1) === file && (known.addresses[at] ?? 0) < address) at++;
      if (known.addresses[at] !== address) continue;
      const row = known.order[at] ?? NONE;
      if (again > 0 && this.rows.fields.isInThinBatch(row)) again--;
      else this.#share(place, row);
    }
  }

  /** Finds rows that stand at other addresses now and are otherwise the same. */
  async #recognise(before: Snapshot): Promise<void> {
    const alike = new Uint32Array(this.order.length).fill(NONE);
    for await (const { batch, places } of this.#read(IDENTITY, this.#missing())) {
      const cells = IDENTITY.map((column) => readerOf(batch, column));
      const isRow = (row: number, i: number) =>
        IDENTITY.every((column, n) => cells[n]?.(i) === this.rows.fields.value(column, row));
      await this.#inSlices(
        (function* () {
          for (const [i, place] of places.entries()) {
            if (i % 32 === 0) yield;
            if (place === NONE) continue;
            const key = String(cells[0]?.(i));
            const product = before.rowsOfProduct(uidOfKey(key));
            alike[place] = product.find((row) => isRow(row, i)) ?? NONE;
          }
        })(),
      );
    }
    const likely = this.#missing().filter((place) => alike[place] !== NONE);
    for await (const { batch, places } of this.#read(['vector', 'colorSignature'], likely)) {
      const features = featuresOf(batch, this.rows.dim);
      for (const [i, place] of places.entries()) {
        if (i % 512 === 0) await this.#pause();
        const row = place === NONE ? NONE : (alike[place] ?? NONE);
        if (row !== NONE && this.rows.hasFeatures(row, features, i)) this.#share(place, row);
      }
    }
  }

  async #readMissing(): Promise<void> {
    const missing = this.#missing();
    if (missing.length === 0) return;
    for (const [i, row] of this.rows.allocate(missing.length).entries()) {
      this.order[missing[i] ?? 0] = row;
      this.#unread.add(row);
    }
    const rowsOf = (places: Uint32Array) =>
      places.map((place) => (place === NONE ? NONE : (this.order[place] ?? NONE)));
    const columns = await columnsIn(this.#table, ROW_COLUMNS);
    for await (const { batch, places } of this.#read(columns, missing)) {
      const rows = rowsOf(places);
      for (const row of rows) this.#unread.delete(row);
      await this.#inSlices(this.rows.setFields(batch, rows));
    }
    this.rows.expectFeatures(rowsOf(missing));
    for await (const { batch, places } of this.#read(['vector', 'colorSignature'], missing)) {
      const features = featuresOf(batch, this.rows.dim);
      await this.#inSlices(this.rows.setFeatures(features, rowsOf(places)));
    }
  }

  #share(place: number, row: number): void {
    this.order[place] = row;
    this.rows.claim(Uint32Array.of(row));
  }

  #missing(): Uint32Array {
    return Uint32Array.from(this.order.keys()).filter((place) => this.order[place] === NONE);
  }

  /** Reads columns of the rows at some places: one by one or, when these are most of the table, all of it. */
  async *#read(columns: readonly string[], places: Uint32Array): AsyncGenerator<Read, void> {
    if (places.length * 2 > this.addresses.length) {
      yield* this.#scan(columns, places);
      return;
    }
    for (let from = 0; from < places.length; from += ROWS_AT_ONCE) {
      const some = places.subarray(from, from + ROWS_AT_ONCE);
      const placeAt = new Map([...some].map((place) => [this.addresses[place] ?? -1, place]));
      const query = this.#table.takeRowIds([...placeAt.keys()].map(BigInt)).select([...columns]);
      let count = 0;
      for await (const batch of query.withRowId()) {
        const found = Uint32Array.from(addressesOf(batch), (address) => placeAt.get(address) ?? NONE);
        if (found.includes(NONE)) throw new LookalikeError('CATALOG_UNREADABLE');
        count += found.length;
        if (found.length > 0) yield { batch, places: found };
      }
      if (count !== some.length) throw new LookalikeError('CATALOG_UNREADABLE');
    }
  }

  async *#scan(columns: readonly string[], places: Uint32Array): AsyncGenerator<Read, void> {
    const isAsked = new Uint8Array(this.addresses.length);
    for (const place of places) isAsked[place] = 1;
    let from = 0;
    for await (const batch of this.#table
      .query()
      .select([...columns])
      .withRowId()) {
      const first = from;
      from += batch.numRows;
      if (batch.numRows === 0) continue;
      // Lance reads a version in the same order each time; that the batches belong together is checked all the same.
      if (addressesOf(batch)[0] !== this.addresses[first]) throw new LookalikeError('CATALOG_UNREADABLE');
      const found = Uint32Array.from({ length: batch.numRows }, (_, i) =>
        isAsked[first + i] ? first + i : NONE,
      );
      if (found.some((place) => place !== NONE)) yield { batch, places: found };
    }
    if (from !== this.addresses.length) throw new LookalikeError('CATALOG_UNREADABLE');
  }

  async #inSlices(steps: Generator<void, void>): Promise<void> {
    let end = performance.now() + SLICE_MS;
    while (!steps.next().done) {
      if (performance.now() < end) continue;
      await this.#pause();
      end = performance.now() + SLICE_MS;
    }
  }
}

/** Whether so little of what is in memory would be used that to read all anew takes less of it. */
function isWorn({ count, columns }: ResidentRows, needed: number): boolean {
  const most = 2 * needed + 1024;
  return count > most || columns.uid.values.length > most || columns.imageHash.values.length > 2 * most;
}

/** Lance's number of a row: the file's number times 2^32, and the row's in the file. */
const fileOf = (address: number) => Math.floor(address / 2 ** 32);

function addressesOf(batch: RecordBatch): Float64Array {
  const numbers: unknown = batch.getChild('_rowid')?.toArray();
  if (!(numbers instanceof BigUint64Array)) throw new LookalikeError('CATALOG_UNREADABLE');
  return Float64Array.from(numbers, Number);
}
