import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { dropFile, expect, readyToMatch, sampleCatalog, test } from './app.ts';
import { answered, expectCopied, firstCard } from './matching.ts';

// Chromium's own picture instead of a camera's.
test.use({ data: 'small', switches: ['--use-fake-device-for-media-stream'] });

/** Types a code and Enter as a scanner does: without a pause, by the times of the keys, whatever else the machine does. */
async function scan(session: CDPSession, code: string): Promise<void> {
  const began = Date.now() / 1000;
  // All are sent before the first is answered: the app counts on the next key being there when a pause would be over.
  const sent = [...code, 'Enter'].flatMap((key, i) => {
    const text = key === 'Enter' ? '\r' : key;
    const common = { key, timestamp: began + i * 0.004, windowsVirtualKeyCode: key === 'Enter' ? 13 : 0 };
    return [
      session.send('Input.dispatchKeyEvent', { type: 'keyDown', text, ...common }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common }),
    ];
  });
  await Promise.all(sent);
}

const getCamera = (page: Page, constraints: MediaStreamConstraints) =>
  page.evaluate(
    (asked) =>
      navigator.mediaDevices.getUserMedia(asked).then(
        () => 'granted',
        (error: Error) => error.name,
      ),
    constraints,
  );

test('a photo comes from the camera and a code from a scanner; a product goes out by copy, by drag and to the customer', async ({
  lookalike,
}) => {
  const { app, page } = lookalike;
  await readyToMatch(page);

  // The camera: asked for once, Space is the shutter, the photo can be taken again.
  await page.getByRole('button', { name: 'Take a photo' }).click();
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await expect(page.getByRole('button', { name: 'Take the photo' })).toBeFocused();
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
  await page.keyboard.press('Space');
  await answered(page);
  await expect(page.getByRole('img', { name: 'Photo from the camera' })).toBeVisible();
  await page.getByRole('button', { name: 'Retake' }).click();
  await expect(page.locator('video')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await getCamera(page, { audio: true })).toBe('NotAllowedError');
  expect(await getCamera(page, { audio: true, video: true })).toBe('NotAllowedError');

  // A scanner, with the focus on a card and in a field.
  const session = await page.context().newCDPSession(page);
  const field = page.getByRole('searchbox', { name: /SKU|words/ });
  await firstCard(page).focus();
  await scan(session, '40101-NVY');
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', '40101-NVY');
  // With Settings open, wherever the focus is there; a code that the catalog does not have says so.
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Propose a crop' }).focus();
  await scan(session, '40101-SGE');
  await expect(firstCard(page)).toHaveAttribute('data-product', '40101-SGE');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden();
  await scan(session, '99999-XYZ');
  await expect(
    page.getByText(/No product has the code 99999-XYZ|No product matches these words/).first(),
  ).toBeVisible();
  await dropFile(page, path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg'), 'image/jpeg');
  await answered(page);
  await field.fill('in green');
  await scan(session, '40101-SGE');
  await expect(firstCard(page)).toHaveAttribute('data-product', '40101-SGE');
  await expect(field).toHaveValue('40101-SGE');
  // A person's digit does what it did.
  await answered(page);
  await page.keyboard.press('1');
  await expectCopied(lookalike, '40101-SGE');

  // Out: text, HTML and a picture, which is found when it is pasted.
  await page.keyboard.press('ControlOrMeta+C');
  await expect
    .poll(() => app.evaluate(async ({ clipboard }) => clipboard.readText()))
    .toMatch(/^Breton tee\nSKU 40101-SGE\n.*39.*\nhttps:/);
  await page.keyboard.press('ControlOrMeta+V');
  await expect(page.getByRole('img', { name: 'image.png' })).toBeVisible();
  await answered(page);
  await expect(firstCard(page)).toHaveAttribute('data-product', '40101-SGE');

  // A drag: the shell has made a file of the picture.
  await app.evaluate(({ webContents }) => {
    for (const contents of webContents.getAllWebContents())
      contents.startDrag = ({ file }) => Reflect.set(globalThis, 'dragged', file);
  });
  await firstCard(page).dispatchEvent('dragstart');
  const dragged = () => app.evaluate(() => String(Reflect.get(globalThis, 'dragged')));
  await expect.poll(dragged).toMatch(/Breton tee 40101-SGE\.jpg$/);
  expect((await readFile(await dragged())).subarray(0, 3).toString('hex')).toBe('ffd8ff');

  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /Show to the customer/ }).click();
  const shown = page.getByRole('dialog', { name: 'Breton tee' });
  await expect(shown).toBeVisible();
  await expect(shown).not.toContainText('40101');
  await page.keyboard.press('Escape');
  await expect(firstCard(page)).toBeFocused();
});
