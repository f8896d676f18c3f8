import path from 'node:path';
import {
  app,
  BrowserWindow,
  type DownloadItem,
  type IpcMainEvent,
  ipcMain,
  shell,
  type WebContents,
  type WebFrameMain,
} from 'electron';
import type { z } from 'zod';
import { PAGE_ORIGIN } from '../contract/shell.ts';
import { closeSpellChecker, closeWebRtc } from './page-network.ts';
import { limitPermissions } from './permissions.ts';

/** Closes every way out of the page, for all present and future pages. Must run before the app is ready. */
export function secureApp(): void {
  // Applies to every window, whatever its options. Root has no sandbox on Linux and must start the app with --no-sandbox,
  // which happens only in CI; with that switch this call would end every process. (contextBridge already fails without
  // context isolation.)
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confine(contents));
  app.on('session-created', (session) => {
    limitPermissions(session);
    closeSpellChecker(session);
    session.on('will-download', confineDownload);
  });
}

/**
 * Like `ipcMain.on`, but ignores everything except the main frame of our own page. This and `onPageRequest` are the only
 * ways to listen to a page.
 */
export function onPageMessage(channel: string, listener: (page: WebContents) => void): void {
  ipcMain.on(channel, (event: IpcMainEvent) => {
    if (isPage(event.senderFrame)) listener(event.sender);
  });
}

/**
 * Like `ipcMain.handle`, but only for our own page, and with its arguments validated. An expected failure is part of the
 * result, because Electron's IPC turns an error into a text with the channel's name in it.
 */
export function onPageRequest<Arguments, Value>(
  channel: string,
  schema: z.ZodType<Arguments>,
  answer: (args: Arguments, window: BrowserWindow) => Promise<Value>,
): void {
  ipcMain.handle(channel, async (event, ...args): Promise<Value> => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !isPage(event.senderFrame)) throw new Error('Only the page may ask.');
    return answer(schema.parse(args), window);
  });
}

function isPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === PAGE_ORIGIN;
}

function confine(contents: WebContents): void {
  closeWebRtc(contents);
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openInBrowser(url);
    return { action: 'deny' };
  });
}

/**
 * A file that the page has made itself, such as a report, may be saved where the person chooses. Nothing is downloaded from
 * the network.
 */
function confineDownload(event: Electron.Event, item: DownloadItem): void {
  if (!item.getURL().startsWith(`blob:${PAGE_ORIGIN}/`)) {
    event.preventDefault();
    return;
  }
  item.setSaveDialogOptions({
    // Otherwise Electron would show the blob's URL there.
    title: 'Save',
    defaultPath: path.join(app.getPath('downloads'), item.getFilename()),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
}

/**
 * Opens a web page in the system's browser; other kinds of URLs are not opened at all. An address with a user name can look
 * like another site's (`https://shop.example@evil.example`), and one without the two slashes does not look like an address.
 */
function openInBrowser(url: string): void {
  const parsed = /^https:\/\/[^/\\@]+(?:[/?#]|$)/i.test(url) ? URL.parse(url) : null;
  if (!parsed) return;
  shell
    .openExternal(parsed.href)
    .catch((error: unknown) => console.error(`Could not open ${parsed.href}:`, error));
}
