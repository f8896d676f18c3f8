import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';
import { dropFromDisk, expect, readyToMatch, sampleCatalog, test } from './app.ts';

const sampleFeed = z
  .object({
    products: z.array(z.looseObject({ id: z.string(), images: z.array(z.string()), price: z.number() })),
  })
  .parse(JSON.parse(await readFile(path.join(sampleCatalog, 'feed.json'), 'utf8')));

/** A shop's server on this machine: a feed of some products with one picture each, which the test changes. */
class Shop {
  products = sampleFeed.products
    .slice(0, 20)
    .map((product) => ({ ...product, images: product.images.slice(0, 1) }));
  picturesServed = 0;
  /** Whether requests for pictures stay unanswered. */
  paused = false;
  readonly #server: Server = createServer(async (request, response) => {
    if (request.url === '/feed.json') {
      response.end(JSON.stringify({ version: 1, name: 'Shop', products: this.products }));
      return;
    }
    if (this.paused) return;
    this.picturesServed++;
    response.end(
      await readFile(
        path.join(
          sampleCatalog,
          path.basename(path.dirname(request.url ?? '')),
          path.basename(request.url ?? ''),
        ),
      ),
    );
  });

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = z.object({ port: z.number() }).parse(this.#server.address());
    return `http://127.0.0.1:${address.port}/feed.json`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Replaces the system's own dialog, which a test cannot drive. */
async function answerSaveDialog(app: ElectronApplication, filePath: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
  }, filePath);
}

/** Imports a feed on the first screen, and fills in a source for it. */
async function importFrom(page: Page, url: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Feed address' }).fill(url);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await readyToMatch(page);
  await page.getByRole('button', { name: 'Catalog' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('textbox', { name: 'Web address' }).fill(url);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Our shop');
}

const report = (page: Page) => page.getByRole('region', { name: 'Import report' });

test.describe('on an empty data folder', () => {
  test.use({ data: 'empty' });

  test('a feed is imported, checked, published, rolled back and carried to another store as a pack', async ({
    lookalike,
  }) => {
    const { app, page, dataDir } = lookalike;
    const shop = new Shop();
    try {
      await importFrom(page, await shop.open());
      // Checking the saved source shows that nothing would change.
      await page.getByRole('button', { name: 'Save and check' }).click();
      const dryRun = page.getByRole('region', { name: 'Dry run' });
      const snapshots = page.getByRole('region', { name: 'Snapshots' });
      await expect(dryRun).toContainText('Nothing would change');

      // New prices: the dry run shows them, and publishing fetches no picture.
      const served = shop.picturesServed;
      shop.products = shop.products.map((product) => ({ ...product, price: product.price + 1 }));
      // With the keyboard: the focus moves to what has appeared.
      await page.getByRole('button', { name: 'Check Our shop' }).press('Enter');
      await expect(dryRun.getByRole('list', { name: 'What would change' })).toContainText('20 price only');
      await expect(dryRun.getByRole('heading', { name: 'What Our shop would change' })).toBeFocused();
      await dryRun.getByRole('button', { name: 'Publish' }).press('Enter');
      await expect(report(page)).toContainText('Published');
      await expect(report(page).getByRole('heading', { name: /^Published/ })).toBeFocused();
      await expect(report(page).getByText('Newly looked at').locator('..')).toContainText('0');
      expect(shop.picturesServed - served).toBeLessThanOrEqual(20);

      // 40 % fewer products are published only after a confirmation.
      shop.products = shop.products.slice(0, 12);
      await page.getByRole('button', { name: 'Check Our shop' }).click();
      await expect(dryRun).toContainText('8 of 20 products would be removed');
      await dryRun.getByRole('checkbox', { name: 'Yes, remove 8 products' }).check();
      shop.paused = true;
      await dryRun.getByRole('button', { name: 'Publish and remove 8 products' }).click();
      // Cancelled and resumed: the confirmation is still valid.
      await expect(page.locator('[aria-current=step]')).toContainText('Looking at the pictures');
      await page.getByRole('button', { name: 'Cancel' }).click();
      shop.paused = false;
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect(report(page)).toContainText('12 products');
      // It has the source's name.
      await expect(report(page)).toContainText('Our shop is what Match answers from now');
      await expect(snapshots.getByRole('listitem')).toHaveCount(3);
      // The exact times differ. Their texts, which show seconds, may be equal: a fast machine publishes twice in one second.
      const times = snapshots
        .locator('.snapshot-main')
        .evaluateAll((entries) => entries.map((entry) => entry.querySelector('time')?.dateTime));
      expect(new Set(await times).size).toBe(3);

      // Back to the twenty products with one click.
      await snapshots.getByRole('listitem').nth(1).hover();
      await snapshots
        .getByRole('listitem')
        .nth(1)
        .getByRole('button', { name: /^Roll back/ })
        .click();
      await expect(snapshots.getByRole('listitem').nth(1)).toContainText('Live');
      await expect(page.getByRole('contentinfo')).toContainText('20 products');

      const pack = path.join(dataDir, 'shop.lookalike-pack');
      await answerSaveDialog(app, pack);
      await snapshots.getByRole('button', { name: 'Export as pack…' }).click();
      await expect
        .poll(() =>
          readFile(pack).then(
            (bytes) => bytes.length,
            () => 0,
          ),
        )
        .toBeGreaterThan(10_000);
      const saved = snapshots.getByText('Saved shop.lookalike-pack');
      await expect(saved).toBeVisible();
      await page.getByRole('button', { name: 'Match', exact: true }).click();
      await page.getByRole('button', { name: 'Catalog', exact: true }).click();
      await expect(saved).toBeHidden();

      // An unusable pack is reported where the focus is, and can be closed.
      const broken = path.join(dataDir, 'broken.lookalike-pack');
      await writeFile(broken, 'not a pack');
      await page.getByRole('button', { name: 'Match', exact: true }).click();
      await dropFromDisk(page, broken);
      const refused = page.getByRole('alert').filter({ hasText: 'This catalog pack cannot be used' });
      await expect(refused).toBeFocused();
      await refused.getByRole('button', { name: 'Close' }).press('Enter');
      await expect(refused).toBeHidden();

      // The pack restores the twenty products after they were removed once more.
      await snapshots.getByRole('listitem').first().hover();
      await snapshots
        .getByRole('listitem')
        .first()
        .getByRole('button', { name: /^Roll forward/ })
        .click();
      await expect(page.getByRole('contentinfo')).toContainText('12 products');
      await dropFromDisk(page, pack);
      // Who made it, and what it would change, are shown before the import.
      await expect(dryRun).toContainText(pack);
      await expect(dryRun).toContainText('12 → 20 products');
      await expect(dryRun).toContainText('not signed');
      await expect(dryRun.getByRole('heading', { name: /would change$/ })).toBeFocused();
      await dryRun.getByRole('button', { name: 'Publish' }).click();
      await expect(report(page)).toContainText('20 products');
      await expect(page.getByRole('contentinfo')).toContainText('20 products');
    } finally {
      shop.close();
    }
  });

  test('a source that was set to is synced when the app starts, unasked', async ({ lookalike }) => {
    const { page } = lookalike;
    const shop = new Shop();
    try {
      await importFrom(page, await shop.open());
      await page.getByRole('checkbox', { name: 'When Lookalike starts' }).check();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const sources = (window: Page) => window.getByRole('region', { name: 'Sources' });
      await expect(sources(page)).toContainText('Never synced');

      shop.products = shop.products.slice(0, 18);
      const restarted = await lookalike.relaunch();
      await expect(restarted.getByRole('contentinfo')).toContainText('18 products', { timeout: 60_000 });
      await restarted.getByRole('button', { name: 'Catalog' }).click();
      await expect(sources(restarted)).toContainText('on start');
      await expect(sources(restarted)).toContainText('Published');
    } finally {
      shop.close();
    }
  });
});
