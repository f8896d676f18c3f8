import { z } from 'zod';

const count = z.number().int().default(0);

/** What was counted on one day since the line before it of that day. Counts may be negative: a later answer takes one back. */
export const counts = z.object({
  photos: count,
  unmatched: count,
  words: count,
  programs: count,
  /** How many waits were of a length; see `lengthOf`. */
  waits: z.record(z.string().regex(/^\d+$/), z.number().int()).default({}),
  /** How often words found nothing. */
  nothing: z.record(z.string(), z.number().int()).default({}),
});
export type Counts = z.infer<typeof counts>;

/** A line of the journal. */
export const useEntry = z.discriminatedUnion('kind', [
  counts.extend({ kind: z.literal('day'), day: z.iso.date() }),
  z.object({ kind: z.literal('switch'), on: z.boolean() }),
]);
export type UseEntry = z.infer<typeof useEntry>;

export const noCounts = (): Counts => counts.parse({});

/** Adds counts to others. */
export function addCounts(to: Counts, more: Counts): void {
  for (const name of ['photos', 'unmatched', 'words', 'programs'] as const) to[name] += more[name];
  addAll(to.waits, more.waits);
  addAll(to.nothing, more.nothing);
}

function addAll(to: Record<string, number>, more: Record<string, number>): void {
  // "constructor" is a word that somebody may ask for.
  for (const [name, times] of Object.entries(more))
    to[name] = (Object.hasOwn(to, name) ? (to[name] ?? 0) : 0) + times;
}

/** Waits are counted by lengths that are 10 % apart, so that a quantile is within 5 % however many there are. */
const APART = Math.log(1.1);

/** The length that a wait is counted as. @param ms its milliseconds */
export const lengthOf = (ms: number): string => String(Math.round(Math.log(Math.max(1, ms)) / APART));

/** The milliseconds that a share of the waits did not pass; null for no waits. @param share 0 to 1 */
export function quantileOf(lengths: Record<string, number>, share: number): number | null {
  const sorted = Object.entries(lengths)
    .map(([length, times]) => ({ length: Number(length), times }))
    .sort((a, b) => a.length - b.length);
  let left = share * sorted.reduce((sum, { times }) => sum + times, 0);
  for (const { length, times } of sorted) {
    left -= times;
    if (left <= 0) return Math.round(Math.exp(length * APART));
  }
  return null;
}
