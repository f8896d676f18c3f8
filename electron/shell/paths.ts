import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { SECRETS_FILE } from '../contract/secrets-file.ts';
import { type DataPlace, placeData } from './data-place.ts';

export interface Paths {
  /** The catalog and the installed models. Only one engine at a time works in it. */
  dataDir: string;
  /** Folders of models, the first match counts. */
  modelRoots: string[];
  sampleFeed: string;
  pageRoot: string;
  preload: string;
  engine: string;
  /** The file of the sources' encrypted secrets. */
  secrets: string;
  windowState: string;
  /** The settings of the key from anywhere and the tray, and the tray's icon. */
  summon: string;
  icon: string;
}

/**
 * The place of the app's data. `LOOKALIKE_DATA` moves all files that the app writes, so that two apps
 * on different data are independent. So this must be called before anything is written or locked.
 */
export function locateData(): DataPlace {
  const chosen = process.env.LOOKALIKE_DATA;
  if (chosen) {
    const profile = path.resolve(chosen, 'profile');
    mkdirSync(profile, { recursive: true });
    app.setPath('userData', profile);
    return { dataDir: path.resolve(chosen), before: null };
  }
  return placeData({ platform: process.platform, env: process.env, userData: app.getPath('userData') });
}

/** The paths of everything, unpackaged or installed. */
export function locatePaths(dataDir: string): Paths {
  const dist = import.meta.dirname;
  const repository = path.dirname(dist);
  const models = path.join(app.isPackaged ? process.resourcesPath : repository, 'models');
  const resources = app.isPackaged ? process.resourcesPath : path.join(repository, 'resources');
  return {
    dataDir,
    modelRoots: [path.join(dataDir, 'models'), models],
    sampleFeed: path.join(resources, 'sample-catalog', 'feed.json'),
    pageRoot: path.join(dist, 'renderer'),
    preload: path.join(dist, 'preload.cjs'),
    engine: path.join(dist, 'engine.js'),
    secrets: path.join(dataDir, SECRETS_FILE),
    windowState: path.join(app.getPath('userData'), 'window.json'),
    summon: path.join(app.getPath('userData'), 'summon.json'),
    icon: path.join(resources, 'icon.png'),
  };
}
