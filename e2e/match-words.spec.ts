import path from 'node:path';
import type { Page } from '@playwright/test';
import {
  dropFile,
  enginePid,
  expect,
  expectAccessible,
  readyToMatch,
  resume,
  sampleCatalog,
  suspend,
  test,
} from './app.ts';
import { answered, expectCopied, firstCard, matchCalibrated, ranked } from './matching.ts';

const queryFile = (file: string) => path.join(sampleCatalog, 'queries', file);
const breton = { file: queryFile('02-breton-on-bed.jpg'), productId: '40101-NVY' };
/** The cap lies small on a table: its crop is clearly more like a product than the whole photo. */
const cap = queryFile('15-cap-on-table.jpg');

const field = (page: Page) => page.getByRole('searchbox');
async function type(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+K');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(words);
}

test('by words alone, keyboard only: a SKU, a brand, what it should not be, and back', async ({
  lookalike,
}) => {
  const { page } = lookalike;
  await readyToMatch(page);

  // A SKU is found while it is typed, and the focus stays in the field until Enter.
  await page.keyboard.press('/');
  await page.keyboard.type('40213-GRN');
  await expect(firstCard(page)).toHaveAttribute('data-product', '40213-GRN');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await answered(page);
  await page.keyboard.press('Enter');
  await expectCopied(lookalike, '40213-GRN');
  await expect(page.getByText('Reads colours, prices, kinds, titles and SKUs.')).toBeVisible();
  await expectAccessible(page);

  await type(page, 'oriel');
  await page.keyboard.press('Enter');
  await expect(firstCard(page)).toContainText('Oriel');
  await answered(page);

  // What was understood stands as chips; taking one away changes the text.
  await type(page, 'breton tee without navy');
  await page.keyboard.press('Enter');
  await expect.poll(() => ranked(page)).toContain('40101-SGE');
  expect(await ranked(page)).not.toContain('40101-NVY');
  const chip = page.getByRole('button', { name: 'Remove: without navy (not Navy)' });
  await expect(chip).toBeVisible();
  await expectAccessible(page);
  await chip.focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue('breton tee');
  await expect(field(page)).toBeFocused();
  await expect.poll(() => ranked(page)).toContain('40101-NVY');

  // A misspelt word is read as what was meant, and a word that found nothing is struck out and said.
  await type(page, 'navy jakcet swimsuit');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText('“swimsuit” found nothing.')).toBeVisible();
  await expect(page.getByText('“jakcet” was read as jacket.')).toBeVisible();
  await expect(firstCard(page)).toContainText('Cord trucker jacket');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove: swimsuit (found nothing)' }).click();
  await expect(field(page)).toHaveValue('navy jakcet');

  // The app says that nothing matches; Esc clears the text.
  await type(page, 'xylophone');
  await expect(page.getByRole('heading', { name: 'No product matches these words' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: /Drop a customer/ })).toBeVisible();
  // A text without results is not among the recent ones.
  await expect(page.getByRole('button', { name: /xylophone/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Search “oriel” again' }).focus();
  await page.keyboard.press('Enter');
  await answered(page);
  await expect(field(page)).toHaveValue('oriel');
});

test('an answer that comes late does not take the keyboard from someone who types again', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  const engine = await enginePid(app);
  for (const begin of [
    () => type(page, 'breton').then(() => page.keyboard.press('Enter')),
    () => dropFile(page, breton.file, 'image/jpeg'),
  ]) {
    await suspend(engine);
    await begin();
    await expect(page.getByRole('region', { name: 'Query' })).toBeVisible();
    await type(page, 'sage');
    await resume(engine);
    await expect(page.getByRole('grid', { name: 'Results' })).toHaveAttribute('aria-busy', 'false');
    await expect(field(page)).toBeFocused();
    await page.keyboard.type(' green');
    await expect(field(page)).toHaveValue('sage green');
    await page.keyboard.press('Enter');
    await answered(page);
  }
});

test('words beside a photo: the balance is there only then, and a recent photo keeps them', async ({
  lookalike,
}) => {
  let { page } = lookalike;
  await readyToMatch(page);
  await matchCalibrated(page, breton.file);
  const balance = () => page.getByRole('slider', { name: 'Photo or words' });
  await expect(balance()).toHaveCount(0);
  await type(page, 'sage green');
  await expect(balance()).toHaveCount(0);
  await page.keyboard.press('Enter');
  await answered(page);
  await expect(balance()).toBeVisible();
  // The same tee in the requested colour, until the text has no weight.
  const half = await ranked(page);
  expect(half[0]).toBe('40101-SGE');
  // A good match, though it lacks the photo's colour.
  await expect(firstCard(page)).toHaveAttribute('aria-rowspan', '2');
  await balance().focus();
  await page.keyboard.press('Home');
  await expect(balance()).toHaveAttribute('aria-valuetext', 'Words 0 %');
  await expect.poll(async () => (await ranked(page))[0]).toBe(breton.productId);
  await page.getByRole('button', { name: 'Back to half and half' }).click();
  await expect.poll(() => ranked(page)).toEqual(half);
  await expect(balance()).toBeFocused();
  await expectAccessible(page);

  await expect(page.getByRole('button', { name: /with sage green/ })).toBeVisible();
  page = await lookalike.relaunch();
  await page.getByRole('button', { name: /with sage green/ }).click();
  await answered(page);
  await expect(field(page)).toHaveValue('sage green');
  await expect.poll(() => ranked(page)).toEqual(half);
});

test('colour: more of it, back to what was calibrated, and the same colour only', async ({
  lookalike: { page },
}) => {
  await readyToMatch(page);
  await matchCalibrated(page, breton.file);
  const usual = await ranked(page);
  const weight = page.getByRole('slider', { name: 'Shape or colour' });
  await weight.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('button', { name: /colour 100 % \(chosen\)/ })).toBeVisible();
  await expect.poll(() => ranked(page)).not.toEqual(usual);
  await page.getByRole('button', { name: /^Back to \d+ %/ }).click();
  await expect.poll(() => ranked(page)).toEqual(usual);

  await page.getByRole('switch', { name: 'Same colour' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => ranked(page)).not.toEqual(usual);
  const same = await ranked(page);
  expect(same).toContain(breton.productId);
  expect(same).not.toContain('40101-SGE');
  await page.keyboard.press('Space');
  await expect.poll(() => ranked(page)).toEqual(usual);

  // The details of the ranking.
  await page.getByRole('button', { name: /^Exact/ }).focus();
  await expect(page.getByRole('tooltip')).toContainText('Compared with every product.');
  await expectAccessible(page);
});

test('a crop is proposed and drawn; one drag makes it mine, Esc goes to the whole photo, and it can be turned off', async ({
  lookalike: { page },
}) => {
  await readyToMatch(page);
  await matchCalibrated(page, cap);
  await page.getByRole('button', { name: 'Clear photo' }).click();
  const proposed = page.getByText('Proposed', { exact: true });
  const whole = page.getByText('Drag on the photo to search one part of it.');
  await dropFile(page, cap, 'image/jpeg');
  await answered(page);
  await expect(proposed).toBeVisible();
  await expect(page.getByText('Searching inside the proposed box. Drag to change it.')).toBeVisible();
  await expectAccessible(page);

  const box = await page.getByRole('group', { name: 'Proposed crop box' }).boundingBox();
  if (!box) throw new Error('No box is drawn');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 8, box.y + box.height / 2 + 8, { steps: 3 });
  await page.mouse.up();
  await expect(proposed).toHaveCount(0);
  await expect(page.getByText('Searching inside your box.')).toBeVisible();
  await page.getByRole('button', { name: 'Whole photo' }).click();
  await expect(whole).toBeVisible();

  // A crop by key starts with the proposed box.
  await page.getByRole('button', { name: 'Crop', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Crop box' })).toBeFocused();
  await expect.poll(() => page.getByRole('group', { name: 'Crop box' }).boundingBox()).toEqual(box);

  await dropFile(page, cap, 'image/jpeg');
  await answered(page);
  await expect(proposed).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(whole).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: /Drop a customer/ })).toBeVisible();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Propose a crop' }).click();
  await page.keyboard.press('Escape');
  await dropFile(page, cap, 'image/jpeg');
  await answered(page);
  await expect(whole).toBeVisible();
  await expect(proposed).toHaveCount(0);
});

test('a price limit below every price stays as typed, says what the cheapest is, and is taken away', async ({
  lookalike: { page },
}) => {
  await readyToMatch(page);
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.type('coat');
  await page.keyboard.press('Enter');
  await answered(page);
  const highest = page.getByRole('textbox', { name: 'Highest price' });
  await highest.fill('50');
  await highest.press('Enter');
  await expect(page.getByRole('heading', { name: 'Nothing up to €50; the cheapest is €229.' })).toBeVisible();
  await expect(page.getByText('found nothing')).toHaveCount(0);
  await expect(highest).toHaveValue('50');
  await page.getByRole('button', { name: 'Any price' }).press('Enter');
  await answered(page);
  await expect(page.getByRole('button', { name: /^Remove filter Price/ })).toHaveCount(0);
});
