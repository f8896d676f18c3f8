import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import { thumbnailId } from '../../contract/catalog.ts';
import { cellsOf, toArrow } from '../catalog/arrow.ts';
import { arrow } from '../catalog/arrow-library.ts';
import { rowKey, uidOf } from '../catalog/product-ids.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import {
  COLOR_SIGNATURE_LENGTH,
  featureSchema,
  fromTableRow,
  type ImageContent,
  type ImageRow,
  rowSchema,
  subjectCells,
  subjectColorsOf,
  subjectFields,
} from '../catalog/schema.ts';
import { ADDED_COLUMNS } from '../catalog/version-1.ts';
import { FORMAT_VERSION, LIMITS, SHARED_PICTURES, SUBJECTS } from './format.ts';

/** How far from 1 the length of a vector may be: no more than the rounding of float32. */
const UNIT_TOLERANCE = 1e-3;

/** A row of a pack. */
export interface PackRow {
  row: ImageRow;
  /** Null when an earlier row has the same picture. */
  content: ImageContent | null;
}

/**
 * Encodes rows as an Arrow IPC stream of one batch; `attributes` is JSON. A picture is written with the first row that shows
 * it.
 * @param packed hashes of the pictures that are in the pack already; the hashes of these rows' pictures are added
 */
export function encodeRows(rows: readonly CatalogRow[], dim: number, packed: Set<string>): Uint8Array {
  const cells = rows.map(({ row, content }) => {
    if (packed.has(row.imageHash)) return { ...cellsOf(row), ...NO_CONTENT };
    packed.add(row.imageHash);
    const { vector, colorSignature, subjectColors, thumbnail } = content;
    return {
      ...cellsOf(row),
      vector: bytesOf(vector),
      colorSignature: bytesOf(colorSignature),
      thumbnail,
      ...subjectCells(subjectColors),
    };
  });
  return arrow.tableToIPC(toArrow(cells, packSchema(dim)), 'stream');
}

const NO_CONTENT = { vector: null, colorSignature: null, thumbnail: null, ...subjectCells(null) };

/** Float32 numbers in little-endian order, the byte order of every machine that this app runs on. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Decodes the rows of a part. Every value is validated, because the part may be forged.
 * @param count the required number of rows
 * @param version of the pack's format
 * @throws Error that says what is wrong
 */
export function decodeRows(bytes: Uint8Array, count: number, dim: number, version: number): PackRow[] {
  const table = arrow.tableFromIPC(bytes);
  const found = columnsOf(table.schema);
  const wanted = columnsOf(packSchema(dim, version));
  if (found !== wanted) throw new Error(`columns ${found} instead of ${wanted}`);
  // Checked before any loop over the rows: a forged table can claim billions of them.
  if (table.numRows !== count) throw new Error(`${table.numRows} rows instead of ${count}`);
  return table.toArray().map((record): PackRow => {
    const values = record.toJSON();
    const row = checkedRow(fromTableRow(values));
    const { vector, colorSignature, thumbnail } = values;
    const isElsewhere = vector === null && colorSignature === null && thumbnail === null;
    if (isElsewhere && version >= SHARED_PICTURES) return { row, content: null };
    return {
      row,
      content: {
        vector: checkedVector(vector, dim),
        colorSignature: numbers(colorSignature, COLOR_SIGNATURE_LENGTH),
        subjectColors: subjectColorsOf(values.subjectColors, values.subjectVersion),
        thumbnail: checkedThumbnail(thumbnail),
      },
    };
  });
}

/**
 * The columns of a pack: those of the tables without derived ones, and those of the picture. From format 3 on, the picture's
 * numbers are bytes, because Arrow reserves as much room for a missing list of numbers as for a present one.
 */
export function packSchema(dim: number, version = FORMAT_VERSION): Schema {
  const fields = rowSchema().fields.filter(
    ({ name }) => name !== 'attributeTerms' && !(version === 1 && isAdded(name)),
  );
  if (version >= SHARED_PICTURES) {
    const contents = ['vector', 'colorSignature', 'thumbnail'];
    const bytes = contents.map((name) => new arrow.Field(name, new arrow.Binary(), true));
    return new arrow.Schema([...fields, ...bytes, ...(version >= SUBJECTS ? subjectFields() : [])]);
  }
  const features = featureSchema(dim).fields.filter(
    ({ name }) => name === 'vector' || name === 'colorSignature',
  );
  return new arrow.Schema([...fields, ...features, new arrow.Field('thumbnail', new arrow.Binary(), false)]);
}

const isAdded = (name: string): boolean => ADDED_COLUMNS.some((added) => added === name);

function columnsOf({ fields }: Schema): string {
  return fields.map(({ name, type }) => `${name}: ${type}`).join();
}

/** The same rules as for a feed's import (see feed/product.ts). */
const rowRules = z.object({
  productId: z.string().min(1).max(200),
  source: z.string().regex(/^[a-z0-9-]{0,64}$/),
  imageIndex: z.number().int().min(0).max(1000),
  price: z.number().min(0).nullable(),
  // The app opens this address in a browser.
  url: z.url({ protocol: /^https?$/ }).nullable(),
  imageHash: thumbnailId,
  rowHash: thumbnailId,
});
const MOST_ROW_CHARACTERS = 50_000;

function checkedRow(row: ImageRow): ImageRow {
  rowRules.parse(row);
  const uid = uidOf(row.source, row.productId);
  if (row.uid !== uid || row.key !== rowKey(uid, row.imageIndex)) {
    throw new Error(`a row with the key ${row.key}`);
  }
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
  const list = floatsIn(value);
  if (list?.length !== length) throw new Error('a list of another length');
  if (!list.every(Number.isFinite)) throw new Error('a number that is not finite');
  return list;
}

/** The numbers are copied, because the bytes may not be aligned. Null for anything but a list of numbers or their bytes. */
function floatsIn(value: unknown): Float32Array | null {
  if (value instanceof arrow.Vector) return Float32Array.from(value.toArray());
  if (!(value instanceof Uint8Array) || value.length % 4 !== 0) return null;
  return new Float32Array(Uint8Array.from(value).buffer);
}

/** Checks that a thumbnail is WebP. The window's own decoder, in its sandbox, checks the rest. */
function checkedThumbnail(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > LIMITS.thumbnailBytes) {
    throw new Error('a thumbnail that is missing or too large');
  }
  const tag = (from: number) => Buffer.from(value.subarray(from, from + 4)).toString('latin1');
  if (tag(0) !== 'RIFF' || tag(8) !== 'WEBP') throw new Error('a thumbnail that is not WebP');
  return value;
}
