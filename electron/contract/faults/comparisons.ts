import { z } from 'zod';

const count = z.number().int();

/** Why a source of pictures, or a file of decisions, cannot be used. */
const sourceUnusable = z.discriminatedUnion('reason', [
  /** There is nothing at the path, or it cannot be opened. */
  z.object({ reason: z.literal('not-opened') }),
  /** There is no picture in it. */
  z.object({ reason: z.literal('no-pictures') }),
  /** The ZIP archive is damaged or truncated, or its list of files is. */
  z.object({ reason: z.literal('zip-damaged') }),
  z.object({ reason: z.literal('too-many'), most: count }),
  /** A table of which no column names pictures. */
  z.object({ reason: z.literal('no-picture-column'), columns: z.array(z.string()) }),
  /** A file of JSON that no hand-off has given back. */
  z.object({ reason: z.literal('no-decisions') }),
  /** A table of decisions without a column `match_type`. */
  z.object({ reason: z.literal('no-match-column'), columns: z.array(z.string()) }),
]);
export type SourceUnusable = z.infer<typeof sourceUnusable>;

/** Faults of comparisons: of the document, and of where its pictures come from. */
export const comparisons = {
  COMPARISON_UNKNOWN: z.object({}),
  /** Another process of this machine has the document open for writing. */
  COMPARISON_BUSY: z.object({}),
  /** The document was written by a later version of the app. */
  COMPARISON_TOO_NEW: z.object({ version: count, known: count }),
  /** The document cannot be opened: `file`, relative to its folder, is missing or damaged. */
  COMPARISON_DAMAGED: z.object({ file: z.string() }),
  /** A part of the document's journal could not be read and is left out. */
  COMPARISON_LINES_LOST: z.discriminatedUnion('reason', [
    /** The last line was cut off by a power cut or a kill. It was never answered as saved. */
    z.object({ reason: z.literal('cut') }),
    /** `kept`: the name of the copy of the damaged journal; null before the document is written again. */
    z.object({ reason: z.literal('damaged'), lines: count, kept: z.string().nullable() }),
  ]),
  /** Pictures of so many rows are missing in the document. */
  COMPARISON_PICTURES_LOST: z.object({ rows: count }),
  /** The catalog or its model has moved on, and the snapshot that the comparison is about cannot be read any more. */
  COMPARISON_SNAPSHOT_GONE: z.object({ name: z.string(), publishedAt: z.string() }),
  /** The comparison was made with another model than the one in use. Ids. */
  COMPARISON_MODEL_DIFFERS: z.object({ made: z.string(), here: z.string() }),
  /** Too few rows of the band are checked for accepting it in bulk. */
  COMPARISON_BAND_UNCHECKED: z.object({ checked: count, enough: count }),
  /** A row cannot be decided; the item is its picture's name. */
  COMPARISON_ROW_UNDECIDABLE: z.object({ row: count, reason: z.enum(['missing', 'failed', 'waiting']) }),
  /** A source of pictures cannot be used. */
  COMPARISON_SOURCE_UNUSABLE: z.object({ path: z.string() }).and(sourceUnusable),
  /** Only the app can write a PDF. */
  PDF_NEEDS_THE_APP: z.object({}),
  /** `reason`: Chromium's words. */
  PDF_NOT_PRINTED: z.object({ reason: z.string() }),
  /** A file of a comparison is not read; the item is its name. */
  PICTURE_REFUSED: z.object({
    /**
     * In a ZIP archive: `outside`: its path leaves the archive. `grows`: it would unpack to far more than a picture has.
     * `encrypted`: it needs a password. `nested`: it is an archive itself. `unreadable`: it is damaged there. `link`: it is a
     * link, or, in a folder, a link that leads out of the folder.
     */
    reason: z.enum(['outside', 'grows', 'encrypted', 'nested', 'unreadable', 'link']),
  }),
} as const;
