import { z } from 'zod';
import { feedFields, productChange, snapshot, snapshotInfo, thumbnailId } from './catalog.ts';
import { type Fault, fault } from './faults.ts';

/** An absolute path of any system. A relative path would depend on the folder that the engine runs in. */
export const absolutePath = z
  .string()
  .regex(/^(\/|\\\\|[A-Za-z]:[\\/])/)
  .refine((path) => !path.includes('\0'));

/** The source of a catalog: the sample that ships with the app, a file on this machine, or an http(s) URL. */
export const feedSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sample') }),
  z.object({ kind: z.literal('file'), path: z.string().min(1) }),
  z.object({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }) }),
]);
export type FeedSource = z.infer<typeof feedSource>;

/** The formats that a catalog can be read from; `json-mapping` is any JSON whose fields are given by a mapping. */
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

/** The places of each field. For `images` all places count, for other fields the first one with a value. */
const mappedFields = z.partialRecord(mappedField, z.array(z.string().min(1).max(500)).min(1).max(20));

/** How to read a feed that does not describe itself. Unmapped columns become attributes. */
export const feedMapping = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('csv'),
    /** Names of columns. */
    fields: mappedFields,
    /** The text's encoding if it is not Unicode: a label of the WHATWG Encoding Standard, such as windows-1252. */
    charset: z.string().max(40).nullable().default(null),
  }),
  z.object({
    format: z.literal('json-mapping'),
    /**
     * Path of the items: `products`, `data.items`, or `$` when the document itself is the list. Syntax: feed/json-path.ts.
     */
    items: z.string().min(1).max(500),
    /** Paths within an item: `name`, `price.amount`, `images[*].src`. */
    fields: mappedFields,
  }),
]);
export type FeedMapping = z.infer<typeof feedMapping>;

export const importProgress = z.object({
  /** `waiting`: another sync is writing the catalog, and this one continues when that has ended. */
  phase: z.enum(['waiting', 'reading', 'embedding', 'publishing']),
  done: z.number().int(),
  /** Null while it is unknown. */
  total: z.number().int().nullable(),
  /** Items per second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  /** Present while the sync waits because this host asks to, until the given time. */
  waiting: z.object({ host: z.string(), until: z.iso.datetime() }).optional(),
});
export type ImportProgress = z.infer<typeof importProgress>;

/** One thing that was left out of an import: the fault with the reason, and the item. */
export const importProblem = fault.and(
  z.object({
    /** The product's id, or "item 12" when it has none. */
    item: z.string(),
    /** The image reference, when the problem concerns one image. */
    image: z.string().nullable(),
  }),
);
export type ImportProblem = z.infer<typeof importProblem>;

/** The number of problems of each kind that are not listed; absent when all are listed. */
const moreProblems = z.array(z.object({ code: z.string(), count: z.number().int() })).optional();
export type MoreProblems = z.infer<typeof moreProblems>;

export const importReport = z.object({
  /** Path or URL of the feed. */
  source: z.string(),
  /** Id of the saved source of these products; empty for none. Products of other sources are neither changed nor counted. */
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
    /** Pictures that were embedded in this import. */
    embedded: z.number().int(),
    /** Pictures that needed no embedding, because they were known by their bytes. */
    reused: z.number().int(),
  }),
  /** At most 1,000 of each kind. */
  problems: z.array(importProblem),
  moreProblems,
  seconds: z.number(),
  /** Null when nothing was published, because nothing had changed or too much is still missing. */
  published: snapshot.nullable(),
  /**
   * Present when the import is incomplete: servers asked to wait longer than a sync does, or the feed has further pages that
   * could not be read. Finished work is kept, and the next sync continues from it. It is published only when little is
   * missing.
   */
  toCome: z
    .object({
      pictures: z.number().int(),
      hosts: z.array(z.string()),
      /** When it is worth continuing; null when waiting does not help. */
      retryAt: z.iso.datetime().nullable(),
      /** Present when the feed's own server asks to wait. Then the number of pictures is unknown, and 0. */
      feed: z.literal(true).optional(),
      /**
       * Present when the feed is one page of several, with the counts that it gives. Then nothing was fetched or published.
       */
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

/** The report of an exported catalog pack. */
export const packReport = z.object({
  path: z.string(),
  /** The file that was to be replaced and could not be, because another program has it open: the pack is beside it. */
  notReplaced: z.string().nullable(),
  bytes: z.number().int(),
  snapshot: snapshotInfo,
  signed: z.boolean(),
  seconds: z.number(),
});
export type PackReport = z.infer<typeof packReport>;

const imageBase = z.url({ protocol: /^https?$/ }).max(2000);

const sourceId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A feed that is saved, to be synced repeatedly. */
export const source = z.object({
  id: sourceId,
  name: z.string().trim().min(1).max(80),
  location: feedSource,
  /** Null: recognised automatically at every sync. */
  format: feedFormat.nullable(),
  mapping: feedMapping.nullable(),
  /** As in a feed request. Sources saved by older versions have none. */
  charset: z.string().max(40).nullable().optional(),
  imageBase: imageBase.nullable().optional(),
  /** The name of the header that sends a secret. The secret itself is in the system's secure storage. */
  secretHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .nullable(),
  /** Hours between syncs; null: only when the user asks for it. */
  everyHours: z.number().int().min(1).max(168).nullable(),
  onStart: z.boolean(),
});
export type Source = z.infer<typeof source>;

/** How the last sync of a source ended. */
export const syncOutcome = z.object({
  at: z.iso.datetime(),
  result: z.enum(['published', 'unchanged', 'incomplete', 'refused', 'failed', 'cancelled']),
  /** Why nothing was published; null when it was, when nothing had changed, and when no reason was recorded. */
  fault: fault.nullable(),
  problems: z.number().int(),
  /** When an incomplete sync continues by itself. */
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

/** The signature of a catalog pack. */
const packFacts = z.object({
  created: z.iso.datetime(),
  /**
   * `trusted`: signed with a key that this store trusts. `unchecked`: signed, but this store has no keys to check it with.
   */
  signature: z.enum(['none', 'unchecked', 'trusted']),
  /** The name of that key's file, without its extension. */
  signer: z.string().nullable(),
});
export type PackFacts = z.infer<typeof packFacts>;

/** What a sync would do to the published catalog. For this nothing is written and no picture is fetched. */
export const syncPlan = z.object({
  /** The path or URL that was read. */
  source: z.string(),
  /** Id of the saved source of these products; empty for none. */
  sourceId: z.string(),
  name: z.string(),
  /** Null for a pack. */
  format: feedFormat.nullable(),
  pack: packFacts.nullable(),
  /** Number of products of this source. */
  products: z.object({ before: z.number().int(), after: z.number().int() }),
  /** Number of products of other sources, which the sync does not change. */
  otherProducts: z.number().int(),
  added: planGroup,
  /** Products that differ in more than the price. */
  changed: planGroup,
  priceOnly: planGroup,
  removed: planGroup,
  unchanged: z.number().int(),
  /** Items that would be left out, and fields that would be left out; at most 1,000 of each kind. */
  problems: z.array(importProblem),
  moreProblems,
  pictures: z.object({
    /** Pictures that the catalog does not have under their reference: they must be fetched and embedded. */
    toFetch: z.number().int(),
    known: z.number().int(),
  }),
  /** From this engine's measured speed; null when it has not embedded anything yet. */
  secondsEstimate: z.number().nullable(),
  /** Whether so much would be removed that the sync has to be confirmed (more than 30 %). */
  needsConfirmation: z.boolean(),
});
export type SyncPlan = z.infer<typeof syncPlan>;

/** A feed, and how to read it. */
export const feedRequest = z.object({
  source: feedSource,
  format: feedFormat.nullable().default(null),
  mapping: feedMapping.nullable().default(null),
  /**
   * The feed's encoding, a label of the WHATWG Encoding Standard, such as windows-1252. It takes precedence over the
   * declared one.
   */
  charset: z.string().max(40).nullable().default(null),
  /** The base URL of pictures that the feed names only by their paths. */
  imageBase: imageBase.nullable().default(null),
  /**
   * The source of these products, which are kept apart from those of other sources: a saved one, with its secret and its
   * record, or any other name. Null: products without a source.
   */
  sourceId: sourceId.nullable().default(null),
});
export type FeedRequest = z.input<typeof feedRequest>;

export const syncRequest = feedRequest.extend({
  /** Continue even if more than 30 % of the published products would be removed. */
  confirmRemovals: z.boolean().default(false),
  /** Embed every picture again and reuse nothing of the published catalog: after a fault, or when in doubt. */
  afresh: z.boolean().default(false),
  /** False: only stage the work; `publishStaged` publishes it later. */
  publish: z.boolean().default(true),
});
export type SyncRequest = z.input<typeof syncRequest>;

/** The result of inspecting a feed, before anything is imported. */
export const feedInspection = z.object({
  format: feedFormat,
  /** Columns of a table, or paths of a JSON item. A mapping refers to them. */
  columns: z.array(z.string()),
  /** The given mapping, or a proposed one if the format needs one. */
  mapping: feedMapping.nullable(),
  /** The first products as they would be imported. */
  samples: z.array(feedFields),
  problems: z.array(importProblem),
});
export type FeedInspection = z.infer<typeof feedInspection>;
