import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';
import { prepareStrace } from '../electron/dev/linux.ts';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { dropFile, electron, expect, launch, readyToMatch, repository, sampleCatalog, test } from './app.ts';
import { type ObservedSockets, observedApp, readNetLog, readSockets, socketGuard } from './observed.ts';
import { Strace, type Traced } from './strace.ts';

/**
 * Only requested data leaves this machine. Three observers watch the same runs:
 * - the system (strace; Linux only): every connection and every file, also of native code;
 * - Chromium's own net log: every request of the page and of Chromium itself, also those that its proxy blocks;
 * - the socket guard: every connection and look-up of our programs and their packages.
 */
const onLinux = process.platform === 'linux';

/** Files outside the app's own folders that the system's libraries write. Any other file fails the test. */
const OF_THE_SYSTEM = [
  /^\/dev\/(null|tty|ptmx|dri\/.*|nvidia.*|shm\/.*)$/,
  // Chromium's processes tell the kernel which of them to kill first, and set up their sandbox.
  /^\/proc\/(self|\d+)\/(oom_score_adj|setgroups|uid_map|gid_map|task\/\d+\/comm)$/,
];
/** The same in the person's home folder. */
const OF_THE_SYSTEM_AT_HOME = [
  // GTK stores its settings in dconf; with D-Bus a service does that.
  /^\.cache(\/dconf(\/user)?)?$/,
  // Compiled glyphs and shaders.
  /^\.cache\/(fontconfig|mesa_shader_cache|mesa_shader_cache_db|nvidia)(\/.*)?$/,
  // The person's trusted certificates, opened by Chromium.
  /^\.(pki|local\/share\/pki)(\/nssdb(\/.*)?)?$/,
];

const photo = path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg');

/** A home and a temporary folder that only the observed program writes to. */
class Place {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }
  in = (...names: string[]) => path.join(this.folder, ...names);
  get env() {
    return {
      HOME: this.in('home'),
      TMPDIR: this.in('tmp'),
      XDG_CACHE_HOME: '',
      XDG_CONFIG_HOME: '',
      XDG_DATA_HOME: '',
    };
  }

  /** Files written where nothing may be written. */
  stray({ written }: Traced): string[] {
    return written.filter((file) => {
      const own = ['data', 'cli', 'tmp', 'observed'].map((name) => this.in(name));
      if (own.some((folder) => `${file}/`.startsWith(`${folder}/`))) return false;
      const atHome = path.relative(this.in('home'), file);
      if (OF_THE_SYSTEM_AT_HOME.some((pattern) => pattern.test(atHome))) return false;
      return !OF_THE_SYSTEM.some((pattern) => pattern.test(file));
    });
  }
}

let place: Place;
/** Twenty products of the sample catalog, with one picture each. */
let feed: { name: string; products: { images: string[] }[] };

test.beforeAll(async () => {
  if (onLinux) await prepareStrace();
  place = new Place(await makeTemporaryFolder());
  await Promise.all(['home', 'tmp', 'data'].map((name) => mkdir(place.in(name), { recursive: true })));
  const sample = z
    .object({ products: z.array(z.looseObject({ images: z.array(z.string()) })) })
    .parse(JSON.parse(await readFile(path.join(sampleCatalog, 'feed.json'), 'utf8')));
  feed = {
    name: 'Shop',
    products: sample.products
      .slice(0, 20)
      .map((product) => ({ ...product, images: product.images.slice(0, 1) })),
  };
  await writeFeed('feed.json', (image) => path.join(sampleCatalog, image));
  await writeHouseModel();
});

test.afterAll(() => removeFolder(place.folder));

async function writeFeed(name: string, address: (image: string) => string): Promise<void> {
  const products = feed.products.map((product) => ({ ...product, images: product.images.map(address) }));
  await writeFile(place.in(name), JSON.stringify({ version: 1, ...feed, products }));
}

/** A folder with the starter model under another name, like a company's own model. */
async function writeHouseModel(): Promise<void> {
  const { models } = z
    .object({ models: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(await readFile(path.join(repository, 'models/manifest.json'), 'utf8')));
  const starter = models.find(({ id }) => id === 'starter-2');
  const house = {
    ...starter,
    supersedes: undefined,
    id: 'house',
    name: 'House encoder',
    files: [{ path: 'model.onnx' }],
  };
  await mkdir(place.in('house'));
  await writeFile(place.in('house/model.json'), JSON.stringify(house));
  await copyFile(path.join(repository, 'models/starter-2/model.onnx'), place.in('house/model.onnx'));
}

/** The records of the observers of one run. */
interface Seen {
  /** Null without strace. */
  system: Traced | null;
  sockets: ObservedSockets;
}

/** Makes a folder for the records of a run, and starts strace if it is available. */
async function witnesses(name: string) {
  const folder = place.in('observed', name);
  const sockets = path.join(folder, 'sockets');
  await mkdir(sockets, { recursive: true });
  const strace = onLinux ? new Strace(path.join(folder, 'strace')) : null;
  return {
    strace,
    netLog: path.join(folder, 'net-log.json'),
    env: { ...place.env, OBSERVED_SOCKETS: sockets },
    async read(): Promise<Seen> {
      return { system: (await strace?.read()) ?? null, sockets: await readSockets(sockets) };
    },
  };
}

/** Runs the app under all observers until `drive` has ended and the app is closed. */
async function observeApp(
  name: string,
  drive: (page: Page, app: ElectronApplication) => Promise<void>,
): Promise<Seen & { netLog: string[] }> {
  const { strace, netLog, env, read } = await witnesses(name);
  const program = await strace?.executable((await electron).path);
  const { app, page } = await launch(place.in('data'), {
    ...(program && { program }),
    switches: [`--log-net-log=${netLog}`],
    folder: observedApp,
    env,
  });
  try {
    await drive(page, app);
  } finally {
    await app.close();
  }
  return { ...(await read()), netLog: await readNetLog(netLog) };
}

/** Runs one CLI command under its observers; it must succeed. */
async function observeCommand(...args: string[]): Promise<Seen> {
  const { strace, env, read } = await witnesses(args.filter((arg) => !path.isAbsolute(arg)).join(' '));
  const cli = ['--require', socketGuard, path.join(repository, 'electron/cli.ts'), ...args];
  const line = [...cli, '--data', place.in('cli')];
  const [program, ...rest] = (await strace?.command(process.execPath, line)) ?? [process.execPath, ...line];
  const child = spawn(program, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[code], said] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  expect(code, said).toBe(0);
  return read();
}

/** The app's main process, its engine and, if a model was proved, that program. */
function expectGuarded({ guarded }: ObservedSockets, utilities: number): void {
  const count = (kind: string) => guarded.filter((each) => each === kind).length;
  expect(count('browser')).toBe(1);
  expect(count('utility')).toBe(utilities);
}

async function matchPhoto(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Match', exact: true }).click();
  await dropFile(page, photo, 'image/jpeg');
  await expect(page.getByRole('gridcell').first()).toHaveAttribute('data-product', /./);
}

/** Name services use these ports, on loopback too; systemd's uses a Unix socket. */
const lookUps = ({ destinations, unixSockets }: Traced) => [
  ...destinations.filter((address) => /:(53|853|5353)$/.test(address)),
  ...unixSockets.filter((socket) => /resolve|avahi/.test(socket)),
];

test('from a first run to the last match, and from a feed on this machine, the app connects to nothing else', async () => {
  const local = await observeApp('local', async (page, app) => {
    await page.getByLabel('Feed file').setInputFiles(place.in('feed.json'));
    await readyToMatch(page);
    await matchPhoto(page);
    await page.getByRole('button', { name: 'Models', exact: true }).click();
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, place.in('house'));
    await page.getByRole('button', { name: 'Folder…' }).click();
    const house = page.getByRole('listitem', { name: 'House encoder' });
    await house.getByRole('button', { name: 'Use House encoder' }).click();
    await expect(house).toContainText('looked at again');
    await house.getByRole('button', { name: 'Use House encoder' }).click();
    await expect(house).toContainText('In use', { timeout: 60_000 });
    await matchPhoto(page);
  });
  expect(local.netLog).toEqual([]);
  expect(local.sockets.notes).toEqual([]);
  expectGuarded(local.sockets, 2);
  if (local.system) {
    expect(local.system.destinations).toEqual([]);
    expect(lookUps(local.system)).toEqual([]);
    // Playwright drives the app through two ports of this machine.
    expect(local.system.listening).toEqual(['127.0.0.1']);
    expect(place.stray(local.system)).toEqual([]);
  }

  const shop = createServer(async (request, response) => {
    const file =
      request.url === '/feed.json' ? place.in('web.json') : path.join(sampleCatalog, request.url ?? '');
    response.end(await readFile(file));
  });
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  try {
    const { port } = z.object({ port: z.number() }).parse(shop.address());
    await writeFeed('web.json', (image) => `http://127.0.0.1:${port}/${image}`);
    await rm(place.in('data/catalog'), { recursive: true });
    const web = await observeApp('web', async (page) => {
      await page.getByRole('textbox', { name: 'Feed address' }).fill(`http://127.0.0.1:${port}/feed.json`);
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await readyToMatch(page);
      await matchPhoto(page);
    });
    expect(web.netLog).toEqual([]);
    expect(web.sockets.notes).toEqual([`connect 127.0.0.1:${port}`]);
    expectGuarded(web.sockets, 1);
    if (web.system) {
      expect(web.system.destinations).toEqual([`127.0.0.1:${port}`]);
      expect(lookUps(web.system)).toEqual([]);
      expect(place.stray(web.system)).toEqual([]);
    }
  } finally {
    shop.closeAllConnections();
    shop.close();
  }
});

test('the terminal’s commands open no internet socket', async () => {
  for (const command of [
    ['import', place.in('feed.json')],
    ['search', photo],
    ['search', photo, '--words', 'blue'],
    ['plan', place.in('feed.json')],
    ['sync', place.in('feed.json')],
    ['snapshots'],
    ['status'],
  ]) {
    const { system, sockets } = await observeCommand(...command);
    expect(sockets.notes, command.join(' ')).toEqual([]);
    expect(sockets.guarded, command.join(' ')).toContain('node');
    if (!system) continue;
    expect(system.internetSockets, command.join(' ')).toBe(0);
    expect(lookUps(system), command.join(' ')).toEqual([]);
    expect(place.stray(system), command.join(' ')).toEqual([]);
  }
});

test('the net log names what Chromium asks for, reached or not', async () => {
  const netLog = place.in('control.json');
  const { app } = await launch(place.in('control'), { switches: [`--log-net-log=${netLog}`] });
  await app.evaluate(async ({ session }) => {
    // The page's own session cannot reach the network; this one can.
    await session.defaultSession.fetch('https://stopped.invalid/').catch(() => {});
    await session
      .fromPartition('control')
      .fetch('http://127.0.0.1:65535/')
      .catch(() => {});
  });
  await app.close();
  const named = await readNetLog(netLog);
  expect(named).toEqual(
    expect.arrayContaining(['https://stopped.invalid/', 'http://127.0.0.1:65535/', '127.0.0.1:65535']),
  );
});

test('the socket guard sees every way out that Node has', async () => {
  const folder = place.in('ways-out');
  await mkdir(folder);
  const script = path.join(import.meta.dirname, 'observed-app/ways-out.mjs');
  const child = spawn(process.execPath, ['--require', socketGuard, script], {
    cwd: repository,
    env: { ...process.env, OBSERVED_SOCKETS: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(code).toBe(0);
  const ways = z.record(z.string(), z.string()).parse(JSON.parse(said));
  const { notes } = await readSockets(folder);
  for (const [way, expected] of Object.entries(ways)) expect(notes, way).toContain(expected);
  expect(Object.keys(ways)).toHaveLength(14);
});
