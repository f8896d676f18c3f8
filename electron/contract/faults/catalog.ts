import { z } from 'zod';

const count = z.number().int();

/** Faults of the catalog, its sources and its packs. */
export const catalog = {
  /** The secret of a source is not available. */
  SECRET_UNAVAILABLE: z.discriminatedUnion('reason', [
    /** No secret was entered, or the stored one is damaged or belongs to another user. */
    z.object({ reason: z.literal('unreadable') }),
    /** This computer has no secure storage for passwords. */
    z.object({ reason: z.literal('no-storage') }),
    /** Origins: scheme, host and port. A secret is sent only to the origin that it was entered for. */
    z.object({ reason: z.literal('other-origin'), enteredFor: z.string(), address: z.string() }),
    /** The app's own process did not answer. */
    z.object({ reason: z.literal('late') }),
  ]),
  /** The disk is full, or must not be written to. */
  SECRET_NOT_SAVED: z.object({}),
  /** The shop's list of synonyms cannot be read, or is larger than this. `at`: its path. */
  SYNONYMS_NOT_READ: z.object({ at: z.string(), mostBytes: z.number().int() }),
  SECRET_TOO_LONG: z.object({ mostBytes: z.number().int() }),
  /**
   * A source cannot be saved, because its address contains a user name or a password, which would be stored in a plain file.
   */
  SOURCE_INVALID: z.object({ reason: z.enum(['password-in-address']) }),
  /**
   * A pack cannot be exported, because pictures of these products are missing: importing it would remove the products from
   * every store. `examples`: titles of the first of them.
   */
  PACK_PICTURES_MISSING: z.object({ products: z.number().int(), examples: z.array(z.string()) }),
  /** LanceDB, which keeps the catalog, cannot be loaded on this computer. `said`: what the system says of it. */
  CATALOG_LIBRARY_MISSING: z.object({ remedy: z.enum(['visual-cpp', 'reinstall']), said: z.string() }),
  /** What is writing the catalog. `model`: name of the model that the app is switching to. */
  CATALOG_BUSY: z.object({
    by: z.enum(['import', 'switch', 'loading-model', 'changing-provider', 'removing-model']),
    model: z.string().nullable(),
  }),
  /** So many products would be removed that someone has to confirm it. */
  GATE_REMOVALS: z.object({ removed: count, published: count }),
  /** New pictures do not find themselves in a search, so they are not published. */
  GATE_NOT_FOUND: z.discriminatedUnion('reason', [
    /** The product whose picture was not found. */
    z.object({ reason: z.literal('lost'), item: z.string() }),
    /** The model gives all pictures the same vector. */
    z.object({ reason: z.literal('all-alike') }),
  ]),
  /** A catalog pack is damaged or was changed, or the file is not a pack. */
  PACK_INVALID: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('file-name') }),
    /** It cannot be opened, is not a ZIP, or is truncated. */
    z.object({ reason: z.literal('not-opened') }),
    /** The list of its files is damaged, or has a path outside the pack. */
    z.object({ reason: z.literal('damaged-list') }),
    z.object({ reason: z.literal('too-many-files'), files: count }),
    z.object({ reason: z.literal('larger-than-itself') }),
    /** One of its files. `unlisted`: the manifest does not list it; `rows`: its rows are not valid. */
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
  /** Ids of the model that made the pack and of the one in use. They are equal when only the weights differ. */
  PACK_MODEL_DIFFERS: z.object({ made: z.string(), here: z.string() }),
} as const;
