import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { electron, expect, repository, test } from './app.ts';

/** The app as it is installed: `app.isPackaged` and the fuses are what counts here. Packaged for Linux only, in about 15 s. */
test.skip(process.platform !== 'linux', 'The package is built for Linux here.');

let folder: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-e2e-package-'));
  const { dist } = await electron;
  const version = (await readFile(path.join(dist, 'version'), 'utf8')).replace(/^v/, '').trim();
  const builder = path.join(repository, 'node_modules/.bin/electron-builder');
  const settings = { electronDist: dist, electronVersion: version, 'directories.output': folder };
  const options = Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`);
  await promisify(execFile)(builder, ['--linux', 'dir', ...options], {
    cwd: repository,
    maxBuffer: Infinity,
  });
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the packaged program and watches a port until the program ends or shows its page. */
async function start(port: number, ...switches: string[]) {
  const { args, env } = await electron;
  const program = path.join(folder, 'linux-unpacked/lookalike');
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  const child = spawn(program, [...args, ...switches], {
    env: { ...env, LOOKALIKE_DATA: dataDir },
    // The pipe that --remote-debugging-pipe reads and writes.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  let opened = false;
  const ended = once(child, 'exit');
  // The page opens its database when it is shown; Chromium would have opened the port before.
  const pageShown = () => existsSync(path.join(dataDir, 'profile/IndexedDB'));
  while (child.exitCode === null && child.signalCode === null && !pageShown()) {
    opened ||= await answers(port);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  opened ||= await answers(port);
  const refused = child.exitCode;
  child.kill();
  await ended;
  return { refused, opened, said };
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  return port;
}

test('the packaged app starts, and not with what would open it to another program', async () => {
  const port = await freePort();
  expect(await start(port)).toMatchObject({ refused: null, opened: false });
  // Node's own switches are closed by a fuse, and ignored.
  expect(await start(port, `--inspect=${port}`)).toMatchObject({ refused: null, opened: false });
  for (const opening of [`--remote-debugging-port=${port}`, '--remote-debugging-pipe']) {
    const { refused, opened, said } = await start(port, opening);
    expect(refused, opening).toBe(2);
    expect(opened, opening).toBe(false);
    expect(said).toContain(`without ${opening.replace(/=.*/, '')}`);
  }
});
