import { z } from 'zod';

/** A crop of the upright picture, in fractions of its width and height; the box lies inside the picture. */
export const cropBox = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});
export type CropBox = z.infer<typeof cropBox>;

const bytes = z.instanceof(Uint8Array);

/** A photo as its file's bytes (a pasted picture has no path) or as a path the engine can read. */
export const photo = z.union([z.object({ bytes }), z.object({ path: z.string().min(1) })]);
export type Photo = z.infer<typeof photo>;

export const availability = z.enum(['in stock', 'out of stock', 'preorder', 'backorder']);
export type Availability = z.infer<typeof availability>;

const facetValues = z.array(z.string().max(500)).min(1).max(200);

/** Any of the values within a field, and every field at once. Prices are in the product's own currency. */
export const filters = z
  .object({
    category: facetValues,
    brand: facetValues,
    color: facetValues,
    availability: z.array(availability).min(1),
    price: z.object({ min: z.number().min(0).optional(), max: z.number().min(0).optional() }),
    attributes: z.record(z.string().min(1).max(200), facetValues),
  })
  .partial();
export type Filters = z.infer<typeof filters>;

const words = z.string().trim().min(1).max(500);

/** How much the words count beside the picture: 0 is the picture alone, 1 the words alone. */
const balance = z.number().min(0).max(1).default(0.5);

export const searchRequest = z.object({
  query: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('photo'),
      photo,
      /** `auto`: the box that the subject model proposes; the answer says which it was. */
      crop: z.union([cropBox, z.literal('auto')]).optional(),
      words: words.optional(),
      balance,
    }),
    z.object({
      kind: z.literal('product'),
      productId: z.string().min(1),
      words: words.optional(),
      balance,
    }),
    z.object({ kind: z.literal('words'), words }),
  ]),
  /** What the product should not be: "stripes". */
  without: words.optional(),
  /** How much colour counts in the ranking, 0 to 1. Default: as it was calibrated on this catalog. */
  colorWeight: z.number().min(0).max(1).optional(),
  /** Only products whose colour is the query's. */
  sameColor: z.boolean().default(false),
  filters: filters.default({}),
  /** How many products to return, best first. */
  limit: z.number().int().min(1).max(10_000).default(60),
});
export type SearchRequest = z.input<typeof searchRequest>;

/** How near a product is, relative to this query's own answers (not a fixed similarity). */
export const band = z.enum(['same', 'close', 'similar', 'other']);
export type Band = z.infer<typeof band>;

/** Opaque, content-addressed: the same id always names the same bytes. */
export const thumbnailId = z.string().regex(/^[0-9a-f]{64}$/);

export const product = z.object({
  productId: z.string(),
  sku: z.string(),
  title: z.string(),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  color: z.string().nullable(),
  price: z.number().nullable(),
  currency: z.string().nullable(),
  availability: availability.nullable(),
  url: z.string().nullable(),
  groupId: z.string().nullable(),
});
export type Product = z.infer<typeof product>;

export const result = product.extend({
  rank: z.number().int(),
  /**
   * Cosine similarity of the query and the product's nearest image, -1 to 1. Where words were compared with fields alone
   * and there is no picture: how well they match beside the best, 0 to 1.
   */
  score: z.number(),
  band,
  /** The product's image nearest to the query. */
  thumbnail: thumbnailId,
  imageCount: z.number().int(),
});
export type Result = z.infer<typeof result>;

export const thumbnail = z.object({ id: thumbnailId, /** WebP, longest side at most 320 px. */ bytes });
export type Thumbnail = z.infer<typeof thumbnail>;

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));

/** For each field, how many products each value would leave, all the other filters applied. */
export const facets = z.object({
  category: facet,
  brand: facet,
  color: facet,
  availability: facet,
  price: z.object({ min: z.number(), max: z.number() }).nullable(),
  attributes: z.array(z.object({ name: z.string(), values: facet })),
});
export type Facets = z.infer<typeof facets>;

/**
 * Milliseconds; `crop` is finding the subject of a photo, and `thumbnails` how long they were waited for when all else was
 * done. `cached` says that the ranking was remembered: nothing was decoded, embedded or searched.
 */
export const timings = z.object({
  crop: z.number(),
  decode: z.number(),
  embed: z.number(),
  search: z.number(),
  thumbnails: z.number(),
  total: z.number(),
  cached: z.boolean(),
});
export type Timings = z.infer<typeof timings>;

export const modelInfo = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.enum(['starter', 'full']),
  dim: z.number().int(),
  /** Understands words: a search by words goes by meaning, not only by the products' own words. */
  words: z.boolean(),
});
export type ModelInfo = z.infer<typeof modelInfo>;

/** One published state of the catalog. */
export const snapshot = z.object({
  version: z.number().int(),
  name: z.string(),
  source: z.string(),
  publishedAt: z.iso.datetime(),
  products: z.number().int(),
  images: z.number().int(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** A snapshot that is kept and can be gone back to. */
export const snapshotInfo = snapshot.extend({
  modelId: z.string(),
  /** What the import took that made it; null where that was not measured. */
  seconds: z.number().nullable(),
  /** It is what readers see. */
  live: z.boolean(),
});
export type SnapshotInfo = z.infer<typeof snapshotInfo>;

const shownValue = z.union([z.string(), z.number(), z.null()]);

/** One product that differs between two states of the catalog. */
export const productChange = z.object({
  productId: z.string(),
  title: z.string(),
  /** Its first picture in the later state, or in the earlier one when the product was removed. */
  thumbnail: thumbnailId,
  /**
   * A product's field ("price"), a free attribute ("attributes.material"), or "images" with how many there were and are:
   * the same number twice says that pictures were replaced. Empty when the product was added or removed.
   */
  changes: z.array(z.object({ field: z.string(), before: shownValue, after: shownValue })),
});
export type ProductChange = z.infer<typeof productChange>;

const productChanges = z.object({
  count: z.number().int(),
  /** The first 50. */
  examples: z.array(productChange),
});

/** What going from one snapshot to another changes, product by product; each product is in one of the four. */
export const snapshotDiff = z.object({
  from: snapshotInfo,
  to: snapshotInfo,
  added: productChanges,
  removed: productChanges,
  changed: productChanges,
  /** Nothing but price and currency differ. */
  priceOnly: productChanges,
});
export type SnapshotDiff = z.infer<typeof snapshotDiff>;

/** Everything in the catalog's folder: all models, all kept snapshots. */
export const diskUse = z.object({ bytes: z.number().int(), files: z.number().int() });
export type DiskUse = z.infer<typeof diskUse>;

/** How an answer was ranked, so that nothing about it is hidden. */
export const ranking = z.object({
  /** The part of the photo that was looked at; null is all of it. */
  crop: z.object({ box: cropBox, proposed: z.boolean() }).nullable(),
  color: z.object({ weight: z.number(), from: z.enum(['calibrated', 'chosen', 'default']) }),
  /** What the words were compared with; null when there were none. */
  words: z.enum(['meaning and fields', 'fields']).nullable(),
  /** `exact` compares with every product. */
  search: z.enum(['exact', 'index']),
});
export type Ranking = z.infer<typeof ranking>;

export const searchResponse = z.object({
  results: z.array(result),
  /** Products that passed the filters and were ranked. */
  total: z.number().int(),
  facets,
  /** The first screenful, so that it can be painted at once; ask `thumbnails` for the rest. */
  thumbnails: z.array(thumbnail),
  timings,
  ranking,
  model: modelInfo,
  provider: z.string(),
  snapshot,
});
export type SearchResponse = z.infer<typeof searchResponse>;

export const productDetails = product.extend({
  attributes: z.record(z.string(), z.unknown()),
  thumbnails: z.array(thumbnailId),
});
export type ProductDetails = z.infer<typeof productDetails>;

/** Where a catalog comes from: the one that ships with the app, a file on this machine, or an http(s) URL. */
export const feedSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
  z.object({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }) }),
]);
export type FeedSource = z.infer<typeof feedSource>;

/** The kinds of document a catalog can be read from; `json-mapping` is any JSON whose fields a mapping names. */
export const feedFormat = z.enum([
  'lookalike',
  'shopify',
  'google-xml',
  'google-tsv',
  'schema-org',
  'csv',
  'json-mapping',
  'folder',
]);
export type FeedFormat = z.infer<typeof feedFormat>;

export const mappedField = z.enum([
  'id',
  'title',
  'images',
  'price',
  'currency',
  'category',
  'brand',
  'color',
  'availability',
  'url',
  'groupId',
  'sku',
]);
export type MappedField = z.infer<typeof mappedField>;

/** Where each field is found: every place counts for `images`, for the others the first that has a value. */
const mappedFields = z.partialRecord(mappedField, z.array(z.string().min(1).max(500)).min(1).max(20));

/** What an admin says of a feed that does not say it itself. What is not mapped becomes an attribute. */
export const feedMapping = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('csv'),
    /** Names of columns. */
    fields: mappedFields,
    /** The text's encoding when it is not Unicode: a label of the WHATWG Encoding Standard, such as windows-1252. */
    charset: z.string().max(40).nullable().default(null),
  }),
  z.object({
    format: z.literal('json-mapping'),
    /** Path of the items: `products`, `data.items`, `$` when the document is their list. Syntax: feed/json-path.ts. */
    items: z.string().min(1).max(500),
    /** Paths within an item: `name`, `price.amount`, `images[*].src`. */
    fields: mappedFields,
  }),
]);
export type FeedMapping = z.infer<typeof feedMapping>;

export const importProgress = z.object({
  phase: z.enum(['reading', 'embedding', 'publishing']),
  done: z.number().int(),
  /** Null while it is not yet known. */
  total: z.number().int().nullable(),
  /** Items a second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type ImportProgress = z.infer<typeof importProgress>;

/** One thing that was left out of an import, and why. */
export const importProblem = z.object({
  /** The product's id, or "item 12" when it has none. */
  item: z.string(),
  /** The image reference, when the problem is one image. */
  image: z.string().nullable(),
  code: z.string(),
  message: z.string(),
});
export type ImportProblem = z.infer<typeof importProblem>;

export const importReport = z.object({
  source: z.string(),
  products: z.object({
    total: z.number().int(),
    added: z.number().int(),
    changed: z.number().int(),
    unchanged: z.number().int(),
    removed: z.number().int(),
  }),
  images: z.object({
    total: z.number().int(),
    /** Went through the model in this import. */
    embedded: z.number().int(),
    /** Needed no embedding: known by their bytes from before. */
    reused: z.number().int(),
  }),
  problems: z.array(importProblem),
  seconds: z.number(),
  /** Null when nothing had changed and so nothing was published. */
  published: snapshot.nullable(),
});
export type ImportReport = z.infer<typeof importReport>;

export const status = z.object({
  model: modelInfo,
  provider: z.string(),
  /** The model that proposes crops; null when none is installed. */
  subjectModel: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Which build of sharp decodes pictures here (DESIGN §7). */
  imageDecoder: z.enum(['native', 'wasm']),
  snapshot: snapshot.nullable(),
  importing: z.boolean(),
  /** Name of the model that the catalog is being brought to. */
  switchingTo: z.string().nullable(),
  /** What is not as it was set up, and what stands in for it, in sentences to be shown: a model, a provider. */
  notices: z.array(z.string()),
});
export type Status = z.infer<typeof status>;

/** Counted in images. */
export const packProgress = z.object({
  phase: z.enum(['writing', 'checking', 'staging', 'publishing']),
  done: z.number().int(),
  total: z.number().int(),
});
export type PackProgress = z.infer<typeof packProgress>;

/** A catalog pack that was written. */
export const packReport = z.object({
  path: z.string(),
  bytes: z.number().int(),
  snapshot: snapshotInfo,
  signed: z.boolean(),
  seconds: z.number(),
});
export type PackReport = z.infer<typeof packReport>;
