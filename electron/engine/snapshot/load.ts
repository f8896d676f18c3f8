import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import { ROW_COLUMNS } from '../catalog/schema.ts';
import type { TableVersion } from '../catalog/table-versions.ts';
import { FeatureLoader, viewPictures } from './feature-loader.ts';
import { NONE } from './grouping.ts';
import { ResidentRows } from './resident.ts';
import { RowReader, readAddresses } from './row-reader.ts';
import { shareByAddress, shareByContent } from './shared-rows.ts';
import { inSlices, type Pause } from './slices.ts';
import { Snapshot, type SnapshotParts } from './snapshot.ts';
import type { StoreView } from './store-view.ts';
import type { ThumbnailCache } from './thumbnails.ts';

/** A version of the product images that is about to be read, with its pictures and features. */
export interface Version extends TableVersion {
  info: PublishedSnapshot;
  /** The model whose features are read. */
  modelId: string;
}

/**
 * Reads a version of the product images into memory, in slices between which other work can run, and the features of
 * pictures that are not in memory. Rows that the previous snapshot has in memory are shared and not read again. Lance's row
 * addresses contain the file, and Lance never rewrites a file, so a row with a known address is the same row. Compaction
 * gives all rows new addresses; then rows are compared by their hashes, and features to the last bit.
 *
 * Rows whose picture this model has not embedded are left out; the snapshot counts these pictures.
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
  const loading = new Loading(version, pause);
  try {
    const read = await loading.readAll(before, dim);
    return await Snapshot.of(info, { ...read, table, thumbnails, close }, pause);
  } catch (error) {
    loading.abandon();
    close();
    throw error;
  }
}

/**
 * Reads some rows of a version into memory, as a snapshot of only these rows.
 * @param addresses Lance's addresses of the rows, ascending
 * @param rows where they are read to; pictures that it has in memory are shared
 * @param seesPictures whether thumbnails will be read
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
  const { table, info } = version;
  const loading = new Loading(version, pause);
  try {
    const read = await loading.readSome(addresses, rows, seesPictures);
    return await Snapshot.of(info, { ...read, table, thumbnails, close: () => {} }, pause);
  } catch (error) {
    loading.abandon();
    throw error;
  }
}

/** The parts that are read of a version. */
type Read = Pick<SnapshotParts, 'rows' | 'order' | 'addresses' | 'features' | 'pictures' | 'unseen'>;

/** One reading of a version. It tracks the rows in memory that it has claimed, to release them when it fails. */
class Loading {
  readonly #version: Version;
  readonly #pause: Pause;
  #rows: ResidentRows | null = null;
  /** For each place in the table's order the row in memory; `NONE` while there is none. */
  #order: Uint32Array = new Uint32Array();
  /** Rows that are claimed and not read yet. */
  readonly #unread = new Set<number>();

  constructor(version: Version, pause: Pause) {
    this.#version = version;
    this.#pause = pause;
  }

  /** Reads all rows, and shares those of the previous snapshot. */
  async readAll(before: Snapshot | null, dim: number): Promise<Read> {
    const { table } = this.#version;
    const addresses = await readAddresses(table, this.#pause);
    const order = this.#begin(addresses);
    const shared = before && !isWorn(before.rows, order.length) ? before : null;
    const rows = shared?.rows ?? new ResidentRows(dim);
    this.#rows = rows;
    const features = new FeatureLoader(this.#version, rows, true, this.#pause);
    const reader = new RowReader(table, addresses, true);
    if (shared) {
      await features.compare(shared);
      const sharing = { rows, addresses, order, hasChanged: features.hasChanged };
      if (await this.#isSameTable(shared)) shareByAddress(sharing, shared);
      await this.#pause();
      await shareByContent(sharing, shared, reader, this.#pause);
    }
    const read = await this.#readMissing(rows, addresses, reader, features);
    const known = before?.rows === rows ? before.parts.pictures : null;
    return { ...read, pictures: await this.#viewPictures(rows, { isWhole: true, known }) };
  }

  /**
   * Reads some rows by address.
   * @param addresses ascending
   * @param seesPictures whether thumbnails will be read
   */
  async readSome(addresses: Float64Array, rows: ResidentRows, seesPictures: boolean): Promise<Read> {
    this.#begin(addresses);
    this.#rows = rows;
    const features = new FeatureLoader(this.#version, rows, false, this.#pause);
    const reader = new RowReader(this.#version.table, addresses, false);
    const read = await this.#readMissing(rows, addresses, reader, features);
    const pictures = seesPictures ? await this.#viewPictures(rows, { isWhole: false, known: null }) : null;
    return { ...read, pictures };
  }

  /** Releases the claimed rows. */
  abandon(): void {
    const claimed = this.#order.filter((row) => row !== NONE);
    this.#rows?.release(
      claimed.filter((row) => !this.#unread.has(row)),
      true,
    );
    this.#rows?.release(Uint32Array.from(this.#unread), false);
  }

  #begin(addresses: Float64Array): Uint32Array {
    this.#order = new Uint32Array(addresses.length).fill(NONE);
    return this.#order;
  }

  /** Versions of a table that was dropped and recreated start again from 1, but at another time. */
  async #isSameTable({ info }: Snapshot): Promise<boolean> {
    const then = Date.parse(info.publishedAt);
    const versions = await this.#version.table.listVersions();
    return versions.some(({ version, timestamp }) => version === info.version && timestamp.getTime() <= then);
  }

  /** Reads the rows that are not in memory, and their pictures. */
  async #readMissing(
    rows: ResidentRows,
    addresses: Float64Array,
    reader: RowReader,
    features: FeatureLoader,
  ): Promise<Omit<Read, 'pictures'>> {
    const order = this.#order;
    const missing = Uint32Array.from(order.keys()).filter((place) => order[place] === NONE);
    if (missing.length > 0) await this.#readFields(rows, missing, reader);
    const unseen = await features.showPictures(missing.map((place) => order[place] ?? NONE));
    const remaining = this.#leaveOut(rows, addresses, new Set([...unseen.values()].flat()));
    return { rows, ...remaining, features: features.view, unseen: unseen.size };
  }

  async #readFields(rows: ResidentRows, missing: Uint32Array, reader: RowReader): Promise<void> {
    const order = this.#order;
    for (const [i, row] of rows.allocate(missing.length).entries()) {
      order[missing[i] ?? 0] = row;
      this.#unread.add(row);
    }
    for await (const { batch, places } of reader.read(ROW_COLUMNS, missing)) {
      const read = places.map((place) => (place === NONE ? NONE : (order[place] ?? NONE)));
      for (const row of read) this.#unread.delete(row);
      await inSlices(rows.setFields(batch, read), this.#pause);
    }
  }

  /** Leaves out rows whose picture the model has not embedded. */
  #leaveOut(
    rows: ResidentRows,
    addresses: Float64Array,
    without: ReadonlySet<number>,
  ): Pick<Read, 'order' | 'addresses'> {
    const order = this.#order;
    if (without.size === 0) return { order, addresses };
    const left = Uint32Array.from(order.keys()).filter((place) => !without.has(order[place] ?? NONE));
    this.#order = left.map((place) => order[place] ?? 0);
    rows.release(Uint32Array.from(without));
    return { order: this.#order, addresses: Float64Array.from(left, (place) => addresses[place] ?? 0) };
  }

  #viewPictures(
    rows: ResidentRows,
    how: { isWhole: boolean; known: StoreView | null },
  ): Promise<StoreView | null> {
    return viewPictures(this.#version.pictures, rows, this.#order, { ...how, pause: this.#pause });
  }
}

/** Whether so little of the present memory would be used that reading everything anew takes less. */
function isWorn({ count, columns }: ResidentRows, needed: number): boolean {
  const most = 2 * needed + 1024;
  return count > most || columns.uid.values.length > most || columns.imageHash.values.length > 2 * most;
}
