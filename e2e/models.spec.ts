import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { dropFile, expect, expectAccessible, readyToMatch, repository, sampleCatalog, test } from './app.ts';
import { ranked } from './matching.ts';

test.use({ data: 'small' });

/** A model that is certainly available: the starter's own file, under other names. */
const modelFile = path.join(repository, 'models/starter-2/model.onnx');
const bytes = await readFile(modelFile);
const starter = z
  .object({ models: z.array(z.looseObject({ id: z.string(), image: z.looseObject({}) })) })
  .parse(JSON.parse(await readFile(path.join(repository, 'models/manifest.json'), 'utf8')))
  .models.find(({ id }) => id === 'starter-2');

/** An entry of the manifest's schema. */
function entry(id: string, name: string, file: Record<string, unknown>) {
  const files = [{ path: 'model.onnx', ...file }];
  return {
    ...starter,
    supersedes: undefined,
    id,
    name,
    summary: 'For this test.',
    licence: 'MIT',
    tier: 'full',
    files,
  };
}

/** A folder in which a company would bring its own encoder on a USB stick. */
async function ownModel(): Promise<string> {
  const folder = await makeTemporaryFolder();
  await copyFile(modelFile, path.join(folder, 'model.onnx'));
  await writeFile(path.join(folder, 'model.json'), JSON.stringify(entry('house', 'House encoder', {})));
  return folder;
}

/** Replaces the system's own dialog, which a test cannot drive. */
async function answerFolderDialog(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, folder);
}

const model = (page: Page, name: string) => page.getByRole('listitem', { name });

async function showModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Model: / }).click();
  await expect(model(page, 'Starter model')).toContainText('Verified');
}

/** Switches to another model and waits until it is in use. */
async function use(page: Page, name: string, words: RegExp): Promise<void> {
  const row = model(page, name);
  await row.getByRole('button', { name: `Use ${name}` }).click();
  await expect(row).toContainText(words);
  await row.getByRole('button', { name: `Use ${name}` }).click();
  await expect(row).toContainText('In use', { timeout: 90_000 });
  await expect(page.getByRole('button', { name: `Model: ${name}` })).toBeVisible();
}

test('a model of one’s own: installed from its folder, verified, used, matched with, and removed', async ({
  lookalike: { app, page, dataDir },
}) => {
  const folder = await ownModel();
  await readyToMatch(page);
  await showModels(page);
  await expectAccessible(page);

  await answerFolderDialog(app, sampleCatalog);
  await page.getByRole('button', { name: 'Folder…' }).click();
  await expect(page.getByRole('alert')).toHaveAttribute('data-code', 'MODEL_UNRECOGNISED');
  await answerFolderDialog(app, folder);
  await page.getByRole('button', { name: 'Folder…' }).click();
  const house = model(page, 'House encoder');
  await expect(house).toContainText('Installed');
  await removeFolder(folder);

  await house.getByRole('button', { name: 'Verify House encoder' }).click();
  await expect(house.getByRole('status').filter({ hasText: 'Every byte was read again' })).toBeVisible();
  await use(
    page,
    'House encoder',
    /\d+ stored pictures are looked at again with it, which takes about \d+ s/,
  );
  await expect(house.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Match', exact: true }).click();
  await dropFile(page, path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg'), 'image/jpeg');
  await expect.poll(async () => (await ranked(page))[0]).toBe('40101-NVY');
  await expect(page.getByRole('contentinfo')).toContainText('House encoder');

  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await use(page, 'Starter model', /has seen every picture .* ready at once/);
  await house.getByRole('button', { name: 'Remove House encoder' }).click();
  await expect(house).toContainText('frees 5.1 MB of disk');
  await house.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(house).toHaveCount(0);
  await expect(access(path.join(dataDir, 'models/house/model.onnx'))).rejects.toThrow('ENOENT');
});

/** A mirror that stalls half way through a file at the first request for it. */
class Mirror {
  readonly ranges: (string | undefined)[] = [];
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(this.#server.address());
    return `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer({ method, headers: { range } }: IncomingMessage, response: ServerResponse): void {
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-length': bytes.length - from,
      etag: '"v1"',
      ...(range !== undefined && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    if (method === 'HEAD') {
      response.end();
      return;
    }
    this.ranges.push(range);
    if (this.ranges.length > 1) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(0, bytes.length / 2));
  }
}

test('a download through a mirror is paused, outlives a restart, and goes on from where it was', async ({
  lookalike,
}) => {
  const mirror = new Mirror();
  const url = await mirror.open();
  try {
    // A manifest that an admin writes for a company's stores.
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = { bytes: bytes.length, sha256, url: 'https://models.example/store/model.onnx' };
    const manifest = { formatVersion: 1, models: [entry('store', 'Store encoder', file)] };
    await mkdir(path.join(lookalike.dataDir, 'models'), { recursive: true });
    await writeFile(path.join(lookalike.dataDir, 'models/manifest.json'), JSON.stringify(manifest));

    await readyToMatch(lookalike.page);
    await showModels(lookalike.page);
    await lookalike.page.getByText('Use a mirror').click();
    await lookalike.page.getByRole('textbox', { name: /server of yours/ }).fill(url);
    await lookalike.page.getByRole('button', { name: 'Save' }).click();
    await expect(lookalike.page.getByText(`From ${url}`)).toBeVisible();

    const before = model(lookalike.page, 'Store encoder');
    await before.getByRole('button', { name: 'Download Store encoder' }).click();
    await expect(before).toContainText(/2\.6 MB of 5\.1 MB/);
    await before.getByRole('button', { name: 'Pause' }).click();
    await expect(before).toContainText('Download stopped at 2.6 MB of 5.1 MB');

    const page = await lookalike.relaunch();
    await readyToMatch(page);
    await showModels(page);
    const after = model(page, 'Store encoder');
    await expect(after).toContainText('Download stopped at 2.6 MB of 5.1 MB');
    await after.getByRole('button', { name: 'Resume Store encoder' }).click();
    await expect(after).toContainText('Installed');
    await expect(after).toContainText('Verified');
    expect(mirror.ranges).toEqual([undefined, expect.stringMatching(/^bytes=2\d{6}-/)]);
  } finally {
    mirror.close();
  }
});

test('whoever keeps the starter model is offered a better one once', async ({ lookalike }) => {
  await readyToMatch(lookalike.page);
  await expect(lookalike.page.getByText('The starter model knows little of clothes')).toBeVisible();
  await lookalike.page.getByRole('button', { name: 'Not now' }).click();
  const page = await lookalike.relaunch();
  await readyToMatch(page);
  await expect(page.getByText('The starter model knows little of clothes')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Model: Starter model, CPU' })).toBeVisible();
});
