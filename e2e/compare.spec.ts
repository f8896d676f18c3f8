import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { dropFromDisk, enginePid, expect, expectAccessible, sampleCatalog, test } from './app.ts';

test.use({ data: 'small' });

/** Pictures of the pile, besides a file that is none. */
const PICTURES = 8;

/** A competitor's folder: pictures, and a file that only has the name of one. */
async function makePile(folder: string): Promise<string> {
  await mkdir(folder);
  const images = path.join(sampleCatalog, 'images');
  const files = (await readdir(images)).sort().slice(0, PICTURES);
  for (const [at, file] of files.entries())
    await copyFile(path.join(images, file), path.join(folder, `harrow-${at + 1}${path.extname(file)}`));
  await writeFile(path.join(folder, 'harrow-9.jpg'), 'This is no picture.');
  return folder;
}

const decided = (page: Page, count: number) =>
  expect(page.locator('.document-status')).toContainText(`${count} of ${PICTURES + 1} decided`);

const place = (page: Page, at: number) =>
  expect(page.locator('.place')).toHaveText(`${at} of ${PICTURES + 1}`);

/** The row in focus, once its picture is on screen. */
async function shown(page: Page): Promise<string> {
  const stage = page.locator('.stage.is-shown');
  await expect(stage.locator('.stage-fit img')).toBeVisible();
  return (await stage.getAttribute('data-row')) ?? '';
}

/** Draws a box around the middle of a picture with the mouse. */
async function drawBox(page: Page, picture: Locator): Promise<void> {
  const { x, y, width, height } = (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 4, y + height / 4);
  await page.mouse.down();
  await page.mouse.move(x + (width * 3) / 4, y + (height * 3) / 4, { steps: 4 });
  await page.mouse.up();
}

/** Kills the app as a power cut would: none of its processes can save anything. */
async function kill(app: ElectronApplication): Promise<void> {
  process.kill(await enginePid(app), 'SIGKILL');
  const gone = app.waitForEvent('close');
  app.process().kill('SIGKILL');
  await gone;
}

/** Answers the dialog of where to save. */
async function chooseToSave(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
  }, file);
}

test('a folder is compared, reviewed by keys, killed, opened where it was, and written out', async ({
  lookalike,
}) => {
  const { app, dataDir } = lookalike;
  let { page } = lookalike;
  const pile = await makePile(path.join(dataDir, 'pile'));
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Drop a competitor’s pictures here' })).toBeVisible();
  await expectAccessible(page, '.compare');
  await dropFromDisk(page, pile);
  await expect(page.getByRole('button', { name: `Review ${PICTURES} undecided` })).toBeVisible();
  await expect(page.getByText('1 picture could not be read.')).toBeVisible();
  const failed = page.getByRole('row').filter({ hasText: 'harrow-9.jpg' });
  await expect(failed).not.toContainText('Undecided');
  await expectAccessible(page, '.compare');
  await page.getByRole('button', { name: 'Accept in bulk…' }).click();
  await expect(page.getByRole('dialog')).toContainText('Likeness');
  await expectAccessible(page, '.dialog');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: `Review ${PICTURES} undecided` }).click();
  const first = await shown(page);
  await place(page, 1);
  await expectAccessible(page, '.compare');

  // A candidate that is no match is not offered again, until it is taken back.
  const stage = page.locator('.stage.is-shown');
  const candidates = stage.getByRole('list', { name: 'Candidates' }).getByRole('listitem');
  const offered = await candidates.count();
  await page.keyboard.press('r');
  await expect(candidates).toHaveCount(offered - 1);
  await expectAccessible(page, '.compare');
  await stage.getByRole('button', { name: /^Offer .* again$/ }).click();
  await expect(candidates).toHaveCount(offered);

  // A dialog that a key opens gives the keyboard back, so that Space decides afterwards.
  const keyboardAt = () => page.evaluate(() => document.activeElement?.className ?? '');
  const wasAt = await keyboardAt();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the review' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await keyboardAt()).toBe(wasAt);

  // Two names that are changed at once are both kept, and a field that Tab has reached keeps the keyboard.
  const name = page.getByRole('textbox', { name: 'Name of the comparison' });
  const competitor = page.getByRole('combobox', { name: 'Competitor' });
  await name.focus();
  await name.fill('Spring');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Harrow');
  await page.keyboard.press('Enter');
  await expect(competitor).toBeFocused();
  await expect(name).toHaveValue('Spring');
  await expect(competitor).toHaveValue('Harrow');
  await competitor.blur();

  // Nothing is decided by moving, and a decision goes on to the next picture.
  await page.keyboard.press('ArrowRight');
  await place(page, 2);
  await page.keyboard.press('ArrowLeft');
  await decided(page, 0);
  expect(await shown(page)).toBe(first);
  for (const key of ['a', 'e', '2', 's', 'x', ' ']) {
    await shown(page);
    await page.keyboard.press(key);
  }
  await place(page, 6);
  await decided(page, 5);

  // An undo comes back to its picture, and the key after it is meant for that one.
  await page.keyboard.press('Backspace');
  await page.keyboard.press('x');
  await place(page, 6);
  await decided(page, 5);
  await page.keyboard.press('Backspace');
  await place(page, 5);
  await decided(page, 4);
  await page.keyboard.press('y');
  await decided(page, 5);

  // Arrow keys do one thing: they step while the pictures are enlarged, and move the crop box alone.
  await page.keyboard.press('+');
  const zoom = () => page.locator('.focus-stages').getAttribute('style');
  await expect.poll(zoom).toContain('scale(1.5)');
  const zoomed = await zoom();
  await page.keyboard.press('ArrowRight');
  await place(page, 6);
  expect(await zoom()).toBe(zoomed);
  await page.keyboard.press('0');
  await page.keyboard.press('c');
  const crop = page.getByRole('region', { name: 'Part of the picture to compare' });
  await drawBox(page, crop.getByRole('img'));
  const selection = crop.locator('.ReactCrop__crop-selection');
  await selection.focus();
  const before = await selection.getAttribute('style');
  await page.keyboard.press('ArrowRight');
  await expect(selection).not.toHaveAttribute('style', before ?? '');
  await page.keyboard.press('x');
  await place(page, 6);
  await page.keyboard.press('Escape');
  await expect(crop).toBeHidden();
  // A button that has the keyboard is pressed by Space, which then decides nothing.
  await page.getByRole('button', { name: 'Next picture' }).focus();
  await page.keyboard.press('Space');
  await place(page, 7);
  await decided(page, 5);

  await page.keyboard.press('p');
  await expect(page.getByText('The pair is copied as a picture')).toBeVisible();
  expect(await app.evaluate(async ({ clipboard }) => clipboard.has('image/png'))).toBe(true);

  // A product that is no candidate is found by words.
  await page.keyboard.press('/');
  await page.keyboard.type('tee');
  await page.getByRole('list', { name: 'Products found' }).getByRole('button').first().click();
  await page.keyboard.press('e');
  await decided(page, 6);
  await place(page, 8);

  await kill(app);
  page = await lookalike.relaunch();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await place(page, 8);
  await decided(page, 6);

  await expect(page.getByRole('textbox', { name: 'Name of the comparison' })).toHaveValue('Spring');

  const file = path.join(dataDir, 'report.csv');
  await chooseToSave(lookalike.app, file);
  await page.getByRole('button', { name: 'Export' }).click();
  await expectAccessible(page);
  await page.getByRole('menuitem', { name: /^Table/ }).click();
  await expect(page.getByText('report.csv is saved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused();
  const csv = await readFile(file, 'utf8');
  expect(csv).toContain('harrow-1.');
  expect(csv.match(/\bsame\b/g)).not.toBeNull();

  const pdf = path.join(dataDir, 'report.pdf');
  await chooseToSave(lookalike.app, pdf);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /PDF/ }).click();
  await expect(page.getByText('report.pdf is saved')).toBeVisible();
  expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');

  await page.getByRole('button', { name: 'All comparisons' }).click();
  await page.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Comparisons' })).toContainText('6 of 9 decided');
  await expectAccessible(page, '.compare');
});
