import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findElectron } from './electron-binary.ts';
import { installAlone } from './install-lock.ts';
import { verifySha512 } from './repack.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await removeFolder(folder);
});

/** Copies Node in place of Electron: a real executable that needs no download. */
async function putExecutable(): Promise<string> {
  const names: Record<string, string> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const executable = path.join(folder, names[process.platform] ?? 'electron');
  await mkdir(path.dirname(executable), { recursive: true });
  await copyFile(process.execPath, executable);
  return executable;
}

test('ELECTRON_OVERRIDE_DIST_PATH comes before any other Electron', async () => {
  const executable = await putExecutable();
  expect(await findElectron()).toMatchObject({ path: executable, dist: folder, source: 'override' });
});

test('an override without an Electron in it is named', async () => {
  await expect(findElectron()).rejects.toThrow(`There is no Electron at ${folder}`);
});

test('a file that is not the pinned one is refused', async () => {
  const file = path.join(folder, 'package.tgz');
  await writeFile(file, 'abc');
  // FIPS 180-2, appendix C.1: the sha512 of "abc".
  const sha512 = Buffer.from(
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'hex',
  ).toString('base64');
  await expect(verifySha512(file, sha512)).resolves.toBeUndefined();
  await writeFile(file, 'abd');
  await expect(verifySha512(file, sha512)).rejects.toThrow('package.tgz is not the pinned file');
});

test('two installs at once take turns', async () => {
  const steps: string[] = [];
  const install = () =>
    installAlone(async () => {
      steps.push('in');
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push('out');
    });
  await Promise.all([install(), install()]);
  expect(steps).toEqual(['in', 'out', 'in', 'out']);
});

// Only without a display: a desktop need not have Xvfb.
if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  test('the virtual display ends with its process, even when that is killed', async () => {
    await putExecutable();
    const script = `import { findElectron } from '${new URL('electron-binary.ts', import.meta.url)}';
      console.log((await findElectron()).env.DISPLAY); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [display] = await once(child.stdout, 'data');
    const socket = `/tmp/.X11-unix/X${String(display).trim().slice(1)}`;
    expect(existsSync(socket)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(socket)).toBe(false), { timeout: 5000 });
  });
}
