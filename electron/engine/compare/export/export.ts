import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ComparisonFilters, ExportFormat } from '../../../contract/compare.ts';
import { LookalikeError } from '../../../contract/errors.ts';
import type { ChosenKeys } from '../../../contract/review-keys.ts';
import { cleanUp, writeWhole } from '../../files/changes.ts';
import { storageError } from '../../files/storage-error.ts';
import { makeWorkFolder } from '../../files/work-folder.ts';
import { THUMBNAIL_SIDE } from '../../images/photo.ts';
import type { Document } from '../document.ts';
import { orderOf, shownRow } from '../rows.ts';
import { summaryOf } from '../summaries.ts';
import { rowsAmong, trustOf } from '../trust.ts';
import { csvOf } from './csv.ts';
import type { Exported, Tells } from './exported.ts';
import { handoffOf } from './handoff.ts';
import { jsonOf } from './json.ts';
import { ReportPictures, type Thumbnails } from './pictures.ts';
import { PICTURE_SIDE, xlsxOf } from './xlsx.ts';

/** Of the competitor's pictures in a hand-off, in pixels. */
const HANDED_SIDE = 560;

/** Prints an HTML file to a PDF, replacing what is there; rejects with a LookalikeError. Absolute paths. */
export type PrintPdf = (html: string, pdf: string) => Promise<void>;

/** Formats of rows alone. */
const TABLES: readonly ExportFormat[] = ['csv', 'xlsx'];

/**
 * Writes a comparison to a file, in place of what is there.
 * @param asked.keys the person's own, for a hand-off
 * @param parts.print absent where nobody can print
 * @param parts.tells absent where the format has no place for it
 * @throws LookalikeError STORAGE_*, PDF_*
 */
export async function exportTo(
  document: Document,
  {
    path,
    format,
    filters,
    keys = {},
  }: { path: string; format: ExportFormat; filters: ComparisonFilters; keys?: ChosenKeys | undefined },
  catalog: Thumbnails,
  parts: { dataDir: string; print?: PrintPdf; tells?: () => Promise<Tells> },
): Promise<{ path: string; bytes: number; rows: number }> {
  const { state } = document;
  const { rows } = orderOf(state, filters, 'row', rowsAmong(state, filters));
  const exported: Exported = {
    summary: summaryOf(document),
    trust: trustOf(state),
    tells: TABLES.includes(format) ? null : ((await parts.tells?.()) ?? null),
    rows,
    row: (number) => {
      const row = state.rows.get(number);
      return row ? shownRow(row, state) : null;
    },
    hashOf: (number) => state.rows.get(number)?.picture?.hash ?? null,
  };
  try {
    const pictures = (side: number) => new ReportPictures(document, catalog, side);
    if (format === 'pdf') await printTo(path, reportOf(exported, pictures(THUMBNAIL_SIDE)), parts);
    else await writeWhole(path, contentOf(format, exported, pictures, keys));
    return { path, bytes: (await stat(path)).size, rows: rows.length };
  } catch (cause) {
    if (!(await stat(dirname(path)).catch(() => null)))
      throw new LookalikeError(
        { code: 'STORAGE_FOLDER_MISSING', params: {} },
        { item: dirname(path), cause },
      );
    throw storageError(cause, path);
  }
}

async function printTo(
  path: string,
  report: AsyncIterable<string>,
  { dataDir, print }: { dataDir: string; print?: PrintPdf },
): Promise<void> {
  if (!print) throw new LookalikeError({ code: 'PDF_NEEDS_THE_APP', params: {} });
  const folder = await makeWorkFolder(dataDir);
  try {
    const page = join(folder, 'report.html');
    await writeWhole(page, report);
    await print(page, path);
  } finally {
    await cleanUp(folder);
  }
}

function contentOf(
  format: Exclude<ExportFormat, 'pdf'>,
  exported: Exported,
  pictures: (side: number) => ReportPictures,
  keys: ChosenKeys,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return csvOf(exported);
    case 'json':
      return jsonOf(exported);
    case 'html':
      return reportOf(exported, pictures(THUMBNAIL_SIDE));
    case 'handoff':
      return handoffOf(exported, pictures(HANDED_SIDE), keys);
    case 'xlsx':
      return xlsxOf(exported, pictures(PICTURE_SIDE));
  }
}

/** The report. What draws its plots is loaded with the first one: it is a quarter of the engine's code. */
async function* reportOf(exported: Exported, pictures: ReportPictures): AsyncGenerator<string> {
  const { htmlOf } = await import('./html.ts');
  yield* htmlOf(exported, pictures);
}
