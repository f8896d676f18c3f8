import { z } from 'zod';
import { feedFields, productChange, snapshot, snapshotInfo, thumbnailId } from './catalog.ts';
import { type Fault, fault } from './faults.ts';

/** Of this machine, of any system: a relative one would be taken from wherever the engine happens to run. */
export const absolutePath = z
  .string()
  .regex(/^(\/|\\\\|[A-Za-z]:[\\/])/)
  .refine((path) => !path.includes('\0'));

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
  'shopify-csv',
  'woocommerce-csv',
  'magento-csv',
  'prestashop-csv',
  'wix-csv',
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
  'salePrice',
  'saleFrom',
  'saleUntil',
  'currency',
  'category',
  'brand',
  'color',
  'availability',
  'url',
  'groupId',
  'sku',
  'size',
  'stock',
  'gtin',
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
  /** `waiting`: another sync writes the catalog, and this one goes on when it has ended. */
  phase: z.enum(['waiting', 'reading', 'embedding', 'publishing']),
  done: z.number().int(),
  /** Null while it is not yet known. */
  total: z.number().int().nullable(),
  /** Items a second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  /** There while nothing goes on because this host asks to be left alone until then. */
  waiting: z.object({ host: z.string(), until: z.iso.datetime() }).optional(),
});
export type ImportProgress = z.infer<typeof importProgress>;

/** One thing that was left out of an import: the fault that says why, and what it is about. */
export const importProblem = fault.and(
  z.object({
    /** The product's id, or "item 12" when it has none. */
    item: z.string(),
    /** The image reference, when the problem is one image. */
    image: z.string().nullable(),
  }),
);
export type ImportProblem = z.infer<typeof importProblem>;

/** Problems of a kind beyond those that are listed; absent when all are. */
const moreProblems = z.array(z.object({ code: z.string(), count: z.number().int() })).optional();
export type MoreProblems = z.infer<typeof moreProblems>;

export const importReport = z.object({
  /** Path or URL of the feed. */
  source: z.string(),
  /** Of the saved source whose products these are; empty for none. Products of other sources are neither touched nor counted. */
  sourceId: z.string(),
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
  /** At most 1,000 of a kind. */
  problems: z.array(importProblem),
  moreProblems,
  seconds: z.number(),
  /** Null when nothing had changed, or too much is still to come, and so nothing was published. */
  published: snapshot.nullable(),
  /**
   * There when the import is incomplete: servers asked to be left alone for longer than a sync waits, or the feed says that
   * there is more of it. What is here is
   * kept, and the next sync goes on from it; it is published only where little is to come.
   */
  toCome: z
    .object({
      pictures: z.number().int(),
      hosts: z.array(z.string()),
      /** When it is worth going on; null where waiting changes nothing. */
      retryAt: z.iso.datetime().nullable(),
      /** There when the feed's own server asks for it, so that not even the number of pictures is known: it is 0. */
      feed: z.literal(true).optional(),
      /** There when the feed is one page of several, with what is said of them: nothing was fetched or published. */
      paged: z.object({ items: z.number().int(), total: z.number().int().nullable() }).optional(),
    })
    .optional(),
});
export type ImportReport = z.infer<typeof importReport>;

/** Why an import is incomplete; null when it is not. */
export function incompleteness({
  toCome,
  published,
}: Pick<ImportReport, 'toCome' | 'published'>): Fault | null {
  if (!toCome) return null;
  const { feed, paged, hosts, pictures } = toCome;
  if (paged) return { code: 'FEED_PAGED', params: paged };
  if (feed) return { code: 'FEED_TO_COME', params: { hosts } };
  return { code: 'PICTURES_TO_COME', params: { count: pictures, hosts, published: published !== null } };
}

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

const imageBase = z.url({ protocol: /^https?$/ }).max(2000);

const sourceId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A feed that was set up once and is synced again and again. */
export const source = z.object({
  id: sourceId,
  name: z.string().trim().min(1).max(80),
  location: feedSource,
  /** Null: recognised by itself at every sync. */
  format: feedFormat.nullable(),
  mapping: feedMapping.nullable(),
  /** As of a feed request; sources that were saved before there was one have none. */
  charset: z.string().max(40).nullable().optional(),
  imageBase: imageBase.nullable().optional(),
  /** The name of the header that a secret is sent in; the secret itself is kept by the system's secure storage. */
  secretHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .nullable(),
  /** Hours between syncs; null: only when asked. */
  everyHours: z.number().int().min(1).max(168).nullable(),
  onStart: z.boolean(),
});
export type Source = z.infer<typeof source>;

/** How the last sync of a source ended. */
export const syncOutcome = z.object({
  at: z.iso.datetime(),
  result: z.enum(['published', 'unchanged', 'incomplete', 'refused', 'failed', 'cancelled']),
  /** Why it was not published; null where it was, or where nothing had changed, and where no record says why. */
  fault: fault.nullable(),
  problems: z.number().int(),
  /** When an incomplete sync goes on by itself. */
  retryAt: z.iso.datetime().optional(),
});
export type SyncOutcome = z.infer<typeof syncOutcome>;

export const sourceStatus = z.object({
  source,
  lastSync: syncOutcome.nullable(),
  nextSyncAt: z.iso.datetime().nullable(),
});
export type SourceStatus = z.infer<typeof sourceStatus>;

const planItem = productChange.extend({
  /** Null for a product that the catalog does not have yet. */
  thumbnail: thumbnailId.nullable(),
});
export type PlanItem = z.infer<typeof planItem>;

const planGroup = z.object({ count: z.number().int(), /** The first 50. */ examples: z.array(planItem) });
export type PlanGroup = z.infer<typeof planGroup>;

/** Whose a catalog pack is. */
const packFacts = z.object({
  created: z.iso.datetime(),
  /**
   * `trusted`: a key that this store trusts has signed it. `unchecked`: it is signed, and this store has no keys to
   * check that with.
   */
  signature: z.enum(['none', 'unchecked', 'trusted']),
  /** The name of that key's file, without its ending. */
  signer: z.string().nullable(),
});
export type PackFacts = z.infer<typeof packFacts>;

/** What a sync would do to the published catalog. Nothing was written and no picture was fetched to know it. */
export const syncPlan = z.object({
  /** Where it was read from, a path or URL. */
  source: z.string(),
  /** Of the saved source whose products these are; empty for none. */
  sourceId: z.string(),
  name: z.string(),
  /** Null for a pack. */
  format: feedFormat.nullable(),
  pack: packFacts.nullable(),
  /** Of this source. */
  products: z.object({ before: z.number().int(), after: z.number().int() }),
  /** Of other sources, which the sync leaves as they are. */
  otherProducts: z.number().int(),
  added: planGroup,
  /** More than the price differs. */
  changed: planGroup,
  priceOnly: planGroup,
  removed: planGroup,
  unchanged: z.number().int(),
  /** Items that would be left out, and fields that would be left off; at most 1,000 of a kind. */
  problems: z.array(importProblem),
  moreProblems,
  pictures: z.object({
    /** Not in the catalog under this reference: to be fetched and looked at. */
    toFetch: z.number().int(),
    known: z.number().int(),
  }),
  /** From how fast this engine embeds; null when it has not embedded anything yet. */
  secondsEstimate: z.number().nullable(),
  /** So much would go that a sync has to be told to (DESIGN §6: more than 30 %). */
  needsConfirmation: z.boolean(),
});
export type SyncPlan = z.infer<typeof syncPlan>;

/** Which feed, and how to read it. */
export const feedRequest = z.object({
  source: feedSource,
  format: feedFormat.nullable().default(null),
  mapping: feedMapping.nullable().default(null),
  /** The feed's encoding, whatever it says of itself: a label of the WHATWG Encoding Standard, such as windows-1252. */
  charset: z.string().max(40).nullable().default(null),
  /** The web address that pictures stand under which the feed names by their paths alone. */
  imageBase: imageBase.nullable().default(null),
  /**
   * The source whose products these are, kept apart from those of other sources: a saved one, with its secret and its
   * record, or any other name. Null: products of no source.
   */
  sourceId: sourceId.nullable().default(null),
});
export type FeedRequest = z.input<typeof feedRequest>;

export const syncRequest = feedRequest.extend({
  /** Go on although more than 30 % of the published products would be removed. */
  confirmRemovals: z.boolean().default(false),
  /** Embed every picture again, and take nothing over from what is published: after a fault, or when in doubt. */
  afresh: z.boolean().default(false),
  /** False: stage only; `publishStaged` makes it live later. */
  publish: z.boolean().default(true),
});
export type SyncRequest = z.input<typeof syncRequest>;

/** What a feed turns out to be, before anything is done with it. */
export const feedInspection = z.object({
  format: feedFormat,
  /** Columns of a table, or paths of a JSON item: what a mapping can name. */
  columns: z.array(z.string()),
  /** Proposed where the format needs one, or the one that was given. */
  mapping: feedMapping.nullable(),
  /** The first few products as they would be imported. */
  samples: z.array(feedFields),
  problems: z.array(importProblem),
});
export type FeedInspection = z.infer<typeof feedInspection>;
