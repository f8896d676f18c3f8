import { z } from 'zod';

/** Faults of the catalog, its sources and its packs. */
export const catalog = {
  /** The secret of a source cannot be had. */
  SECRET_UNAVAILABLE: z.discriminatedUnion('why', [
    /** It was never entered, or what is kept of it is damaged or of another user. */
    z.object({ why: z.literal('unreadable') }),
    /** This computer keeps no passwords safely. */
    z.object({ why: z.literal('no-storage') }),
    /** Origins: scheme, host and port. A secret is sent to no other than it was entered for. */
    z.object({ why: z.literal('other-origin'), enteredFor: z.string(), address: z.string() }),
    /** The app's own process did not answer. */
    z.object({ why: z.literal('late') }),
  ]),
  /** The disk is full or may not be written to. */
  SECRET_NOT_SAVED: z.object({}),
  SECRET_TOO_LONG: z.object({ mostBytes: z.number().int() }),
  /** A source cannot be saved as it is: its address holds a user name or a password, which would be kept in a plain file. */
  SOURCE_INVALID: z.object({ why: z.enum(['password-in-address']) }),
  /**
   * A pack cannot be written, because pictures of these products are missing: without them it would take the products away
   * from every store. `examples`: titles of the first of them.
   */
  PACK_PICTURES_MISSING: z.object({ products: z.number().int(), examples: z.array(z.string()) }),
  /** What else is writing the catalog; `model`: the name of the one that it is being brought to. */
  CATALOG_BUSY: z.object({
    by: z.enum(['import', 'switch', 'loading-model', 'changing-provider', 'removing-model']),
    model: z.string().nullable(),
  }),
} as const;
