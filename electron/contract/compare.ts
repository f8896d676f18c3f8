import { z } from 'zod';
import { bytes, feedFields, snapshot, thumbnailId } from './catalog.ts';
import { fault } from './faults.ts';
import { modelInfo } from './models.ts';
import { absolutePath } from './publishing.ts';
import { band, cropBox } from './search.ts';

/**
 * A comparison: a pile of pictures (a competitor's range, say) compared with the catalog, picture by picture. It is a
 * document of the data folder, saved as it goes: every answered call is on disk.
 *
 * How a screen uses it: `createComparison` and `runComparison` return at once, and the engine works on, whatever the page
 * does. `watchComparison` yields the counts and the progress. `comparisonOrder` gives the numbers of all rows that a list
 * shows, in its order, and `comparisonRows` and `comparisonPictures` the few that are on screen and the next ones.
 * `decide` returns the rows as they are then.
 */

/** Opaque: the name of the document's folder. */
export const comparisonId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** Rows are numbered from 1 in the order of their source, and keep their number. */
export const rowNumber = z.number().int().min(1);

/** The kind of match that a person has decided on, in the trade's words; `none`: we have nothing like it. */
export const matchType = z.enum(['same', 'equivalent', 'similar', 'none', 'unsure']);
export type MatchType = z.infer<typeof matchType>;

/** Three letters (ISO 4217). */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);

/** What a list of pictures (a CSV) says of one: about the competitor's product, as it is written there. */
export const rowFacts = z.object({
  title: z.string().nullable(),
  sku: z.string().nullable(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  competitor: z.string().nullable(),
  price: z.number().nullable(),
  currency: z.string().nullable(),
  /** The address of the product's page. */
  url: z.string().nullable(),
});
export type RowFacts = z.infer<typeof rowFacts>;

/** Where the picture of a row came from. */
export const rowSource = z.object({
  /** `pasted`: its bytes were given, and are kept in the document. */
  kind: z.enum(['file', 'zip', 'address', 'pasted']),
  /** For people: relative to the folder, ZIP or list that it came from, with `/`; or an address. May be long. */
  name: z.string(),
  /** The line of the CSV that names it. */
  line: z.number().int().nullable(),
  /** Null unless a CSV names it. */
  facts: rowFacts.nullable(),
});
export type RowSource = z.infer<typeof rowSource>;

/** A product of the catalog in a comparison, with its fields as they were when it was answered: the document keeps them. */
export const comparedProduct = feedFields
  .pick({
    productId: true,
    sku: true,
    title: true,
    category: true,
    brand: true,
    color: true,
    price: true,
    currency: true,
    availability: true,
    url: true,
  })
  .extend({
    /** Unique in the catalog; names the product in `decide`. */
    uid: z.string(),
    /** Id of its source, as `Product.source`. */
    source: z.string(),
    styleId: z.string(),
    /** What the sizes' SKUs have in common, as `Style.styleSku`. */
    styleSku: z.string(),
    /** The picture that was nearest. `thumbnails` gives it, as long as the document's snapshot is kept. */
    thumbnail: thumbnailId,
  });
export type ComparedProduct = z.infer<typeof comparedProduct>;

/** A product that a row's picture may show; the first is the likeliest. */
export const comparisonCandidate = comparedProduct.extend({
  /** Cosine similarity of the two pictures, -1 to 1. */
  score: z.number(),
  band,
});
export type ComparisonCandidate = z.infer<typeof comparisonCandidate>;

/** A product that is no match for a picture: in this comparison, or in all of this data folder. */
export const rejectedProduct = comparedProduct.extend({ everywhere: z.boolean() });
export type RejectedProduct = z.infer<typeof rejectedProduct>;

export const decision = z.object({
  match: matchType,
  /** One of the candidates or another product; null for `none`, and where no product was chosen for `unsure`. */
  product: comparedProduct.nullable(),
  at: z.iso.datetime(),
  /** Present where a person did not decide this row alone: see `compare-trust.ts`. */
  inBulk: z.literal(true).optional(),
  /** Present where the decision was taken over from a table; it is `inBulk` too, since nobody decided it here. */
  merged: z.literal(true).optional(),
});
export type Decision = z.infer<typeof decision>;

/**
 * `waiting`: not compared yet. `answered`: compared; it has candidates, unless the catalog is empty. `failed`: its picture
 * cannot be read; `fault` says why. That nothing matches is none of these: it is what a person decides (`none`).
 */
export const rowStatus = z.enum(['waiting', 'answered', 'failed']);
export type RowStatus = z.infer<typeof rowStatus>;

/**
 * What comparing again has changed for a row. `gone`: the decided product is not in the catalog any more. `better`: the first
 * candidate is another one, more like the picture than the one before.
 */
export const rowChange = z.enum(['gone', 'better']);
export type RowChange = z.infer<typeof rowChange>;

/** One picture. The same picture twice, byte by byte, is one row with two sources. */
export const comparisonRow = z.object({
  row: rowNumber,
  status: rowStatus,
  /** At least one. */
  sources: z.array(rowSource),
  /** Why it failed; null otherwise. */
  fault: fault.nullable(),
  /** Size of the upright original, in pixels; null before it was read. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** The part of the picture that was compared, chosen with `cropComparisonRow`; null is all of it. */
  crop: cropBox.nullable(),
  /** At most 12, best first, without those that were rejected. */
  candidates: z.array(comparisonCandidate),
  /** Products that a person has said are no match for this picture; absent where there is none. */
  rejected: z.array(rejectedProduct).optional(),
  /** How probable it is that the first candidate is the picture's product, 0 to 1; null without candidates. */
  probability: z.number().nullable(),
  /** Null: undecided. Nothing is ever decided but by a person. */
  decision: decision.nullable(),
  /** Absent where nothing has changed, and where a decision was made since. */
  changed: rowChange.optional(),
});
export type ComparisonRow = z.infer<typeof comparisonRow>;

/** The most candidates of a row. */
export const MOST_CANDIDATES = 12;

const count = z.number().int();

/** Numbers of rows. */
export const comparisonCounts = z.object({
  rows: count,
  waiting: count,
  answered: count,
  failed: count,
  /** Answered rows without a decision. */
  undecided: count,
  /** Undecided rows whose first candidate is only `similar` or `other`, or that have none. */
  weak: count,
  decided: z.object({ same: count, equivalent: count, similar: count, none: count, unsure: count }),
  /** Decided rows that nobody has decided alone. */
  inBulk: count,
  /** Rows with a candidate that was rejected. */
  rejected: count,
  /** See `rowChange`. */
  changed: z.object({ gone: count, better: count }),
});
export type ComparisonCounts = z.infer<typeof comparisonCounts>;

/** The snapshot and the model that a comparison is about, noted at its first answer. */
export const comparedWith = z.object({ snapshot, model: modelInfo });
export type ComparedWith = z.infer<typeof comparedWith>;

export const comparison = z.object({
  id: comparisonId,
  name: z.string(),
  competitor: z.string().nullable(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** Names of the folders, files and lists that its pictures come from; of more than ten the first. */
  from: z.array(z.string()),
  counts: comparisonCounts,
  /** Null before the first answer. */
  about: comparedWith.nullable(),
  /**
   * What answers searches now, where that differs from `about`: the catalog was published again or rolled back, or another
   * model is in use. `snapshotKept`: whether the snapshot of `about` can still be read. Null when nothing differs.
   */
  moved: z
    .object({ catalog: snapshot.nullable(), model: modelInfo.nullable(), snapshotKept: z.boolean() })
    .nullable(),
  /** Why the document cannot be opened or has lost something; then the counts are those noted last. */
  faults: z.array(fault),
});
export type Comparison = z.infer<typeof comparison>;

/** The work of a run. Rows are compared in their order; a run that was stopped or killed goes on where it was. */
export const comparisonProgress = z.object({
  /** `waiting`: another comparison runs. `listing`: its sources are read. `comparing`: pictures are read and compared. */
  phase: z.enum(['waiting', 'listing', 'comparing']),
  /** Pictures listed or compared. */
  done: count,
  /** Null while it is unknown. */
  total: count.nullable(),
  /** Pictures a second, over the last few seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type ComparisonProgress = z.infer<typeof comparisonProgress>;

/** What changes while a comparison is open. */
export const comparisonState = z.object({
  comparison,
  /** Null while nothing runs. */
  progress: comparisonProgress.nullable(),
  /** Why the last run ended before its end; null after a whole one, and while one runs. CANCELLED: it was stopped. */
  ended: fault.nullable(),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});
export type ComparisonState = z.infer<typeof comparisonState>;

const listed = z.array(z.string().max(500)).min(1).max(200);

/** A row must have one of the values of each field. */
export const comparisonFilters = z
  .object({
    status: z.array(rowStatus).min(1),
    /** `undecided` is an answered row without a decision. */
    match: z.array(z.enum([...matchType.options, 'undecided'])).min(1),
    /** Of the first candidate; `nothing`: an answered row without candidates. */
    band: z.array(z.enum([...band.options, 'nothing'])).min(1),
    /** Of the first candidate, or of the decided product. */
    category: listed,
    /** Of the row's facts. */
    competitor: listed,
    /** Ids of styles: of the decided product or, while nothing is decided, of the first candidate. */
    style: listed,
    /** These rows. */
    rows: z.array(rowNumber).min(1).max(20_000),
    changed: z.array(rowChange).min(1),
    /** Rows that were decided in bulk, or alone. */
    inBulk: z.boolean(),
    /** Rows with a candidate that was rejected. */
    rejected: z.literal(true),
    /** The sample that was drawn when a band was accepted, by the acceptance's number; no row where that was undone. */
    sample: z.number().int().min(1),
    /** The rows to check before this band can be accepted in bulk. */
    toCheck: band,
    /** A part of a source's name, title or SKU, or of a candidate's title or SKU, in any case. */
    text: z.string().trim().min(1).max(200),
  })
  .partial();
export type ComparisonFilters = z.infer<typeof comparisonFilters>;

const values = z.array(z.object({ value: z.string(), count }));

export const comparisonOrder = z.object({
  /** The numbers of all rows that pass, in order. */
  rows: z.array(rowNumber),
  /** For each field, the number of rows that each value would leave, with all the other filters applied. */
  facets: z.object({ status: values, match: values, band: values, category: values, competitor: values }),
});
export type ComparisonOrder = z.infer<typeof comparisonOrder>;

/** The result of what changes rows. */
export const comparisonChange = z.object({
  /** The numbers of all rows that the call was about, without those that it left out. */
  changed: z.array(rowNumber),
  /** The first of them as they are now, at most `MOST_ROWS_AT_ONCE`; `comparisonRows` gives the others. */
  rows: z.array(comparisonRow),
  counts: comparisonCounts,
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});
export type ComparisonChange = z.infer<typeof comparisonChange>;

/** What became of decisions that were made elsewhere. */
export const mergeReport = z.object({
  change: comparisonChange,
  /** Number of rows whose decision was taken over. */
  merged: count,
  /** Rows that were decided otherwise already. */
  conflicts: z.array(
    z.object({
      ...{ row: rowNumber, line: count, here: matchType, there: matchType },
      /** As it is written there; empty for none. */
      sku: z.string(),
    }),
  ),
  /**
   * Lines that were not used. `line`: it is damaged. `match`: its match type is unknown. `row`: no compared row has its
   * address or name. `product`: its SKU is unknown, or it has none and the match type needs one.
   * `contradiction`: another line decides the same row otherwise.
   */
  unused: z.array(
    z.object({ line: count, reason: z.enum(['line', 'match', 'row', 'product', 'contradiction']) }),
  ),
});
export type MergeReport = z.infer<typeof mergeReport>;

/** A row's picture as it is kept in the document, whatever becomes of its source. */
export const comparisonPicture = z.object({
  row: rowNumber,
  /** `image/webp`, `image/jpeg` or `image/png`; upright when EXIF is honoured, as browsers do. */
  type: z.string(),
  bytes,
});
export type ComparisonPicture = z.infer<typeof comparisonPicture>;

/** The most rows of one `comparisonRows` or `comparisonPictures`. */
export const MOST_ROWS_AT_ONCE = 200;
export const rowsAtOnce = z.array(rowNumber).max(MOST_ROWS_AT_ONCE);

export const comparisonRequest = z
  .object({
    /** Default: the name of the first source, without its extension. */
    name: z.string().trim().min(1).max(200).optional(),
    competitor: z.string().trim().min(1).max(200).nullable().default(null),
    /** Folders (with the folders in them), ZIP archives, CSV lists and pictures, in any mixture. */
    paths: z.array(absolutePath).max(20_000).default([]),
    /** Pictures without a path, as pasted ones. */
    pictures: z
      .array(z.object({ name: z.string().max(1000), bytes }))
      .max(1000)
      .default([]),
  })
  .refine(({ paths, pictures }) => paths.length + pictures.length > 0);
export type ComparisonRequest = z.input<typeof comparisonRequest>;

export const exportFormat = z.enum(['csv', 'xlsx', 'json', 'html', 'pdf', 'handoff']);
export type ExportFormat = z.infer<typeof exportFormat>;
