import {
  Binary,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  makeData,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { z } from 'zod';
import { thumbnailId } from '../../contract/schemas.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { COLOR_SIGNATURE_LENGTH, fromTableRow, type ImageRow, ROW_COLUMNS } from '../catalog/schema.ts';
import { LIMITS } from './format.ts';

/** How far from 1 the length of a vector may be: what float32 loses, and no more. */
const UNIT_TOLERANCE = 1e-3;

/** Rows as an Arrow IPC stream of one batch, thumbnails and all; `attributes` is JSON. */
export function encodeRows(rows: readonly CatalogRow[], dim: number): Uint8Array {
  const records = rows.map(({ row }) => ({ ...row, attributes: JSON.stringify(row.attributes) }));
  const contents = rows.map(({ content }) => content);
  const columns = ROW_COLUMNS.map((name): [string, Vector] => [
    name,
    vectorFromArray(
      records.map((record) => record[name]),
      columnType(name),
    ),
  ]);
  const table = new Table({
    ...Object.fromEntries(columns),
    vector: flatVectors(
      contents.map(({ vector }) => vector),
      dim,
    ),
    colorSignature: flatVectors(
      contents.map(({ colorSignature }) => colorSignature),
      COLOR_SIGNATURE_LENGTH,
    ),
    thumbnail: vectorFromArray(
      contents.map(({ thumbnail }) => thumbnail),
      new Binary(),
    ),
  });
  return tableToIPC(table, 'stream');
}

/**
 * The rows of a part. Nothing in it is believed: every value is looked at.
 * @param count how many there must be
 * @throws Error that says what is wrong
 */
export function decodeRows(bytes: Uint8Array, count: number, dim: number): CatalogRow[] {
  const table = tableFromIPC(bytes);
  const found = table.schema.fields.map(({ name, type }) => `${name}: ${type}`).join();
  const wanted = schemaOf(dim);
  if (found !== wanted) throw new Error(`columns ${found} instead of ${wanted}`);
  // Before any loop over the rows: a made-up table can say that it has billions.
  if (table.numRows !== count) throw new Error(`${table.numRows} rows instead of ${count}`);
  return table.toArray().map((record): CatalogRow => {
    const values = record.toJSON();
    const row = checkedRow(fromTableRow(values));
    return {
      row,
      content: {
        vector: checkedVector(values.vector, dim),
        colorSignature: numbers(values.colorSignature, COLOR_SIGNATURE_LENGTH),
        thumbnail: checkedThumbnail(values.thumbnail),
      },
    };
  });
}

const floats = (length: number) => new FixedSizeList(length, new Field('item', new Float32(), true));

function columnType(name: (typeof ROW_COLUMNS)[number]): DataType {
  if (name === 'imageIndex') return new Int32();
  return name === 'price' ? new Float64() : new Utf8();
}

function schemaOf(dim: number): string {
  return [
    ...ROW_COLUMNS.map((name) => `${name}: ${columnType(name)}`),
    `vector: ${floats(dim)}`,
    `colorSignature: ${floats(COLOR_SIGNATURE_LENGTH)}`,
    `thumbnail: ${new Binary()}`,
  ].join();
}

function flatVectors(vectors: readonly Float32Array[], dim: number): Vector {
  const data = new Float32Array(vectors.length * dim);
  vectors.forEach((vector, i) => {
    data.set(vector, i * dim);
  });
  const child = makeData({ type: new Float32(), data });
  return new Vector([makeData({ type: floats(dim), length: vectors.length, nullCount: 0, child })]);
}

/** What a feed's import holds to as well (see feed/product.ts). */
const rowRules = z.object({
  productId: z.string().min(1).max(200),
  imageIndex: z.number().int().min(0).max(1000),
  price: z.number().min(0).nullable(),
  // It is opened in a browser.
  url: z.url({ protocol: /^https?$/ }).nullable(),
  imageHash: thumbnailId,
  rowHash: thumbnailId,
});
const MOST_ROW_CHARACTERS = 50_000;

function checkedRow(row: ImageRow): ImageRow {
  rowRules.parse(row);
  if (row.key !== `${row.productId}#${row.imageIndex}`) throw new Error(`a row with the key ${row.key}`);
  if (JSON.stringify(row).length > MOST_ROW_CHARACTERS) throw new Error(`too much text in ${row.key}`);
  return row;
}

function checkedVector(value: unknown, dim: number): Float32Array {
  const vector = numbers(value, dim);
  const length = Math.hypot(...vector);
  if (Math.abs(length - 1) > UNIT_TOLERANCE) throw new Error(`a vector of length ${length}`);
  return vector;
}

function numbers(value: unknown, length: number): Float32Array {
  if (!(value instanceof Vector) || value.length !== length) throw new Error('a list of another length');
  const list = Float32Array.from(value.toArray());
  if (list.length !== length || !list.every(Number.isFinite)) throw new Error('a number that is not finite');
  return list;
}

/** A thumbnail is WebP; the page's own decoder, in its sandbox, judges the rest. */
function checkedThumbnail(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > LIMITS.thumbnailBytes) {
    throw new Error('a thumbnail that is missing or too large');
  }
  const tag = (from: number) => Buffer.from(value.subarray(from, from + 4)).toString('latin1');
  if (tag(0) !== 'RIFF' || tag(8) !== 'WEBP') throw new Error('a thumbnail that is not WebP');
  return value;
}
