import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { SECRETS_FILE } from '../contract/secrets-file.ts';

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
}

/**
 * The paths of everything, unpackaged or installed. `LOOKALIKE_DATA` moves all files that the app writes, so that two apps
 * on different data are independent. So this must be called before anything is written or locked.
 */
export function locatePaths(): Paths {
  const chosen = process.env.LOOKALIKE_DATA;
  if (chosen) {
    const profile = path.resolve(chosen, 'profile');
    mkdirSync(profile, { recursive: true });
    app.setPath('userData', profile);
  }
  const dataDir = chosen ? path.resolve(chosen) : path.join(app.getPath('userData'), 'data');
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
  };
}
