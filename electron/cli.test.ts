import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from './dev/temporary-folder.ts';
import { loadSharp } from './engine/images/sharp-build.ts';
import { drawInto, drawPicture, item, range, writeFeed } from './engine/test-catalog.ts';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

/**
 * Sends Ctrl+C. On Windows it goes to all programs of a console, and Node kills a child that is sent a signal. So there the
 * child gets a message, and raises the signal itself.
 */
function interrupt(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') child.send(signal);
  else child.kill(signal);
}
const INTERRUPTIBLE =
  process.platform === 'win32'
    ? ['--import', "data:text/javascript,process.once('message', (signal) => process.emit(signal))"]
    : [];

/** Starts the CLI as a separate process, in `folder`. */
function start(args: string[], nodeOptions: string[] = []) {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, CLI, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe', nodeOptions.length > 0 ? 'ipc' : 'ignore'],
  });
  const { stdout: out, stderr: err } = child;
  if (!out || !err) throw new Error('The CLI was started without pipes.');
  const ended = Promise.all([once(child, 'close'), text(out), text(err)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, out, err, ended };
}
const run = (...args: string[]) => start(args).ended;

/** Runs a command and parses the JSON document on its stdout. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  return { code, document: JSON.parse(stdout), stderr };
}

let folder: string;
let imported: Awaited<ReturnType<typeof json>>;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  await drawInto(folder, range(4));
  await writeFeed(folder, [
    item(0, { category: 'coat', price: 10, attributes: { material: 'wool' } }),
    item(1, { category: 'coat', price: 20 }),
    item(2, { category: 'dress', price: 30, attributes: { material: 'silk' } }),
    item(3, { category: 'dress', image: 'missing.png' }),
  ]);
  imported = await json('import', 'feed.json', '--data', 'data');
});

afterAll(() => removeFolder(folder));

test('import, search and status, each with one JSON document on stdout', async () => {
  expect(imported).toMatchObject({
    code: 0,
    document: {
      products: { total: 3, added: 3 },
      images: { embedded: 3 },
      problems: [{ item: 'p3', code: 'IMAGE_MISSING' }],
      published: { name: 'Test', products: 3 },
    },
  });
  expect(imported.stderr).toContain('Reading the feed');

  const [found, status] = await Promise.all([
    json('search', '1.png', '--data', 'data', '--limit', '2'),
    json('status', '--data', 'data'),
  ]);
  expect(found.code).toBe(0);
  expect(found.document).toMatchObject({
    results: [
      {
        rank: 1,
        productId: 'p1',
        sku: 'p1',
        title: 'Product 1',
        band: 'same',
        score: expect.closeTo(1, 4),
      },
      { rank: 2 },
    ],
    total: 3,
    model: { id: 'starter-2' },
    provider: 'CPU',
    timings: { cached: false, total: expect.any(Number) },
  });
  expect(found.document).not.toHaveProperty('thumbnails');
  expect(status).toMatchObject({
    code: 0,
    document: { snapshot: imported.document.published, importing: false },
  });
});

test('--where narrows: fields, attributes, prices, and either of two values', async () => {
  const ids = async (...where: string[]) => {
    const clauses = where.flatMap((clause) => ['--where', clause]);
    const { document } = await json('search', '0.png', '--data', 'data', ...clauses);
    return document.results.map(({ productId }: { productId: string }) => productId).sort();
  };
  const [wool, dear, either] = await Promise.all([
    ids('material=wool'),
    ids('price>=20', 'price<=25'),
    ids('material=wool', 'material=silk', 'category=dress'),
  ]);
  expect({ wool, dear, either }).toEqual({
    wool: ['p0'],
    dear: ['p1'],
    either: ['p2'],
  });
});

test('search by words: alone, beside a photo, and not at all', async () => {
  const [alone, beside, neither, unknown] = await Promise.all([
    json('search', '--words', 'P1', '--data', 'data'),
    json('search', '0.png', '--words', 'silk', '--balance', '0.8', '--without', 'wool', '--data', 'data'),
    run('search', '--data', 'data'),
    run('search', '--words', 'silk', '--balance', '2', '--data', 'data'),
  ]);
  expect(alone.document).toMatchObject({
    results: [{ productId: 'p1', band: 'same' }],
    ranking: { words: 'fields' },
  });
  expect(beside.document.results.map(({ productId }: { productId: string }) => productId)).toEqual([
    'p2',
    'p1',
  ]);
  expect(neither).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('give a photo, --words, or both'),
  });
  expect(unknown.code).toBe(2);
});

test('--crop takes fractions or pixels of the whole photo, and finds what is in that part', async () => {
  const sharp = await loadSharp();
  const tile = await sharp(await drawPicture(2))
    .resize(1000, 1000, { kernel: 'nearest' })
    .png()
    .toBuffer();
  // Wider than a preview, so that pixels of the photo and of a preview differ.
  const photo = sharp({ create: { width: 4000, height: 2000, channels: 3, background: '#888' } });
  await photo
    .composite([{ input: tile, left: 3000, top: 500 }])
    .png()
    .toFile(join(folder, 'photo.png'));
  const crop = (box: string) => json('search', 'photo.png', '--data', 'data', '--limit', '1', '--crop', box);
  const [fractions, pixels, outside, broken] = await Promise.all([
    crop('0.75,0.25,0.25,0.5'),
    crop('3000,500,1000,1000'),
    crop('0.9,0,0.5,0.5'),
    crop('1,,2,3'),
  ]);
  expect(fractions.document.results).toMatchObject([{ productId: 'p2', score: expect.closeTo(1, 1) }]);
  expect(pixels.document.results).toEqual(fractions.document.results);
  expect(outside).toMatchObject({ code: 3, document: { error: { code: 'CROP_INVALID' } } });
  expect(broken).toMatchObject({ code: 3, document: { error: { code: 'CROP_INVALID' } } });
});

test('failures: the exit code of their kind, one JSON document, and words on stderr', async () => {
  await writeFile(join(folder, 'broken.json'), '{"products":[');
  await mkdir(join(folder, 'file'));
  await writeFile(join(folder, 'file/catalog'), 'a file');
  const outcomes = await Promise.all([
    json('search', '0.png', '--data', 'empty'),
    json('import', 'none.json', '--data', 'data1'),
    json('import', 'broken.json', '--data', 'data2'),
    json('status', '--data', 'empty', '--model', 'none'),
    json('status', '--data', 'file'),
  ]);
  expect(outcomes.map(({ code, document }) => [code, document.error.code])).toEqual([
    [4, 'CATALOG_EMPTY'],
    [3, 'FEED_UNREACHABLE'],
    [3, 'FEED_INVALID'],
    [5, 'MODEL_MISSING'],
    [4, 'CATALOG_UNREADABLE'],
  ]);
  for (const { document, stderr } of outcomes) {
    expect(stderr).toContain(`lookalike: ${document.error.message}`);
    expect(stderr).not.toContain('    at ');
  }
});

test('a command line that is not understood: exit code 2, and why on stderr', async () => {
  const search = ['search', '0.png', '--data', 'data'];
  const outcomes = await Promise.all([
    run(...search, '--where', 'nonsense'),
    run(...search, '--where', 'price<=cheap'),
    run(...search, '--limit', '0'),
    run('nonsense'),
  ]);
  for (const { code, stdout, stderr } of outcomes) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  }
});

test('without --json: a table for people on stdout, times on stderr', async () => {
  const found = await run('search', '2.png', '--data', 'data', '--limit', '1');
  expect(found).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ +1 +1\.000 +same +p2 +Product 2 +30\.00/),
  });
  expect(found.stderr).toContain('Starter model on CPU (exact, ');
});

test('a second import at the same time waits for the first and says so; Ctrl+C, or closing the console, cancels either', async () => {
  // The feed answers at once, but its picture never does: the first import holds the catalog's lock and waits.
  const feed = JSON.stringify({ products: [{ id: '1', title: 'Coat', image: 'coat.jpg' }] });
  const server = createServer((request, response) => {
    if (request.url === '/feed.json') response.end(feed);
    else server.emit('picture');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}/feed.json`;
  const first = start(['import', url, '--data', 'busy', '--json'], INTERRUPTIBLE);
  await once(server, 'picture');
  const cancelled = { code: 130, document: { error: { code: 'CANCELLED' } } };
  const stop = async ({ child, ended }: ReturnType<typeof start>, signal: NodeJS.Signals) => {
    interrupt(child, signal);
    const { code, stdout } = await ended;
    expect({ code, document: JSON.parse(stdout) }).toMatchObject(cancelled);
  };
  const second = start(['import', url, '--data', 'busy', '--json'], INTERRUPTIBLE);
  let said = '';
  await new Promise<void>((resolve) => {
    second.err.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Waiting for another sync')) resolve();
    });
  });
  const goesOn = once(server, 'picture');
  await stop(first, 'SIGINT');
  await goesOn;
  await stop(second, 'SIGHUP');
});

test('serve: one line when it answers; killed, it answers again at the same port', async () => {
  await writeFile(join(folder, 'tokens'), '# the tills\ntill search a-token-of-the-first-till\n');
  const photo = JSON.stringify({ image: Buffer.from(await drawPicture(1)).toString('base64') });
  const serve = async (...args: string[]) => {
    const server = start(['serve', '--data', 'data', '--json', ...args]);
    onTestFinished(() => void server.child.kill('SIGKILL'));
    const [line] = await once(server.out, 'data');
    return { ...server, told: JSON.parse(String(line)) };
  };
  const ask = async (url: string, token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/api/image-search/find-similar`, {
      method: 'POST',
      headers,
      body: photo,
    });
    return [answer.status, await answer.json()];
  };
  const first = await serve();
  const { url, port, token } = first.told;
  expect(first.told).toEqual({ url: `http://127.0.0.1:${port}`, port, token: expect.any(String) });
  expect(await ask(url, token)).toMatchObject([200, { data: [{ variantId: 'p1' }, {}, {}] }]);
  first.child.kill('SIGKILL');
  await first.ended;

  // Two programs with one token could not be told apart.
  await writeFile(join(folder, 'same'), `till search ${token}\nshop index ${token}\n`);
  const same = start(['serve', '--data', 'data', '--token-file', 'same']);
  expect((await same.ended).code).toBeGreaterThan(0);

  const again = await serve('--token-file', 'tokens');
  expect(again.told).toEqual({ url, port });
  expect(await ask(url, 'a-token-of-the-first-till')).toMatchObject([
    200,
    { data: [{ variantId: 'p1' }, {}, {}] },
  ]);
  expect(await ask(url, token)).toMatchObject([401, {}]);
  interrupt(again.child, 'SIGTERM');
  expect((await again.ended).code).toBe(0);
});
