import type { Connection, Table } from '@lancedb/lancedb';
import { readerOf, toArrow } from './arrow.ts';
import { arrow } from './arrow-library.ts';
import { featureCells } from './schema.ts';
import { featureStore, openStore, PICTURE_STORE, readHashes } from './stores.ts';
import type { OldSnapshot, OldTable } from './version-1-snapshots.ts';

/** Pictures copied at once, 10 KB each. */
const PICTURES_AT_ONCE = 256;

/** Numbers in a vector of a table of version 1. */
export function dimOf(schema: Awaited<ReturnType<Table['schema']>>): number {
  const type: unknown = schema.fields.find(({ name }) => name === 'vector')?.type;
  return type instanceof arrow.FixedSizeList ? type.listSize : 0;
}

/** Copies the pictures and features of a model's table, each once: those of its snapshots and of staged rows. */
export async function copyPictures(
  db: Connection,
  table: OldTable,
  snapshots: readonly OldSnapshot[],
  advance: (count: number) => void,
): Promise<void> {
  const newest = await db.openTable(table.name);
  const dim = dimOf(await newest.schema());
  const store = featureStore({ id: table.modelId, dim });
  const [pictures, features] = [await openStore(db, PICTURE_STORE), await openStore(db, store)];
  const known = { pictures: await readHashes(pictures), features: await readHashes(features) };
  // Pictures that a cancelled or killed migration has copied.
  advance(known.features.size);
  const versions = snapshots.flatMap(({ table: { name }, entry }) =>
    name === table.name ? [entry.version] : [],
  );
  // Newest first, because a staged row replaces an older one.
  for (const version of [...versions, null]) {
    const from = version === null ? newest : await db.openTable(table.name, undefined, { version });
    // Staged rows may be damaged. They can be made again, so they are skipped.
    const rowIds = await newPictures(from, known.features).catch((error: unknown) => {
      if (version !== null) throw error;
      console.error(error);
      return [];
    });
    for (let i = 0; i < rowIds.length; i += PICTURES_AT_ONCE) {
      const cells = await readOldPictures(from, rowIds.slice(i, i + PICTURES_AT_ONCE));
      const fresh = cells.filter(({ imageHash }) => !known.pictures.has(imageHash));
      if (fresh.length > 0) await pictures.add(toArrow(fresh, PICTURE_STORE.schema));
      await features.add(toArrow(cells, store.schema));
      for (const { imageHash } of cells) known.pictures.add(imageHash);
      for (const { imageHash } of cells) known.features.add(imageHash);
      advance(cells.length);
    }
    if (version !== null) from.close();
  }
  for (const each of [pictures, features]) await each.optimize({ cleanupOlderThan: new Date() });
  for (const each of [newest, pictures, features]) each.close();
}

/** Lance's row ids of one row for each picture that is not known yet. */
async function newPictures(table: Table, known: ReadonlySet<string>): Promise<bigint[]> {
  const found = new Map<string, bigint>();
  for await (const batch of table.query().select(['imageHash']).withRowId()) {
    const hashOf = readerOf(batch, 'imageHash');
    const rowIds = batch.getChild('_rowid');
    for (let i = 0; i < batch.numRows; i++) {
      const hash = String(hashOf(i));
      if (!known.has(hash)) found.set(hash, BigInt(rowIds?.get(i)));
    }
  }
  return [...found.values()];
}

async function readOldPictures(table: Table, rowIds: bigint[]) {
  const rows = await table
    .takeRowIds(rowIds)
    .select(['imageHash', 'vector', 'colorSignature'])
    .withRowId()
    .toArray();
  const thumbnails = await table.fetchBlobs(
    'thumbnail',
    rows.map((row) => BigInt(row._rowid)),
  );
  return rows.flatMap((row, i) => {
    const thumbnail = thumbnails[i];
    const vector = Float32Array.from(row.vector.toArray());
    const colorSignature = Float32Array.from(row.colorSignature.toArray());
    const cells = featureCells(String(row.imageHash), { vector, colorSignature, subjectColors: null });
    return thumbnail ? [{ ...cells, thumbnail }] : [];
  });
}
