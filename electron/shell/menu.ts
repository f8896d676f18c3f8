import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

/** The system's own editing, zoom and window commands. The app's commands are all in the page. */
export function setMenu(dataDir: string): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { label: 'View', submenu: viewItems() },
    { role: 'windowMenu' },
    { role: 'help', submenu: helpItems(dataDir, isMac) },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function viewItems(): MenuItemConstructorOptions[] {
  const forDevelopers: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ];
  return [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : forDevelopers),
  ];
}

function helpItems(dataDir: string, isMac: boolean): MenuItemConstructorOptions[] {
  return [
    { label: 'Show Data Folder', click: () => shell.openPath(dataDir) },
    // On a Mac it is in the app's own menu.
    ...(isMac ? [] : [{ role: 'about' } as const]),
  ];
}
