import { z } from 'zod';

/** Of how many products it is true. Faults that have it are said once of a whole feed (`feed/remarks.ts`). */
const count = z.number().int();
const number = z.number().int();

/** What a reader of documents or the system said, as it said it. */
const said = z.string();

/** Why items of a feed could not be used: the commonest reasons, with one example each. */
const reason = z.object({
  /** The code of the problem, see `ImportProblem`. */
  code: z.string(),
  count,
  /** The first item of this kind. Whoever says it parses code and parameters with `fault`. */
  example: z.object({ item: z.string(), image: z.string().nullable(), params: z.unknown() }),
});

/** What no product can lack. */
const requiredField = z.enum(['id', 'title', 'images']);

/** Faults of a feed, of its items, and of what a sync could not get. */
export const feeds = {
  FEED_EMPTY: z.object({ reasons: z.array(reason) }),
  /** A feed that could not be understood. */
  FEED_INVALID: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('empty') }),
    /** A folder was asked for, and this is a web address. */
    z.object({ reason: z.literal('address-not-folder') }),
    z.object({ reason: z.literal('file-not-folder') }),
    z.object({ reason: z.literal('web-page') }),
    /** XML, and neither RSS nor Atom. */
    z.object({ reason: z.literal('other-xml') }),
    z.object({ reason: z.literal('no-known-format') }),
    /** A spreadsheet or a ZIP. */
    z.object({ reason: z.literal('archive') }),
    z.object({ reason: z.literal('charset-unknown'), charset: z.string() }),
    /** Its bytes are not of this character set. */
    z.object({ reason: z.literal('charset-wrong'), charset: z.string() }),

    z.object({ reason: z.literal('no-header') }),
    z.object({ reason: z.literal('table-damaged'), said }),
    z.object({ reason: z.literal('quote-unclosed') }),
    z.object({
      reason: z.literal('columns-unknown'),
      fields: z.array(requiredField),
      columns: z.array(z.string()),
      /** Columns whose values look like a field that is missing. */
      maybe: z.array(z.object({ column: z.string(), field: requiredField })),
    }),
    z.object({ reason: z.literal('columns-gone'), columns: z.array(z.string()) }),
    /** It ends in the middle of this line. */
    z.object({ reason: z.literal('line-cut'), line: number }),
    z.object({ reason: z.literal('line-long'), line: number, most: number }),

    /** So many characters hold no complete product. */
    z.object({ reason: z.literal('item-endless'), most: number }),
    /** `element`: the one that it ends in. */
    z.object({ reason: z.literal('xml-cut'), element: z.string() }),
    z.object({ reason: z.literal('xml-damaged'), line: number.nullable(), said }),
    /** `products`: so many were complete before. */
    z.object({ reason: z.literal('json-cut'), products: number }),
    z.object({ reason: z.literal('json-damaged'), products: number }),
    /** The JSON-LD of a web page. */
    z.object({ reason: z.literal('page-cut') }),
    z.object({ reason: z.literal('page-damaged') }),
    z.object({ reason: z.literal('page-long'), most: number }),

    z.object({ reason: z.literal('no-products') }),
    z.object({ reason: z.literal('no-products-on-page'), page: number }),
    z.object({ reason: z.literal('pages'), most: number }),
    /** Of the app's own format, as the feed writes it. */
    z.object({ reason: z.literal('version'), version: z.string() }),

    z.object({ reason: z.literal('no-mapping') }),
    z.object({ reason: z.literal('mapping-incomplete'), fields: z.array(requiredField) }),
    /** Nothing is where the mapping says that the items are. */
    z.object({ reason: z.literal('mapping-elsewhere') }),
    z.object({ reason: z.literal('mapping-path'), path: z.string() }),
    /** A name that the path of the items cannot go through. */
    z.object({ reason: z.literal('mapping-step'), step: z.string() }),
  ]),
  /** An item that was left out, or what was left off one. */
  ITEM_INVALID: z.discriminatedUnion('reason', [
    /** Not an object with fields. */
    z.object({ reason: z.literal('no-fields') }),
    z.object({ reason: z.literal('too-deep'), most: number }),
    z.object({ reason: z.literal('missing'), fields: z.array(requiredField) }),
    z.object({ reason: z.literal('no-variants') }),
    /** A line with another number of columns than the header. */
    z.object({ reason: z.literal('columns'), columns: number, header: number }),
    z.object({ reason: z.literal('line-damaged') }),
    z.object({ reason: z.literal('not-a-picture') }),
    /** A file or folder; `said`: the system's code, such as EACCES. */
    z.object({ reason: z.literal('unreadable'), said }),

    /** A value that was not understood: the beginning of it, as JSON. */
    z.object({
      reason: z.literal('value'),
      field: z.enum(['sku', 'category', 'brand', 'color', 'url', 'groupId', 'size', 'attributes']),
      value: z.string(),
    }),
    /** A price in another currency than the product's, which this is. */
    z.object({ reason: z.literal('other-currency'), value: z.string(), currency: z.string() }),
    /** An attribute of the feed's own name. */
    z.object({ reason: z.literal('too-long'), field: z.string() }),
    z.object({ reason: z.literal('too-many-images'), images: number, most: number }),
    /** Further problems of this item, which are not listed. */
    z.object({ reason: z.literal('more'), more: number }),
  ]),
  /** An id that an earlier item has, so that this one was left out; or a SKU, and both are kept. */
  ITEM_DUPLICATE: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('id') }),
    z.object({ reason: z.literal('sku'), sku: z.string() }),
  ]),
  /** A table that declares no character set and is not UTF-8 was read in this one: a label of the WHATWG Encoding Standard. */
  FEED_CHARSET_GUESSED: z.object({ charset: z.string() }),
  /** Products that the shop itself does not show, left out. The problem's item is the first of them. */
  ITEM_NOT_PUBLISHED: z.object({ reason: z.enum(['draft', 'archived', 'private', 'unpublished']), count }),
  /** A value that was not understood and left off the products that have it; null: further values of the field. */
  VALUE_UNKNOWN: z.object({
    field: z.enum(['availability', 'price', 'salePrice', 'currency']),
    value: z.string().nullable(),
    count,
  }),
  /** Prices with a sign that several currencies share, where nothing says which one is meant. */
  CURRENCY_UNCLEAR: z.object({ sign: z.string(), count }),
  /** Sale prices that do not count, so that the products keep their regular price. */
  SALE_IGNORED: z.object({ reason: z.enum(['above-price', 'other-currency', 'dates']), count }),
  /** Rows of an export left out because a product and its variations stand too far apart in it to be kept meanwhile. */
  FAMILY_TOO_FAR: z.object({ count }),
  /** Products of which the feed holds only the first variants. */
  VARIANTS_CUT: z.object({ count }),
  /** Products left out because they name their pictures by paths, and nothing says what these stand under. */
  IMAGE_BASE_MISSING: z.object({ count }),
  /** A column that no field is read from although its values look as if one should be. */
  COLUMN_UNUSED: z.object({
    column: z.string(),
    looksLike: z.enum(['price', 'images', 'id']),
    example: z.string(),
  }),
  /** A sync ended before all pictures were here, because their servers ask to be left alone; `published`: what is here is. */
  PICTURES_TO_COME: z.object({ count, hosts: z.array(z.string()), published: z.boolean() }),
  /** A sync ended before the feed was read, because its server asks to be left alone. */
  FEED_TO_COME: z.object({ hosts: z.array(z.string()) }),
  /** A sync ended because its feed is one page of several. `total`: null when the feed says only that there are more. */
  FEED_PAGED: z.object({ items: z.number().int(), total: z.number().int().nullable() }),
  /** A feed names a larger number than it has items, and does not look like one page of several. */
  FEED_COUNT_DIFFERS: z.object({ items: z.number().int(), total: z.number().int() }),
  /** A published picture was kept without asking whether it has changed, because its server asks to be left alone. */
  PICTURE_NOT_CHECKED: z.object({ host: z.string() }),
} as const;
