import { z } from 'zod';
import { snapshot } from './catalog.ts';
import { fault } from './faults.ts';
import { modelInfo } from './models.ts';

/** The progress of migrating the catalog of an earlier version of the app, in pictures and rows. */
export const upgradeProgress = z.object({
  done: z.number().int(),
  total: z.number().int(),
  /** Per second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type UpgradeProgress = z.infer<typeof upgradeProgress>;

export const status = z.object({
  model: modelInfo,
  provider: z.string(),
  /** The model that proposes crops; null when none is installed. */
  subjectModel: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The build of sharp that decodes pictures here. */
  imageDecoder: z.enum(['native', 'wasm']),
  /** The snapshot that answers queries; before the first query, the published one. */
  snapshot: snapshot.nullable(),
  /** Where the catalog's tables are: a folder, or another URI. */
  catalogFolder: z.string(),
  /** Where queries are answered: see `Ranking.answeredBy`. Null before the first import. */
  answeredBy: z.enum(['memory', 'lance']).nullable(),
  /** The published version that is being read into memory. Meanwhile another snapshot answers, or queries wait. */
  loading: z.object({ version: z.number().int() }).nullable(),
  importing: z.boolean(),
  /** Name of the model that the app is switching to. */
  switchingTo: z.string().nullable(),
  /**
   * The model that replaces the one in use, where the catalog is still to be moved to it. Null once a move was cancelled or
   * failed, until the next start, and where a person has chosen the model in use instead or has given feedback with it.
   */
  successor: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Whatever differs from how it was set up, and what is used instead: a model, a provider, a damaged file. */
  notices: z.array(fault),
});
export type Status = z.infer<typeof status>;
