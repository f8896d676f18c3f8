import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { pathsTooLongForWindows } from '../electron/dev/after-pack.ts';
import { smokeTest } from '../electron/dev/smoke.ts';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { electron, expect, repository, test } from './app.ts';

/**
 * The app as it is installed: this tests `app.isPackaged` and the fuses. It is packaged only for Linux, which takes about 15
 * s.
 */
test.skip(process.platform !== 'linux', 'The package is built for Linux here.');

let folder: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  folder = await makeTemporaryFolder();
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

test.afterAll(() => removeFolder(folder));

const TOKEN = 'a-token-of-the-test-of-the-package';

/** The settings of a local server that is on at a port, as the app keeps them. */
function serverSettings(port: number): string {
  const tokenHash = createHash('sha256').update(TOKEN).digest('hex');
  const client = { id: 'till', name: 'Till', scopes: ['search'], tokenHash, lastUsedAt: null };
  const clients = [{ ...client, createdAt: new Date().toISOString() }];
  return JSON.stringify({ on: true, reach: 'port', port, origins: [], clients });
}

/** What the local server answers to a search, once it answers. */
async function askServer(port: number): Promise<number> {
  const asked = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, body: '{"query":"tee"}' };
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/search`, asked).catch(() => null);
    // The reason of a catalog that is not there yet is the engine's: 503 without an engine has another.
    if (answer && /no catalog/i.test(await answer.text())) return answer.status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return 0;
}

/**
 * Starts the packaged program and watches a port until the program ends or shows its page.
 * @param serverPort where the local server is on; null: it is off
 */
async function start(port: number, switches: readonly string[] = [], serverPort: number | null = null) {
  const { args, env } = await electron;
  const program = path.join(folder, 'linux-unpacked/lookalike');
  const dataDir = await mkdtemp(path.join(folder, 'data-'));
  if (serverPort !== null) await writeFile(path.join(dataDir, 'server.json'), serverSettings(serverPort));
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
  // The page opens its database when it is shown; Chromium would have opened the port before that.
  const pageShown = () => existsSync(path.join(dataDir, 'profile/IndexedDB'));
  while (child.exitCode === null && child.signalCode === null && !pageShown()) {
    opened ||= await answers(port);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  opened ||= await answers(port);
  const served = serverPort === null ? null : await askServer(serverPort);
  const refused = child.exitCode;
  child.kill();
  await ended;
  return { refused, opened, served, said };
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
  // Programs are answered by the packaged server and engine.
  const server = await freePort();
  expect(await start(port, [], server)).toMatchObject({ refused: null, opened: false, served: 503 });
  // A fuse disables Node's own switches, so they are ignored.
  expect(await start(port, [`--inspect=${port}`])).toMatchObject({ refused: null, opened: false });
  for (const opening of [`--remote-debugging-port=${port}`, '--remote-debugging-pipe']) {
    const { refused, opened, said } = await start(port, [opening]);
    expect(refused, opening).toBe(2);
    expect(opened, opening).toBe(false);
    expect(said).toContain(`without ${opening.replace(/=.*/, '')}`);
  }
});

test('the packaged app imports the sample and finds a photo in it, on a new data folder and again', async () => {
  test.setTimeout(600_000);
  await smokeTest(path.join(folder, 'linux-unpacked/lookalike'));
});

test('every path of the package can be opened where Windows installs it', () => {
  expect(pathsTooLongForWindows(path.join(folder, 'linux-unpacked'))).toEqual([]);
});

/** The names of the packages in a program, by its source map. */
async function packagesIn(map: string): Promise<string[]> {
  const { sources } = z
    .object({ sources: z.array(z.string()) })
    .parse(JSON.parse(await readFile(path.join(repository, 'dist', map), 'utf8')));
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}

/** The names of the packages that the page's own files import, because the page has no source map. */
async function packagesOfThePage(): Promise<string[]> {
  const files = globSync('renderer/**/*.{ts,tsx}', { cwd: repository }).filter(
    (file) => !/\.test\.|[\\/]test-/.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(path.join(repository, file), 'utf8')));
  const imports = /^(?:.*\bfrom|import) ['"]((?:@[\w-]+\/)?\w[\w.-]*)/gm;
  return texts.flatMap((text) => [...text.matchAll(imports)].flatMap(([, name = '']) => name));
}

test('the packaged app carries the licence of every package in it', async () => {
  const resources = path.join(folder, 'linux-unpacked/resources');
  const notices = await readFile(path.join(resources, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  // A heading between two lines, then a text: "name version (licence)".
  const parts = notices.split(/^={80}\n/m).slice(1);
  const texts = new Map(parts.map((part, i) => [part.split(' ')[0], parts[i + 1] ?? '']));
  const unpacked = path.join(resources, 'app.asar.unpacked/node_modules');
  const shipped = globSync('{*,@*/*}/package.json', { cwd: unpacked }).map((file) => path.dirname(file));
  const programs = await Promise.all(
    ['main.js', 'engine.js', 'html.js', 'prove.js', 'server.js'].map((file) => packagesIn(`${file}.map`)),
  );
  const page = await packagesOfThePage();
  expect(shipped).toEqual(expect.arrayContaining(['sharp', 'onnxruntime-node', '@lancedb/lancedb']));
  expect(programs.flat()).toEqual(expect.arrayContaining(['undici', 'zod', '@orpc/server']));
  expect(page).toEqual(expect.arrayContaining(['react', 'zustand', '@fontsource-variable/inter']));
  // radix-ui only re-exports its parts.
  const names = [...new Set([...shipped, ...programs.flat(), ...page])].filter((name) => name !== 'radix-ui');
  const isLicence = (text: string) => text.length > 500 && /permission|redistribut|licen[cs]e/i.test(text);
  expect(names.filter((name) => !isLicence(texts.get(name) ?? ''))).toEqual([]);
});
