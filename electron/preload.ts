import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, PAGE_ORIGIN, type ShellApi } from './contract/shell.ts';

const api: ShellApi = {
  pathForFile: (file) => webUtils.getPathForFile(file),
  restartEngine: () => ipcRenderer.send(channels.restartEngine),
  saveSecret: (sourceId, secret) => ipcRenderer.invoke(channels.saveSecret, sourceId, secret),
  chooseSavePath: (suggestedName) => ipcRenderer.invoke(channels.chooseSavePath, suggestedName),
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  platform: process.platform,
};

function serveThePage(): void {
  contextBridge.exposeInMainWorld('lookalike', api);
  ipcRenderer.on(channels.toPage, (event, message) => {
    window.postMessage(message, PAGE_ORIGIN, event.ports);
  });
  // A module script runs before this event, so the page is listening by now, on every load, if it listens synchronously.
  window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(channels.pageReady));
}

// A window can be brought to `about:blank`, which would inherit the page's origin, and this script with it. (The URL
// type knows no origin of a scheme of one's own, but `location` does.)
if (location.href.startsWith(`${PAGE_ORIGIN}/`)) serveThePage();
