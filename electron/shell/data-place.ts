import { execFile } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cleanUp, remove, rename } from '../engine/files/changes.ts';

/** Where the catalog and the models lie. */
export interface DataPlace {
  dataDir: string;
  /** Where earlier versions of the app had them; null where that is the same place. */
  before: string | null;
}

interface System {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** Electron's folder of the app's own settings. */
  userData: string;
}

/**
 * Windows' folder of settings (Roaming) may be copied to a server at each log-off, or lie on one, and other computers of the
 * person write over it; gigabytes belong into the local one.
 */
export function placeData({ platform, env, userData }: System): DataPlace {
  const inSettings = path.join(userData, 'data');
  const local = env.LOCALAPPDATA;
  if (platform !== 'win32' || !local) return { dataDir: inSettings, before: null };
  return { dataDir: path.join(local, 'Lookalike', 'data'), before: inSettings };
}

/**
 * Moves the data of an earlier version to its place, once. A move to another drive is a copy that gets its name when it is
 * whole. Nobody else may be using the data.
 * @returns where the data is: still where it was, when it could not be moved
 */
export async function moveData({ dataDir, before }: DataPlace): Promise<string> {
  if (before === null || !(await isThere(before)) || (await isThere(dataDir))) return dataDir;
  try {
    await mkdir(path.dirname(dataDir), { recursive: true });
    await rename(before, dataDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error;
      return copyWhole(before, dataDir);
    });
    return dataDir;
  } catch (error) {
    console.error(`${before} could not be moved to ${dataDir} and is used where it is.`, error);
    return before;
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  await remove(unfinished);
  try {
    await cp(from, unfinished, { recursive: true, preserveTimestamps: true });
    await rename(unfinished, to);
  } catch (error) {
    await cleanUp(unfinished);
    throw error;
  }
  await cleanUp(from);
}

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );

/**
 * Keeps a folder out of Time Machine's backups: models are large and can be installed again.
 * @param program that is asked to
 */
export async function keepFromBackups(folder: string, program = '/usr/bin/tmutil'): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await promisify(execFile)(program, ['addexclusion', folder]);
  } catch (error) {
    console.error(`${folder} could not be kept out of backups.`, error);
  }
}
