import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparisonFilters, ExportFormat } from '../../../contract/compare.ts';
import { LookalikeError } from '../../../contract/errors.ts';
import { cleanUp, writeWhole } from '../../files/changes.ts';
import { storageError } from '../../files/storage-error.ts';
import { makeWorkFolder } from '../../files/work-folder.ts';
import { toPrinted } from '../../images/photo.ts';
import type { LiveCatalog } from '../../snapshot/live-catalog.ts';
import type { Document } from '../document.ts';
import { orderOf, shownRow } from '../rows.ts';
import { summaryOf } from '../summaries.ts';
import { rowsAmong } from '../trust.ts';
import { csvOf } from './csv.ts';
import type { Exported } from './exported.ts';
import { htmlOf, type ReportPictures } from './html.ts';
import { jsonOf } from './json.ts';

/** Prints an HTML file to a PDF, replacing what is there; rejects with a LookalikeError. Absolute paths. */
export type PrintPdf = (html: string, pdf: string) => Promise<void>;

/**
 * Writes a comparison to a file, in place of what is there.
 * @param printing.print absent where nobody can print
 * @throws LookalikeError STORAGE_*, PDF_*
 */
export async function exportTo(
  document: Document,
  { path, format, filters }: { path: string; format: ExportFormat; filters: ComparisonFilters },
  catalog: LiveCatalog,
  printing: { dataDir: string; print?: PrintPdf },
): Promise<{ path: string; bytes: number; rows: number }> {
  const { state } = document;
  const { rows } = orderOf(state, filters, 'row', rowsAmong(state, filters));
  const exported: Exported = {
    summary: summaryOf(document),
    rows,
    row: (number) => {
      const row = state.rows.get(number);
      return row ? shownRow(row, state) : null;
    },
  };
  try {
    const pictures = picturesOf(document, catalog);
    if (format === 'pdf') await printTo(path, htmlOf(exported, pictures), printing);
    else await writeWhole(path, contentOf(format, exported, pictures));
    return { path, bytes: (await stat(path)).size, rows: rows.length };
  } catch (cause) {
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
  pictures: ReportPictures,
): AsyncIterable<string> {
  switch (format) {
    case 'csv':
      return csvOf(exported);
    case 'json':
      return jsonOf(exported);
    case 'html':
      return htmlOf(exported, pictures);
  }
}

function picturesOf(document: Document, catalog: LiveCatalog): ReportPictures {
  return {
    ofRows: async (rows) => {
      const found = new Map<number, { type: string; bytes: Uint8Array }>();
      for (const row of rows) {
        const place = document.state.rows.get(row)?.picture?.thumbnail;
        const bytes = place ? await document.picture(place) : null;
        if (bytes) found.set(row, { type: 'image/jpeg', bytes });
      }
      return found;
    },
    ofProducts: async (ids) => {
      const found = await catalog.thumbnails([...new Set(ids)]);
      const printed = found.map(async ({ id, bytes }) => [id, await toPrinted(bytes)] as const);
      return new Map(await Promise.all(printed));
    },
  };
}
