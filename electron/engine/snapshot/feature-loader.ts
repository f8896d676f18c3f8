import type { Table } from '@lancedb/lancedb';
import { featuresUnreadable, type TableVersion } from '../catalog/table-versions.ts';
import { type Features, featureColumns, featuresOf } from './features.ts';
import type { ResidentRows } from './resident.ts';
import { readAt } from './row-reader.ts';
import type { Pause } from './slices.ts';
import type { Snapshot } from './snapshot.ts';
import { addressesOf, findInStore, type StoreView, viewStore } from './store-view.ts';

/** The view of a table that has not been read. */
const NOTHING: Omit<StoreView, 'table'> = { version: 0, addresses: new Float64Array() };

/** Reads the features of pictures into memory: the model's vectors and the colour signatures. */
export class FeatureLoader {
  readonly #modelId: string;
  readonly #rows: ResidentRows;
  readonly #pause: Pause;
  readonly #isWhole: boolean;
  /** Numbers of the hashes in memory whose features have changed. */
  #changed: ReadonlySet<number> = new Set();
  /** The address of each picture in the table. */
  view: StoreView;

  /**
   * @param rows where features are read to
   * @param isWhole whether all rows of the version are read; if not, pictures are looked up one by one
   */
  constructor(
    { features, modelId }: Pick<TableVersion, 'features'> & { modelId: string },
    rows: ResidentRows,
    isWhole: boolean,
    pause: Pause,
  ) {
    this.view = { table: features, ...NOTHING };
    this.#modelId = modelId;
    this.#rows = rows;
    this.#isWhole = isWhole;
    this.#pause = pause;
  }

  /** Whether the features of a row's picture were made anew since the previous snapshot; see `compare`. */
  readonly hasChanged = (row: number): boolean =>
    this.#changed.has(this.#rows.columns.imageHash.of[row] ?? 0);

  /** Finds the pictures in memory whose features were made anew. Rows that show them are not shared with that snapshot. */
  async compare({ parts }: Snapshot): Promise<void> {
    const { pictures, columns } = this.#rows;
    const changed = new Set<number>();
    await this.#reading(async () => {
      this.view = await viewStore(this.view.table, columns.imageHash, new Set(), parts.features, this.#pause);
      const { version, addresses } = this.view;
      if (version === parts.features.version) return;
      const moved = new Map<number, number>();
      for (const [hash, address] of addresses.entries()) {
        const picture = pictures.ofHash(hash);
        if (picture !== undefined && address !== parts.features.addresses[hash]) moved.set(hash, picture);
      }
      await this.#read(new Set(moved.keys()), (hash, features, i) => {
        const picture = moved.get(hash);
        if (picture !== undefined && !pictures.has(picture, features, i)) changed.add(hash);
      });
    });
    this.#changed = changed;
  }

  /**
   * Assigns pictures to rows in memory. Pictures that are in memory are not read again.
   * @returns the rows whose picture the model has not embedded, by the number of its hash
   */
  async showPictures(rows: Uint32Array): Promise<Map<number, number[]>> {
    const { pictures, columns } = this.#rows;
    const waiting = new Map<number, number[]>();
    for (const row of rows) {
      const hash = columns.imageHash.of[row] ?? 0;
      const known = this.#changed.has(hash) ? undefined : pictures.ofHash(hash);
      if (known !== undefined) this.#rows.show(row, known);
      else if (!waiting.get(hash)?.push(row)) waiting.set(hash, [row]);
    }
    if (waiting.size === 0) return waiting;
    const hashes = new Set(waiting.keys());
    await this.#reading(async () => {
      const { table } = this.view;
      this.view = this.#isWhole
        ? await viewStore(table, columns.imageHash, hashes, this.view, this.#pause)
        : await findInStore(table, columns.imageHash, hashes);
      pictures.makeRoom(hashes.size);
      await this.#read(hashes, (hash, features, i) => {
        const picture = pictures.take(hash, features, i);
        for (const row of waiting.get(hash) ?? []) this.#rows.show(row, picture);
        waiting.delete(hash);
      });
    });
    return waiting;
  }

  /**
   * Reads features from the table.
   * @param take called with each picture's hash, by number, and its features in a batch
   */
  async #read(
    hashes: ReadonlySet<number>,
    take: (hash: number, features: Features, i: number) => void,
  ): Promise<void> {
    const { table, addresses } = this.view;
    const hashAt = new Map<number, number>();
    for (const hash of hashes) {
      const address = addresses[hash] ?? Number.NaN;
      if (!Number.isNaN(address)) hashAt.set(address, hash);
    }
    if (hashAt.size === 0) return;
    for await (const batch of readAt(table, await featureColumns(table), [...hashAt.keys()])) {
      const features = featuresOf(batch, this.#rows.dim);
      for (const [i, address] of addressesOf(batch).entries()) {
        if (i % 64 === 0) await this.#pause();
        const hash = hashAt.get(address);
        if (hash !== undefined) take(hash, features, i);
      }
    }
  }

  /** Unreadable features make every version unreadable. */
  async #reading(work: () => Promise<void>): Promise<void> {
    await work().catch((cause: unknown) => {
      throw featuresUnreadable(this.#modelId, cause);
    });
  }
}

/**
 * Finds the thumbnails of rows' pictures in the catalog. Products are found even when their thumbnails are missing.
 * @param known the view of the previous snapshot, when it uses the same rows in memory
 * @returns null when the pictures cannot be read
 */
export async function viewPictures(
  table: Table | null,
  rows: ResidentRows,
  order: Uint32Array,
  how: { isWhole: boolean; known: StoreView | null; pause: Pause },
): Promise<StoreView | null> {
  if (!table) return null;
  const { imageHash } = rows.columns;
  const needed = new Set<number>();
  for (const row of order) needed.add(imageHash.of[row] ?? 0);
  const view = how.isWhole
    ? viewStore(table, imageHash, needed, how.known, how.pause)
    : findInStore(table, imageHash, needed);
  return view.catch((error: unknown) => {
    console.error(error);
    return null;
  });
}
