import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Availability, FeedFields } from '../../contract/catalog.ts';
import type { FaultParams } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';
import { readAvailability } from './availability.ts';
import { namesComputer, resolveImageRef, splitAddresses, webAddress } from './image-refs.ts';
import { isAbsent, readMoney, unknownValue } from './money.ts';
import { plainText } from './plain-text.ts';
import { invalidItem, problem } from './problem.ts';
import { barcodeAmong, quantityIn, readCount, sizeAmong } from './variant-fields.ts';

/** A product, in the one form that every feed format is converted to. */
export interface FeedProduct extends FeedFields {
  attributes: Record<string, unknown>;
  /** Absolute paths or http(s) URLs, at least one, in the feed's order. */
  images: string[];
  /** sha256 (hex) of all fields but the images. */
  rowHash: string;
}

const MOST_IMAGES = 20;
const MOST_ATTRIBUTE_CHARACTERS = 16_000;
/**
 * The deepest nesting that is read. Reading a value may recurse for each level: the stack allows some thousands, and no shop
 * needs ten.
 */
const DEEPEST_VALUE = 64;
/** Problems listed per item. A product with a hundred thousand bad references must not hide the others. */
const MOST_PROBLEMS = 20;

/** Text that survives UTF-8: JSON can escape half a surrogate pair, which would be read back as another character. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .transform((written) => Buffer.from(written).toString());
/** In one form of Unicode: names of files from a Mac come decomposed. */
const composed = z.string().transform((written) => written.normalize('NFC'));
// Only whole numbers that JSON.parse reads exactly: a rounded id would be another product's.
const identifier = z
  .union([z.string(), z.int().transform(String)])
  .pipe(composed)
  .pipe(text(200));
const record = z.record(z.string(), z.unknown());
/** Plain text, because feeds write HTML even into plain fields. */
const words = composed.transform(plainText).pipe(text(500));
/** "M" or 42. */
const sizeText = z.union([z.string(), z.number().transform(String)]).pipe(words);
const imageRef = text(2000);
const link = z
  .string()
  .transform(webAddress)
  .pipe(z.url({ protocol: /^https?$/ }).max(2000));
const KNOWN = [
  'id',
  'title',
  'images',
  'image',
  'price',
  'currency',
  'salePrice',
  'saleFrom',
  'saleUntil',
  'category',
  'brand',
  'color',
  'url',
  'availability',
  'groupId',
  'sku',
  'size',
  'stock',
  'gtin',
  'attributes',
];

/**
 * Converts one item, with the field names of format v1, to a product. Only id, title and one image are required. A field of
 * the wrong type is left out and reported as a problem, because a product without a price is better than no product.
 * @param base where the feed came from, for relative image references
 * @param place name of the item when it has no id: "item 12", "line 12"
 */
export function toProduct(
  item: unknown,
  base: string,
  place: string,
): { product: FeedProduct | null; problems: ImportProblem[] } {
  const fields = record.safeParse(item);
  if (!fields.success) {
    return { product: null, problems: [invalidItem(place, { reason: 'no-fields' })] };
  }
  const raw = fields.data;
  const id = identifier.safeParse(raw.id);
  const name = id.success ? id.data : place;
  if (isDeeperThan(raw, DEEPEST_VALUE)) {
    return { product: null, problems: [invalidItem(name, { reason: 'too-deep', most: DEEPEST_VALUE })] };
  }
  const title = words.safeParse(raw.title);
  const refs = listedImages(raw);
  if (!id.success || !title.success || refs.length === 0) {
    const has = { id: id.success, title: title.success, images: refs.length > 0 };
    const fields = (['id', 'title', 'images'] as const).filter((field) => !has[field]);
    return { product: null, problems: [invalidItem(name, { reason: 'missing', fields })] };
  }
  const problems: ImportProblem[] = [];
  const fieldsOfProduct = readFields(raw, id.data, title.data, problems);
  const images = usableImages(refs, base, name, problems);
  const named = capped(problems, name);
  if (images.length === 0) return { product: null, problems: named };
  const rowHash = hash('sha256', JSON.stringify(fieldsOfProduct));
  return { product: { ...fieldsOfProduct, images, rowHash }, problems: named };
}

/** Whether lists and objects are nested more deeply than this. Does not recurse. */
function isDeeperThan(value: unknown, most: number): boolean {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > most) return true;
    for (const inner of Object.values(next.value)) {
      if (typeof inner === 'object' && inner !== null) open.push({ value: inner, depth });
    }
  }
  return false;
}

/** The first problems of an item, and the number of the others. */
function capped(problems: ImportProblem[], item: string): ImportProblem[] {
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), invalidItem(item, { reason: 'more', more })];
}

type OptionalField = Extract<FaultParams['ITEM_INVALID'], { reason: 'value' }>['field'];

/** All fields but the images. A value of the wrong type becomes null, and a problem is added. */
function readFields(
  raw: Record<string, unknown>,
  id: string,
  title: string,
  problems: ImportProblem[],
): Omit<FeedProduct, 'images' | 'rowHash'> {
  const optional = <T>(field: OptionalField, schema: z.ZodType<T>): T | null => {
    const value = raw[field];
    if (value === undefined || value === null || value === '') return null;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const shown = JSON.stringify(value).slice(0, 60);
    problems.push(invalidItem(id, { reason: 'value', field, value: shown }));
    return null;
  };
  const { onSale, ...money } = readMoney(raw, id, problems);
  const size = optional('size', sizeText);
  const stock = readCount(raw.stock);
  const gtin = barcodeAmong({ gtin: raw.gtin });
  const given = optional('attributes', record) ?? {};
  const attributes = readAttributes(
    raw,
    {
      // The size is also an attribute, so that it can be filtered by.
      ...(size !== null && sizeAmong(given) === null && { size }),
      // A value that could not be read is kept as it was written.
      ...(stock === null && !isAbsent(raw.stock) && { stock: raw.stock }),
      ...(gtin === null && !isAbsent(raw.gtin) && { gtin: raw.gtin }),
      ...(onSale && !isAbsent(raw.price) && { regular_price: raw.price }),
      ...given,
    },
    id,
    problems,
  );
  return {
    productId: id,
    sku: optional('sku', identifier) ?? id,
    title,
    category: optional('category', words),
    brand: optional('brand', words),
    color: optional('color', words),
    ...money,
    availability: readStock(raw.availability, id, problems),
    url: optional('url', link),
    groupId: optional('groupId', identifier),
    size: size ?? sizeAmong(attributes),
    stock: stock ?? quantityIn(raw.availability),
    gtin: gtin ?? barcodeAmong(attributes),
    attributes,
  };
}

function readStock(written: unknown, id: string, problems: ImportProblem[]): Availability | null {
  if (written === undefined || written === null || written === '') return null;
  const known = ['string', 'number', 'boolean'].includes(typeof written);
  const availability = known ? readAvailability(String(written)) : undefined;
  if (!availability) problems.push(unknownValue(id, 'availability', written));
  return availability ?? null;
}

/** The feed's `attributes`, together with the item's unknown fields. */
function readAttributes(
  raw: Record<string, unknown>,
  given: Record<string, unknown>,
  id: string,
  problems: ImportProblem[],
): Record<string, unknown> {
  const unknownFields = Object.entries(raw).filter(([name]) => !KNOWN.includes(name));
  const all = Object.entries({ ...Object.fromEntries(unknownFields), ...given });
  const kept = all.filter(([name, value]) => {
    if (name.length + JSON.stringify(value).length <= MOST_ATTRIBUTE_CHARACTERS) return true;
    problems.push(invalidItem(id, { reason: 'too-long', field: name.slice(0, 60) }));
    return false;
  });
  return Object.fromEntries(kept);
}

function listedImages({ images, image }: Record<string, unknown>): unknown[] {
  const listed = [images ?? []].flat();
  const refs = listed.length > 0 ? listed : [image ?? []].flat();
  return refs.flatMap((ref: unknown) => (typeof ref === 'string' ? splitAddresses(ref) : [ref]));
}

/** Each image once, absolute, in the feed's order. Unusable references are added to the problems. */
function usableImages(
  refs: readonly unknown[],
  base: string,
  name: string,
  problems: ImportProblem[],
): string[] {
  const images = new Set<string>();
  for (const ref of refs) {
    const written = imageRef.safeParse(ref);
    const absolute = written.success ? resolveImageRef(written.data, base) : null;
    if (absolute) images.add(absolute);
    else {
      const shown = typeof ref === 'string' ? ref : String(JSON.stringify(ref));
      const image = shown.slice(0, 2000);
      const kind = namesComputer(image) ? 'other-computer' : 'no-reference';
      const params = { at: image, reason: { kind }, proxy: null } as const;
      problems.push({ ...problem(name, { code: 'IMAGE_MISSING', params }), image });
    }
  }
  if (images.size > MOST_IMAGES) {
    const params = { images: images.size, most: MOST_IMAGES };
    problems.push(invalidItem(name, { reason: 'too-many-images', ...params }));
  }
  return [...images].slice(0, MOST_IMAGES);
}
