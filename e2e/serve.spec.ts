import { request } from 'node:http';
import { enginePid, expect, readyToMatch, test } from './app.ts';

test.use({ data: 'small' });

/** The status of a search that a page of this origin sends to a socket. */
function askAtSocket(socketPath: string, token: string, origin: string): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { host: 'localhost', authorization: `Bearer ${token}`, origin };
    const asked = request({ socketPath, path: '/api/v1/search', method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? null);
    });
    asked.once('error', () => resolve(null));
    asked.end('{"query":"tee","limit":1}');
  });
}

test('programs ask the running app, with a token each that can be taken back, and wait for an engine that died', async ({
  lookalike: { app, page },
}) => {
  await readyToMatch(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Answer other programs').click();
  const address = page.getByRole('button', { name: /^http:/ });
  await expect(address).toBeVisible();
  const url = await address.textContent();
  await page.getByRole('button', { name: 'Add a program' }).click();
  await page.getByLabel('Name of the program').fill('Till');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.getByRole('textbox', { name: /^Token of/ }).inputValue();

  const ask = async (authorization: string) => {
    const asked = { method: 'POST', headers: { authorization }, body: '{"query":"tee","limit":1}' };
    const answer = await fetch(`${url}/api/v1/search`, asked).catch(() => null);
    return answer?.status ?? null;
  };
  expect(await ask(`Bearer ${token}`)).toBe(200);
  expect(await ask(`Bearer ${token}x`)).toBe(401);
  await expect(page.getByText(/used just now/)).toBeVisible();

  process.kill(await enginePid(app), 'SIGKILL');
  await expect.poll(() => ask(`Bearer ${token}`)).toBe(503);
  await expect.poll(() => ask(`Bearer ${token}`), { timeout: 60_000 }).toBe(200);

  // At a socket instead of the port, and back; a listed origin may ask.
  await page.getByText('Where it answers').click();
  await page.getByLabel('Origin').fill('chrome-extension://till');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('radio', { name: /A socket|A pipe/ }).click();
  const shown = await page.locator('button.address', { hasText: /^\S*\.sock$|pipe/ }).textContent();
  const socketPath = shown ?? '';
  await expect.poll(() => askAtSocket(socketPath, token, 'chrome-extension://till')).toBe(200);
  expect(await askAtSocket(socketPath, token, 'https://evil.example')).toBe(403);
  expect(await ask(`Bearer ${token}`)).toBeNull();
  await page.getByRole('radio', { name: 'A port' }).click();
  await expect.poll(() => ask(`Bearer ${token}`)).toBe(200);

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: 'Take its token back' }).click();
  await expect.poll(() => ask(`Bearer ${token}`)).toBe(401);
  await page.getByLabel('Answer other programs').click();
  await expect.poll(() => ask(`Bearer ${token}`)).toBeNull();
});
