import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { dropFile, expect, readyToMatch, sampleCatalog, test } from './app.ts';
import { answered, expectCopied, firstCard } from './matching.ts';

const COLORS = { NVY: 'Navy', WHT: 'Chalk white' };
const SIZES = ['S', 'M', 'L'];

/** A design in two colours, each in three sizes, with pictures of the sample catalog. */
function productsOf(design: string, title: string) {
  return Object.entries(COLORS).flatMap(([code, color]) =>
    SIZES.map((size, index) => ({
      id: `${design}-${code}-${size}`,
      title: `${title} / ${size}`,
      images: [`images/40101-${code.toLowerCase()}-1.webp`],
      price: 45,
      currency: 'EUR',
      color,
      size,
      stock: index * 4,
      groupId: design,
    })),
  );
}

/** A shop's server on this machine. @returns it, and the address of its feed */
async function openShop(): Promise<{ server: Server; address: string }> {
  const feed = { version: 1, name: 'Our shop', products: productsOf('OUR1', 'Striped tee') };
  const server = createServer(async (request, response) => {
    const name = path.basename(request.url ?? '');
    response.end(
      name === 'feed.json' ? JSON.stringify(feed) : await readFile(path.join(sampleCatalog, 'images', name)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { server, address: `http://127.0.0.1:${port}/feed.json` };
}

test('a shop beside the sample catalog: its sizes are copied, its colours opened, the sample removed', async ({
  lookalike,
}) => {
  const { page } = lookalike;
  const { server, address } = await openShop();
  try {
    await readyToMatch(page);
    const screens = page.getByRole('navigation', { name: 'Screens' });
    await screens.getByRole('button', { name: 'Catalog' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('textbox', { name: 'Web address' }).fill(address);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Our shop');
    await page.getByRole('button', { name: 'Save and check' }).click();
    const dryRun = page.getByRole('region', { name: 'Dry run' });
    await expect(dryRun).toContainText(/0 → 6 products.*products of other sources stay as they are/);
    await dryRun.getByRole('button', { name: 'Publish' }).click();
    const report = page.getByRole('region', { name: 'Import report' });
    await expect(report).toContainText('Our shop is what Match answers from now, beside Sample catalog.');
    await expect(page.getByRole('region', { name: 'Snapshots' })).toContainText('Our shop 6');

    // A typed SKU selects its size, and Enter copies it.
    await page.keyboard.press('Control+K');
    await page.keyboard.type('OUR1-NVY-M');
    await page.keyboard.press('Enter');
    await answered(page);
    const details = page.getByRole('region', { name: 'Product details' });
    const sizes = details.getByRole('region', { name: 'Sizes' });
    await expect(sizes.locator('[aria-current]')).toHaveAccessibleName(
      'Copy the SKU of size M: OUR1-NVY-M, 4 in stock',
    );
    await page.keyboard.press('Enter');
    await expectCopied(lookalike, 'OUR1-NVY-M, size M', 'OUR1-NVY-M');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    // One card for each style. Its SKU is that of all sizes; a number key copies one of them.
    await dropFile(page, path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg'), 'image/jpeg');
    await answered(page);
    await page.getByRole('checkbox', { name: 'Our shop' }).check();
    await expect(page.getByRole('heading', { name: '2 styles' })).toBeVisible();
    await firstCard(page).focus();
    await expect(firstCard(page)).toContainText('OUR1-NVY');
    await expect(firstCard(page)).toContainText(/Sizes S out of stock.*M.*L/);
    await page.keyboard.press('Enter');
    await expectCopied(lookalike, 'OUR1-NVY, all sizes', 'OUR1-NVY');
    await page.keyboard.press('3');
    await expectCopied(lookalike, 'OUR1-NVY-L, size L', 'OUR1-NVY-L');

    // A swatch opens the card of that colour.
    await firstCard(page).getByRole('button', { name: 'Show in Chalk white' }).click();
    await expect(firstCard(page)).toContainText('OUR1-WHT');
    await expect(firstCard(page)).toBeFocused();
    await expect(details).toContainText('2 of 3 sizes in stock');
    await details.getByRole('button', { name: 'Navy' }).press('Enter');
    await expect(firstCard(page)).toContainText('OUR1-NVY');
    await expect(details.getByRole('button', { name: 'Navy' })).toBeFocused();

    await page.getByRole('button', { name: 'Remove the sample catalog' }).click();
    await expect(page.getByText('Removed 264 products of Sample catalog')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Remove the sample catalog' })).toBeHidden();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
