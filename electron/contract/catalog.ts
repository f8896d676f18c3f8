import { z } from 'zod';

export const bytes = z.instanceof(Uint8Array);

export const availability = z.enum(['in stock', 'out of stock', 'preorder', 'backorder']);
export type Availability = z.infer<typeof availability>;

/** Opaque, content-addressed: the same id always names the same bytes. */
export const thumbnailId = z.string().regex(/^[0-9a-f]{64}$/);

/** What a feed says of a product. */
export const feedFields = z.object({
  /** Unique in its source. */
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
  /** One design in all its colours; null when the feed says none. */
  groupId: z.string().nullable(),
  size: z.string().nullable(),
  /** How many there are. */
  stock: z.number().int().nullable(),
  /** The barcode, 14 digits. */
  gtin: z.string().nullable(),
});
export type FeedFields = z.infer<typeof feedFields>;

/** A product of the catalog. */
export const product = feedFields.extend({
  /** Unique in the catalog: `<source>/<productId>`, or the `productId` alone where `source` is empty. */
  uid: z.string(),
  /** Id of the saved source that it came from; empty for an import that was not of a saved source. */
  source: z.string(),
  /** The group in one colour, which is what a card shows; the `uid` of a product that has no group. Opaque. */
  styleId: z.string(),
  /** Whether the feed stated the colour or it was seen in the first picture; null when there is no colour. */
  colorFrom: z.enum(['feed', 'picture']).nullable(),
});
export type Product = z.infer<typeof product>;

export const thumbnail = z.object({ id: thumbnailId, /** WebP, longest side at most 320 px. */ bytes });
export type Thumbnail = z.infer<typeof thumbnail>;

/** What a snapshot has of one source. */
export const snapshotSource = z.object({
  /** Of the saved source; empty for what was imported without one. */
  id: z.string(),
  /** The source's name or the feed's, as it was when the source was last published. */
  name: z.string(),
  /** Path or URL of the feed. */
  ref: z.string(),
  /** The feed is the sample catalog, which the first real source offers to remove. */
  sample: z.boolean(),
  products: z.number().int(),
  images: z.number().int(),
  /** Of the snapshot that last changed this source. */
  version: z.number().int(),
});
export type SnapshotSource = z.infer<typeof snapshotSource>;

/** One published state of the catalog. */
export const snapshot = z.object({
  version: z.number().int(),
  /** Of the source whose sync published it. */
  name: z.string(),
  /** Path or URL of that source's feed. */
  source: z.string(),
  publishedAt: z.iso.datetime(),
  products: z.number().int(),
  images: z.number().int(),
  /** The sources side by side; absent for a snapshot of before there were several. */
  sources: z.array(snapshotSource).optional(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** A snapshot that is kept and can be gone back to. */
export const snapshotInfo = snapshot.extend({
  modelId: z.string(),
  /** What the import took that made it; null where that was not measured. */
  seconds: z.number().nullable(),
  /** The version that was live when it was published; null for the first one, and where that was not noted. */
  replaced: z.number().int().nullable(),
  /** It is what readers see. */
  live: z.boolean(),
  /** Files of it are damaged, so it cannot be gone back to. */
  damaged: z.boolean(),
});
export type SnapshotInfo = z.infer<typeof snapshotInfo>;

const shownValue = z.union([z.string(), z.number(), z.null()]);

/** One product that differs between two states of the catalog. */
export const productChange = z.object({
  uid: z.string(),
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

/** One size of a style: a product with its own SKU. */
export const styleSize = z.object({
  uid: z.string(),
  sku: z.string(),
  size: z.string().nullable(),
  /** Styles of one group that have the very same pictures share a card, and there sizes differ in colour too. */
  color: z.string().nullable(),
  stock: z.number().int().nullable(),
  availability: availability.nullable(),
});
export type StyleSize = z.infer<typeof styleSize>;

/** The same design in another colour: a card of its own. */
export const otherStyle = z.object({
  styleId: z.string(),
  /** Its first size, to ask for its details or for what looks like it. */
  uid: z.string(),
  color: z.string().nullable(),
  thumbnail: thumbnailId,
});
export type OtherStyle = z.infer<typeof otherStyle>;

/** What a card shows of a style: a group in one colour, in all its sizes. A product without a group is its own style. */
export const style = z.object({
  /**
   * What all the sizes' SKUs begin with, up to a separator: "40101-NVY" of 40101-NVY-S and 40101-NVY-M. The shown size's
   * own where they have no such beginning.
   */
  styleSku: z.string(),
  /** The smallest first, whatever the filters; at least one. Of a group with more than 200 the first. */
  sizes: z.array(styleSize),
  /** The group's other colours, at most 100; they are cards of their own. */
  colors: z.array(otherStyle),
});
export type Style = z.infer<typeof style>;

export const productDetails = product.extend({
  ...style.shape,
  attributes: z.record(z.string(), z.unknown()),
  thumbnails: z.array(thumbnailId),
});
export type ProductDetails = z.infer<typeof productDetails>;
