import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { readerOf } from './arrow.ts';
import { columnIn } from './filters.ts';
import { featuresTable, PICTURES } from './layout.ts';
import { featureSchema, type PictureFeatures, pictureSchema } from './schema.ts';

// The tables of thumbnails and features, by the hash of each picture's bytes. Rows are added and rarely changed, so that a
// picture is stored once however many products and snapshots show it. These tables have no snapshots: a picture and its
// features are stored before a version of the product images names them, and as long as one does.

/** A table whose newest version counts. */
export interface Store {
  name: string;
  schema: Schema;
}

/** The thumbnails of pictures, for all models. */
export const PICTURE_STORE: Store = { name: PICTURES, schema: pictureSchema() };

/** A model's features of pictures. */
export function featureStore({ id, dim }: { id: string; dim: number }): Store {
  return { name: featuresTable(id), schema: featureSchema(dim) };
}

/** Opens the table at its newest version, and creates it when it is missing. */
export function openStore(db: Connection, { name, schema }: Store): Promise<Table> {
  return db.createEmptyTable(name, schema, { existOk: true });
}

/** The hashes of all pictures in a table. */
export async function readHashes(table: Table): Promise<Set<string>> {
  const hashes = new Set<string>();
  for await (const batch of table.query().select(['imageHash'])) {
    const hashOf = readerOf(batch, 'imageHash');
    for (let i = 0; i < batch.numRows; i++) hashes.add(String(hashOf(i)));
  }
  return hashes;
}

/** Pictures per query. */
const AT_ONCE = 500;

/** Thumbnails (WebP bytes) by hash. Pictures that the table lacks are left out. */
export async function readThumbnails(
  table: Table,
  imageHashes: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const thumbnails = new Map<string, Uint8Array>();
  for (let from = 0; from < imageHashes.length; from += AT_ONCE) {
    const rows = await table
      .query()
      .where(columnIn('imageHash', imageHashes.slice(from, from + AT_ONCE)))
      .select(['imageHash'])
      .withRowId()
      .toArray();
    if (rows.length === 0) continue;
    const blobs = await table.fetchBlobs(
      'thumbnail',
      rows.map((row) => BigInt(row._rowid)),
    );
    rows.forEach(({ imageHash }, i) => {
      const blob = blobs[i];
      if (blob) thumbnails.set(String(imageHash), blob);
    });
  }
  return thumbnails;
}

/** A model's features of pictures, by hash. Pictures that the table lacks are left out. */
export async function readFeatures(
  table: Table,
  imageHashes: readonly string[],
): Promise<Map<string, PictureFeatures>> {
  const features = new Map<string, PictureFeatures>();
  for (let from = 0; from < imageHashes.length; from += AT_ONCE) {
    const rows = await table
      .query()
      .where(columnIn('imageHash', imageHashes.slice(from, from + AT_ONCE)))
      .select(['imageHash', 'vector', 'colorSignature'])
      .toArray();
    for (const row of rows) {
      features.set(String(row.imageHash), {
        vector: numbers(row.vector),
        colorSignature: numbers(row.colorSignature),
      });
    }
  }
  return features;
}

/** Only the colour signatures, which are the same in every model's table. */
export async function readColors(
  table: Table,
  imageHashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const rows = await table
    .query()
    .where(columnIn('imageHash', imageHashes))
    .select(['imageHash', 'colorSignature'])
    .toArray();
  return new Map(rows.map((row) => [String(row.imageHash), numbers(row.colorSignature)]));
}

/**
 * Copies an Arrow list as a whole: number by number takes ten times as long, and a view would keep the whole batch in
 * memory.
 */
function numbers(list: { toArray(): ArrayLike<number> }): Float32Array {
  return Float32Array.from(list.toArray());
}
