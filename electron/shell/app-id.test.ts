import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { APP_ID } from './app-id.ts';

test('the running app has the id of its shortcuts', () => {
  const settings = readFileSync(new URL('../../electron-builder.yml', import.meta.url), 'utf8');
  expect(/^appId: (.*)$/m.exec(settings)?.[1]).toBe(APP_ID);
});
