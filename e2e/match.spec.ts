import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { dropFile, expect, expectAccessible, pasteBitmap, readyToMatch, sampleCatalog, test } from './app.ts';
import { answered, expectCopied, firstCard, matchCalibrated, ranked } from './matching.ts';

const queries = z
  .array(z.object({ file: z.string(), productId: z.string() }))
  .parse(JSON.parse(await readFile(path.join(sampleCatalog, 'queries/queries.json'), 'utf8')));
const queryFile = (file: string) => path.join(sampleCatalog, 'queries', file);
/** A photo whose product is found first. */
const breton = { file: '02-breton-on-bed.jpg', productId: '40101-NVY' };

/** Photos whose product the starter model may not rank first. All others must be first. */
const NOT_FIRST = ['10-jeans-on-rug.jpg'];

/** Number of products whose whole picture is in sight without scrolling, in a window of this size. */
async function inSight(page: Page, width: number, height: number): Promise<number> {
  await page.setViewportSize({ width, height });
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
  return page.locator('.grid-scroller').evaluate((grid) => {
    const { top, bottom } = grid.getBoundingClientRect();
    return [...grid.querySelectorAll('.card-picture')].filter((picture) => {
      const box = picture.getBoundingClientRect();
      return box.top >= top && box.bottom <= bottom;
    }).length;
  });
}

test.describe('on a catalog that is calibrated meanwhile', () => {
  test.use({ data: 'imported' });

  test('every customer photo, dropped', async ({ lookalike: { page } }) => {
    await readyToMatch(page);
    await matchCalibrated(page, queryFile(breton.file));
    const wrong: string[] = [];
    for (const { file, productId } of queries) {
      await dropFile(page, queryFile(file), 'image/jpeg');
      await answered(page);
      if ((await firstCard(page).getAttribute('data-product')) !== productId) wrong.push(file);
      await page.getByRole('button', { name: 'Clear photo' }).click();
    }
    expect(wrong.filter((file) => !NOT_FIRST.includes(file))).toEqual([]);
  });
});

test('drop, paste and browse find the same product; crop, filter, details and copy by mouse', async ({
  lookalike,
}) => {
  const { page } = lookalike;
  await readyToMatch(page);
  const { file, productId } = breton;
  await matchCalibrated(page, queryFile(file));

  await pasteBitmap(page, queryFile(file));
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', productId);
  await page.getByRole('button', { name: 'Clear photo' }).click();

  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Browse' }).click();
  await (await chooser).setFiles(queryFile(file));
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', productId);

  // However the results are spread over the bands, the screen is used.
  await expect.poll(() => inSight(page, 900, 600)).toBeGreaterThanOrEqual(5);
  await expect.poll(() => inSight(page, 1280, 800)).toBeGreaterThanOrEqual(10);
  await expect(firstCard(page)).toHaveAttribute('aria-rowspan', '2');

  // Dragging a crop over the photo changes the answer; removing the crop restores it.
  const scores = async () => {
    const cards = await page
      .getByRole('gridcell')
      .evaluateAll((all) =>
        all.map((card) => [card.getAttribute('data-product'), card.getAttribute('title')]),
      );
    const titles = new Map(cards.map(([id, title]) => [id, title]));
    return JSON.stringify((await ranked(page)).map((id) => [id, titles.get(id)]));
  };
  await expect(page.getByText('Drag on the photo to search one part of it.')).toBeVisible();
  const before = await scores();
  const photo = await page.getByRole('region', { name: 'Query' }).getByRole('img').boundingBox();
  if (!photo) throw new Error('The photo has no box');
  await page.mouse.move(photo.x + photo.width * 0.2, photo.y + photo.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(photo.x + photo.width * 0.8, photo.y + photo.height * 0.7, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Whole photo' })).toBeVisible();
  await expect.poll(scores).not.toBe(before);
  await page.getByRole('button', { name: 'Whole photo' }).click();
  await expect.poll(scores).toBe(before);

  // The number beside a filter's value is the number of products that it leaves.
  const filters = page.getByRole('region', { name: 'Filters' });
  const category = filters.getByRole('group', { name: 'Category' }).getByRole('checkbox').first();
  const label = await category.locator('xpath=..').textContent();
  await category.check();
  const count = Number(/\d+$/.exec(label ?? '')?.[0]);
  expect(count).toBeGreaterThan(0);
  await expect(page.getByRole('gridcell')).not.toHaveCount(0);
  await expect(page.getByRole('heading', { name: new RegExp(`^${count} products?$`) })).toBeVisible();
  await filters.getByRole('button', { name: 'Clear all' }).click();
  await expect.poll(scores).toBe(before);

  // The details of the right product, and its SKU on the clipboard.
  await page.locator(`[data-product="${productId}"]`).click();
  const details = page.getByRole('region', { name: 'Product details' });
  await expect(details).toContainText(productId);
  await details.getByRole('button', { name: /Copy SKU/ }).click();
  await expectCopied(lookalike, productId);

  // "More like this" leaves the product itself out, and has a way back.
  await details.getByRole('button', { name: 'More like this' }).click();
  await expect(page.getByText('More like', { exact: false }).first()).toBeVisible();
  await expect(page.locator(`[role=gridcell][data-product="${productId}"]`)).toHaveCount(0);
  await page.getByRole('button', { name: /Back to your photo/ }).click();
  await expect.poll(scores).toBe(before);
});

test.describe('from the first run', () => {
  test.use({ data: 'empty' });

  test('by keyboard alone: sample catalog, paste, arrows, Space, Enter, Esc', async ({ lookalike }) => {
    const { page } = lookalike;
    const sample = page.getByRole('button', { name: 'Try the sample catalog' });
    await expect(sample).toBeEnabled();
    const focused = () => sample.evaluate((button) => button === document.activeElement);
    for (let presses = 0; presses < 12 && !(await focused()); presses++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await readyToMatch(page);
    const { file, productId } = breton;
    await pasteBitmap(page, queryFile(file));
    await answered(page);
    await expect(firstCard(page)).toHaveAttribute('data-product', productId);
    await page.keyboard.press('ArrowRight');
    await expect(firstCard(page)).not.toHaveAttribute('data-product', productId);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await expect(page.getByRole('region', { name: 'Product details' })).toContainText(productId);
    await page.keyboard.press('Enter');
    await expectCopied(lookalike, productId);
    // The copy is noted as the photo's product. "Y" takes that back and, again, says it; "N" says that there is none.
    const isIt = firstCard(page).getByRole('button', { name: 'This is it' });
    const isAbsent = page.getByRole('button', { name: 'Not in our range' });
    await expect(isIt).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('y');
    await expect(isIt).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('y');
    await expect(page.getByRole('status').getByText('Noted: this is it')).toBeVisible();
    await expect(isIt).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('n');
    await expect(isIt).toHaveAttribute('aria-pressed', 'false');
    await expect(isAbsent).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(isAbsent).toHaveAttribute('aria-pressed', 'false');
    // What was said before counts again.
    await expect(isIt).toHaveAttribute('aria-pressed', 'true');
    await firstCard(page).focus();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: 'Product details' })).toHaveCount(0);
    // First the whole photo, then no photo.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: /Drop a customer/ })).toBeVisible();

    // Enter again and again forgets nothing, and the focus stays in the settings.
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
    const forget = page.getByRole('button', { name: 'Forget…' });
    const keep = page.getByRole('button', { name: 'Keep', exact: true });
    // Until the engine has answered, the settings show what was known when the window opened: nothing to forget.
    await expect(page.getByText('1 photo confirmed')).toBeVisible();
    await forget.press('Enter');
    await expect(keep).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(forget).toBeFocused();
    await expect(page.getByText('1 photo confirmed')).toBeVisible();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Forget everything' }).press('Enter');
    await expect(page.getByText('0 photos searched.')).toBeVisible();
    await expect(forget).toBeFocused();
    await expect(forget).toBeDisabled();

    // What was asked is counted still: a photo and no words.
    await page.getByRole('button', { name: 'Show it…' }).press('Enter');
    const overview = page.getByRole('dialog', { name: 'How Lookalike is used here' });
    await expect(overview.locator('dl')).toContainText(/Photos\s*1/);
    await expect(overview.locator('svg').first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(overview).toHaveCount(0);
  });
});

test('recent photos and kept searches come back after a restart, and can be removed', async ({
  lookalike,
}) => {
  await readyToMatch(lookalike.page);
  const { file, productId } = breton;
  await dropFile(lookalike.page, queryFile(file), 'image/jpeg');
  await answered(lookalike.page);
  await expect(lookalike.page.getByRole('button', { name: new RegExp(file) }).first()).toBeVisible();
  const category = lookalike.page
    .getByRole('region', { name: 'Filters' })
    .getByRole('group', { name: 'Category' })
    .getByRole('checkbox')
    .first();
  await category.check();
  await lookalike.page.getByRole('button', { name: 'Keep this search' }).click();
  await lookalike.page.getByRole('textbox', { name: 'Name of this search' }).fill('For Mrs Green');
  await lookalike.page.keyboard.press('Enter');
  await expect(lookalike.page.getByRole('button', { name: /^For Mrs Green/ })).toBeVisible();

  const page = await lookalike.relaunch();
  await page.getByRole('button', { name: /^For Mrs Green/ }).click();
  await answered(page);
  await expect(page.getByRole('button', { name: /^Remove filter Category/ })).toBeVisible();
  await page.getByRole('button', { name: 'Clear photo' }).click();
  await page.getByRole('button', { name: 'Remove For Mrs Green' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Remove For Mrs Green' }).click();
  await expect(page.getByRole('button', { name: /^For Mrs Green/ })).toHaveCount(0);
  await page
    .getByRole('button', { name: new RegExp(file) })
    .first()
    .click();
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', productId);
  await page.getByRole('button', { name: 'Clear photo' }).click();
  await page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: /Clear/ }).click();
  await expect(page.getByRole('button', { name: new RegExp(file) })).toHaveCount(0);
});

test('what is not a picture is refused with its reason, and the next photo works', async ({
  lookalike: { page },
}) => {
  await readyToMatch(page);
  await dropFile(page, path.join(sampleCatalog, 'README.md'), 'image/jpeg');
  await expect(page.getByRole('alert')).toContainText('not a picture');
  const [query] = queries;
  if (!query) throw new Error('no queries');
  await dropFile(page, queryFile(query.file), 'image/jpeg');
  await answered(page);
});
