import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';
import { prepareStrace } from '../electron/dev/linux.ts';
import { dropFile, electron, expect, launch, readyToMatch, repository, sampleCatalog, test } from './app.ts';
import { Strace, type Traced } from './strace.ts';

/**
 * Nothing leaves this machine but what was asked for: every connection and every file that the app and the terminal's
 * commands make, as the system saw them. strace is Linux's.
 */
test.skip(process.platform !== 'linux', 'The system calls are traced on Linux.');

/** Files outside the app's own folders that the system's libraries write. Everything else fails the test. */
const OF_THE_SYSTEM = [
  /^\/dev\/(null|tty|ptmx|dri\/.*|nvidia.*|shm\/.*)$/,
  // Chromium's processes tell the kernel which of them to end first, and make their sandbox.
  /^\/proc\/(self|\d+)\/(oom_score_adj|setgroups|uid_map|gid_map|task\/\d+\/comm)$/,
];
/** The same in the person's home folder. */
const OF_THE_SYSTEM_AT_HOME = [
  // GTK keeps its settings in dconf; with D-Bus at hand a service does.
  /^\.cache(\/dconf(\/user)?)?$/,
  // Glyphs and shaders, compiled.
  /^\.cache\/(fontconfig|mesa_shader_cache|mesa_shader_cache_db|nvidia)(\/.*)?$/,
  // The certificates that the person trusts, opened by Chromium.
  /^\.(pki|local\/share\/pki)(\/nssdb(\/.*)?)?$/,
];

const photo = path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg');

/** A home and a temporary folder that only what is traced writes to. */
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

  /** What was written where nothing may be. */
  stray({ written }: Traced): string[] {
    return written.filter((file) => {
      if ([this.in('data'), this.in('cli'), this.in('tmp')].some((own) => `${file}/`.startsWith(`${own}/`)))
        return false;
      const atHome = path.relative(this.in('home'), file);
      if (OF_THE_SYSTEM_AT_HOME.some((pattern) => pattern.test(atHome))) return false;
      return !OF_THE_SYSTEM.some((pattern) => pattern.test(file));
    });
  }
}

let place: Place;
/** Twenty products of the sample catalog; one picture each. */
let feed: { name: string; products: { images: string[] }[] };

test.beforeAll(async () => {
  await prepareStrace();
  place = new Place(await mkdtemp(path.join(tmpdir(), 'lookalike-e2e-traced-')));
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

test.afterAll(() => rm(place.folder, { recursive: true, force: true }));

async function writeFeed(name: string, address: (image: string) => string): Promise<void> {
  const products = feed.products.map((product) => ({ ...product, images: product.images.map(address) }));
  await writeFile(place.in(name), JSON.stringify({ version: 1, ...feed, products }));
}

/** A folder with the starter model under another name, as a company would bring its own. */
async function writeHouseModel(): Promise<void> {
  const { models } = z
    .object({ models: z.array(z.looseObject({ id: z.string() })) })
    .parse(JSON.parse(await readFile(path.join(repository, 'models/manifest.json'), 'utf8')));
  const starter = models.find(({ id }) => id === 'starter');
  const house = { ...starter, id: 'house', name: 'House encoder', files: [{ path: 'model.onnx' }] };
  await mkdir(place.in('house'));
  await writeFile(place.in('house/model.json'), JSON.stringify(house));
  await copyFile(path.join(repository, 'models/starter/model.onnx'), place.in('house/model.onnx'));
}

/** Runs the app under strace until `drive` has ended and the app is closed. */
async function traceApp(
  name: string,
  drive: (page: Page, app: ElectronApplication) => Promise<void>,
): Promise<Traced> {
  const strace = new Strace(place.in('trace', name));
  const program = await strace.executable((await electron).path);
  const { app, page } = await launch(place.in('data'), program, place.env);
  try {
    await drive(page, app);
  } finally {
    await app.close();
  }
  return strace.read();
}

/** Runs one command of the terminal under strace; it must succeed. */
async function traceCommand(...args: string[]): Promise<Traced> {
  const strace = new Strace(place.in('trace', args[0] ?? ''));
  const cli = [path.join(repository, 'electron/cli.ts'), ...args, '--data', place.in('cli')];
  const [program, ...rest] = await strace.command(process.execPath, cli);
  const child = spawn(program, rest, {
    env: { ...process.env, ...place.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[code], said] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  expect(code, said).toBe(0);
  return strace.read();
}

async function matchPhoto(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Match', exact: true }).click();
  await dropFile(page, photo, 'image/jpeg');
  await expect(page.getByRole('gridcell').first()).toHaveAttribute('data-product', /./);
}

/** Name services answer on these ports, on loopback too, and systemd's on a socket of its own. */
const lookUps = ({ destinations, unixSockets }: Traced) => [
  ...destinations.filter((address) => /:(53|853|5353)$/.test(address)),
  ...unixSockets.filter((socket) => /resolve|avahi/.test(socket)),
];

test('from a first run to the last match, and from a feed on this machine, the app connects to nothing else', async () => {
  const local = await traceApp('local', async (page, app) => {
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
  expect(local.destinations).toEqual([]);
  expect(lookUps(local)).toEqual([]);
  // Playwright drives the app through two ports of this machine.
  expect(local.listening).toEqual(['127.0.0.1']);
  expect(place.stray(local)).toEqual([]);

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
    const web = await traceApp('web', async (page) => {
      await page.getByRole('textbox', { name: 'Feed address' }).fill(`http://127.0.0.1:${port}/feed.json`);
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await readyToMatch(page);
      await matchPhoto(page);
    });
    expect(web.destinations).toEqual([`127.0.0.1:${port}`]);
    expect(lookUps(web)).toEqual([]);
    expect(place.stray(web)).toEqual([]);
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
    const traced = await traceCommand(...command);
    expect(traced.internetSockets, command.join(' ')).toBe(0);
    expect(lookUps(traced), command.join(' ')).toEqual([]);
    expect(place.stray(traced), command.join(' ')).toEqual([]);
  }
});
