import { z } from 'zod';

export const bytes = z.instanceof(Uint8Array);

export const availability = z.enum(['in stock', 'out of stock', 'preorder', 'backorder']);
export type Availability = z.infer<typeof availability>;

/** Opaque and content-addressed: the same id always means the same bytes. */
export const thumbnailId = z.string().regex(/^[0-9a-f]{64}$/);

/** The fields of a product in a feed. */
export const feedFields = z.object({
  /** Unique within its source. */
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
  /** One design in all its colours; null when the feed has no groups. */
  groupId: z.string().nullable(),
  size: z.string().nullable(),
  /** The quantity in stock. */
  stock: z.number().int().nullable(),
  /** The barcode, 14 digits. */
  gtin: z.string().nullable(),
});
export type FeedFields = z.infer<typeof feedFields>;

/** A product of the catalog. */
export const product = feedFields.extend({
  /** Unique in the catalog: `<source>/<productId>`, or only the `productId` when `source` is empty. */
  uid: z.string(),
  /** Id of the saved source of the product; empty when it was not imported from a saved source. */
  source: z.string(),
  /** The group in one colour, which is what a card shows; the `uid` for a product without a group. Opaque. */
  styleId: z.string(),
  /** Whether the feed gives the colour or it was found in the first picture; null when there is no colour. */
  colorFrom: z.enum(['feed', 'picture']).nullable(),
});
export type Product = z.infer<typeof product>;

export const thumbnail = z.object({ id: thumbnailId, /** WebP, longest side at most 320 px. */ bytes });
export type Thumbnail = z.infer<typeof thumbnail>;

/** The part of a snapshot that comes from one source. */
export const snapshotSource = z.object({
  /** Id of the saved source; empty for products that were imported without one. */
  id: z.string(),
  /** The name of the source or the feed, as it was when the source was last published. */
  name: z.string(),
  /** Path or URL of the feed. */
  ref: z.string(),
  /** Whether the feed is the sample catalog, which the app offers to remove once there is a real source. */
  sample: z.boolean(),
  products: z.number().int(),
  images: z.number().int(),
  /** Version of the snapshot that last changed this source. */
  version: z.number().int(),
});
export type SnapshotSource = z.infer<typeof snapshotSource>;

/** One published state of the catalog. */
export const snapshot = z.object({
  version: z.number().int(),
  /** Name of the source whose sync published it. */
  name: z.string(),
  /** Path or URL of that source's feed. */
  source: z.string(),
  publishedAt: z.iso.datetime(),
  products: z.number().int(),
  images: z.number().int(),
  /** All sources of the snapshot; absent in snapshots from before there were several. */
  sources: z.array(snapshotSource).optional(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** A kept snapshot, which can be rolled back to. */
export const snapshotInfo = snapshot.extend({
  modelId: z.string(),
  /** Duration of its import; null when it was not measured. */
  seconds: z.number().nullable(),
  /** The version that was live when it was published; null for the first one, and when that was not noted. */
  replaced: z.number().int().nullable(),
  /** Whether readers see it. */
  live: z.boolean(),
  /** Whether files of it are damaged, so that it cannot be rolled back to. */
  damaged: z.boolean(),
});
export type SnapshotInfo = z.infer<typeof snapshotInfo>;

const shownValue = z.union([z.string(), z.number(), z.null()]);

/** One product that differs between two states of the catalog. */
export const productChange = z.object({
  uid: z.string(),
  productId: z.string(),
  title: z.string(),
  /** Its first picture in the later state, or in the earlier one if the product was removed. */
  thumbnail: thumbnailId,
  /**
   * A product's field ("price"), a free attribute ("attributes.material"), or "images" with their numbers before and after:
   * equal numbers mean that pictures were replaced. Empty when the product was added or removed.
   */
  changes: z.array(z.object({ field: z.string(), before: shownValue, after: shownValue })),
});
export type ProductChange = z.infer<typeof productChange>;

const productChanges = z.object({
  count: z.number().int(),
  /** The first 50. */
  examples: z.array(productChange),
});

/** What changing from one snapshot to another changes, by product. Each product is in one of the four groups. */
export const snapshotDiff = z.object({
  from: snapshotInfo,
  to: snapshotInfo,
  added: productChanges,
  removed: productChanges,
  changed: productChanges,
  /** Only price and currency differ. */
  priceOnly: productChanges,
});
export type SnapshotDiff = z.infer<typeof snapshotDiff>;

/** Size of everything in the catalog's folder: all models, all kept snapshots. */
export const diskUse = z.object({ bytes: z.number().int(), files: z.number().int() });
export type DiskUse = z.infer<typeof diskUse>;

/** One size of a style: a product with its own SKU. */
export const styleSize = z.object({
  uid: z.string(),
  sku: z.string(),
  size: z.string().nullable(),
  /** Styles of one group with exactly the same pictures share a card, and on such a card the sizes differ in colour too. */
  color: z.string().nullable(),
  stock: z.number().int().nullable(),
  availability: availability.nullable(),
});
export type StyleSize = z.infer<typeof styleSize>;

/** The same design in another colour, which has a card of its own. */
export const otherStyle = z.object({
  styleId: z.string(),
  /** Its first size, for requesting its details or similar products. */
  uid: z.string(),
  color: z.string().nullable(),
  thumbnail: thumbnailId,
});
export type OtherStyle = z.infer<typeof otherStyle>;

/** The style on a card: a group in one colour, in all its sizes. A product without a group is its own style. */
export const style = z.object({
  /**
   * The common beginning of all the sizes' SKUs where each goes on with its size: "40101-NVY" of 40101-NVY-S and
   * 40101-NVY-M. If there is none, the SKU of the shown size.
   */
  styleSku: z.string(),
  /** The smallest first, whatever the filters; at least one. Of a group with more than 200, only the first. */
  sizes: z.array(styleSize),
  /** The group's other colours, at most 100. Each has a card of its own. */
  colors: z.array(otherStyle),
});
export type Style = z.infer<typeof style>;

export const productDetails = product.extend({
  ...style.shape,
  attributes: z.record(z.string(), z.unknown()),
  thumbnails: z.array(thumbnailId),
});
export type ProductDetails = z.infer<typeof productDetails>;
