import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { dropFile, expect, sampleCatalog, test } from './app.ts';
import { answered, ranked } from './matching.ts';
import { smallSample } from './sample-data.ts';

test.use({ data: 'small' });

const TABLE = 'catalog/product-images.lance';

/** Empties files, as a power cut may leave them. */
async function emptyAll(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await writeFile(path.join(folder, name), '');
}

/** Checks that no sentence, however long its path, is wider than the window. */
async function expectToFit(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const inner = [document.documentElement, ...document.querySelectorAll('.damage, .note, .bar')];
    return inner
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map(({ className }) => className);
  });
  expect(wide).toEqual([]);
}

test('a damaged catalog is said in words, imported again, cleared away and made afresh', async ({
  lookalike: running,
}) => {
  const { dataDir } = running;
  const page = await running.relaunch([], async () => {
    await emptyAll(path.join(dataDir, TABLE, 'data'));
    await emptyAll(path.join(dataDir, 'catalog/snapshots.lance/data'));
    await mkdir(path.join(dataDir, 'models/other'), { recursive: true });
    for (const file of ['models/other/model.json', 'models/settings.json', 'secrets.json'])
      await writeFile(path.join(dataDir, file), '{"half');
  });
  const { products, pictures } = await smallSample();

  await page
    .getByRole('link', { name: 'Models' })
    .or(page.getByRole('button', { name: 'Models' }))
    .first()
    .click();
  for (const file of ['model.json', 'settings.json'])
    await expect(page.getByText(new RegExp(`${file} is damaged\\.`)).first()).toBeVisible({
      timeout: 60_000,
    });
  await expectToFit(page);

  await page.getByRole('button', { name: 'Catalog' }).first().click();
  const damage = page.getByRole('region', { name: 'Damage' });
  await expect(damage).toContainText('no snapshot of it is intact');
  await expect(damage).toContainText('The list of snapshots is damaged.');
  await expect(damage).toContainText('secrets.json is damaged. The passwords of the sources are lost');
  await expect(damage).not.toContainText(/disk/);
  await expectToFit(page);
  // One button for all damage.
  await damage.getByRole('button', { name: 'Import again' }).click();
  const published = page.getByRole('heading', { name: new RegExp(`^Published: ${products} products`) });
  await expect(published).toBeVisible({ timeout: 180_000 });
  await expect(damage).toContainText('set aside in');
  await expect(damage.getByRole('button', { name: 'Import again' })).toHaveCount(0);
  await expectToFit(page);

  await rm(path.join(dataDir, 'secrets.json'));
  await damage.getByRole('button', { name: 'Remove the damaged copy' }).click();
  await expect(damage).toHaveCount(0);
  await expect(readdir(path.join(dataDir, 'catalog/damaged'))).rejects.toThrow('ENOENT');

  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Import afresh' }).click();
  await expect(published).toBeVisible({ timeout: 180_000 });
  // Every picture was embedded again.
  await expect(page.getByText('Newly looked at').locator('..')).toContainText(String(pictures));
  await expect(page.getByRole('region', { name: 'Damage' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Match a photo' }).click();
  await dropFile(page, path.join(sampleCatalog, 'images/40101-wht-1.webp'), 'image/webp');
  await answered(page);
  expect((await ranked(page))[0]).toBe('40101-WHT');
});
