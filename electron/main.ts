import { app, BrowserWindow, dialog, safeStorage } from 'electron';
import { superviseEngine } from './shell/engine-process.ts';
import { setMenu } from './shell/menu.ts';
import { closePageNetwork } from './shell/page-network.ts';
import { answerPageRequests } from './shell/page-requests.ts';
import { locatePaths } from './shell/paths.ts';
import { registerPageScheme, servePage } from './shell/protocol.ts';
import { refusedSwitches } from './shell/refused-switches.ts';
import { Secrets } from './shell/secrets.ts';
import { secureApp } from './shell/security.ts';
import { focusWindow, openWindow } from './shell/window.ts';

const refused = app.isPackaged ? refusedSwitches((name) => app.commandLine.hasSwitch(name)) : [];
if (refused.length > 0) {
  const names = refused.map((name) => `--${name}`).join(', ');
  dialog.showErrorBox('Lookalike cannot be started like this', `Start it again without ${names}.`);
  // At once: Chromium opens the port when this module has ended.
  process.exit(2);
}

const paths = locatePaths();

if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  secureApp();
  // Not awaited: `ready` waits for this module to end.
  app.whenReady().then(run);
} else {
  app.quit();
}

async function run(): Promise<void> {
  const secrets = new Secrets(paths.secrets, safeStorage);
  const stopEngine = superviseEngine(paths.engine, paths, (sourceId, origin) =>
    secrets.read(sourceId, origin),
  );
  answerPageRequests(secrets);
  servePage(paths.pageRoot);
  setMenu(paths.dataDir);
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
  await closePageNetwork();
  openWindow(paths);
}
