import type { Table } from '@lancedb/lancedb';
import { z } from 'zod';
import type { Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { columnIn } from './filters.ts';
import { fromTableRow, type ImageContent, type ImageRow, ROW_COLUMNS } from './schema.ts';
import { columnsIn } from './version-1.ts';

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
  const rows = new Map<string, StagedRow>();
  for await (const batch of table.query().select(Object.keys(stagedRow.shape))) {
    for (let i = 0; i < batch.numRows; i++) {
      const row = stagedRow.parse(batch.get(i)?.toJSON());
      rows.set(row.key, row);
    }
  }
  return rows;
}

/** Adds what the table has of these images, by hash. */
export async function readContents(
  table: Table,
  imageHashes: readonly string[],
  into: Map<string, ImageContent>,
): Promise<void> {
  const rowIds = [...(await findImages(table, imageHashes)).values()];
  if (rowIds.length === 0) return;
  const found = await table
    .takeRowIds(rowIds)
    .select(['imageHash', 'vector', 'colorSignature'])
    .withRowId()
    .toArray();
  const thumbnails = await table.fetchBlobs(
    'thumbnail',
    found.map((row) => BigInt(row._rowid)),
  );
  found.forEach((row, i) => {
    const thumbnail = thumbnails[i];
    if (thumbnail) into.set(String(row.imageHash), contentOf(row, thumbnail));
  });
}

/** The thumbnails (WebP bytes) that the table has of these images. */
export async function readThumbnails(table: Table, imageHashes: readonly string[]): Promise<Thumbnail[]> {
  const rowIds = await findImages(table, imageHashes);
  if (rowIds.size === 0) return [];
  const thumbnails = await table.fetchBlobs('thumbnail', [...rowIds.values()]);
  return [...rowIds.keys()].flatMap((id, i) => {
    const thumbnail = thumbnails[i];
    return thumbnail ? [{ id, bytes: Uint8Array.from(thumbnail) }] : [];
  });
}

/** One row's id for each image: thousands of products can share a picture that says "no picture yet". */
async function findImages(table: Table, imageHashes: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await table
    .query()
    .where(columnIn('imageHash', imageHashes))
    .select(['imageHash'])
    .withRowId()
    .toArray();
  return new Map(rows.map((row) => [String(row.imageHash), BigInt(row._rowid)]));
}

/** Rows fetched at once with their thumbnails: about 10 KB each. */
const ROWS_AT_ONCE = 256;

/**
 * The wanted rows of the version that the table is at, whole, some hundreds at a time.
 * @throws LookalikeError CATALOG_UNREADABLE when a thumbnail is missing
 */
export async function* scanRows(
  table: Table,
  wanted: (row: StagedRow) => boolean,
): AsyncGenerator<CatalogRow[], void> {
  const columns = [...(await columnsIn(table, ROW_COLUMNS)), 'vector', 'colorSignature'];
  for await (const batch of table.query().select(columns).withRowId()) {
    for (let from = 0; from < batch.numRows; from += ROWS_AT_ONCE) {
      const found = batch
        .slice(from, from + ROWS_AT_ONCE)
        .toArray()
        .filter((row) => wanted(stagedRow.parse(row.toJSON())));
      if (found.length === 0) continue;
      const thumbnails = await table.fetchBlobs(
        'thumbnail',
        found.map((row) => BigInt(row._rowid)),
      );
      yield found.map((row, i) => {
        const thumbnail = thumbnails[i];
        if (!thumbnail) throw new LookalikeError('CATALOG_UNREADABLE', { item: row.key });
        const { vector, colorSignature } = row;
        return { row: fromTableRow(row.toJSON()), content: contentOf({ vector, colorSignature }, thumbnail) };
      });
    }
  }
}

/** Arrow's lists are copied whole: number by number takes ten times as long, and a view would hold the batch. */
function contentOf(
  row: { vector: ArrowList; colorSignature: ArrowList },
  thumbnail: Uint8Array,
): ImageContent {
  return {
    vector: Float32Array.from(row.vector.toArray()),
    colorSignature: Float32Array.from(row.colorSignature.toArray()),
    thumbnail,
  };
}

interface ArrowList {
  toArray(): ArrayLike<number>;
}
