import { z } from 'zod';
import { snapshot } from './catalog.ts';
import { fault } from './faults.ts';
import { modelInfo } from './models.ts';

/** How far the catalog of an earlier version of the app is brought forward, in pictures and rows. */
export const upgradeProgress = z.object({
  done: z.number().int(),
  total: z.number().int(),
  /** A second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type UpgradeProgress = z.infer<typeof upgradeProgress>;

export const status = z.object({
  model: modelInfo,
  provider: z.string(),
  /** The model that proposes crops; null when none is installed. */
  subjectModel: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Which build of sharp decodes pictures here (DESIGN §7). */
  imageDecoder: z.enum(['native', 'wasm']),
  /** What answers; before anything was asked, what is published. */
  snapshot: snapshot.nullable(),
  /** Where the tables of the catalog lie: a folder, or the URI of another place. */
  catalogFolder: z.string(),
  /** What answers queries: see `Ranking.answeredBy`. Null before the first import. */
  answeredBy: z.enum(['memory', 'lance']).nullable(),
  /** The published version that is being read into memory. Another snapshot answers meanwhile, or questions wait for it. */
  loading: z.object({ version: z.number().int() }).nullable(),
  importing: z.boolean(),
  /** Name of the model that the catalog is being brought to. */
  switchingTo: z.string().nullable(),
  /**
   * What is not as it was set up, and what stands in for it: a model, a provider, a damaged file.
   */
  notices: z.array(fault),
});
export type Status = z.infer<typeof status>;
