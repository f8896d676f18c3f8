import { z } from 'zod';

const count = z.number().int();

/** A fault that is the reason for another one. The code that makes the sentence parses it with `fault`. */
const because = z.object({ code: z.string(), params: z.unknown() });

/** Faults of models and providers. */
export const models = {
  MODEL_MISSING: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('none-installed') }),
    z.object({ reason: z.literal('not-installed'), id: z.string(), installed: z.array(z.string()) }),
    z.object({ reason: z.literal('file'), name: z.string(), file: z.string() }),
  ]),
  MODEL_ALTERED: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('size'), name: z.string(), bytes: count, listed: count }),
    z.object({ reason: z.literal('hash'), name: z.string() }),
    /** A file to be installed has the name of a listed model file, but other bytes. */
    z.object({ reason: z.literal('other-version'), file: z.string() }),
  ]),
  /** The model does not match its manifest. */
  MODEL_MISMATCH: z.object({
    name: z.string(),
    /** `of`: the model's image or text encoder. */
    problem: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('not-loaded'),
        file: z.string().nullable(),
        on: z.string(),
        said: z.string(),
      }),
      z.object({
        kind: z.literal('inputs'),
        of: z.enum(['pictures', 'words']),
        found: z.array(z.string()),
        wanted: z.array(z.string()),
      }),
      z.object({ kind: z.literal('picture-input'), input: z.string(), size: count }),
      z.object({ kind: z.literal('no-output'), output: z.string(), found: z.array(z.string()) }),
      z.object({
        kind: z.literal('output'),
        of: z.enum(['pictures', 'words']),
        output: z.string(),
        dim: count,
      }),
      z.object({ kind: z.literal('no-mask'), output: z.string(), size: count }),
      z.object({ kind: z.literal('tokenizer'), said: z.string() }),
      z.object({ kind: z.literal('no-token'), token: z.string() }),
      /** The shapes of the actual and the expected output, such as 1 x 512; null when there was no output. */
      z.object({ kind: z.literal('gave'), shape: z.string().nullable(), wanted: z.string() }),
      z.object({ kind: z.literal('too-slow'), seconds: z.number() }),
      z.object({ kind: z.literal('crashed') }),
    ]),
  }),
  /** What runs models cannot be loaded on this computer. `said`: what the system says of it. */
  MODEL_LIBRARY_MISSING: z.object({ remedy: z.enum(['visual-cpp', 'reinstall']), said: z.string() }),
  /** The model in use has no text encoder, so a text cannot be embedded. */
  MODEL_WITHOUT_WORDS: z.object({ name: z.string() }),
  MODEL_UNKNOWN: z.object({ id: z.string(), known: z.array(z.string()) }),
  MODEL_UNRECOGNISED: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('nothing-known') }),
    z.object({ reason: z.literal('not-there'), path: z.string() }),
    z.object({ reason: z.literal('taken-id'), id: z.string() }),
    z.object({ reason: z.literal('file-missing'), file: z.string() }),
  ]),
  /** In bytes; null when the disk turned out to be full. */
  MODEL_SPACE: z.object({ free: z.number().nullable(), needed: z.number().nullable() }),
  /** `said`: the error in it; null when it could not be opened. */
  MANIFEST_INVALID: z.object({ path: z.string(), said: z.string().nullable() }),

  /** Another model than the chosen one is in use. */
  MODEL_STANDS_IN: z.object({ name: z.string(), because }),
  /** Feedback came while the catalog was moved to the model's successor, which does not know it. */
  MODEL_TAUGHT_MEANWHILE: z.object({ name: z.string(), successor: z.string() }),
  /** No crops are proposed. */
  CROPS_NOT_PROPOSED: z.object({ because }),
  /** The CPU runs the model instead of the chosen provider; `provider` is the provider's name. */
  PROVIDER_DROPPED: z.object({ provider: z.string(), because }),
  /** Its vectors differ from the CPU's; `similarity`: the cosine of the two. */
  PROVIDER_DIFFERS: z.object({ similarity: z.number() }),
  /** The process ended while the provider was tried. */
  PROVIDER_CRASHED: z.object({}),
  PROVIDER_FAILED: z.object({ said: z.string() }),
} as const;
