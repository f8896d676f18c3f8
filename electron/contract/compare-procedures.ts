import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  comparison,
  comparisonChange,
  comparisonFilters,
  comparisonId,
  comparisonOrder,
  comparisonPicture,
  comparisonRequest,
  comparisonRow,
  comparisonState,
  currencyCode,
  exportFormat,
  matchType,
  mergeReport,
  rowNumber,
  rowsAtOnce,
} from './compare.ts';
import { comparisonOverview, comparisonPiles, pilingProgress } from './compare-tells.ts';
import { acceptedAs, acceptedBand, comparisonTrust, rejectedPair } from './compare-trust.ts';
import { procedure } from './procedure.ts';
import { absolutePath } from './publishing.ts';
import { chosenKeys } from './review-keys.ts';
import { band, cropBox } from './search.ts';

const count = z.number().int();
const byId = z.object({ id: comparisonId });

/** Any call on a document fails with COMPARISON_UNKNOWN, COMPARISON_DAMAGED, COMPARISON_TOO_NEW or STORAGE_*. */
export const comparisonProcedures = {
  /** The last changed first. A damaged document is listed, with its fault. */
  listComparisons: procedure.output(z.array(comparison)),
  /**
   * Makes a document; `runComparison` lists and compares its pictures. A source that cannot be used at all fails the call:
   * COMPARISON_SOURCE_UNUSABLE.
   */
  createComparison: procedure.input(comparisonRequest).output(comparison),
  comparisonState: procedure.input(byId).output(comparisonState),
  /** The state now, and again whenever it has changed, at most four times a second. */
  watchComparison: procedure.input(byId).output(eventIterator(comparisonState)),
  renameComparison: procedure
    .input(
      byId.extend({
        name: z.string().trim().min(1).max(200).optional(),
        competitor: z.string().trim().min(1).max(200).nullable().optional(),
      }),
    )
    .output(comparison),
  /** A copy with all rows, candidates and decisions. */
  duplicateComparison: procedure
    .input(byId.extend({ name: z.string().trim().min(1).max(200) }))
    .output(comparison),
  /** A run is stopped first. `restoreComparison` takes it back within seven days. */
  removeComparison: procedure.input(byId),
  restoreComparison: procedure.input(byId).output(comparison),

  /**
   * Starts or goes on; returns at once. Nothing happens where it runs already. Fails with COMPARISON_BUSY where another
   * process of this machine has the document open for writing.
   * @param failed whether rows that failed are tried again
   * @param again whether rows that were compared are compared with the catalog and the model of today; decisions stay, crops do
   * not. Stopped before its end, this changes nothing.
   */
  runComparison: procedure
    .input(byId.extend({ failed: z.boolean().default(false), again: z.boolean().default(false) }))
    .output(comparisonState),
  /** Returns when it has stopped. What was compared is kept. */
  stopComparison: procedure.input(byId).output(comparisonState),

  /** `surest` and `leastSure`: by the probability of the first candidate; rows without one come last. */
  comparisonOrder: procedure
    .input(
      byId.extend({
        filters: comparisonFilters.default({}),
        sort: z.enum(['row', 'surest', 'leastSure', 'name']).default('row'),
      }),
    )
    .output(comparisonOrder),
  /** Rows by number, in the order asked. Numbers that the document does not have are left out. */
  comparisonRows: procedure
    .input(byId.extend({ rows: rowsAtOnce }))
    .output(z.object({ rows: z.array(comparisonRow) })),
  /**
   * `thumbnail`: at most 320 px; `large`: at most 800 px, or the file itself where it is small. Rows without a picture
   * (waiting, failed) are left out.
   */
  comparisonPictures: procedure
    .input(byId.extend({ rows: rowsAtOnce, size: z.enum(['thumbnail', 'large']) }))
    .output(z.object({ pictures: z.array(comparisonPicture) })),

  /**
   * Decides rows, as one step of undo; it is on disk when the call returns. Of several rows, those that were not compared
   * are left out. What is decided so already is no step, unless it was decided in bulk or comparing again has changed the row.
   * @param match null takes the decisions back
   * @param product a product's uid; needed for `same`, `equivalent` and `similar`, optional for `unsure`. Default for several
   * rows: the first candidate of each. A product that is no candidate is read from the live catalog: PRODUCT_UNKNOWN.
   */
  decide: procedure
    .input(
      byId.extend({
        rows: z.array(rowNumber).min(1).max(20_000),
        match: matchType.nullable(),
        product: z.string().min(1).optional(),
      }),
    )
    .output(comparisonChange),
  /**
   * Says of candidates that they are no match for a row's picture, or takes that back, as a step of undo. They are not offered
   * for it again, also not when it is cropped or compared again.
   * @param products uids of candidates, or of rejected products
   * @param everywhere rejects them for the same picture in all comparisons of this data folder. What is offered again is
   * offered everywhere. Undo and redo do it everywhere too.
   */
  rejectCandidates: procedure
    .input(
      byId.extend({
        row: rowNumber,
        products: z.array(z.string().min(1)).min(1).max(100),
        rejected: z.boolean(),
        everywhere: z.boolean().default(false),
      }),
    )
    .output(comparisonChange),
  /** The pairs that are no match in any comparison, the last rejected first. */
  listRejectedPairs: procedure.output(z.array(rejectedPair)),
  /** Offers pairs again in all comparisons; those that were rejected in one comparison alone stay rejected there. */
  forgetRejectedPairs: procedure.input(
    z.object({
      pairs: z
        .array(rejectedPair.pick({ picture: true }).extend({ product: z.string() }))
        .min(1)
        .max(10_000),
    }),
  ),
  /** What the decisions so far say of each band, and of what was accepted in bulk. */
  comparisonTrust: procedure.input(byId).output(comparisonTrust),
  /**
   * Decides all undecided rows of a band by their first candidates, as one step of undo, and draws a sample to check. Fails
   * with COMPARISON_BAND_UNCHECKED while fewer than `ENOUGH_CHECKED` rows of the band are checked.
   */
  acceptBand: procedure.input(byId.extend({ band, as: acceptedAs.default('same') })).output(acceptedBand),
  /** Our styles that were hit, and the prices. */
  comparisonOverview: procedure.input(byId).output(comparisonOverview),
  /**
   * The gaps in our range, in piles. Piling takes seconds where many thousand pictures are gaps; it is remembered. Aborting the
   * call stops it.
   */
  comparisonPiles: procedure.input(byId).output(eventIterator(pilingProgress, comparisonPiles)),
  /**
   * Calls the pile of these pictures so, as a step of undo.
   * @param name null takes the name away
   */
  namePile: procedure
    .input(
      byId.extend({
        rows: z.array(rowNumber).min(1).max(20_000),
        name: z.string().trim().min(1).max(200).nullable(),
      }),
    )
    .output(comparisonChange),
  /**
   * Says in which currency all prices are whose source states none, as a step of undo. Stated ones stay as they are.
   * @param currency null: it is not known
   */
  namePriceCurrency: procedure
    .input(byId.extend({ currency: currencyCode.nullable() }))
    .output(comparisonChange),
  /**
   * Takes over decisions from a CSV, as `exportComparison` writes it or with the trade's `sku,url,match_type`, or from the `.json`
   * that a hand-off has saved, as one step of undo. Lines without a match type change nothing. Rows of a hand-off count as
   * checked, and one that is here as it was handed off is no conflict.
   * @param replace whether rows that are decided otherwise are changed too; they are conflicts either way
   */
  mergeDecisions: procedure
    .input(byId.extend({ path: absolutePath, replace: z.boolean().default(false) }))
    .output(mergeReport),
  /** Undoes or redoes the last step of the document: decisions and crops, since it was made, restarts included. */
  undoComparison: procedure.input(byId).output(comparisonChange),
  redoComparison: procedure.input(byId).output(comparisonChange),
  /**
   * Compares a part of a row's picture and keeps the candidates found, as a step of undo. `auto`: the subject that the
   * subject model finds. Null: all of it again.
   */
  cropComparisonRow: procedure
    .input(byId.extend({ row: rowNumber, crop: z.union([cropBox, z.literal('auto')]).nullable() }))
    .output(comparisonChange),

  /**
   * Writes a file at an absolute path, replacing what is there. `csv` starts with a BOM, and no cell is a formula. `xlsx`
   * has the pictures beside each row, and no formulas. `html` is one page that needs no network, made to be printed, and `pdf`
   * is the same printed: only by the app, otherwise PDF_NEEDS_THE_APP. `handoff` is one page of HTML, in which somebody without
   * this app decides the compared rows; what that page saves is merged by `mergeDecisions`.
   * @param keys the person's own keys, which a hand-off has too
   */
  exportComparison: procedure
    .input(
      byId.extend({
        path: absolutePath,
        format: exportFormat,
        filters: comparisonFilters.default({}),
        keys: chosenKeys.optional(),
      }),
    )
    .output(z.object({ path: z.string(), bytes: count, rows: count })),
};
