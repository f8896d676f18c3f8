import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { dropFile, expect, readyToMatch, sampleCatalog, test } from './app.ts';
import { answered } from './matching.ts';

/** A shop of one product on this machine. @returns its host */
async function openShop(): Promise<{ host: string; close: () => void }> {
  const feed = JSON.parse(await readFile(path.join(sampleCatalog, 'feed.json'), 'utf8'));
  const picture = await readFile(path.join(sampleCatalog, feed.products[0].images[0]));
  const server = createServer((request, answer) => {
    if (request.url !== '/feed.json') return answer.end(picture);
    const products = [{ id: 'A', title: 'Thing', images: ['/a.webp'] }];
    return answer.end(JSON.stringify({ version: 1, name: 'Shop', products }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: `127.0.0.1:${address.port}`, close: () => server.close() };
}

/** A narrow window, a window at 200 % zoom, and both. */
const NARROW = [
  { width: 480, height: 600 },
  { width: 640, height: 400 },
  { width: 240, height: 400 },
];

/** Checks that an element is within the window, and that none of its text is cut off. */
async function expectWhole(page: Page, element: Locator): Promise<void> {
  await expect(element).toBeInViewport({ ratio: 1 });
  expect(await element.evaluate((each) => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0);
  const right = await element.evaluate((each) => each.getBoundingClientRect().right);
  expect(right).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
}

test('what has left this computer is read in full beside the timings of an answer', async ({
  lookalike: { page },
}) => {
  await readyToMatch(page);
  await dropFile(page, path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg'), 'image/jpeg');
  await answered(page);
  for (const size of NARROW) {
    await page.setViewportSize(size);
    await expectWhole(page, page.getByRole('button', { name: 'Nothing has left this computer.' }));
  }
});

test.describe('first run', () => {
  test.use({ data: 'empty' });

  test('the status line says what has left this computer, and lists who was asked for what', async ({
    lookalike: { page },
  }) => {
    const trigger = page.getByRole('button', { name: 'Nothing has left this computer.' });
    await expect(trigger).toBeVisible({ timeout: 90_000 });
    await trigger.focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('dialog', { name: 'Connections since the start' });
    await expect(list).toContainText('Nothing has left this computer.');
    await expect(list.getByRole('table')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(trigger).toBeFocused();

    const shop = await openShop();
    await page.getByRole('textbox', { name: 'Feed address' }).fill(`http://${shop.host}/feed.json`);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await readyToMatch(page);
    await trigger.click();
    for (const reason of ['Catalog feed', 'Pictures'])
      await expect(
        list.getByRole('row', { name: `${shop.host} on this computer ${reason} 1` }),
      ).toBeVisible();
    for (const size of NARROW) {
      await page.setViewportSize(size);
      await expectWhole(page, list);
    }
    shop.close();
  });
});
