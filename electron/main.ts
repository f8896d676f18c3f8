import { app, BrowserWindow, safeStorage } from 'electron';
import { superviseEngine } from './shell/engine-process.ts';
import { setMenu } from './shell/menu.ts';
import { answerPageRequests } from './shell/page-requests.ts';
import { locatePaths } from './shell/paths.ts';
import { registerPageScheme, servePage } from './shell/protocol.ts';
import { Secrets } from './shell/secrets.ts';
import { secureApp } from './shell/security.ts';
import { focusWindow, openWindow } from './shell/window.ts';

const paths = locatePaths();

if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  secureApp();
  // Not awaited: `ready` waits for this module to end.
  app.whenReady().then(run);
} else {
  app.quit();
}

function run(): void {
  const secrets = new Secrets(paths.secrets, safeStorage);
  const stopEngine = superviseEngine(paths.engine, paths, (sourceId, origin) =>
    secrets.read(sourceId, origin),
  );
  answerPageRequests(secrets);
  servePage(paths.pageRoot);
  setMenu(paths.dataDir);
  openWindow(paths);
  app.on('second-instance', focusWindow);
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(paths);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    stopEngine().finally(() => app.exit());
  });
}
