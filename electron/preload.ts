import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, type ShellApi } from './contract/shell.ts';

const api: ShellApi = {
  pathForFile: (file) => webUtils.getPathForFile(file),
  restartEngine: () => ipcRenderer.send(channels.restartEngine),
  platform: process.platform,
};
contextBridge.exposeInMainWorld('lookalike', api);

ipcRenderer.on(channels.engine, (event, message) => {
  window.postMessage(message, location.origin, event.ports);
});

// A module script runs before this event, so the page is listening by now, on every load, if it listens synchronously.
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(channels.pageReady));
