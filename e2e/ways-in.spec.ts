import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { dropFromDisk, expect, readyToMatch, sampleCatalog, test } from './app.ts';
import { answered, firstCard } from './matching.ts';

const photo = (name: string) => path.join(sampleCatalog, 'queries', name);
const breton = { file: photo('02-breton-on-bed.jpg'), productId: '40101-NVY' };

/** Drops or pastes data of these types, as a browser or a mail program would. */
async function give(page: Page, how: 'drop' | 'paste', data: Record<string, string>): Promise<void> {
  await page.evaluate(
    ({ how, data }) => {
      const transfer = new DataTransfer();
      for (const [type, value] of Object.entries(data)) transfer.setData(type, value);
      const init = { bubbles: true, cancelable: true };
      if (how === 'drop') {
        for (const type of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: transfer }));
      } else document.body.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: transfer }));
    },
    { how, data },
  );
}

test('a picture, an address or words, dragged or pasted from another program', async ({ lookalike }) => {
  const { page } = lookalike;
  await readyToMatch(page);
  const base64 = (await readFile(breton.file)).toString('base64');
  const pixel =
    '<img width="1" height="1" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=">';
  const html = `<meta charset="utf-8">${pixel}<p>Look <img alt="x" src="data:image/jpeg;base64,${base64}"></p>`;
  const untyped = `data:application/octet-stream;base64,${base64}`;
  const given = [
    ['drop', { 'text/html': html }],
    ['paste', { 'text/html': html }],
    // A picture is recognised by its bytes, whatever its type.
    ['drop', { 'text/html': `<img src="${untyped}">`, 'text/uri-list': untyped }],
    ['drop', { 'text/html': `<div style="color: red; background: #fff url('${untyped}') center">x</div>` }],
    ['paste', { 'text/plain': `background-image: url(data:image/jpeg;base64,${base64});` }],
  ] as const;
  for (const [how, data] of given) {
    await give(page, how, data);
    await answered(page);
    await expect(firstCard(page)).toHaveAttribute('data-product', breton.productId);
    await page.getByRole('button', { name: 'Clear photo' }).click();
  }

  await give(page, 'paste', { 'text/plain': ' 40213-GRN ' });
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', '40213-GRN');

  // The app asks before it fetches a picture from the web, and never fetches one from this machine.
  const address = 'http://127.0.0.1:9/picture.jpg';
  await give(page, 'drop', { 'text/html': `<img src="${address}">`, 'text/uri-list': address });
  const fetchIt = page.getByRole('button', { name: 'Fetch and match' });
  await expect(fetchIt).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(fetchIt).toBeHidden();
  await give(page, 'paste', { 'text/plain': address });
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-code="PICTURE_ADDRESS_PRIVATE"]')).toBeVisible();

  // Unreadable data is reported, not silently ignored.
  await give(page, 'drop', { 'text/html': '<img src="blob:https://chat.example/1">' });
  await expect(page.getByText('Only the program that shows this picture can read it.')).toBeVisible();
  await give(page, 'drop', { 'text/uri-list': 'file:///home/anna/coat.jpg' });
  await expect(page.getByText('This is only the address of a file.')).toBeVisible();
  await give(page, 'paste', { 'text/plain': 'data:application/octet-stream;base64,bm90aGluZw==' });
  await expect(page.getByText('There is nothing here to match.')).toBeVisible();
  await give(page, 'paste', { 'text/plain': 'data:image/png;base64,iVBORw0KG' });
  await expect(page.getByText('This picture did not come whole.')).toBeVisible();
});

test('several photos are matched one after another, and a folder is asked about', async ({ lookalike }) => {
  const { page } = lookalike;
  await readyToMatch(page);
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    for (const name of ['a.jpg', 'b.jpg']) dataTransfer.items.add(new File([], name, { type: 'image/jpeg' }));
    const init = { bubbles: true, cancelable: true, dataTransfer };
    document.body.dispatchEvent(new DragEvent('dragover', init));
  });
  await expect(page.getByText('Match these 2 photos, one after another')).toBeVisible();
  await page.evaluate(() => document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true })));
  const folder = await makeTemporaryFolder();
  const pile = path.join(folder, 'from the market');
  await mkdir(path.join(pile, 'more'), { recursive: true });
  await copyFile(breton.file, path.join(pile, 'a.jpg'));
  const dress = await readFile(photo('05-dress-on-hook.jpg'));
  await writeFile(path.join(pile, 'more', 'b.jpg'), dress.subarray(0, dress.length * 0.7));
  await writeFile(path.join(pile, 'more', 'c.jpg'), 'no picture');
  await writeFile(path.join(pile, 'notes.txt'), 'prices');
  await dropFromDisk(page, pile);
  await expect(page.getByText('“from the market” holds 3 pictures and 1 other file.')).toBeVisible();
  await page.getByRole('button', { name: 'Match the first of 3' }).click();
  await answered(page);
  await expect(page.getByText('Photo 1 of 3')).toBeVisible();
  await expect(firstCard(page)).toHaveAttribute('data-product', breton.productId);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.getByText('Photo 2 of 3')).toBeVisible();
  await answered(page);
  await expect(page.getByText('Part of this photo is missing').first()).toBeVisible();
  await page.getByRole('button', { name: 'All one item' }).click();
  await expect(page.getByRole('alert')).toContainText('Photo 3 (c.jpg)');
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await expect(page.getByText('2 photos of one item')).toBeVisible();
  await answered(page);
  await expect(page.getByText('Part of photo 2 (b.jpg) is missing').first()).toBeVisible();
  await expect(page.getByRole('list', { name: 'Further photos of the item' }).getByRole('img')).toBeVisible();
  await page.getByRole('button', { name: 'One by one' }).click();
  await expect(page.getByText('Photo 2 of 2')).toBeVisible();
  await answered(page);

  await dropFromDisk(page, pile);
  await page.getByRole('button', { name: 'Use as a catalog' }).click();
  // Its first subfolder is one product: the plan shows what a sync would import.
  await expect(page.getByText('from the market').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Catalog', exact: true })).toBeAttached();
  await removeFolder(folder);
});
