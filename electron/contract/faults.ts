import { z } from 'zod';
import { catalog } from './faults/catalog.ts';
import { models } from './faults/models.ts';
import { network } from './faults/network.ts';
import { pictures } from './faults/pictures.ts';
import { plain } from './faults/plain.ts';

/** Why items of a feed could not be used: the commonest reasons, with one example each. */
const reason = z.object({
  /** The code of the problem, see `ImportProblem`. */
  code: z.string(),
  count: z.number().int(),
  /** The first item of this kind, and what was said of it. */
  example: z.object({
    item: z.string(),
    image: z.string().nullable(),
    message: z.string(),
    /** The parameters of its sentence, where the code is a fault's. */
    params: z.unknown().optional(),
  }),
});

/** Of how many products it is true. */
const count = z.number().int();

/**
 * What went wrong, as data: by code, the parameters that the sentence for people needs. The engine makes no sentence.
 * What every front says alike is in `electron/sentences/`; what depends on where the person is, the window says in
 * `renderer/ui/sentences.ts` and the terminal in `electron/cli/sentences.ts`. So a sentence can name what the person has
 * at hand, and all of them can be translated.
 *
 * Codes are stable: programs read them. To add one: an entry here, and the sentence that the compiler then asks for.
 */
const params = {
  ...plain,
  ...pictures,
  ...network,
  ...models,
  ...catalog,

  /** Nobody expected this; `said`: what the exception says, for whoever reads the report. */
  INTERNAL: z.object({ said: z.string().nullable() }),

  /** A picture was asked for by an address that is not of the internet. */
  PICTURE_ADDRESS_PRIVATE: z.object({ host: z.string() }),
  /** What is published cannot be read, and the snapshot before it goes on answering. */
  SNAPSHOT_NOT_READ: z.object({
    /** Null when not even that is known. */
    version: z.number().int().nullable(),
    /** Of the snapshot that answers. */
    answering: z.object({ name: z.string(), publishedAt: z.iso.datetime() }),
  }),
  FEED_EMPTY: z.object({ reasons: z.array(reason) }),
  /** A table that declares no character set and is not UTF-8 was read in this one: a label of the WHATWG Encoding Standard. */
  FEED_CHARSET_GUESSED: z.object({ charset: z.string() }),
  /** Products that the shop itself does not show, left out. The problem's item is the first of them. */
  ITEM_NOT_PUBLISHED: z.object({ why: z.enum(['draft', 'archived', 'private', 'unpublished']), count }),
  /** A value that was not understood and left off the products that have it; null: further values of the field. */
  VALUE_UNKNOWN: z.object({
    field: z.enum(['availability', 'price', 'salePrice', 'currency']),
    value: z.string().nullable(),
    count,
  }),
  /** Prices with a sign that several currencies share, where nothing says which one is meant. */
  CURRENCY_UNCLEAR: z.object({ sign: z.string(), count }),
  /** Sale prices that do not count, so that the products keep their regular price. */
  SALE_IGNORED: z.object({ why: z.enum(['above-price', 'other-currency', 'dates']), count }),
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
  /** `kind`: SOCKS5 or the like; `proxy`: its host:port. */
  PROXY_UNSUPPORTED: z.object({ kind: z.string(), proxy: z.string() }),
  /** `setting`: the variable of the environment that holds no address of a proxy. */
  PROXY_SETTING_INVALID: z.object({ setting: z.string() }),
  /** The system did not say whether a proxy is needed for this host. */
  PROXY_SETTINGS_UNKNOWN: z.object({ host: z.string() }),

  /**
   * What was published last is damaged. `answering` is the older snapshot that answers in its place; null when none is
   * whole, and nothing can be searched.
   */
  CATALOG_DAMAGED: z.object({
    answering: z.object({ name: z.string(), publishedAt: z.string() }).nullable(),
    /** How many files are damaged, and the first of them, below the catalog's folder. */
    files: z.number().int(),
    example: z.string(),
  }),
  /** The catalog was written by a later version of the app. */
  CATALOG_TOO_NEW: z.object({ version: z.number().int(), known: z.number().int() }),
  /** The catalog of an earlier version of the app cannot be brought forward for lack of disk space, in bytes. */
  CATALOG_NEEDS_SPACE: z.object({ needed: z.number(), free: z.number() }),
  /** Files of pictures: everything is found, but some of it is shown without its picture. */
  CATALOG_PICTURES_DAMAGED: z.object({ files: z.number().int(), example: z.string() }),
  /** Pictures that the model in use has not looked at yet: what shows nothing else is not found. */
  CATALOG_PICTURES_UNSEEN: z.object({ pictures: z.number().int() }),
  /** Files are damaged that the live snapshot does not need: some older snapshots cannot be gone back to. */
  SNAPSHOTS_DAMAGED: z.object({ snapshots: z.number().int(), files: z.number().int(), example: z.string() }),
  /** The table of a model that is not in use. */
  OTHER_CATALOG_DAMAGED: z.object({ modelId: z.string(), example: z.string() }),
  /** Damaged files that were taken out of the catalog and are kept. */
  CATALOG_SET_ASIDE: z.object({ folder: z.string(), bytes: z.number().int(), files: z.number().int() }),
  /** A small file of the data folder; `kept` is what it is called now, null when it stayed where it was. */
  FILE_DAMAGED: z.object({
    file: z.string(),
    of: z.enum([
      'model choice',
      'providers',
      'sources',
      'sync',
      'models',
      'integrity',
      'model',
      'model notes',
      'model settings',
      'secrets',
    ]),
    kept: z.string().nullable(),
  }),

  /** A write failed for a reason that is neither space nor permission; `reason` is what the system said. */
  STORAGE_BROKEN: z.object({ reason: z.string() }),
} as const;

export type FaultCode = keyof typeof params;
export type FaultParams = { [Code in FaultCode]: z.infer<(typeof params)[Code]> };
/** A code whose sentence needs no parameters. */
export type PlainCode = {
  [Code in FaultCode]: FaultParams[Code] extends Record<string, never> ? Code : never;
}[FaultCode];
/** One fault: `{ code, params }`. An error carries one, and so does a notice in the status. */
export type Fault = { [Code in FaultCode]: { code: Code; params: FaultParams[Code] } }[FaultCode];

export const FAULT_CODES = Object.keys(params).filter(isFaultCode);

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(params, code);
}

/** Parses a fault that came over a port or from disk. */
export const fault = z.custom<Fault>((value) => {
  const head = z.object({ code: z.string(), params: z.unknown() }).safeParse(value);
  return (
    head.success && isFaultCode(head.data.code) && params[head.data.code].safeParse(head.data.params).success
  );
});

/** The fault of a code that has no parameters. */
export function plainFault(code: PlainCode): Fault {
  return fault.parse({ code, params: {} });
}
