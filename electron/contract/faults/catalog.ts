import { z } from 'zod';

const count = z.number().int();

/** Faults of the catalog, its sources and its packs. */
export const catalog = {
  /** The secret of a source cannot be had. */
  SECRET_UNAVAILABLE: z.discriminatedUnion('reason', [
    /** It was never entered, or what is kept of it is damaged or of another user. */
    z.object({ reason: z.literal('unreadable') }),
    /** This computer keeps no passwords safely. */
    z.object({ reason: z.literal('no-storage') }),
    /** Origins: scheme, host and port. A secret is sent to no other than it was entered for. */
    z.object({ reason: z.literal('other-origin'), enteredFor: z.string(), address: z.string() }),
    /** The app's own process did not answer. */
    z.object({ reason: z.literal('late') }),
  ]),
  /** The disk is full or may not be written to. */
  SECRET_NOT_SAVED: z.object({}),
  SECRET_TOO_LONG: z.object({ mostBytes: z.number().int() }),
  /** A source cannot be saved as it is: its address holds a user name or a password, which would be kept in a plain file. */
  SOURCE_INVALID: z.object({ reason: z.enum(['password-in-address']) }),
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
  /** So many products would go that someone has to confirm it. */
  GATE_REMOVALS: z.object({ removed: count, published: count }),
  /** New pictures are not found by themselves, so what was made of them is not published. */
  GATE_NOT_FOUND: z.discriminatedUnion('reason', [
    /** The product whose picture was not found. */
    z.object({ reason: z.literal('lost'), item: z.string() }),
    /** The model takes all pictures for one and the same. */
    z.object({ reason: z.literal('all-alike') }),
  ]),
  /** A catalog pack is damaged, was changed, or is none. */
  PACK_INVALID: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('file-name') }),
    /** It cannot be opened, is no archive, or was cut short. */
    z.object({ reason: z.literal('not-opened') }),
    /** The list of its files is damaged, or names what would be written elsewhere. */
    z.object({ reason: z.literal('damaged-list') }),
    z.object({ reason: z.literal('too-many-files'), files: count }),
    z.object({ reason: z.literal('larger-than-itself') }),
    /** Of one file in it. `unlisted`: the manifest does not name it; `rows`: it holds what a catalog cannot. */
    z.object({
      reason: z.enum([
        'strange',
        'twice',
        'no-file',
        'compressed',
        'two-sizes',
        'missing',
        'too-large',
        'unreadable',
        'changed',
        'unlisted',
        'rows',
      ]),
      file: z.string(),
    }),
    z.object({ reason: z.literal('manifest') }),
    z.object({ reason: z.literal('part-named-twice') }),
    z.object({ reason: z.literal('format'), version: count, known: z.array(count) }),
    z.object({ reason: z.literal('row-twice'), key: z.string() }),
    z.object({ reason: z.enum(['pictures', 'products']), announced: count, found: count }),
  ]),
  /** Ids of the model that made the pack and of the one in use; the same where only their weights differ. */
  PACK_MODEL_DIFFERS: z.object({ made: z.string(), here: z.string() }),
} as const;
