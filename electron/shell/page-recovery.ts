import { app, type BrowserWindow, dialog } from 'electron';
import { PAGE_ORIGIN, RECOVERED_PARAMETER } from '../contract/shell.ts';
import { restartDelay } from './restart-policy.ts';

/** How long a page may be unresponsive before its process is killed, in milliseconds. */
const HUNG_PATIENCE_MS = 10_000;

/** Without the parameters of the first address, such as the sample catalog: the page restores its stored state. */
const RECOVERED = `${PAGE_ORIGIN}/?${RECOVERED_PARAMETER}`;

/**
 * Loads the page into a window, and again whenever it is lost: its process has crashed or hung, or the window was navigated
 * elsewhere. A parameter in its address tells a reloaded page so. After three times within a minute, a dialog asks what to
 * do.
 */
export function keepPageAlive(window: BrowserWindow, url: string): void {
  const { webContents: contents } = window;
  let deaths: number[] = [];

  const load = (address: string) => {
    if (window.isDestroyed()) return;
    window.loadURL(address).catch((error: unknown) => {
      // A load that another one replaces is reported here too.
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
    // Not every navigation can be prevented: `about:blank` fires no `will-navigate`.
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
