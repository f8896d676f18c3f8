import { z } from 'zod';
import { fault } from './faults.ts';

/** An embedder turns pictures (and words, where `words`) into vectors; a subject model finds the product in a photo. */
export const modelKind = z.enum(['embedder', 'subject']);
export type ModelKind = z.infer<typeof modelKind>;

/** What vouches for a model's files: hashes listed with the app, the hub's own hash, or those noted when installed. */
export const verifiedBy = z.enum(['manifest', 'hub', 'noted']);
export type VerifiedBy = z.infer<typeof verifiedBy>;

/** One model that is, or can be, installed. */
export const modelState = z.object({
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  licence: z.string(),
  kind: modelKind,
  tier: z.enum(['starter', 'full']),
  /** Understands words. */
  words: z.boolean(),
  /** All its files; null where that is not known before the download. */
  bytes: z.number().int().nullable(),
  /** About as many as `bytes` will be; null where not even that is known. */
  aboutBytes: z.number().int().nullable(),
  /** What of it is on this machine already, a download that was interrupted included. */
  bytesHere: z.number().int(),
  installed: z.boolean(),
  verifiedBy: verifiedBy.nullable(),
  /** The embedder that answers, or the subject model that proposes crops. */
  inUse: z.boolean(),
  /** Has an address to be downloaded from. */
  downloadable: z.boolean(),
  /** Something of it lies in the data folder, and it is not the embedder that answers. */
  removable: z.boolean(),
});
export type ModelState = z.infer<typeof modelState>;

export const installRequest = z.discriminatedUnion('from', [
  /** From the manifest's address, or from the mirror that was set. */
  z.object({ from: z.literal('network'), id: z.string() }),
  /**
   * From a folder or file of this machine: the files of a model the app lists, or a folder with a `model.json`, which
   * is an entry of the manifest's schema.
   */
  z.object({ from: z.literal('path'), path: z.string().min(1) }),
]);
export type InstallRequest = z.infer<typeof installRequest>;

/** Counted in bytes, over all files of the model. */
export const installProgress = z.object({
  phase: z.enum(['downloading', 'copying', 'verifying']),
  done: z.number().int(),
  /** Null while it is not known. */
  total: z.number().int().nullable(),
  /** Bytes a second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type InstallProgress = z.infer<typeof installProgress>;

/** Where models are downloaded from in place of the addresses that the app lists. */
export const modelMirror = z.object({ url: z.url({ protocol: /^https?$/ }).nullable() });
export type ModelMirror = z.infer<typeof modelMirror>;

/** What bringing the catalog to another model would take. */
export const switchPlan = z.object({
  /** Pictures to look at; those that the model has seen in its last snapshot are not among them. */
  pictures: z.number().int(),
  /** Measured on a few of them; null when there is nothing to look at. */
  secondsEstimate: z.number().nullable(),
});
export type SwitchPlan = z.infer<typeof switchPlan>;

/** What runs the model: the processor, or what a platform offers besides. */
export const providerId = z.enum(['cpu', 'coreml', 'dml', 'cuda', 'webgpu']);
export type ProviderId = z.infer<typeof providerId>;

export const providerState = z.object({
  id: providerId,
  name: z.string(),
  /** `failed` was tried here and did not work; it can be tried again. */
  state: z.enum(['in use', 'offered', 'failed']),
  /** Why it failed; null when it did not, or was tried by a version that kept no reason. */
  fault: fault.nullable(),
  /** Of one picture with the model in use, median; null when it was never tried. */
  msPerImage: z.number().nullable(),
});
export type ProviderState = z.infer<typeof providerState>;

export const modelInfo = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.enum(['starter', 'full']),
  dim: z.number().int(),
  /** Understands words: a search by words goes by meaning, not only by the products' own words. */
  words: z.boolean(),
});
export type ModelInfo = z.infer<typeof modelInfo>;
