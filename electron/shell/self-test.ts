import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, type BrowserWindow } from 'electron';

/** The value of this switch is the file for the report. */
const SELF_TEST_SWITCH = 'self-test';
/** An import of the sample catalog takes 10 to 60 s, and a virus scanner may read every file first. */
const PATIENCE_MS = 240_000;
const PHOTO = 'queries/02-breton-on-bed.jpg';

/** The best product, or the reason why there is none. */
export type SelfTestReport = { bestProduct: string } | { failed: string };

/**
 * `--self-test=FILE` uses the app once, as a person would. It waits for the catalog (with `--sample-catalog` the page of a
 * new data folder imports the sample), drops a photo of the sample on the page, writes the best product to FILE, and quits,
 * with code 1 on failure. An installed app cannot be driven from outside (refused-switches.ts and the fuses), so this is the
 * only way to test whether a package works: `npm run smoke`.
 * @param sampleCatalog the folder that ships with the app
 */
export async function runSelfTest(window: BrowserWindow, sampleCatalog: string): Promise<void> {
  const file = app.commandLine.getSwitchValue(SELF_TEST_SWITCH);
  if (file === '') return;
  const report = await matchPhoto(window, path.join(sampleCatalog, PHOTO));
  await writeFile(file, JSON.stringify(report));
  if ('failed' in report) app.exit(1);
  else app.quit();
}

async function matchPhoto(window: BrowserWindow, photo: string): Promise<SelfTestReport> {
  const base64 = await readFile(photo, 'base64');
  const script = `(${String(dropOnPage)})(${JSON.stringify(base64)}, ${JSON.stringify(path.basename(photo))})`;
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('No answer came.')), PATIENCE_MS);
  });
  try {
    return { bestProduct: String(await Promise.race([window.webContents.executeJavaScript(script), late])) };
  } catch (error) {
    const shown = await window.webContents.executeJavaScript('document.body.innerText').catch(String);
    return { failed: `${String(error)} The window shows: ${shown}` };
  }
}

/** Runs in the page, without access to this module: it is passed as text. */
async function dropOnPage(base64: string, name: string): Promise<string> {
  const until = async <T>(look: () => T | null | undefined): Promise<T> => {
    for (;;) {
      const seen = look();
      if (seen) return seen;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await until(() => /Drop a customer/.test(document.querySelector('main:not([hidden])')?.textContent ?? ''));
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: 'image/jpeg' }));
  for (const type of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  await until(() => document.querySelector('[role=grid][aria-busy=false]'));
  return until(() =>
    document.querySelector('[role=gridcell][aria-selected=true]')?.getAttribute('data-product'),
  );
}
