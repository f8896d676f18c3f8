import { app, type BrowserWindow, dialog } from 'electron';
import { PAGE_ORIGIN, RECOVERED_PARAMETER } from '../contract/shell.ts';
import { restartDelay } from './restart-policy.ts';

/** How long a page that takes no input may go on so, in milliseconds, before its process is ended. */
const HUNG_PATIENCE_MS = 10_000;

/** Without what the first address asked for, such as the sample catalog: the page goes on from what it kept. */
const RECOVERED = `${PAGE_ORIGIN}/?${RECOVERED_PARAMETER}`;

/**
 * Loads the page into a window, and again whenever it is no longer there: its process has died or hung, or the window
 * was brought somewhere else. A page that was loaded again is told so in its address. After three times within a
 * minute, a dialog asks what to do.
 */
export function keepPageAlive(window: BrowserWindow, url: string): void {
  const { webContents: contents } = window;
  let deaths: number[] = [];

  const load = (address: string) => {
    if (window.isDestroyed()) return;
    window.loadURL(address).catch((error: unknown) => {
      // A load that another one overtakes is reported here too.
      console.error('Could not show the page:', error);
    });
  };

  const recover = (reason: string) => {
    console.error(`The page stopped. ${reason}`);
    deaths.push(Date.now());
    const delay = restartDelay(deaths);
    if (delay !== null) setTimeout(load, delay, RECOVERED);
    else void giveUp(reason);
  };

  const giveUp = async (reason: string) => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'Lookalike’s window stopped three times and is not loaded again by itself.',
      detail: `${reason} The catalog is safe: it is not kept in the window.`,
      buttons: ['Load again', 'Quit'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    deaths = [];
    if (response === 0) load(RECOVERED);
    else app.quit();
  };

  contents.on('render-process-gone', (_event, { reason, exitCode }) =>
    recover(`Its process ended (${reason}, code ${exitCode}).`),
  );
  contents.on('did-navigate', (_event, reached) => {
    // Not every way there can be stopped: `about:blank` is reached without a `will-navigate`.
    if (!reached.startsWith(`${PAGE_ORIGIN}/`)) recover(`It was brought to ${reached}.`);
  });

  let patience: NodeJS.Timeout | undefined;
  contents.on('unresponsive', () => {
    clearTimeout(patience);
    patience = setTimeout(() => contents.forcefullyCrashRenderer(), HUNG_PATIENCE_MS);
  });
  contents.on('responsive', () => clearTimeout(patience));
  window.once('closed', () => clearTimeout(patience));

  load(url);
}
