import type { FaultCode } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';

/** Sentences about comparisons. */
export const comparisons = {
  COMPARISON_UNKNOWN: () => 'This comparison does not exist any more.',
  COMPARISON_BUSY: () =>
    'This comparison is in use by another program on this computer. Close it there first.',
  COMPARISON_TOO_NEW: ({ version, known }) =>
    `This comparison was written by a later version of Lookalike (its format is ${version}, and this one knows ${known}). Install that version to open it. Nothing was changed.`,
  COMPARISON_DAMAGED: ({ file }) =>
    `This comparison cannot be opened, because ${file} is damaged or missing. Its folder is left as it is: put the file back from a backup, or remove the comparison.`,
  COMPARISON_LINES_LOST: (params) => {
    if (params.reason === 'cut')
      return 'The last change to this comparison was cut off while it was written, and is left out. All before it is there.';
    const { lines, kept } = params;
    const what = lines === 1 ? 'One change to this comparison' : `${lines} changes to this comparison`;
    const copy = kept === null ? '' : ` The damaged file is kept as ${kept}.`;
    return `${what} could not be read and ${lines === 1 ? 'is' : 'are'} left out.${copy} Look through the decisions again.`;
  },
  COMPARISON_PICTURES_LOST: ({ rows }) =>
    `The pictures of ${rows === 1 ? 'one row' : `${rows} rows`} are missing in this comparison. Try the failed rows again while their files are still there; decisions are kept.`,
  COMPARISON_SNAPSHOT_GONE: ({ name }) =>
    `The catalog “${name}” that this comparison is about cannot be read any more, so it cannot go on. What was compared and decided is all there. Make a new comparison with the catalog of today.`,
  COMPARISON_MODEL_DIFFERS: ({ made, here }) =>
    `This comparison was made with the model “${made}”, and “${here}” is in use now. Go back to that model to go on, or make a new comparison.`,
  PDF_NEEDS_THE_APP: () =>
    'Only the app writes a PDF. Write the report as .html instead, or open the comparison in the app and export it there.',
  PDF_NOT_PRINTED: ({ reason }) =>
    `The report could not be printed (${reason}). Export it as a page (HTML) instead, and print that from a browser.`,
  COMPARISON_BAND_UNCHECKED: ({ checked, enough }) =>
    `${checked === 0 ? 'None' : `Only ${checked}`} of these rows ${checked === 1 ? 'is' : 'are'} checked so far. Decide ${enough - checked} more of them one by one first: fewer than ${enough} cannot show that nine in ten are right.`,
  COMPARISON_ROW_UNDECIDABLE: ({ row, reason }) => {
    switch (reason) {
      case 'missing':
        return `There is no row ${row} in this comparison, so nothing was decided.`;
      case 'failed':
        return `Row ${row} was not decided: its picture could not be read, so there is nothing to compare.`;
      case 'waiting':
        return `Row ${row} was not decided: it is not compared yet. Run the comparison first.`;
    }
  },
  COMPARISON_SOURCE_UNUSABLE: (params) => {
    const { path } = params;
    switch (params.reason) {
      case 'not-opened':
        return `${path} is not there, or cannot be opened. Is the drive connected, or was it moved, renamed or deleted?`;
      case 'no-pictures':
        return `There are no pictures in ${path}.`;
      case 'zip-damaged':
        return `The ZIP archive ${path} is damaged or incomplete. Fetch or make it again.`;
      case 'too-many':
        return `There are more than ${params.most} files in ${path}. Compare a part of them at a time.`;
      case 'no-decisions':
        return `There are no decisions in ${path} that a hand-off has saved. Open the hand-off page, and save the decisions there again.`;
      case 'no-match-column':
        return `${path} is no table of decisions: it needs a column “match_type”. Its columns are: ${params.columns.join(', ')}.`;
      case 'no-picture-column':
        return `No column of ${path} names pictures. Call the one with their addresses or files “image”. Its columns are: ${params.columns.join(', ')}.`;
    }
  },
  PICTURE_REFUSED: ({ reason }) => REFUSED[reason],
} satisfies Partial<Sentences<FaultCode>>;

const REFUSED = {
  outside: 'Its path in the ZIP archive leads out of the archive, so it was not read.',
  grows: 'It unpacks to more than a picture can have, so it was not read.',
  encrypted: 'It is locked with a password, so it could not be read.',
  link: 'It is a link that leads elsewhere, so it was not followed.',
  nested: 'It is an archive inside the archive. Unpack it first, and compare its pictures then.',
  unreadable: 'It is damaged in the ZIP archive.',
};
