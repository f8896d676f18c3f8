import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { readerOf } from './arrow.ts';
import { columnIn } from './filters.ts';
import { featuresTable, PICTURES } from './layout.ts';
import {
  featureSchema,
  type PictureFeatures,
  pictureSchema,
  SUBJECT_COLUMNS,
  SUBJECT_VERSION,
  subjectColorsOf,
} from './schema.ts';

// The tables of thumbnails and features, by the hash of each picture's bytes. Rows are added and rarely changed, so that a
// picture is stored once however many products and snapshots show it. These tables have no snapshots: a picture and its
// features are stored before a version of the product images names them, and as long as one does.

/** A table whose newest version counts. */
export interface Store {
  name: string;
  schema: Schema;
}

/** The thumbnails of pictures, for all models. */
export const PICTURE_STORE: Store = {
  name: PICTURES,
  // When it is asked for: LanceDB is loaded by then.
  get schema() {
    return pictureSchema();
  },
};

/** A model's features of pictures. */
export function featureStore({ id, dim }: { id: string; dim: number }): Store {
  return { name: featuresTable(id), schema: featureSchema(dim) };
}

/** Opens the table at its newest version to write to it, and creates it when it is missing. */
export async function openStore(db: Connection, { name, schema }: Store): Promise<Table> {
  if (!(await db.tableNames()).includes(name)) return db.createEmptyTable(name, schema);
  const table = await db.openTable(name);
  const isNeeded = schema.fields.some((field) => field.name === SUBJECT_COLUMNS[0]);
  if (isNeeded && !(await hasSubjects(table))) {
    await table.addColumns([
      { name: 'subjectColors', valueSql: 'CAST(NULL AS BINARY)' },
      { name: 'subjectVersion', valueSql: 'CAST(NULL AS INT)' },
    ]);
  }
  return table;
}

/** The columns for the colours of subjects that a table of features has; earlier releases did not write them. */
export async function subjectColumns(table: Table): Promise<readonly string[]> {
  return (await hasSubjects(table)) ? SUBJECT_COLUMNS : [];
}

const hasSubjects = async (table: Table): Promise<boolean> =>
  (await table.schema()).fields.some(({ name }) => name === SUBJECT_COLUMNS[0]);

const WITH_SUBJECT = `subjectVersion = ${SUBJECT_VERSION}`;

/** The hashes of the pictures in a table of features whose subject's colours are there. */
export async function readHashesWithSubject(table: Table): Promise<Set<string>> {
  return (await hasSubjects(table)) ? readHashes(table, WITH_SUBJECT) : new Set();
}

/** Whether a table of features has pictures without the colours of their subjects. */
export async function lacksSubjects(table: Table): Promise<boolean> {
  const made = (await hasSubjects(table)) ? await table.countRows(WITH_SUBJECT) : 0;
  return made < (await table.countRows());
}

/** The hashes of all pictures in a table, or of those that fulfil a condition. */
export async function readHashes(table: Table, condition?: string): Promise<Set<string>> {
  const hashes = new Set<string>();
  const query = table.query().select(['imageHash']);
  for await (const batch of condition === undefined ? query : query.where(condition)) {
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
  const columns = ['imageHash', 'vector', 'colorSignature', ...(await subjectColumns(table))];
  for (let from = 0; from < imageHashes.length; from += AT_ONCE) {
    const rows = await table
      .query()
      .where(columnIn('imageHash', imageHashes.slice(from, from + AT_ONCE)))
      .select(columns)
      .toArray();
    for (const row of rows) {
      features.set(String(row.imageHash), {
        vector: numbers(row.vector),
        colorSignature: numbers(row.colorSignature),
        subjectColors: subjectColorsOf(row.subjectColors, row.subjectVersion),
      });
    }
  }
  return features;
}

/** Only the colours, which are the same in every model's table. */
export async function readColors(
  table: Table,
  imageHashes: readonly string[],
): Promise<Map<string, PictureColors>> {
  const columns = ['imageHash', 'colorSignature', ...(await subjectColumns(table))];
  const rows = await table.query().where(columnIn('imageHash', imageHashes)).select(columns).toArray();
  return new Map(
    rows.map((row) => {
      const subjectColors = subjectColorsOf(row.subjectColors, row.subjectVersion);
      return [String(row.imageHash), { colorSignature: numbers(row.colorSignature), subjectColors }];
    }),
  );
}

/** What of a picture's features is the same for every model. */
export type PictureColors = Omit<PictureFeatures, 'vector'>;

/**
 * Copies an Arrow list as a whole: number by number takes ten times as long, and a view would keep the whole batch in
 * memory.
 */
function numbers(list: { toArray(): ArrayLike<number> }): Float32Array {
  return Float32Array.from(list.toArray());
}
