import { z } from 'zod';
import { comparedProduct, comparisonChange, comparisonId, rowNumber } from './compare.ts';
import { band } from './search.ts';

/**
 * How often the first candidates of a comparison are right, as the decisions of a person on this same comparison say, and
 * what rests on it: accepting the first candidates of a band in bulk, and checking a sample of them afterwards.
 *
 * A row is *checked* when a person has decided it alone: one row in a call of `decide`. Rows that were decided several at
 * once, by `acceptBand` or from a table are decided *in bulk*, and never count as checked until they are decided alone.
 *
 * The first candidate of a checked row is right as `same` when the row was decided `same` with its style, and right as
 * `equivalent` when it was decided `same` or `equivalent` with it. Everything else is wrong: `similar`, `none`, another
 * style, a first candidate that was rejected. `unsure` says nothing, and is counted apart.
 */

const count = z.number().int();

/**
 * A share of rows, with the interval that the true share lies in at 95 % (Wilson's score interval). Of no rows it is 0 to 1.
 */
export const measuredShare = z.object({
  count,
  of: count,
  /** 0 to 1. */
  low: z.number(),
  high: z.number(),
});
export type MeasuredShare = z.infer<typeof measuredShare>;

/** What a band's first candidates can be accepted as. */
export const acceptedAs = z.enum(['same', 'equivalent']);
export type AcceptedAs = z.infer<typeof acceptedAs>;

/**
 * The checked rows that a band needs before it can be accepted in bulk. With 35, all of them right, the interval begins at
 * 90 %: with fewer, nothing that was seen says that nine in ten are right.
 */
export const ENOUGH_CHECKED = 35;

/** Rows that are drawn to be checked after a band was accepted. Of 30, all right, at most 11 % of all can be wrong. */
export const SAMPLE_SIZE = 30;

export const bandTrust = z.object({
  band,
  /** Rows whose first candidate is of this band. */
  rows: count,
  /** Those that `acceptBand` would decide: undecided, and no candidate of theirs rejected in this comparison. */
  undecided: count,
  /** Rows of the band that a person looked at alone and was unsure of; not part of the shares. */
  unsure: count,
  /** Of the checked rows, those whose first candidate is right. Both have the same `of`. */
  right: z.object({ same: measuredShare, equivalent: measuredShare }),
  /**
   * Undecided rows to check before the band can be accepted, drawn by chance so that the share holds for the others too.
   * Empty when enough are checked.
   */
  toCheck: z.array(rowNumber),
});
export type BandTrust = z.infer<typeof bandTrust>;

/** A band that was accepted in bulk, and what checking a sample of it has said so far. */
export const acceptance = z.object({
  /** 1, 2, … in the order of the document. */
  number: z.number().int().min(1),
  band,
  as: acceptedAs,
  at: z.iso.datetime(),
  /** Rows that it decided. */
  rows: count,
  /** Those that are still as it decided them, and that nobody has checked. */
  unchecked: count,
  /** Rows drawn to be checked, at most `SAMPLE_SIZE`. To check one is to `decide` it alone, as it is or otherwise. */
  sample: z.array(rowNumber),
  /** Those of the sample that are not checked yet. */
  toCheck: z.array(rowNumber),
  /** Those of the sample that a person was unsure of; not part of the share. */
  unsure: count,
  /** Of the checked rows of the sample, those that were wrong: an estimate of how many of all that it decided are wrong. */
  wrong: measuredShare,
});
export type Acceptance = z.infer<typeof acceptance>;

export const comparisonTrust = z.object({
  /** The bands that rows have, the best first. */
  bands: z.array(bandTrust),
  /** Those that were undone are left out. */
  acceptances: z.array(acceptance),
});
export type ComparisonTrust = z.infer<typeof comparisonTrust>;

export const acceptedBand = z.object({
  change: comparisonChange,
  /** Null where no row was left to decide. */
  acceptance: acceptance.nullable(),
});
export type AcceptedBand = z.infer<typeof acceptedBand>;

/** A pair that is no match in any comparison of this data folder. */
export const rejectedPair = z.object({
  /** sha256 of the picture's file, hex. */
  picture: z.string(),
  product: comparedProduct,
  /** The picture's name where it was rejected, and the comparison and the row, which may be gone. */
  name: z.string(),
  comparison: comparisonId,
  row: rowNumber,
  at: z.iso.datetime(),
});
export type RejectedPair = z.infer<typeof rejectedPair>;
