import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { dropFile, enginePid, expect, readyToMatch, sampleCatalog, suspend, test } from './app.ts';
import { ranked } from './matching.ts';

/** Pictures of the sample catalog. */
const SAMPLE_PICTURES = 583;

const photo = path.join(sampleCatalog, 'queries/02-breton-on-bed.jpg');

test('an engine killed in mid-query is restarted and answers the same photo', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  const first = await enginePid(app);
  // Suspended first, so that the query is certainly in progress when the process is killed.
  await suspend(first);
  await dropFile(page, photo, 'image/jpeg');
  await expect(page.getByRole('region', { name: 'Query' })).toBeVisible();
  process.kill(first, 'SIGKILL');
  await expect(page.getByText('The search engine stopped and was restarted.')).toBeVisible();
  await expect.poll(async () => (await ranked(page))[0]).toBe('40101-NVY');
  expect(await enginePid(app)).not.toBe(first);
});

test.describe('on a first start', () => {
  test.use({ data: 'first-start' });

  test('an engine killed in mid-import goes on from what was staged', async ({
    lookalike: { app, page },
  }) => {
    await page.getByRole('button', { name: 'Try the sample catalog' }).click();
    const bar = page.getByRole('progressbar');
    const percent = async () => Number(await bar.getAttribute('aria-valuenow'));
    // Rows are written by the sixty: two hundred of the pictures are looked at, and the first ones are staged.
    await expect.poll(percent, { timeout: 180_000, intervals: [50] }).toBeGreaterThan(35);
    process.kill(await enginePid(app), 'SIGKILL');
    await expect(page.getByText('The import went on from where it was.')).toBeVisible();
    await readyToMatch(page);
    await page.getByRole('button', { name: 'Catalog' }).click();
    const count = async (name: string) => {
      const text = await page
        .getByRole('region', { name: 'Import report' })
        .getByText(name)
        .locator('..')
        .textContent();
      return Number(/\d+/.exec(text ?? '')?.[0]);
    };
    expect(await count('Known from before')).toBeGreaterThan(0);
    expect((await count('Known from before')) + (await count('Newly looked at'))).toBe(SAMPLE_PICTURES);
  });
});

test.describe('on an empty data folder', () => {
  test.use({ data: 'empty' });

  test('a second death in an import says what is true then, and the import can be resumed', async ({
    lookalike: { app, page },
  }) => {
    await page.getByRole('button', { name: 'Try the sample catalog' }).click();
    const bar = page.getByRole('progressbar');
    const percent = async () => Number(await bar.getAttribute('aria-valuenow'));
    for (let death = 0; death < 2; death++) {
      const engine = await enginePid(app);
      await expect.poll(percent, { timeout: 60_000, intervals: [50] }).toBeGreaterThan(15);
      process.kill(engine, 'SIGKILL');
      await expect.poll(() => enginePid(app).catch(() => engine)).not.toBe(engine);
    }
    const failure = page.getByRole('alert');
    await expect(failure).toContainText(
      'The search engine stopped before this was done. What was finished is kept.',
    );
    await expect(page.getByText(/being restarted|Starting it again/)).toHaveCount(0);
    await failure.getByRole('button', { name: 'Resume' }).click();
    await readyToMatch(page);
  });

  test('an engine that keeps dying is given up, and started again on request', async ({
    lookalike: { app, page },
  }) => {
    for (let death = 0; death < 3; death++) {
      await expect.poll(() => enginePid(app).catch(() => 0)).toBeGreaterThan(0);
      process.kill(await enginePid(app), 'SIGKILL');
      await expect.poll(() => enginePid(app).catch(() => 0)).toBe(0);
    }
    await page.getByRole('button', { name: 'Restart' }).click();
    await expect(page.getByRole('button', { name: 'Try the sample catalog' })).toBeVisible();
    await expect.poll(() => enginePid(app).catch(() => 0)).toBeGreaterThan(0);
  });
});

test('on Linux pictures are decoded without native libvips', async ({ lookalike: { app, page } }) => {
  await readyToMatch(page);
  if (process.platform !== 'linux') {
    console.log(`The two-GLib trap is Linux only; on ${process.platform} the native build is right.`);
    return;
  }
  const maps = await readFile(`/proc/${await enginePid(app)}/maps`, 'utf8');
  expect(maps).toMatch(/lancedb/);
  expect(maps).not.toMatch(/libvips|sharp-linux/);
});
