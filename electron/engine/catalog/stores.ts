import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { readerOf } from './arrow.ts';
import { columnIn } from './filters.ts';
import { featuresTable, PICTURES } from './layout.ts';
import { featureSchema, type PictureFeatures, pictureSchema } from './schema.ts';

// What is known of pictures, by the hash of their bytes. Rows are added and hardly ever changed, so that a picture is
// stored once however many products show it, and whatever snapshots name it. There are no snapshots of these tables: a
// picture and its features are here before a version of the product images names them, and as long as one does.

/** A table of which the newest version counts. */
export interface Store {
  name: string;
  schema: Schema;
}

/** The thumbnails of pictures, for all models. */
export const PICTURE_STORE: Store = { name: PICTURES, schema: pictureSchema() };

/** What a model makes of pictures. */
export function featureStore({ id, dim }: { id: string; dim: number }): Store {
  return { name: featuresTable(id), schema: featureSchema(dim) };
}

/** Its table at the newest version; made when it is not there. */
export function openStore(db: Connection, { name, schema }: Store): Promise<Table> {
  return db.createEmptyTable(name, schema, { existOk: true });
}

/** The hashes of all pictures that a table has. */
export async function readHashes(table: Table): Promise<Set<string>> {
  const hashes = new Set<string>();
  for await (const batch of table.query().select(['imageHash'])) {
    const hashOf = readerOf(batch, 'imageHash');
    for (let i = 0; i < batch.numRows; i++) hashes.add(String(hashOf(i)));
  }
  return hashes;
}

/** Pictures that are looked for in one query. */
const AT_ONCE = 500;

/** Thumbnails (WebP bytes) by hash; those that the table does not have are left out. */
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

/** What a model makes of pictures, by hash; those that the table does not have are left out. */
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

/** The colour signatures alone: the same whichever model's table they are taken from. */
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

/** Arrow's lists are copied whole: number by number takes ten times as long, and a view would hold the batch. */
function numbers(list: { toArray(): ArrayLike<number> }): Float32Array {
  return Float32Array.from(list.toArray());
}
