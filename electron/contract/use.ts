import { z } from 'zod';

/** A wait of which half, and of which 95 of 100, were no longer. Milliseconds, within 5 %. */
export const waits = z.object({ p50: z.number(), p95: z.number() });
export type Waits = z.infer<typeof waits>;

/**
 * How often was asked on one day. A photo counts once a day and start of the app, however
 * often it is asked again with filters or another crop.
 */
export const dayOfUse = z.object({
  /** By this computer's clock. */
  day: z.iso.date(),
  /** Photos that people asked with, and how many of them had no good match when they were last asked. */
  photos: z.number().int(),
  unmatched: z.number().int(),
  /** Questions in words. */
  words: z.number().int(),
  /** Questions of other programs. */
  programs: z.number().int(),
  /** From a photo to its first results; null on a day without photos. */
  waits: waits.nullable(),
});
export type DayOfUse = z.infer<typeof dayOfUse>;

/** What people said of the answers of one month, with the model in use. */
export const monthOfAnswers = z.object({
  /** "2026-11", by UTC. */
  month: z.string(),
  /** Photos whose product was confirmed, and how many of these products had come first. */
  confirmed: z.number().int(),
  first: z.number().int(),
  /** Photos that were not in the range. */
  absent: z.number().int(),
});
export type MonthOfAnswers = z.infer<typeof monthOfAnswers>;

/** How this machine is used. It stays on this machine. */
export const use = z.object({
  /** Off, nothing is counted. What was counted is kept. */
  on: z.boolean(),
  /** Days on which something was asked, the oldest first. */
  days: z.array(dayOfUse),
  /** Over all these days. */
  waits: waits.nullable(),
  /** What was typed and found nothing, the most frequent first. */
  foundNothing: z.array(z.object({ words: z.string(), times: z.number().int() })),
  /** The oldest first. */
  months: z.array(monthOfAnswers),
});
export type Use = z.infer<typeof use>;
