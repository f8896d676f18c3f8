import { expect, readyToMatch, test } from './app.ts';

test('the page has no way out', async ({ lookalike: { app, page } }) => {
  await readyToMatch(page);
  // Nothing may reach the real browser while this test tries.
  await app.evaluate(({ shell }) => {
    shell.openExternal = async (url) => {
      Reflect.set(globalThis, 'opened', [...(Reflect.get(globalThis, 'opened') ?? []), url]);
    };
  });

  expect(page.url()).toBe('lookalike://app/');
  expect(
    await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis)),
  ).toEqual([]);
  expect(await page.evaluate(() => Object.keys(window.lookalike).sort())).toEqual([
    'chooseFolder',
    'chooseSavePath',
    'pathForFile',
    'platform',
    'restartEngine',
    'saveSecret',
  ]);

  await page.evaluate(() => {
    for (const url of [
      'https://example.com/p/1',
      'http://example.com/',
      'file:///etc/passwd',
      'lookalike://app/',
      // These could pass for another site than they are.
      'https://shop.example@evil.example/',
      'https://user:pw@example.com/',
    ]) {
      window.open(url);
    }
  });
  await expect
    .poll(() => app.evaluate(() => Reflect.get(globalThis, 'opened')))
    .toEqual(['https://example.com/p/1']);
  expect(app.windows()).toHaveLength(1);

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('lookalike://app/');

  const refused = await page.evaluate(async () => {
    const outcomes: Record<string, string> = {};
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'lookalike://app/..%2fmain.js',
      'lookalike://other/',
    ]) {
      outcomes[url] = await fetch(url).then(
        (response) => String(response.status),
        () => 'refused',
      );
    }
    outcomes.camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'granted',
      () => 'refused',
    );
    outcomes.notifications = await Notification.requestPermission();
    outcomes.clipboard = await navigator.clipboard.readText().then(
      () => 'granted',
      () => 'refused',
    );
    return outcomes;
  });
  expect(refused).toEqual({
    'https://example.com/': 'refused',
    'file:///etc/passwd': 'refused',
    'lookalike://app/..%2fmain.js': '404',
    'lookalike://other/': 'refused',
    camera: 'refused',
    notifications: 'denied',
    clipboard: 'refused',
  });
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-eval');
});
