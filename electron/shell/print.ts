import { pathToFileURL } from 'node:url';
import { BrowserWindow, session } from 'electron';
import type { Fault } from '../contract/faults.ts';
import { writeWhole } from '../engine/files/changes.ts';
import { storageError } from '../engine/files/storage-error.ts';
import { closeNetwork } from './page-network.ts';

/** Kept only in memory, because its name does not begin with `persist:`. */
const PRINTING_SESSION = 'printing';

/**
 * Prints an HTML file to a PDF, replacing what is there. No script of the file runs, and nothing is loaded but the file
 * itself. The PDF has headings and tables that a screen reader finds.
 * @returns why it was not printed; null when it was
 */
export async function printToPdf(html: string, pdf: string): Promise<Fault | null> {
  const address = pathToFileURL(html).href;
  const printing = session.fromPartition(PRINTING_SESSION);
  await closeNetwork(printing);
  printing.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: url !== address && !url.startsWith('data:') }),
  );
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: printing, sandbox: true, javascript: false, nodeIntegration: false },
  });
  try {
    const gone = new Promise<never>((_resolve, reject) => {
      window.webContents.once('render-process-gone', (_event, { reason }) => reject(new Error(reason)));
    });
    const printed = async () => {
      await window.loadURL(address);
      return window.webContents.printToPDF({
        printBackground: true,
        preferCSSPageSize: true,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
      });
    };
    const bytes = await Promise.race([printed(), gone]);
    return await writeWhole(pdf, bytes).then(
      () => null,
      (cause: unknown) => storageError(cause, pdf).fault,
    );
  } catch (error) {
    console.error('The report could not be printed:', error);
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 'PDF_NOT_PRINTED', params: { reason } };
  } finally {
    window.destroy();
  }
}
