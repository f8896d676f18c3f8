import { blob } from '@lancedb/lancedb';
import type { Field, Schema } from 'apache-arrow';
import { z } from 'zod';
import { type Product, product } from '../../contract/catalog.ts';
import { arrow } from './arrow-library.ts';
import { ADDED_COLUMNS, cellOf } from './version-1.ts';

export const COLOR_SIGNATURE_LENGTH = 256;

/** What is kept of one product image besides its vectors and its thumbnail. */
export interface ImageRow extends Product {
  /** `<uid>#<n>`, n counting the product's images from 0. */
  key: string;
  imageIndex: number;
  /** See `skuKeyOf`. */
  skuKey: string;
  /** The feed's other fields, as they came. */
  attributes: Record<string, unknown>;
  /** Where the image was read from, absolute. */
  imageRef: string;
  /** What the source said of the image's freshness: an ETag or Last-Modified, or a file's size and time. */
  imageValidator: string | null;
  /** sha256 of the image's bytes, hex. */
  imageHash: string;
  /** sha256 of the product's normalised fields, hex: a change of price changes it, a change of picture does not. */
  rowHash: string;
}

/** What a model and the image room made of a picture, to compare it by. */
export interface PictureFeatures {
  /** Unit length. */
  vector: Float32Array;
  colorSignature: Float32Array;
}

/** All that is made of an image's bytes. */
export interface ImageContent extends PictureFeatures {
  /** WebP. */
  thumbnail: Uint8Array;
}

/** The columns of what is shown of a product among others. */
export const PRODUCT_COLUMNS = product.keyof().options;

/** The columns of an `ImageRow`; the heavy ones are read on their own. */
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

/** One row for each image of a product. What is known of the picture is found by its hash in the other tables. */
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
    // A term for every plain attribute: what filters on free attributes look at.
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
  return new arrow.Schema([text('imageHash'), blob('thumbnail')]);
}

/** One row for each picture that a model has looked at. @param dim numbers in a vector */
export function featureSchema(dim: number): Schema {
  return new arrow.Schema([
    text('imageHash'),
    floats('vector', dim),
    floats('colorSignature', COLOR_SIGNATURE_LENGTH),
  ]);
}

/** The columns that tables of version 1 lack; nullable, because such a table gets them empty. */
function addedFields(): Field[] {
  return ADDED_COLUMNS.map((name) =>
    name === 'stock' ? new arrow.Field(name, new arrow.Int32(), true) : text(name, true),
  );
}

/** The filterable attributes: plain values only, as [name, value] in the words the feed uses. */
export function plainAttributes(attributes: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string' && value !== '' && value.length <= 100) return [[name, value]];
    if (typeof value === 'number' || typeof value === 'boolean') return [[name, String(value)]];
    return [];
  });
}

/** As JSON, because with any plain separator "a=b" and "c" would be the same term as "a" and "b=c". */
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

/** The `PRODUCT_COLUMNS` of a row as `cellOf` gives them. */
export function toProduct(row: unknown): Product {
  return product.parse(row);
}

/** A row as Lance gives it, with the `ROW_COLUMNS` that its table has. */
export function fromTableRow(row: Record<string, unknown>): ImageRow {
  const cells = ROW_COLUMNS.map((column) => [column, cellOf(column, (name) => row[name])]);
  return tableRow.parse(Object.fromEntries(cells));
}
