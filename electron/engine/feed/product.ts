import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ErrorCode, LookalikeError } from '../../contract/errors.ts';
import { type Availability, availability, type ImportProblem, type Product } from '../../contract/schemas.ts';
import { isUrl } from './resource.ts';

/** One product as every feed format is brought to. */
export interface FeedProduct extends Product {
  attributes: Record<string, unknown>;
  /** Absolute paths or http(s) URLs, at least one, in the feed's order. */
  images: string[];
  /** sha256 (hex) of all the fields but the images. */
  rowHash: string;
}

const MOST_IMAGES = 20;
const MOST_ATTRIBUTE_BYTES = 16_000;

const identifier = z
  .union([z.string(), z.number().transform(String)])
  .pipe(z.string().trim().min(1).max(200));
const words = z.string().trim().min(1).max(500);
const amount = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(1e9));
const currency = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{3}$/)
  .transform((code) => code.toUpperCase());
const link = z.url({ protocol: /^https?$/ }).max(2000);
const imageRefs = z.union([
  words.max(2000).transform((ref) => [ref]),
  z.array(words.max(2000)).min(1).max(MOST_IMAGES),
]);

const KNOWN = [
  'id',
  'title',
  'images',
  'image',
  'price',
  'currency',
  'category',
  'brand',
  'color',
  'url',
  'availability',
  'groupId',
  'sku',
  'attributes',
];

/**
 * One item of format v1, brought to a product. Only id, title and one image are required; another field of the wrong
 * kind is left out and named among the problems, because a product without a price is worth more than none.
 * @param base where the feed came from, for relative image references
 * @param place the item's place in the feed from 1, its name when it has no id
 */
export function toProduct(
  item: unknown,
  base: string,
  place: number,
): { product: FeedProduct | null; problems: ImportProblem[] } {
  const fields = z.record(z.string(), z.unknown()).safeParse(item);
  if (!fields.success) {
    return {
      product: null,
      problems: [problem(`item ${place}`, 'ITEM_INVALID', 'This item is not an object.')],
    };
  }
  const raw = fields.data;
  const id = identifier.safeParse(raw.id);
  const name = id.success ? id.data : `item ${place}`;
  const title = words.safeParse(raw.title);
  const refs = imageRefs.safeParse(raw.images ?? raw.image);
  const missing = [
    id.success ? null : 'an id',
    title.success ? null : 'a title',
    refs.success ? null : `an image reference (1 to ${MOST_IMAGES})`,
  ].filter((what) => what !== null);
  if (!id.success || !title.success || !refs.success) {
    return {
      product: null,
      problems: [problem(name, 'ITEM_INVALID', `It has no ${missing.join(' and no ')}.`)],
    };
  }

  const problems: ImportProblem[] = [];
  const optional = <T>(field: string, schema: z.ZodType<T>): T | null => {
    const value = raw[field];
    if (value === undefined || value === null || value === '') return null;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const shown = JSON.stringify(value).slice(0, 60);
    problems.push(
      problem(name, 'ITEM_INVALID', `Its ${field} ${shown} was not understood and was left out.`),
    );
    return null;
  };
  const product: Omit<FeedProduct, 'images' | 'rowHash'> = {
    productId: id.data,
    sku: optional('sku', identifier) ?? id.data,
    title: title.data,
    category: optional('category', words),
    brand: optional('brand', words),
    color: optional('color', words),
    price: optional('price', amount),
    currency: optional('currency', currency),
    availability: optional('availability', z.string().transform(toAvailability).pipe(availability)),
    url: optional('url', link),
    groupId: optional('groupId', identifier),
    attributes: optional('attributes', attributesOf(raw)) ?? unknownFields(raw),
  };
  const images: string[] = [];
  for (const ref of refs.data) {
    const absolute = resolveRef(ref, base);
    if (absolute) images.push(absolute);
    else
      problems.push({
        ...problem(name, 'IMAGE_MISSING', 'This image reference cannot be used.'),
        image: ref,
      });
  }
  if (images.length === 0) return { product: null, problems };
  const rowHash = createHash('sha256').update(JSON.stringify(product)).digest('hex');
  return { product: { ...product, images: [...new Set(images)], rowHash }, problems };
}

/** A line of the import report that is not about one image. */
export function problem(item: string, code: ErrorCode, message: string): ImportProblem {
  return { item, image: null, code, message };
}

function unknownFields(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !KNOWN.includes(name)));
}

/** The feed's `attributes`, with the item's unknown fields beside them. */
function attributesOf(raw: Record<string, unknown>) {
  return z
    .record(z.string().min(1).max(200), z.unknown())
    .transform((attributes) => ({ ...unknownFields(raw), ...attributes }))
    .refine((attributes) => JSON.stringify(attributes).length <= MOST_ATTRIBUTE_BYTES, 'too long');
}

/** Feeds write availability in many ways: "in_stock", "In Stock", "https://schema.org/InStock". */
function toAvailability(text: string): Availability | string {
  const word =
    text
      .split('/')
      .at(-1)
      ?.toLowerCase()
      .replaceAll(/[^a-z]/g, '') ?? '';
  const known: Record<string, Availability> = {
    instock: 'in stock',
    available: 'in stock',
    outofstock: 'out of stock',
    soldout: 'out of stock',
    preorder: 'preorder',
    backorder: 'backorder',
  };
  return known[word] ?? text;
}

/**
 * An image reference made absolute, or null when it may not be followed: a feed from the network must not name files
 * of this machine.
 */
function resolveRef(ref: string, base: string): string | null {
  if (isUrl(base)) {
    const url = URL.parse(ref, base);
    return url && isUrl(url.href) ? url.href : null;
  }
  if (isUrl(ref)) return ref;
  if (ref.startsWith('//')) return `https:${ref}`;
  if (ref.startsWith('file:')) return URL.canParse(ref) ? resolve(new URL(ref).pathname) : null;
  if (/^[a-z][a-z0-9+.-]+:/i.test(ref)) return null;
  return resolve(dirname(base), ref);
}

/** @throws LookalikeError FEED_INVALID for a relative path, which would depend on where the program was started */
export function feedName(base: string): string {
  const url = isUrl(base) ? new URL(base) : pathToFileURL(base);
  const file = decodeURIComponent(url.pathname.split('/').at(-1) ?? '').replace(/\.[a-z]+$/i, '');
  if (file === '' && url.host === '') throw new LookalikeError('FEED_INVALID', { item: base });
  return file && file !== 'feed'
    ? file
    : url.host || decodeURIComponent(url.pathname.split('/').at(-2) ?? file);
}
