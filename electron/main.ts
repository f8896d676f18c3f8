import path from 'node:path';
import { app, BrowserWindow, dialog, safeStorage } from 'electron';
import { APP_ID } from './shell/app-id.ts';
import { keepFromBackups, moveData } from './shell/data-place.ts';
import { superviseEngine } from './shell/engine-process.ts';
import { setMenu } from './shell/menu.ts';
import { OpenedFiles } from './shell/opened-files.ts';
import { closePageNetwork } from './shell/page-network.ts';
import { answerPageRequests } from './shell/page-requests.ts';
import { locateData, locatePaths } from './shell/paths.ts';
import { registerPageScheme, servePage } from './shell/protocol.ts';
import { refusedSwitches } from './shell/refused-switches.ts';
import { Secrets } from './shell/secrets.ts';
import { secureApp } from './shell/security.ts';
import { runSelfTest } from './shell/self-test.ts';
import { Summon } from './shell/summon.ts';
import { focusWindow, openWindow, pasteIntoPage } from './shell/window.ts';

const refused = app.isPackaged ? refusedSwitches((name) => app.commandLine.hasSwitch(name)) : [];
if (refused.length > 0) {
  const names = refused.map((name) => `--${name}`).join(', ');
  dialog.showErrorBox('Lookalike cannot be started like this', `Start it again without ${names}.`);
  // Exits at once, because Chromium opens the port when this module has ended.
  process.exit(2);
}

const place = locateData();

// Without this, Windows' task bar shows the pinned shortcut and the running app as two.
if (process.platform === 'win32') app.setAppUserModelId(APP_ID);

/** Called when someone has started the app again, clicked it in the dock or opened a file with it. */
let showWindow = () => {};

if (app.requestSingleInstanceLock()) {
  registerPageScheme();
  secureApp();
  new OpenedFiles(() => showWindow());
  // Not awaited, because `ready` waits until this module has ended.
  app.whenReady().then(run);
} else {
  app.quit();
}

async function run(): Promise<void> {
  const paths = locatePaths(await moveData(place));
  if (process.platform === 'darwin') void keepFromBackups(path.join(paths.dataDir, 'models'));
  const secrets = new Secrets(paths.secrets, safeStorage);
  const stopEngine = superviseEngine(paths.engine, paths, (sourceId, origin) =>
    secrets.read(sourceId, origin),
  );
  const summon = new Summon(paths.summon, paths.icon, {
    show: () => showWindow(),
    match: () => {
      showWindow();
      void pasteIntoPage();
    },
  });
  answerPageRequests(secrets, summon);
  servePage(paths.pageRoot);
  setMenu(paths.dataDir);
  app.on('activate', () => showWindow());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && !summon.stays) app.quit();
  });
  const end = () => stopEngine().finally(() => app.exit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    end();
  });
  // Windows sends this event instead of `will-quit` when the person logs off or the computer shuts down.
  app.on('browser-window-created', (_event, window) => window.on('session-end', end));
  await closePageNetwork();
  const window = openWindow(paths);
  showWindow = () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(paths);
    else focusWindow();
  };
  await runSelfTest(window, path.dirname(paths.sampleFeed));
}
