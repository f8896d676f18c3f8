import { z } from 'zod';
import { fault } from './faults.ts';

/** An embedder turns pictures (and texts, if `words`) into vectors; a subject model finds the product in a photo. */
export const modelKind = z.enum(['embedder', 'subject']);
export type ModelKind = z.infer<typeof modelKind>;

/** The source of the hashes of a model's files: the app's list, the hub, or notes from the installation. */
export const verifiedBy = z.enum(['manifest', 'hub', 'noted']);
export type VerifiedBy = z.infer<typeof verifiedBy>;

/** What a shop can expect of a model, and where that is known from. */
export const modelExpectation = z.object({
  /** Median milliseconds for one photo on two cores; models/README.md says how it was measured. */
  msOnTwoCores: z.number().positive(),
  /** The result of a published test that Lookalike has not repeated. */
  tested: z
    .object({
      name: z.string(),
      /** Of a hundred photos, those whose product came first. */
      rightOf100: z.number().min(0).max(100),
      /** What was tested, where it was not exactly these files. */
      of: z.string(),
      url: z.url({ protocol: /^https$/ }),
    })
    .optional(),
});
export type ModelExpectation = z.infer<typeof modelExpectation>;

/** One model that is or can be installed. */
export const modelState = z.object({
  id: z.string(),
  name: z.string(),
  /** For whom it is, in a sentence. */
  summary: z.string(),
  /** A choice that few need. */
  more: z.boolean(),
  /** Null when nothing is known, as of a company's own model. */
  expect: modelExpectation.nullable(),
  licence: z.string(),
  kind: modelKind,
  tier: z.enum(['starter', 'full']),
  /** Whether it has a text encoder. */
  words: z.boolean(),
  /** Size of all its files; null when it is unknown before the download. */
  bytes: z.number().int().nullable(),
  /** Approximate value of `bytes`; null when that is unknown too. */
  aboutBytes: z.number().int().nullable(),
  /** Bytes of it that are on this machine already, including an interrupted download. */
  bytesHere: z.number().int(),
  installed: z.boolean(),
  verifiedBy: verifiedBy.nullable(),
  /** Whether it is the embedder in use, or the subject model that proposes crops. */
  inUse: z.boolean(),
  /** Whether it has a URL to download it from. */
  downloadable: z.boolean(),
  /** The listed URLs of its files, for whoever fetches them on another computer. */
  urls: z.array(z.string()),
  /** Whether files of it are in the data folder, and it is not the embedder in use. */
  removable: z.boolean(),
});
export type ModelState = z.infer<typeof modelState>;

export const installRequest = z.discriminatedUnion('from', [
  /** From the manifest's URL, or from the configured mirror. */
  z.object({ from: z.literal('network'), id: z.string() }),
  /**
   * From a folder or file of this machine: the files of a listed model, or a folder with a `model.json`, which has the
   * schema of a manifest's entry.
   */
  z.object({ from: z.literal('path'), path: z.string().min(1) }),
]);
export type InstallRequest = z.infer<typeof installRequest>;

/** In bytes, over all files of the model. */
export const installProgress = z.object({
  phase: z.enum(['downloading', 'copying', 'verifying']),
  done: z.number().int(),
  /** Null while it is unknown. */
  total: z.number().int().nullable(),
  /** Bytes per second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type InstallProgress = z.infer<typeof installProgress>;

/** The mirror that models are downloaded from, instead of the URLs of the app's list. */
export const modelMirror = z.object({ url: z.url({ protocol: /^https?$/ }).nullable() });
export type ModelMirror = z.infer<typeof modelMirror>;

/** The estimated work of switching to another model. */
export const switchPlan = z.object({
  /** Pictures to embed. Those that the model has embedded already are not counted. */
  pictures: z.number().int(),
  /** Measured on a few of them; null when there is nothing to embed. */
  secondsEstimate: z.number().nullable(),
});
export type SwitchPlan = z.infer<typeof switchPlan>;

/** What runs the model: the processor, or an accelerator of the platform. */
export const providerId = z.enum(['cpu', 'coreml', 'dml', 'cuda', 'webgpu']);
export type ProviderId = z.infer<typeof providerId>;

export const providerState = z.object({
  id: providerId,
  name: z.string(),
  /** `failed`: it was tried here and did not work. It can be tried again. */
  state: z.enum(['in use', 'offered', 'failed']),
  /** Why it failed; null when it did not, or was tried by a version that kept no reason. */
  fault: fault.nullable(),
  /** Median milliseconds per picture with the model in use; null when it was never tried. */
  msPerImage: z.number().nullable(),
});
export type ProviderState = z.infer<typeof providerState>;

export const modelInfo = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.enum(['starter', 'full']),
  dim: z.number().int(),
  /** Whether it has a text encoder: a text search then goes by meaning, not only by the words in the products' fields. */
  words: z.boolean(),
});
export type ModelInfo = z.infer<typeof modelInfo>;
