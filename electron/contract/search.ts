import { z } from 'zod';
import { availability, bytes, product, snapshot, style, thumbnail, thumbnailId } from './catalog.ts';
import { modelInfo } from './models.ts';

/** A crop of the upright picture, in fractions of its width and height; the box lies inside the picture. */
export const cropBox = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});
export type CropBox = z.infer<typeof cropBox>;

/** A photo as its file's bytes (a pasted picture has no path) or as a path the engine can read. */
export const photo = z.union([z.object({ bytes }), z.object({ path: z.string().min(1) })]);
export type Photo = z.infer<typeof photo>;

const facetValues = z.array(z.string().max(500)).min(1).max(200);

/** Any of the values within a field, and every field at once. Prices are in the product's own currency. */
export const filters = z
  .object({
    category: facetValues,
    brand: facetValues,
    color: facetValues,
    availability: z.array(availability).min(1),
    /** Ids of sources; the empty one has what was imported without a source. */
    source: z.array(z.string().max(64)).min(1).max(200),
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
  /** How many styles to return, best first. */
  limit: z.number().int().min(1).max(10_000).default(60),
});
export type SearchRequest = z.input<typeof searchRequest>;

/** How near a product is, relative to this query's own answers (not a fixed similarity). */
export const band = z.enum(['same', 'close', 'similar', 'other']);
export type Band = z.infer<typeof band>;

/**
 * A card: a style, shown as one of its sizes. That is the size whose SKU, barcode or id was typed, else the first one that
 * passes the filters and has the nearest picture.
 */
export const result = product.extend({
  ...style.shape,
  /** This very size's SKU, barcode or id was typed. */
  typed: z.boolean(),
  rank: z.number().int(),
  /**
   * Cosine similarity of the query and the style's nearest picture, -1 to 1. Where words were compared with fields alone
   * and there is no picture: how well they match beside the best, 0 to 1.
   */
  score: z.number(),
  band,
  /** The style's picture nearest to the query. */
  thumbnail: thumbnailId,
  /** Different pictures that the style has. */
  imageCount: z.number().int(),
});
export type Result = z.infer<typeof result>;

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));

/** For each field, how many styles each value would leave, all the other filters applied. */
export const facets = z.object({
  category: facet,
  brand: facet,
  color: facet,
  availability: facet,
  /** By id; `snapshot.sources` has their names. */
  source: facet,
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

/** How an answer was ranked, so that nothing about it is hidden. */
export const ranking = z.object({
  /** The part of the photo that was looked at; null is all of it. */
  crop: z.object({ box: cropBox, proposed: z.boolean() }).nullable(),
  color: z.object({ weight: z.number(), from: z.enum(['calibrated', 'chosen', 'default']) }),
  /** What the words were compared with; null when there were none. */
  words: z.enum(['meaning and fields', 'fields']).nullable(),
  /** `exact` compares with every picture. */
  search: z.enum(['exact', 'index']),
  /** The rows in memory, or LanceDB itself where the catalog is larger than the memory it may take. */
  answeredBy: z.enum(['memory', 'lance']),
  /**
   * What LanceDB's answer lacks: bands come from a sample of 5,000 rows, colours of the 500 nearest are compared, beginnings
   * of words are completed by the sample's words, and styles that share a card count apart in the total and in facets. Empty
   * for an answer from memory.
   */
  approximate: z.array(z.enum(['bands', 'color', 'words', 'facets'])),
});
export type Ranking = z.infer<typeof ranking>;

/** How a query's photo was read. */
export const photoFacts = z.object({
  /** Of the upright photo, in pixels. */
  width: z.number().int(),
  height: z.number().int(),
  /** The file says how it is to be turned, and not every program listens. */
  turned: z.boolean(),
  /** The file breaks off or is damaged: only what is there was compared. */
  incomplete: z.boolean(),
});
export type PhotoFacts = z.infer<typeof photoFacts>;

export const searchResponse = z.object({
  results: z.array(result),
  /** Styles that passed the filters and were ranked. */
  total: z.number().int(),
  facets,
  /** The first screenful, so that it can be painted at once; ask `thumbnails` for the rest. */
  thumbnails: z.array(thumbnail),
  timings,
  ranking,
  /** Null where the query has no photo. */
  photo: photoFacts.nullable(),
  model: modelInfo,
  provider: z.string(),
  snapshot,
});
export type SearchResponse = z.infer<typeof searchResponse>;
