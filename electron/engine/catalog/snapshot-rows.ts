import type { Table } from '@lancedb/lancedb';
import type { Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { featuresTable, PICTURES } from './layout.ts';
import { type CatalogRow, type StagedRow, scanRows } from './rows.ts';
import type { ImageRow } from './schema.ts';
import type { SnapshotHistory } from './snapshot-history.ts';
import { lacksSubjects, readFeatures, readHashes, readThumbnails } from './stores.ts';
import type { TableVersions } from './table-versions.ts';
import type { TableWatch } from './table-watch.ts';

export interface SnapshotRowsParts {
  modelId: string;
  watch: TableWatch;
  versions: TableVersions;
  history: SnapshotHistory;
}

/** Reads the rows of kept snapshots from disk, with or without their thumbnails and features. */
export class SnapshotRows {
  readonly #parts: SnapshotRowsParts;

  constructor(parts: SnapshotRowsParts) {
    this.#parts = parts;
  }

  /**
   * The rows of a kept snapshot with their thumbnails and features, some hundreds at a time.
   * @param wanted the pictures of other rows are not read
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE when a picture or its features are missing
   */
  async *scanWithContent(
    version: number,
    wanted: (row: StagedRow) => boolean = () => true,
  ): AsyncGenerator<CatalogRow[], void> {
    const { history, versions } = this.#parts;
    await history.kept(version);
    const { table, pictures, features, close } = await versions.open(version);
    try {
      for await (const rows of this.#batches(table, wanted)) {
        yield await versions.reading(() => withContent(rows, pictures, features));
      }
    } finally {
      close();
    }
  }

  /**
   * The rows of a kept snapshot without their pictures, some hundreds at a time.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async *scan(version: number, wanted: (row: StagedRow) => boolean): AsyncGenerator<ImageRow[], void> {
    const { history, versions } = this.#parts;
    await history.kept(version);
    const { table, close } = await versions.reading(() => versions.openRows(version));
    try {
      yield* this.#batches(table, wanted);
    } finally {
      close();
    }
  }

  /**
   * The rows of a kept snapshot whose thumbnail or features are missing.
   * @throws LookalikeError SNAPSHOT_UNKNOWN, CATALOG_UNREADABLE
   */
  async incomplete(version: number, wanted: (row: StagedRow) => boolean): Promise<ImageRow[]> {
    const { versions, modelId } = this.#parts;
    const names = [PICTURES, featuresTable(modelId)];
    const stores = await versions.reading(() =>
      Promise.all(names.map((name) => versions.readNewest(name, readHashes))),
    );
    const incomplete: ImageRow[] = [];
    for await (const rows of this.scan(version, wanted)) {
      incomplete.push(...rows.filter(({ imageHash }) => stores.some((hashes) => !hashes?.has(imageHash))));
    }
    return incomplete;
  }

  async *#batches(table: Table, wanted: (row: StagedRow) => boolean): AsyncGenerator<ImageRow[], void> {
    const { versions } = this.#parts;
    const batches = scanRows(table, wanted);
    let batch = await versions.reading(() => batches.next());
    while (!batch.done) {
      yield batch.value;
      batch = await versions.reading(() => batches.next());
    }
  }

  /**
   * Thumbnails by image hash. Missing thumbnails are left out.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async thumbnails(imageHashes: readonly string[]): Promise<Thumbnail[]> {
    const { versions } = this.#parts;
    return versions.reading(async () => {
      const found = await versions.readNewest(PICTURES, (pictures) => readThumbnails(pictures, imageHashes));
      return imageHashes.flatMap((id) => {
        const bytes = found?.get(id);
        // Copied: a Buffer may be a view of a larger pool, which would be sent through the port as a whole.
        return bytes ? [{ id, bytes: Uint8Array.from(bytes) }] : [];
      });
    });
  }

  /**
   * Whether the model's features lack the colours of some pictures' subjects. True also where that cannot be read: then the next
   * writer has features to mend.
   */
  async lackSubjects(): Promise<boolean> {
    const { versions, modelId } = this.#parts;
    const lacking = versions.readNewest(featuresTable(modelId), lacksSubjects).catch((error: unknown) => {
      console.error(error);
      return true;
    });
    return (await lacking) ?? false;
  }

  /**
   * Hashes of the pictures that kept snapshots show and that this model has not embedded yet.
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  async unseenPictures(): Promise<string[]> {
    const { watch, versions, modelId } = this.#parts;
    const { condition } = await watch.look();
    return versions.reading(async () => {
      const known = (await versions.readNewest(featuresTable(modelId), readHashes)) ?? new Set<string>();
      const named = new Set<string>();
      for (const version of condition.kept) {
        if (condition.damaged.has(version)) continue;
        for (const hash of await versions.readRows(version, readHashes)) named.add(hash);
      }
      return [...named].filter((hash) => !known.has(hash));
    });
  }
}

/** Rows with the thumbnail and the features of their pictures. */
async function withContent(
  rows: readonly ImageRow[],
  pictures: Table | null,
  features: Table,
): Promise<CatalogRow[]> {
  const hashes = [...new Set(rows.map(({ imageHash }) => imageHash))];
  const thumbnails = pictures ? await readThumbnails(pictures, hashes) : new Map<string, Uint8Array>();
  const made = await readFeatures(features, hashes);
  return rows.map((row) => {
    const [thumbnail, feature] = [thumbnails.get(row.imageHash), made.get(row.imageHash)];
    if (!thumbnail || !feature) throw new LookalikeError('CATALOG_UNREADABLE', { item: row.key });
    return { row, content: { ...feature, thumbnail } };
  });
}
