import { z } from 'zod';
import { absolutePath } from './publishing.ts';
import { band, cropBox, photo } from './search.ts';

/** What this machine has learned with the model in use: from the photos that were searched with, and from what was said of them. */
export const learning = z.object({
  /** Off, nothing is noted, and answers are as if nothing had been learned. What was learned is kept. */
  on: z.boolean(),
  /** Photos that were searched with. */
  photos: z.number().int(),
  /** What was said of photos; see `feedbackRequest`. */
  feedback: z.object({
    /** Photos of which a product was said to be theirs, and how many products that are. */
    confirmed: z.number().int(),
    products: z.number().int(),
    /** Of these photos, how many show a product that the catalog does not have now. They count again when it returns. */
    gone: z.number().int(),
    /** Photos of which it was said that the catalog does not have their product. */
    absent: z.number().int(),
    /** Whether confirmed photos count as pictures of their products: only while that ranks better. */
    counts: z.boolean(),
    /** The weight of colour that ranks the confirmed photos best; null while they show no other than the catalog does. */
    color: z.number().nullable(),
  }),
});
export type Learning = z.infer<typeof learning>;

/** What a person says of an answer to a photo. */
export const feedbackRequest = z.object({
  photo,
  /** As it was asked: the box that the person drew, the engine's proposal, or all of the photo. */
  crop: z.union([cropBox, z.enum(['auto', 'whole'])]).optional(),
  /** The uid of the product that the photo shows; null: the catalog does not have it. */
  product: z.string().min(1).max(1000).nullable(),
  /**
   * `copied`: its SKU was copied, which says the same less surely. It does not replace what was said, and the SKUs of several
   * styles for one photo say nothing.
   */
  by: z.enum(['said', 'copied']),
  /** The answer that it was said of. */
  shown: z.object({
    /** The rank of the product's style; null where it was not among the results, or the product is absent. */
    rank: z.number().int().min(1).nullable(),
    /** The band of the first result, and how probable it was; null for no result. */
    band: band.nullable(),
    probability: z.number().min(0).max(1).nullable(),
  }),
});
export type FeedbackRequest = z.infer<typeof feedbackRequest>;

export const learnedExport = z.object({ path: absolutePath });
