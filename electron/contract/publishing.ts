import { z } from 'zod';
import {
  feedFormat,
  feedMapping,
  feedSource,
  importProblem,
  product,
  productChange,
  thumbnailId,
} from './schemas.ts';

/** A feed that was set up once and is synced again and again. */
export const source = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  name: z.string().trim().min(1).max(80),
  location: feedSource,
  /** Null: recognised by itself at every sync. */
  format: feedFormat.nullable(),
  mapping: feedMapping.nullable(),
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
  result: z.enum(['published', 'unchanged', 'refused', 'failed', 'cancelled']),
  /** A sentence for people: the error, or what was published. */
  message: z.string(),
  problems: z.number().int(),
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

/** What a sync would do to the published catalog. Nothing was written and no picture was fetched to know it. */
export const syncPlan = z.object({
  /** Where it was read from, a path or URL. */
  source: z.string(),
  name: z.string(),
  format: feedFormat,
  products: z.object({ before: z.number().int(), after: z.number().int() }),
  added: planGroup,
  /** More than the price differs. */
  changed: planGroup,
  priceOnly: planGroup,
  removed: planGroup,
  unchanged: z.number().int(),
  /** Items that would be left out, and fields that would be left off. */
  problems: z.array(importProblem),
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
  /** The saved source this is, for its secret and its record. */
  sourceId: z.string().nullable().default(null),
});
export type FeedRequest = z.input<typeof feedRequest>;

export const syncRequest = feedRequest.extend({
  /** Go on although more than 30 % of the published products would be removed. */
  confirmRemovals: z.boolean().default(false),
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
  samples: z.array(product),
  problems: z.array(importProblem),
});
export type FeedInspection = z.infer<typeof feedInspection>;
