import type { Field, Schema } from 'apache-arrow';
import { z } from 'zod';
import { type Product, product } from '../../contract/catalog.ts';
import { arrow } from './arrow-library.ts';
import { lanceDb } from './lance-library.ts';
import { ADDED_COLUMNS, cellOf } from './version-1.ts';

export const COLOR_SIGNATURE_LENGTH = 256;

/** How the colours of subjects are made. Those of another version are made anew by the next sync. */
export const SUBJECT_VERSION = 1;

/** The columns of features that tables of earlier releases lack. */
export const SUBJECT_COLUMNS = ['subjectColors', 'subjectVersion'] as const;

/** The columns of one product image, without its vectors and its thumbnail. */
export interface ImageRow extends Product {
  /** `<uid>#<n>`, n counting the product's images from 0. */
  key: string;
  imageIndex: number;
  /** See `skuKeyOf`. */
  skuKey: string;
  /** The feed's other fields, unchanged. */
  attributes: Record<string, unknown>;
  /** Where the image was read from, as an absolute path or URL. */
  imageRef: string;
  /** The image's validator: an ETag or Last-Modified, or a file's size and time. */
  imageValidator: string | null;
  /** sha256 of the image's bytes, hex. */
  imageHash: string;
  /** sha256 of the product's normalised fields, hex. It changes with a price, not with a picture. */
  rowHash: string;
}

/** The features of a picture that it is compared by. */
export interface PictureFeatures {
  /** Unit length. */
  vector: Float32Array;
  /** Of the whole picture without the background that its corners share. */
  colorSignature: Float32Array;
  /** Of its subject, `COLOR_SIGNATURE_LENGTH` bytes; none where no subject was found, and null where they were not made yet. */
  subjectColors: Uint8Array | null;
}

/** Everything that is made of an image's bytes. */
export interface ImageContent extends PictureFeatures {
  /** WebP. */
  thumbnail: Uint8Array;
}

/** The columns with the fields of a product. */
export const PRODUCT_COLUMNS = product.keyof().options;

/** The columns of an `ImageRow`. Larger columns are read separately. */
export const ROW_COLUMNS = [
  ...PRODUCT_COLUMNS,
  'key',
  'imageIndex',
  'skuKey',
  'attributes',
  'imageRef',
  'imageValidator',
  'imageHash',
  'rowHash',
] as const;

const text = (name: string, nullable = false): Field => new arrow.Field(name, new arrow.Utf8(), nullable);
const floats = (name: string, length: number): Field => {
  const item = new arrow.Field('item', new arrow.Float32(), true);
  return new arrow.Field(name, new arrow.FixedSizeList(length, item), false);
};

/** One row for each image of a product. Thumbnail and features of its picture are in other tables, by hash. */
export function rowSchema(): Schema {
  return new arrow.Schema([
    text('key'),
    new arrow.Field('imageIndex', new arrow.Int32(), false),
    text('productId'),
    text('sku'),
    text('title'),
    text('category', true),
    text('brand', true),
    text('color', true),
    new arrow.Field('price', new arrow.Float64(), true),
    text('currency', true),
    text('availability', true),
    text('url', true),
    text('groupId', true),
    text('attributes'),
    // A term for every plain attribute, which filters on free attributes use.
    new arrow.Field('attributeTerms', new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)), false),
    text('imageRef'),
    text('imageValidator', true),
    text('imageHash'),
    text('rowHash'),
    ...addedFields(),
  ]);
}

/** One row for each picture, by the hash of its bytes. */
export function pictureSchema(): Schema {
  return new arrow.Schema([text('imageHash'), lanceDb().blob('thumbnail')]);
}

/** One row for each picture that a model has embedded. @param dim numbers in a vector */
export function featureSchema(dim: number): Schema {
  return new arrow.Schema([
    text('imageHash'),
    floats('vector', dim),
    floats('colorSignature', COLOR_SIGNATURE_LENGTH),
    ...subjectFields(),
  ]);
}

/** The colours of a picture's subject, and the version by which they were made; both null where they were not. */
export function subjectFields(): Field[] {
  return [
    new arrow.Field('subjectColors', new arrow.Binary(), true),
    new arrow.Field('subjectVersion', new arrow.Int32(), true),
  ];
}

/** The cells of features in their table. */
export function featureCells(imageHash: string, { vector, colorSignature, subjectColors }: PictureFeatures) {
  return { imageHash, vector, colorSignature, ...subjectCells(subjectColors) };
}

export function subjectCells(subjectColors: Uint8Array | null) {
  return { subjectColors, subjectVersion: subjectColors && SUBJECT_VERSION };
}

/** The colours of a subject by its cells; null where they are missing, or of another version. */
export function subjectColorsOf(colors: unknown, version: unknown): Uint8Array | null {
  const isWhole =
    colors instanceof Uint8Array && (colors.length === COLOR_SIGNATURE_LENGTH || colors.length === 0);
  // A copy: a view would keep the whole batch in memory.
  return version === SUBJECT_VERSION && isWhole ? Uint8Array.from(colors) : null;
}

/** The columns that tables of version 1 lack; nullable, because such a table gets them empty. */
function addedFields(): Field[] {
  return ADDED_COLUMNS.map((name) =>
    name === 'stock' ? new arrow.Field(name, new arrow.Int32(), true) : text(name, true),
  );
}

/** The filterable attributes, as [name, value] in the feed's own words: plain values only. */
export function plainAttributes(attributes: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string' && value !== '' && value.length <= 100) return [[name, value]];
    if (typeof value === 'number' || typeof value === 'boolean') return [[name, String(value)]];
    return [];
  });
}

/** JSON, because with any plain separator "a=b" and "c" would be the same term as "a" and "b=c". */
export const attributeTerm = (name: string, value: string): string => JSON.stringify([name, value]);

const attributes = z.record(z.string(), z.unknown());
/** The filterable attributes of a row, from the JSON in its column `attributes`. */
export function attributesOf(json: string): [name: string, value: string][] {
  return plainAttributes(attributes.parse(JSON.parse(json)));
}

const tableRow = product.extend({
  key: z.string(),
  imageIndex: z.number(),
  skuKey: z.string(),
  attributes: z.string().transform((json): Record<string, unknown> => attributes.parse(JSON.parse(json))),
  imageRef: z.string(),
  imageValidator: z.string().nullable(),
  imageHash: z.string(),
  rowHash: z.string(),
});

/** The `PRODUCT_COLUMNS` of a row in the form of `cellOf`. */
export function toProduct(row: unknown): Product {
  return product.parse(row);
}

/** Converts a row of Lance, with the `ROW_COLUMNS` that its table has. */
export function fromTableRow(row: Record<string, unknown>): ImageRow {
  const cells = ROW_COLUMNS.map((column) => [column, cellOf(column, (name) => row[name])]);
  return tableRow.parse(Object.fromEntries(cells));
}
