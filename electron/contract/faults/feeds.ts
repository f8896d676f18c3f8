import { z } from 'zod';

/** Number of products that a fault concerns. Faults with a count are reported once for a whole feed (`feed/remarks.ts`). */
const count = z.number().int();
const number = z.number().int();

/** The message of a parser or the system, unchanged. */
const said = z.string();

/** Why items of a feed could not be used: the most frequent reasons, with one example each. */
const reason = z.object({
  /** The code of the problem; see `ImportProblem`. */
  code: z.string(),
  count,
  /** The first item with this problem. The code that makes the sentence parses code and parameters with `fault`. */
  example: z.object({ item: z.string(), image: z.string().nullable(), params: z.unknown() }),
});

/** The fields that every product needs. */
const requiredField = z.enum(['id', 'title', 'images']);

/** Faults of a feed, of its items, and of what a sync could not fetch. */
export const feeds = {
  FEED_EMPTY: z.object({ reasons: z.array(reason) }),
  /** A feed that could not be read. */
  FEED_INVALID: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('empty') }),
    /** A folder is needed, and this is a web address. */
    z.object({ reason: z.literal('address-not-folder') }),
    z.object({ reason: z.literal('file-not-folder') }),
    z.object({ reason: z.literal('web-page') }),
    /** XML that is neither RSS nor Atom. */
    z.object({ reason: z.literal('other-xml') }),
    z.object({ reason: z.literal('no-known-format') }),
    /** A spreadsheet or another ZIP. */
    z.object({ reason: z.literal('archive') }),
    z.object({ reason: z.literal('charset-unknown'), charset: z.string() }),
    /** Its bytes are not valid in this character set. */
    z.object({ reason: z.literal('charset-wrong'), charset: z.string() }),

    z.object({ reason: z.literal('no-header') }),
    z.object({ reason: z.literal('table-damaged'), said }),
    z.object({ reason: z.literal('quote-unclosed') }),
    z.object({
      reason: z.literal('columns-unknown'),
      fields: z.array(requiredField),
      columns: z.array(z.string()),
      /** Columns whose values look like a missing field. */
      maybe: z.array(z.object({ column: z.string(), field: requiredField })),
    }),
    z.object({ reason: z.literal('columns-gone'), columns: z.array(z.string()) }),
    /** The document ends in the middle of this line. */
    z.object({ reason: z.literal('line-cut'), line: number }),
    z.object({ reason: z.literal('line-long'), line: number, most: number }),

    /** This many characters contain no complete product. */
    z.object({ reason: z.literal('item-endless'), most: number }),
    /** `element`: the element in which the document ends. */
    z.object({ reason: z.literal('xml-cut'), element: z.string() }),
    z.object({ reason: z.literal('xml-damaged'), line: number.nullable(), said }),
    /** `products`: number of complete products before the end. */
    z.object({ reason: z.literal('json-cut'), products: number }),
    z.object({ reason: z.literal('json-damaged'), products: number }),
    /** The JSON-LD of a web page ends in the middle. */
    z.object({ reason: z.literal('page-cut') }),
    z.object({ reason: z.literal('page-damaged') }),
    z.object({ reason: z.literal('page-long'), most: number }),

    z.object({ reason: z.literal('no-products') }),
    z.object({ reason: z.literal('no-products-on-page'), page: number }),
    z.object({ reason: z.literal('pages'), most: number }),
    /** An unknown version of the app's own format, as written in the feed. */
    z.object({ reason: z.literal('version'), version: z.string() }),

    z.object({ reason: z.literal('no-mapping') }),
    z.object({ reason: z.literal('mapping-incomplete'), fields: z.array(requiredField) }),
    /** There is nothing at the mapping's path of the items. */
    z.object({ reason: z.literal('mapping-elsewhere') }),
    z.object({ reason: z.literal('mapping-path'), path: z.string() }),
    /** A name that the path of the items must not contain. */
    z.object({ reason: z.literal('mapping-step'), step: z.string() }),
  ]),
  /** An item that was left out, or a field of an item that was left out. */
  ITEM_INVALID: z.discriminatedUnion('reason', [
    /** The item is not an object. */
    z.object({ reason: z.literal('no-fields') }),
    z.object({ reason: z.literal('too-deep'), most: number }),
    z.object({ reason: z.literal('missing'), fields: z.array(requiredField) }),
    z.object({ reason: z.literal('no-variants') }),
    /** The line has another number of columns than the header. */
    z.object({ reason: z.literal('columns'), columns: number, header: number }),
    z.object({ reason: z.literal('line-damaged') }),
    z.object({ reason: z.literal('not-a-picture') }),
    /** A file or folder that cannot be read; `said`: the system's code, such as EACCES. */
    z.object({ reason: z.literal('unreadable'), said }),

    /** A value that was not understood: its beginning, as JSON. */
    z.object({
      reason: z.literal('value'),
      field: z.enum(['sku', 'category', 'brand', 'color', 'url', 'groupId', 'size', 'attributes']),
      value: z.string(),
    }),
    /** A price whose currency is not the product's; `currency` is the product's. */
    z.object({ reason: z.literal('other-currency'), value: z.string(), currency: z.string() }),
    /** A field of the feed whose value is too long. */
    z.object({ reason: z.literal('too-long'), field: z.string() }),
    z.object({ reason: z.literal('too-many-images'), images: number, most: number }),
    /** Further problems of this item that are not listed. */
    z.object({ reason: z.literal('more'), more: number }),
  ]),
  /** An earlier item has the same id, so this one was left out; or it has the same SKU, and both are kept. */
  ITEM_DUPLICATE: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('id') }),
    z.object({ reason: z.literal('sku'), sku: z.string() }),
  ]),
  /**
   * A table that declares no character set and is not UTF-8 was decoded with this one: a label of the WHATWG Encoding
   * Standard.
   */
  FEED_CHARSET_GUESSED: z.object({ charset: z.string() }),
  /** Products that the shop itself does not show were left out. The problem's item is the first of them. */
  ITEM_NOT_PUBLISHED: z.object({ reason: z.enum(['draft', 'archived', 'private', 'unpublished']), count }),
  /**
   * A value that was not understood was left out of the products that have it; null stands for further values of the field.
   */
  VALUE_UNKNOWN: z.object({
    field: z.enum(['availability', 'price', 'salePrice', 'currency']),
    value: z.string().nullable(),
    count,
  }),
  /** Prices with a sign that several currencies share, without anything that tells which one is meant. */
  CURRENCY_UNCLEAR: z.object({ sign: z.string(), count }),
  /** Sale prices that do not apply, so that the products keep their regular price. */
  SALE_IGNORED: z.object({ reason: z.enum(['above-price', 'other-currency', 'dates']), count }),
  /**
   * Rows of an export were left out, because a product and its variations are too far apart to be kept in memory meanwhile.
   */
  FAMILY_TOO_FAR: z.object({ count }),
  /** Products for which the feed has only the first variants. */
  VARIANTS_CUT: z.object({ count }),
  /** Products were left out, because their pictures are given as paths without a known base URL. */
  IMAGE_BASE_MISSING: z.object({ count }),
  /** A column that is not used although its values look like a field. */
  COLUMN_UNUSED: z.object({
    column: z.string(),
    looksLike: z.enum(['price', 'images', 'id']),
    example: z.string(),
  }),
  /**
   * A sync ended before all pictures were fetched, because their servers ask to wait. `published`: whether the fetched ones
   * are published.
   */
  PICTURES_TO_COME: z.object({ count, hosts: z.array(z.string()), published: z.boolean() }),
  /** A sync ended before the feed was read, because its server asks to wait. */
  FEED_TO_COME: z.object({ hosts: z.array(z.string()) }),
  /** A sync ended because its feed is one page of several. `total`: null when the feed says only that there are more. */
  FEED_PAGED: z.object({ items: z.number().int(), total: z.number().int().nullable() }),
  /** The feed's own count is larger than the number of its items, and it does not look like one page of several. */
  FEED_COUNT_DIFFERS: z.object({ items: z.number().int(), total: z.number().int() }),
  /** A published picture was kept without checking for a newer version, because its server asks to wait. */
  PICTURE_NOT_CHECKED: z.object({ host: z.string() }),
  /** No snapshot of the damaged catalog could be read, and the catalog was begun anew without this source's products. */
  SOURCE_LOST: z.object({ name: z.string(), products: count }),
} as const;
