import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { installAlone } from './install-lock.ts';

const run = promisify(execFile);

/** Packages that bring all libraries of Electron and a virtual display. Ubuntu 24.04 and Debian 13 renamed two (t64). */
const DEBIAN_PACKAGES = 'libgtk-3-0t64 | libgtk-3-0, libasound2t64 | libasound2, libnss3, libgbm1, xvfb';

const isRoot = process.getuid?.() === 0;
const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Prepares this Linux for Electron's `executable`: its system libraries (installed with apt-get if this is root on Debian or
 * Ubuntu), a display (a virtual one if there is none), and the switch to run without a sandbox where that is necessary.
 * @throws with the command to run, when something is missing that cannot be installed here
 */
export async function prepareLinux(
  executable: string,
): Promise<{ args: string[]; env: Record<string, string> }> {
  if ((await missing(executable)).length > 0) await installAlone(() => installMissing(executable));
  const args = (await canSandbox()) ? [] : ['--no-sandbox'];
  return { args, env: hasDisplay ? {} : { DISPLAY: await startVirtualDisplay() } };
}

/** The shared libraries and programs that are missing on this machine. */
async function missing(executable: string): Promise<string[]> {
  const { stdout } = await run('ldd', [executable]);
  const libraries = stdout.split('\n').flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? []);
  return hasDisplay || isOnPath('Xvfb') ? libraries : [...libraries, 'Xvfb'];
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}

async function installMissing(executable: string): Promise<void> {
  const wanted = await missing(executable);
  if (wanted.length === 0) return;
  await installPackages(DEBIAN_PACKAGES, 'what Electron needs');
  const stillMissing = await missing(executable);
  if (stillMissing.length === 0) return;
  throw new Error(
    `Electron needs what is not on this machine: ${stillMissing.join(', ')}. ${remedy(DEBIAN_PACKAGES)}`,
  );
}

/** Installs Debian packages if that needs no password: as root, with apt-get. Does nothing otherwise. */
async function installPackages(packages: string, purpose: string): Promise<void> {
  if (!isRoot || !isOnPath('apt-get')) return;
  console.error(`Installing ${purpose} with apt-get: ${packages}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  const options = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', ['satisfy', ...options, packages], { env, maxBuffer: Infinity });
}

function remedy(packages: string): string {
  return isOnPath('apt-get')
    ? `Run: sudo apt-get satisfy --no-install-recommends '${packages}'`
    : 'Install the packages of your system that hold them.';
}

/**
 * Installs strace if it is missing, like Electron's libraries. The test that nothing leaves this machine needs it.
 * @throws with the command to run, when it cannot be installed here
 */
export async function prepareStrace(): Promise<void> {
  if (isOnPath('strace')) return;
  await installAlone(() => installPackages('strace', 'what shows connections'));
  if (!isOnPath('strace')) throw new Error(`strace is not on this machine. ${remedy('strace')}`);
}

/** Chromium's sandbox refuses root, and needs user namespaces, which containers and Ubuntu 24.04 forbid. */
async function canSandbox(): Promise<boolean> {
  if (isRoot) return false;
  return run('unshare', ['--user', '--map-root-user', 'true']).then(
    () => true,
    () => false,
  );
}

/** Starts Xvfb on a free display and returns the display's name. Xvfb ends with this process, however that ends. */
async function startVirtualDisplay(): Promise<string> {
  const xvfb = ['Xvfb', '-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'];
  const server = spawn('setpriv', ['--pdeathsig', 'TERM', ...xvfb], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl+C must reach Electron but not its display.
    detached: true,
  });
  server.unref();
  const display = server.stdio[3];
  if (!(display instanceof Readable)) throw new Error('Xvfb was started without a pipe to name its display.');
  for await (const number of createInterface({ input: display })) {
    display.destroy();
    const name = `:${number}`;
    console.error(`No display here: running on the virtual display ${name}.`);
    return name;
  }
  throw new Error('Xvfb did not start. To see why, run: Xvfb -displayfd 1');
}
