import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { z } from 'zod';
import {
  dropFile,
  dropFromDisk,
  enginePid,
  expect,
  readyToMatch,
  resume,
  sampleCatalog,
  suspend,
  test,
} from './app.ts';
import { answered } from './matching.ts';

const photo = path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg');

/** Evaluates in the window's page: Playwright does not reconnect to a page whose process has crashed. */
function inPage(app: ElectronApplication, expression: string): Promise<unknown> {
  return app.evaluate(
    ({ BrowserWindow }, code) =>
      BrowserWindow.getAllWindows()[0]
        ?.webContents.executeJavaScript(code)
        .catch((error: unknown) => String(error)),
    expression,
  );
}

const text = (app: ElectronApplication) => inPage(app, 'document.body.innerText');

function pagePid(app: ElectronApplication): Promise<number> {
  return app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
}

/** Waits for another process than `before`: a crashed or hung page does not even reject a request. */
async function loadedAgain(app: ElectronApplication, before: number): Promise<void> {
  await expect.poll(async () => [0, before].includes(await pagePid(app)), { timeout: 40_000 }).toBe(false);
  await expect.poll(() => text(app)).toContain('This window stopped and was loaded again.');
}

async function killPage(app: ElectronApplication): Promise<void> {
  const before = await pagePid(app);
  process.kill(before, 'SIGKILL');
  await loadedAgain(app, before);
}

test('a page that dies is loaded again with its photo and filter; after three times the app asks', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  await dropFile(page, photo, 'image/jpeg');
  await answered(page);
  await page.getByRole('group', { name: 'Category' }).getByRole('checkbox').first().check();
  await expect(page.getByRole('button', { name: /^Remove filter/ })).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Results' })).toHaveAttribute('aria-busy', 'false');
  const count = await page.getByRole('heading', { name: /^\d+ products?$/ }).textContent();
  // The photo is stored in the background.
  await expect(page.getByRole('button', { name: `Match ${path.basename(photo)} again` })).toBeVisible();

  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async (...args: unknown[]) => {
      Reflect.set(globalThis, 'asked', args.at(-1));
      return { response: 0, checkboxChecked: false };
    };
  });
  // The second time it crashes before anything has changed since the first.
  for (let death = 1; death <= 2; death++) {
    await killPage(app);
    await expect
      .poll(() => inPage(app, `document.querySelector('.query img')?.alt`))
      .toBe(path.basename(photo));
    await expect.poll(() => inPage(app, `document.querySelector('.results-count')?.innerText`)).toBe(count);
    expect(await inPage(app, `document.querySelectorAll('.chips .chip').length`)).toBe(1);
    // Until the final answer is there, the next page would not ask the photo again.
    await expect
      .poll(() => inPage(app, `document.querySelector('[role=grid]')?.getAttribute('aria-busy')`))
      .toBe('false');
  }
  await killPage(app);
  const asked = await app.evaluate(() => Reflect.get(globalThis, 'asked'));
  expect(asked).toMatchObject({ buttons: ['Load again', 'Quit'] });
});

test('a photo that was not answered when the page died is not asked again, and said so', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  const engine = await enginePid(app);
  await suspend(engine);
  await dropFile(page, photo, 'image/jpeg');
  await expect(page.getByRole('region', { name: 'Query' })).toBeVisible();
  await killPage(app);
  expect(await text(app)).toContain(`“${path.basename(photo)}” was not answered before that: ask it again.`);
  await resume(engine);
});

test('a page that hangs, or was brought elsewhere, is loaded again', async ({ lookalike: { app, page } }) => {
  await readyToMatch(page);
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const visited: unknown[] = [];
    Reflect.set(globalThis, 'visited', visited);
    contents?.on('did-navigate', (_event, url) => {
      contents.executeJavaScript('typeof window.lookalike').then((kind) => visited.push(`${url} ${kind}`));
    });
  });
  await page.evaluate(() => {
    location.href = 'about:blank';
  });
  await expect(page.getByRole('heading', { name: /Drop a customer/ })).toBeVisible();
  const visited = await app.evaluate(() => Reflect.get(globalThis, 'visited'));
  expect(visited[0]).toBe('about:blank undefined');

  const hung = await pagePid(app);
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    void contents?.executeJavaScript('for (;;);');
    // Chromium fires this when input was not handled for 15 s, but never while a debugger is attached, as here.
    contents?.emit('unresponsive');
  });
  await loadedAgain(app, hung);
});

test('without its graphics and network processes the app goes on', async ({ lookalike: { app, page } }) => {
  await readyToMatch(page);
  const pids = await app.evaluate(({ app: main }) =>
    main
      .getAppMetrics()
      .flatMap(({ pid, type, serviceName }) =>
        type === 'GPU' || serviceName === 'network.mojom.NetworkService' ? [pid] : [],
      ),
  );
  expect(pids).toHaveLength(2);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await dropFile(page, photo, 'image/jpeg');
  await answered(page);
});

test('an engine that does not answer is told, forgotten when it answers, and restarted on request', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  const hung = await enginePid(app);
  const line = page.getByText('The search engine does not answer.');
  await suspend(hung);
  await dropFile(page, photo, 'image/jpeg');
  await expect(line).toBeVisible({ timeout: 60_000 });
  await resume(hung);
  await expect(line).toBeHidden();
  await answered(page);

  await suspend(hung);
  await dropFile(page, photo, 'image/jpeg');
  await expect(line).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Restart' }).click();
  await expect(line).toBeHidden();
  await expect(page.getByText('Your photo was asked again.')).toBeVisible();
  await page.getByText('Why?').click();
  await expect(page.getByText('It no longer answered, and was stopped.')).toBeVisible();
  await answered(page);
  expect(await enginePid(app)).not.toBe(hung);
});

test('the window itself never scrolls, however long a dry run is', async ({
  lookalike: { page, dataDir },
}) => {
  await readyToMatch(page);
  const schema = z.object({
    products: z.array(z.looseObject({ price: z.number(), images: z.array(z.string()) })),
  });
  const { products } = schema.parse(
    JSON.parse(await readFile(path.join(sampleCatalog, 'feed.json'), 'utf8')),
  );
  const dearer = products.map((product) => ({
    ...product,
    price: product.price + 1,
    images: product.images.map((image) => path.join(sampleCatalog, image)),
  }));
  const feed = path.join(dataDir, 'dearer.json');
  await writeFile(feed, JSON.stringify({ version: 1, name: 'Dearer', products: dearer }));
  await dropFromDisk(page, feed);
  await expect(page.getByRole('region', { name: 'Dry run' })).toContainText('price only');
  const scrolled = () =>
    page.evaluate(() =>
      [document.documentElement, document.body, document.querySelector('#root')].map((element) => {
        element?.scrollBy(0, 100);
        return element?.scrollTop;
      }),
    );
  for (const width of [1280, 600]) {
    await page.setViewportSize({ width, height: 800 });
    for (const screen of ['Catalog', 'Models', 'Match']) {
      await page.getByRole('button', { name: screen, exact: true }).click();
      expect(await scrolled()).toEqual([0, 0, 0]);
      await expect(page.getByRole('navigation', { name: 'Screens' })).toBeInViewport();
    }
  }
});
