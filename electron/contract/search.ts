import { z } from 'zod';
import { availability, bytes, product, snapshot, style, thumbnail, thumbnailId } from './catalog.ts';
import { MOST_FILTERED_ATTRIBUTES, MOST_QUERY_PHOTOS } from './limits.ts';
import { modelInfo } from './models.ts';

/** A crop of the upright picture, in fractions of its width and height; the box lies inside the picture. */
export const cropBox = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});
export type CropBox = z.infer<typeof cropBox>;

/** A photo as its file's bytes (a pasted picture has no path), or as a path that the engine can read. */
export const photo = z.union([z.object({ bytes }), z.object({ path: z.string().min(1) })]);
export type Photo = z.infer<typeof photo>;

const facetValues = z.array(z.string().max(500)).min(1).max(200);

/** A product must have one of the values of each field. Prices are in the product's own currency. */
export const filters = z
  .object({
    category: facetValues,
    brand: facetValues,
    color: facetValues,
    availability: z.array(availability).min(1).max(20),
    /** Ids of sources. The empty id means products that were imported without a source. */
    source: z.array(z.string().max(64)).min(1).max(200),
    price: z.object({ min: z.number().min(0).optional(), max: z.number().min(0).optional() }),
    attributes: z
      .record(z.string().min(1).max(200), facetValues)
      .refine((each) => Object.keys(each).length <= MOST_FILTERED_ATTRIBUTES, 'too many attributes'),
  })
  .partial();
export type Filters = z.infer<typeof filters>;

export const words = z.string().trim().min(1).max(500);

/** The weight of the text beside the picture: 0 is only the picture, 1 only the text. */
const balance = z.number().min(0).max(1).default(0.5);

export const searchRequest = z.object({
  query: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('photo'),
      photo,
      /** Further photos of the same item: its back, its label. All of them together are compared. */
      also: z
        .array(photo)
        .max(MOST_QUERY_PHOTOS - 1)
        .default([]),
      /**
       * `auto`: the box that the subject model proposes. The answer contains the box that was used. `whole`: all of the
       * photo, by the colours of its subject. Without it all of the photo is answered sooner, its subject is not looked for. These
       * hold for the photos in `also` too, but a box is of `photo` alone, and the others are `whole` then.
       */
      crop: z.union([cropBox, z.enum(['auto', 'whole'])]).optional(),
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
  /** Text for what the product should not be: "stripes". */
  without: words.optional(),
  /** The weight of colour in the ranking, 0 to 1. Default: the weight calibrated on this catalog. */
  colorWeight: z.number().min(0).max(1).optional(),
  /** Only products in the query's colour. */
  sameColor: z.boolean().default(false),
  /**
   * Rank with what this machine has learned: from the photos before, and from what was said of them, each where that helps. The
   * photo is noted for those after it.
   */
  learned: z.boolean().default(false),
  filters: filters.default({}),
  /** How many styles to return, best first. */
  limit: z.number().int().min(1).max(10_000).default(60),
});
export type SearchRequest = z.input<typeof searchRequest>;

/** How near a product is, relative to this catalog (not a fixed similarity). */
export const band = z.enum(['same', 'close', 'similar', 'other']);
export type Band = z.infer<typeof band>;

/**
 * A card: a style, shown as one of its sizes. It is the size whose SKU, barcode or id was typed, or else the first one that
 * passes the filters and has the nearest picture.
 */
export const result = product.extend({
  ...style.shape,
  /** The SKU, barcode or id of this size was typed. */
  typed: z.boolean(),
  rank: z.number().int(),
  /**
   * Cosine similarity of the query and the style's nearest picture, -1 to 1; of several photos, that of their mean. When text was compared only with fields and
   * there is no picture: the match relative to the best one, 0 to 1.
   */
  score: z.number(),
  band,
  /** The style's picture nearest to the query. */
  thumbnail: thumbnailId,
  /** Number of different pictures of the style. */
  imageCount: z.number().int(),
});
export type Result = z.infer<typeof result>;

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));

/** For each field, the number of styles that each value would leave, with all the other filters applied. */
export const facets = z.object({
  category: facet,
  brand: facet,
  color: facet,
  availability: facet,
  /** By id. `snapshot.sources` has their names. */
  source: facet,
  price: z.object({ min: z.number(), max: z.number() }).nullable(),
  attributes: z.array(z.object({ name: z.string(), values: facet })),
});
export type Facets = z.infer<typeof facets>;

/**
 * Milliseconds. `crop` is finding the subject of a photo. `thumbnails` is the time spent waiting for them after everything
 * else was done. `cached`: the ranking came from the cache, so nothing was decoded, embedded or searched.
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

/** What was said of a photo; see `contract/learning.ts`. */
export const givenFeedback = z.object({
  id: z.string(),
  /** The uid of the product that the photo shows; null: the catalog did not have it. */
  product: z.string().nullable(),
  /** That product's style; null where the catalog does not have it now. */
  styleId: z.string().nullable(),
  by: z.enum(['said', 'copied']),
});
export type GivenFeedback = z.infer<typeof givenFeedback>;

/** Whose colours are compared: those of a picture's subject, or those of all of it. */
export const colorsOf = z.enum(['subject', 'picture']);
export type ColorsOf = z.infer<typeof colorsOf>;

/** How an answer was ranked. */
export const ranking = z.object({
  /** The part of the photo (the first, of several) that was embedded; null is all of it. */
  crop: z.object({ box: cropBox, proposed: z.boolean() }).nullable(),
  /**
   * The photo is unlike all of the catalog's pictures, as phone photos are unlike a studio's, so its middle was looked at too and
   * counts more. Only where the crop was left to the engine, and none was better than all of the photo.
   */
  closer: z.boolean(),
  color: z.object({
    weight: z.number(),
    from: z.enum(['calibrated', 'chosen', 'default', 'photo', 'use']),
    /**
     * Whose colours were compared: those of the photo's subject, or those of the whole picture, where no subject was found or
     * looked for, or where the catalog's pictures were not looked at in that way yet.
     */
    of: colorsOf,
  }),
  /** How many photos searched before it the answer was adjusted to; null for none. */
  learned: z.object({ photos: z.number().int() }).nullable(),
  /** Confirmed photos that counted as pictures of their products; null where none did. */
  confirmed: z
    .object({
      photos: z.number().int(),
      products: z.number().int(),
      /** The rank that the first result would have without them; null where it would not be among the nearest. */
      firstWithout: z.number().int().nullable(),
    })
    .nullable(),
  /**
   * How much of what customers' photos have in common, as it was calibrated on this catalog, was taken out of the photo, 0 to 1: 0 for a
   * photo like the catalog's pictures, and where `learned` says more.
   */
  photoShift: z.number(),
  /**
   * How probable it is that the first result is the photo's product, 0 to 1, as its band says in words; null where words were
   * asked too. See `search/bands.ts` for what it was fitted on.
   */
  probability: z.number().nullable(),
  /** What the text was compared with; null without text. */
  words: z.enum(['meaning and fields', 'fields']).nullable(),
  /** `exact` compares with every picture. */
  search: z.enum(['exact', 'index']),
  /** Rows in memory or, when the catalog is larger than the memory it may take, LanceDB. */
  answeredBy: z.enum(['memory', 'lance']),
  /**
   * The limits of an answer from LanceDB: bands come from a sample of 5,000 rows, colours of the 500 nearest styles are
   * compared, incomplete words are completed with the sample's words, and styles that share a card are counted separately in
   * the total and in facets. Empty for an answer from memory.
   */
  approximate: z.array(z.enum(['bands', 'color', 'words', 'facets'])),
});
export type Ranking = z.infer<typeof ranking>;

/** What a part of a query's text was understood as. */
export const wordsPart = z.object({
  /**
   * `category` is also a kind of product that titles name; `property` a pattern, material, fit, season or other attribute;
   * `order` which price comes first; `title` words of titles alone; `code` a SKU, barcode or id; `text` none of these: it is compared with all fields, and with
   * pictures where the model has a text encoder.
   */
  kind: z.enum(['color', 'price', 'order', 'category', 'brand', 'size', 'property', 'title', 'code', 'text']),
  /** As it was typed. */
  text: z.string(),
  /** Where `text` stands: in the query's text or in `without`, in UTF-16 code units. */
  span: z.object({ of: z.enum(['words', 'without']), start: z.number().int(), end: z.number().int() }),
  /** Products that are this are left out. */
  not: z.boolean(),
  /** The catalog's own values that it stands for; of a price its limits (">= 50"). */
  values: z.array(z.string()),
  /** The word that was read instead of a misspelt one. */
  readAs: z.string().nullable(),
  /** Words that may have been meant, where nothing was found: "did you mean". */
  suggestions: z.array(z.string()),
  /**
   * Number of styles that are this, within the filters; 0: it was ignored, and the answer has to say so. Null when only
   * pictures can tell.
   */
  found: z.number().int().nullable(),
});
export type WordsPart = z.infer<typeof wordsPart>;

/** What a query's text was understood as. */
export const understanding = z.object({
  parts: z.array(wordsPart),
  /** Number of styles that are everything that was understood; null when nothing was. They come first, the nearest others after. */
  together: z.number().int().nullable(),
  /**
   * Number of ranked styles that follow though their price is not what was asked for: hardly a style that is the rest has such a
   * price. For text alone the nearest price comes first; a picture or a text encoder ranks by likeness.
   */
  outOfPrice: z.number().int(),
});
export type Understanding = z.infer<typeof understanding>;

/** Facts about a query's photo. */
export const photoFacts = z.object({
  /** Size of the upright photo, in pixels. */
  width: z.number().int(),
  height: z.number().int(),
  /** The file has a rotation that not every program applies. */
  turned: z.boolean(),
  /** The file is truncated or damaged: only the readable part was compared. */
  incomplete: z.boolean(),
});
export type PhotoFacts = z.infer<typeof photoFacts>;

/** One of several photos of one item. */
export const furtherPhoto = photoFacts.extend({
  /** The part of it that was embedded; null is all of it. */
  crop: ranking.shape.crop,
});
export type FurtherPhoto = z.infer<typeof furtherPhoto>;

/** The item of an error about one of several photos of a query. @param index 0 is `photo`, then those in `also` */
export const itemOfPhoto = (index: number): string => `photo ${index + 1}`;

export const searchResponse = z.object({
  results: z.array(result),
  /** Styles that passed the filters and were ranked. */
  total: z.number().int(),
  facets,
  /** The thumbnails of the first screen, so that it can be painted at once. `thumbnails` gives the others. */
  thumbnails: z.array(thumbnail),
  timings,
  ranking,
  understood: understanding,
  /** Null when the query has no photo. */
  photo: photoFacts.nullable(),
  /** The further photos of the query, in its order. */
  also: z.array(furtherPhoto),
  /** What was said of this photo before; null for nothing, and where nothing learned was asked for. */
  feedback: givenFeedback.nullable(),
  model: modelInfo,
  provider: z.string(),
  snapshot,
});
export type SearchResponse = z.infer<typeof searchResponse>;
