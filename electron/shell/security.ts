import path from 'node:path';
import {
  app,
  BrowserWindow,
  type DownloadItem,
  type IpcMainEvent,
  ipcMain,
  type Session,
  shell,
  type WebContents,
  type WebFrameMain,
} from 'electron';
import type { z } from 'zod';
import { PAGE_ORIGIN } from '../contract/shell.ts';
import { closeSpellChecker, closeWebRtc } from './page-network.ts';

/** All the page may ask of the system: writing text, such as a SKU, to the clipboard. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** Closes every way out of the page, for every page there will ever be. Must run before the app is ready. */
export function secureApp(): void {
  // Whatever a window asks for. Root has no sandbox on Linux and must start the app with --no-sandbox, in CI only; with
  // it this call would end every process. (Context isolation is asserted by contextBridge, which fails without.)
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confine(contents));
  app.on('session-created', (session) => {
    denyPermissions(session);
    closeSpellChecker(session);
    session.on('will-download', confineDownload);
  });
}

/** Like `ipcMain.on`, deaf to anything but the main frame of our own page. With `onPageRequest` the only way to listen to a page. */
export function onPageMessage(channel: string, listener: (page: WebContents) => void): void {
  ipcMain.on(channel, (event: IpcMainEvent) => {
    if (isPage(event.senderFrame)) listener(event.sender);
  });
}

/**
 * Like `ipcMain.handle`, for our own page alone, whose arguments it checks. An expected failure is part of the answer: an
 * error that Electron's IPC carries arrives as a text with the channel's name in it.
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

/** What the page has made itself, such as a report, may be saved where the person says; nothing is fetched for it. */
function confineDownload(event: Electron.Event, item: DownloadItem): void {
  if (!item.getURL().startsWith(`blob:${PAGE_ORIGIN}/`)) {
    event.preventDefault();
    return;
  }
  item.setSaveDialogOptions({
    // Electron would put the blob's URL there.
    title: 'Save',
    defaultPath: path.join(app.getPath('downloads'), item.getFilename()),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
}

/**
 * Hands a web page to the system's browser, and no other kind of URL to anything. An address with a user name in it
 * can look like another site's (`https://shop.example@evil.example`), and one without the two slashes like none.
 */
function openInBrowser(url: string): void {
  const parsed = /^https:\/\/[^/\\@]+(?:[/?#]|$)/i.test(url) ? URL.parse(url) : null;
  if (!parsed) return;
  shell
    .openExternal(parsed.href)
    .catch((error: unknown) => console.error(`Could not open ${parsed.href}:`, error));
}

function denyPermissions(target: Session): void {
  target.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === ALLOWED_PERMISSION),
  );
  target.setPermissionCheckHandler((_contents, permission) => permission === ALLOWED_PERMISSION);
  target.setDevicePermissionHandler(() => false);
}
