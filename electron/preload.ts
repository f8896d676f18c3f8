import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, PAGE_ORIGIN, type ShellApi } from './contract/shell.ts';

const api: ShellApi = {
  pathForFile: (file) => webUtils.getPathForFile(file),
  restartEngine: () => ipcRenderer.send(channels.restartEngine),
  saveSecret: (sourceId, secret) => ipcRenderer.invoke(channels.saveSecret, sourceId, secret),
  chooseSavePath: (suggestedName) => ipcRenderer.invoke(channels.chooseSavePath, suggestedName),
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  dragPicture: (name, jpeg) => void ipcRenderer.invoke(channels.dragPicture, name, jpeg),
  summon: () => ipcRenderer.invoke(channels.summon),
  setSummon: (settings) => ipcRenderer.invoke(channels.setSummon, settings),
  platform: process.platform,
};

function serveThePage(): void {
  contextBridge.exposeInMainWorld('lookalike', api);
  ipcRenderer.on(channels.toPage, (event, message) => {
    window.postMessage(message, PAGE_ORIGIN, event.ports);
  });
  // A module script runs before this event. So the page is listening by now, on every load, if it starts to listen
  // synchronously.
  window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(channels.pageReady));
}

// A window can be navigated to `about:blank`, which would inherit the page's origin and this script. (The URL type gives no
// origin for a custom scheme, but `location` does.)
if (location.href.startsWith(`${PAGE_ORIGIN}/`)) serveThePage();
