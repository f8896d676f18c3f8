// The interplay of the system and the app: files to open, sleep, the end of a session, small screens.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ElectronApplication } from '@playwright/test';
import { dropFile, electron, expect, readyToMatch, repository, sampleCatalog, test } from './app.ts';
import { answered } from './matching.ts';

const photo = path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg');

/** Whether the app keeps the computer awake. Electron numbers the blockers from 0. */
function keepsAwake(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(({ powerSaveBlocker }) =>
    Array.from({ length: 20 }, (_, id) => id).some((id) => powerSaveBlocker.isStarted(id)),
  );
}

test.describe('on an empty data folder', () => {
  test.use({ data: 'empty' });

  test('the computer does not fall asleep over an import, and may when it is done', async ({
    lookalike: { app, page },
  }) => {
    const sample = page.getByRole('button', { name: 'Try the sample catalog' });
    await expect(sample).toBeVisible();
    expect(await keepsAwake(app)).toBe(false);
    await sample.click();
    await expect.poll(() => keepsAwake(app)).toBe(true);
    await readyToMatch(page);
    await expect.poll(() => keepsAwake(app)).toBe(false);
  });
});

test('a pack is opened by the system’s event, by a second start, and by the first one', async ({
  lookalike: { app, page, dataDir, relaunch },
}) => {
  await readyToMatch(page);
  const pack = (name: string) => path.join(dataDir, `${name}.lookalike-pack`);
  const [event, second, first] = [pack('event'), pack('second'), pack('first')];
  const cli = path.join(repository, 'electron/cli.ts');
  await promisify(execFile)(process.execPath, [cli, 'pack', event, '--data', dataDir]);
  for (const copy of [second, first]) await copyFile(event, copy);
  const planned = (file: string) =>
    expect(page.getByRole('region', { name: 'Dry run' })).toContainText(file, { timeout: 60_000 });
  await app.evaluate(({ app: main }, file) => {
    main.emit('open-file', { preventDefault: () => {} }, file);
  }, event);
  await planned(event);

  const { path: program, args, env } = await electron;
  const again = spawn(program, [...args, repository, path.basename(second)], {
    cwd: dataDir,
    env: { ...env, LOOKALIKE_DATA: dataDir },
  });
  expect(await once(again, 'exit')).toEqual([0, null]);
  await planned(second);

  page = await relaunch([first]);
  await planned(first);
});

test('Windows’ end of a session stops the engine and keeps the window’s place', async ({
  lookalike: { app, page, dataDir },
}) => {
  await readyToMatch(page);
  const ended = new Promise((resolve) => app.process().once('exit', (...how) => resolve(how)));
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.emit('session-end');
  });
  expect(await ended).toEqual([0, null]);
  expect(JSON.parse(await readFile(path.join(dataDir, 'profile/window.json'), 'utf8'))).toMatchObject({
    maximized: false,
  });
  expect(existsSync(path.join(dataDir, 'catalog.lock'))).toBe(false);
});

test('everything can be reached at 1366 x 768 and 150 %', async ({ lookalike: { page } }) => {
  await readyToMatch(page);
  // The work area above Windows' task bar, without the title bar and the menu.
  await page.setViewportSize({ width: 911, height: 420 });
  const inSight = async () => {
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole('contentinfo')).toBeInViewport({ ratio: 1 });
  };
  await inSight();
  await dropFile(page, photo, 'image/jpeg');
  await answered(page);
  await inSight();
  await expect(page.getByRole('gridcell').first()).toBeInViewport({ ratio: 0.5 });
  for (const screen of ['Catalog', 'Models']) {
    await page.getByRole('button', { name: screen, exact: true }).click();
    await inSight();
  }
});

test('a photo without a type is matched on the Models screen too', async ({ lookalike: { page } }) => {
  await readyToMatch(page);
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  // Windows has no type for HEIC unless an extension from its Store is installed.
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['no picture'], 'IMG_0001.HEIC', { type: '' }));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  });
  await expect(page.getByRole('region', { name: 'Query' })).toContainText('No preview of this picture');
});
