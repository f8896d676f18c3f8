import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { APP_ID } from './app-id.ts';

test('the running app has the id of its shortcuts', () => {
  const settings = readFileSync(new URL('../../electron-builder.yml', import.meta.url), 'utf8');
  expect(/^appId: (.*)$/m.exec(settings)?.[1]).toBe(APP_ID);
  // Only Windows has the call, so that no test here can see it made.
  const main = readFileSync(new URL('../main.ts', import.meta.url), 'utf8');
  expect(main).toMatch(/^if \(process\.platform === 'win32'\) app\.setAppUserModelId\(APP_ID\);$/m);
});
