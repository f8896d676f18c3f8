import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { readerOf } from '../catalog/arrow.ts';

import { uidOfKey } from '../catalog/product-ids.ts';
import { ROW_COLUMNS } from '../catalog/schema.ts';
import { featuresUnreadable, type TableVersion } from '../catalog/table-versions.ts';
import { type Features, featuresOf } from './features.ts';
import { NONE } from './grouping.ts';
import { ResidentRows } from './resident.ts';
import { Snapshot } from './snapshot.ts';
import { addressesOf, findInStore, type StoreView, viewStore } from './store-view.ts';
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

/** A version of the product images that is about to be read, with what is known of their pictures. */
export interface Version extends TableVersion {
  info: PublishedSnapshot;
  /** The model whose features are read. */
  modelId: string;
}

/**
 * Reads a version of the product images into memory, in slices between which others have the thread, and the features of
 * pictures that are not in memory. What the snapshot before it has in memory already is not read again, and shared. Lance
 * numbers rows by the file they are in and never writes a file twice, so a row under a known number is known. Compaction
 * gives all rows new numbers: then rows are compared by their hashes, and features to the last bit.
 *
 * Rows whose picture this model has not looked at are left out; the snapshot says how many pictures those are.
 * @param before another version with the features of the same model; null shares nothing
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
  const loading = new Loading(version, dim, pause);
  try {
    await loading.readRows(before);
    const { rows, order, addresses, features, pictures, unseen } = loading;
    const parts = { table, rows, order, addresses, features, pictures, unseen, thumbnails, close };
    return await Snapshot.of(info, parts, pause);
  } catch (error) {
    loading.abandon();
    close();
    throw error;
  }
}

/**
 * Reads some rows of a version into memory, as a snapshot of these rows alone.
 * @param addresses Lance's numbers of the rows, ascending
 * @param rows where they are read to; what it has of their pictures is shared
 * @param seesPictures whether thumbnails will be asked for
 * @returns a snapshot that is held once; the tables stay open when it is disposed of
 * @throws LookalikeError CATALOG_UNREADABLE
 */
export async function loadRows(
  version: Version,
  addresses: Float64Array,
  rows: ResidentRows,
  thumbnails: ThumbnailCache,
  pause: Pause,
  seesPictures = false,
): Promise<Snapshot> {
  const loading = new Loading(version, rows.dim, pause, rows);
  try {
    await loading.readOnly(addresses, seesPictures);
    const { table, info } = version;
    const { order, addresses: kept, features, pictures, unseen } = loading;
    const found = { order, addresses: kept, features, pictures, unseen };
    return await Snapshot.of(info, { table, rows, ...found, thumbnails, close: () => {} }, pause);
  } catch (error) {
    loading.abandon();
    throw error;
  }
}

/** Rows of a batch. */
interface Read {
  batch: RecordBatch;
  /** For each row its place in the table's order, `NONE` when it was not asked for. */
  places: Uint32Array;
}

/** Nothing of a table that cannot be read. */
const NOTHING: Omit<StoreView, 'table'> = { version: 0, addresses: new Float64Array() };

class Loading {
  readonly #version: Version;
  readonly #table: Table;
  readonly #pause: Pause;
  rows: ResidentRows;
  /** For each place in the table's order the row in memory; `NONE` as long as there is none. */
  order: Uint32Array = new Uint32Array();
  /** Lance's own number of the row at each place. */
  addresses: Float64Array = new Float64Array();
  features: StoreView;
  /** Null when the pictures cannot be read. */
  pictures: StoreView | null = null;
  /** How many pictures the model has not looked at. */
  unseen = 0;
  /** Claimed, but not read yet. */
  #unread = new Set<number>();
  /** Numbers of the hashes in memory whose features are others now. */
  #changed: ReadonlySet<number> = new Set();

  /** Only some rows are read, each by its address. */
  #some = false;

  constructor(version: Version, dim: number, pause: Pause, rows = new ResidentRows(dim)) {
    this.#version = version;
    this.#table = version.table;
    this.#pause = pause;
    this.rows = rows;
    this.features = { table: version.features, ...NOTHING };
  }

  /**
   * @param addresses ascending
   * @param seesPictures whether thumbnails will be asked for
   */
  async readOnly(addresses: Float64Array, seesPictures: boolean): Promise<void> {
    this.#some = true;
    this.addresses = addresses;
    this.order = new Uint32Array(addresses.length).fill(NONE);
    const missing = this.#missing();
    await this.#readMissing(missing);
    await this.#showPictures(missing);
    if (seesPictures) this.pictures = await this.#viewPictures(null);
  }

  async readRows(before: Snapshot | null): Promise<void> {
    this.addresses = await this.#readAddresses();
    this.order = new Uint32Array(this.addresses.length).fill(NONE);
    if (before && !isWorn(before.rows, this.order.length)) {
      this.rows = before.rows;
      await this.#compareFeatures(before);
      if (await this.#isSameTable(before)) this.#locate(before);
      await this.#pause();
      await this.#recognise(before);
    }
    const missing = this.#missing();
    await this.#readMissing(missing);
    await this.#showPictures(missing);
    this.pictures = await this.#viewPictures(before);
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
      if (this.#hasChanged(row)) continue;
      if (again > 0 && this.rows.fields.isInThinBatch(row)) again--;
      else this.#share(place, row);
    }
  }

  /** Finds rows that stand at other addresses now and are otherwise the same. */
  async #recognise(before: Snapshot): Promise<void> {
    for await (const { batch, places } of this.#read(IDENTITY, this.#missing())) {
      const cells = IDENTITY.map((column) => readerOf(batch, column));
      const isRow = (row: number, i: number) =>
        !this.#hasChanged(row) &&
        IDENTITY.every((column, n) => cells[n]?.(i) === this.rows.fields.value(column, row));
      const share = (place: number, row: number) => this.#share(place, row);
      await this.#inSlices(
        (function* () {
          for (const [i, place] of places.entries()) {
            if (i % 32 === 0) yield;
            if (place === NONE) continue;
            const key = String(cells[0]?.(i));
            const product = before.rowsOfProduct(uidOfKey(key));
            const alike = product.find((row) => isRow(row, i));
            if (alike !== undefined) share(place, alike);
          }
        })(),
      );
    }
  }

  async #readMissing(missing: Uint32Array): Promise<void> {
    if (missing.length === 0) return;
    for (const [i, row] of this.rows.allocate(missing.length).entries()) {
      this.order[missing[i] ?? 0] = row;
      this.#unread.add(row);
    }
    for await (const { batch, places } of this.#read(ROW_COLUMNS, missing)) {
      const rows = places.map((place) => (place === NONE ? NONE : (this.order[place] ?? NONE)));
      for (const row of rows) this.#unread.delete(row);
      await this.#inSlices(this.rows.setFields(batch, rows));
    }
  }

  /** Finds pictures in memory whose features were made anew: rows that show them are not shared. */
  async #compareFeatures({ parts }: Snapshot): Promise<void> {
    const { imageHash } = this.rows.columns;
    const none = new Set<number>();
    const changed = new Set<number>();
    await this.#ofFeatures(async () => {
      this.features = await viewStore(this.features.table, imageHash, none, parts.features, this.#pause);
      const { version, addresses } = this.features;
      if (version === parts.features.version) return;
      const moved = new Map<number, number>();
      for (const [hash, address] of addresses.entries()) {
        const picture = this.rows.pictures.ofHash(hash);
        if (picture !== undefined && address !== parts.features.addresses[hash]) moved.set(hash, picture);
      }
      await this.#readFeatures(new Set(moved.keys()), (hash, features, i) => {
        const picture = moved.get(hash);
        if (picture !== undefined && !this.rows.pictures.has(picture, features, i)) changed.add(hash);
      });
    });
    this.#changed = changed;
  }

  /** Gives the rows at these places their pictures, and leaves out those whose picture the model has not looked at. */
  async #showPictures(places: Uint32Array): Promise<void> {
    const { imageHash } = this.rows.columns;
    const waiting = new Map<number, number[]>();
    for (const place of places) {
      const row = this.order[place] ?? NONE;
      const hash = imageHash.of[row] ?? 0;
      const known = this.#changed.has(hash) ? undefined : this.rows.pictures.ofHash(hash);
      if (known !== undefined) this.rows.show(row, known);
      else if (!waiting.get(hash)?.push(row)) waiting.set(hash, [row]);
    }
    if (waiting.size === 0) return;
    const hashes = new Set(waiting.keys());
    await this.#ofFeatures(async () => {
      const { table } = this.features;
      this.features = this.#some
        ? await findInStore(table, imageHash, hashes)
        : await viewStore(table, imageHash, hashes, this.features, this.#pause);
      this.rows.pictures.makeRoom(hashes.size);
      await this.#readFeatures(hashes, (hash, features, i) => {
        const picture = this.rows.pictures.take(hash, features, i);
        for (const row of waiting.get(hash) ?? []) this.rows.show(row, picture);
        waiting.delete(hash);
      });
    });
    this.unseen = waiting.size;
    if (waiting.size > 0) this.#leaveOut(new Set([...waiting.values()].flat()));
  }

  #leaveOut(rows: ReadonlySet<number>): void {
    const left = Uint32Array.from(this.order.keys()).filter((place) => !rows.has(this.order[place] ?? NONE));
    this.addresses = Float64Array.from(left, (place) => this.addresses[place] ?? 0);
    this.order = left.map((place) => this.order[place] ?? 0);
    this.rows.release(Uint32Array.from(rows));
  }

  /**
   * Reads features where the table has them.
   * @param take given each picture's hash, by number, and its features in a batch
   */
  async #readFeatures(
    hashes: ReadonlySet<number>,
    take: (hash: number, features: Features, i: number) => void,
  ): Promise<void> {
    const { table, addresses } = this.features;
    const hashAt = new Map<number, number>();
    for (const hash of hashes) {
      const address = addresses[hash] ?? Number.NaN;
      if (!Number.isNaN(address)) hashAt.set(address, hash);
    }
    for await (const batch of readAt(table, ['vector', 'colorSignature'], [...hashAt.keys()])) {
      const features = featuresOf(batch, this.rows.dim);
      for (const [i, address] of addressesOf(batch).entries()) {
        if (i % 64 === 0) await this.#pause();
        const hash = hashAt.get(address);
        if (hash !== undefined) take(hash, features, i);
      }
    }
  }

  /** Any failure of the features is one of all versions. */
  async #ofFeatures(work: () => Promise<void>): Promise<void> {
    await work().catch((cause: unknown) => {
      throw featuresUnreadable(this.#version.modelId, cause);
    });
  }

  /** What the catalog lacks of pictures keeps nothing from being found. */
  async #viewPictures(before: Snapshot | null): Promise<StoreView | null> {
    const table = this.#version.pictures;
    if (!table) return null;
    const { imageHash } = this.rows.columns;
    const needed = new Set<number>();
    for (const row of this.order) needed.add(imageHash.of[row] ?? 0);
    const known = before?.rows === this.rows ? before.parts.pictures : null;
    const view = this.#some
      ? findInStore(table, imageHash, needed)
      : viewStore(table, imageHash, needed, known, this.#pause);
    return view.catch((error: unknown) => {
      console.error(error);
      return null;
    });
  }

  #hasChanged(row: number): boolean {
    return this.#changed.has(this.rows.columns.imageHash.of[row] ?? 0);
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
    if (!this.#some && places.length * 2 > this.addresses.length) {
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

/** Reads columns of the rows at some addresses: one by one or, when these are most of the table, all of it. */
async function* readAt(
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
    const some = addresses.slice(from, from + ROWS_AT_ONCE).map(BigInt);
    yield* table
      .takeRowIds(some)
      .select([...columns])
      .withRowId();
  }
}
