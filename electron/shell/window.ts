import { once } from 'node:events';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { PAGE_ORIGIN } from '../contract/shell.ts';
import { boundPageMemory } from './page-memory.ts';
import { keepPageAlive } from './page-recovery.ts';
import type { Paths } from './paths.ts';
import { firstSize, leastSize } from './window-size.ts';
import { loadWindowState, rememberWindowState } from './window-state.ts';

/** `npm start` passes it: on a first start the page imports the sample catalog without asking. */
const SAMPLE_SWITCH = 'sample-catalog';

/** Opens a window on the page, where it was last, and shows it once the page is painted. */
export function openWindow(paths: Pick<Paths, 'preload' | 'windowState'>): BrowserWindow {
  const state = loadWindowState(paths.windowState);
  const least = leastSize(screen.getAllDisplays().map(({ workArea }) => workArea));
  const window = new BrowserWindow({
    ...(state?.bounds ?? firstSize(screen.getPrimaryDisplay().workArea)),
    minWidth: least.width,
    minHeight: least.height,
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload: paths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  rememberWindowState(window, paths.windowState);
  followTheme(window);
  boundPageMemory(window.webContents);
  window.once('ready-to-show', () => {
    if (state?.maximized) window.maximize();
    window.show();
  });
  keepPageAlive(
    window,
    `${PAGE_ORIGIN}/${app.commandLine.hasSwitch(SAMPLE_SWITCH) ? `?${SAMPLE_SWITCH}` : ''}`,
  );
  return window;
}

/** Brings the app to the front when someone starts it a second time. */
export function focusWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}

/** Pastes what is on the clipboard, as by its keys: the page matches a picture, or searches for words. */
export async function pasteIntoPage(): Promise<void> {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return;
  const { webContents } = window;
  // A window that was closed to the tray is opened anew. Its page has to be there, and a page that is not shown takes no paste.
  const loaded = webContents.isLoading() ? once(webContents, 'did-finish-load') : null;
  const shown = window.isVisible() ? null : once(window, 'show');
  await Promise.all([loaded, shown]);
  window.focus();
  webContents.focus();
  webContents.paste();
}

/** `--paper` of `renderer/ui/tokens.css`: visible until the page is painted, and while the window is enlarged. */
function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#151413' : '#f6f4ef';
}

function followTheme(window: BrowserWindow): void {
  const repaint = () => window.setBackgroundColor(backgroundColor());
  nativeTheme.on('updated', repaint);
  window.once('closed', () => nativeTheme.off('updated', repaint));
}
