import { expect, test } from 'vitest';
import { refusedSwitches } from './refused-switches.ts';

const startedWith = (...names: string[]) => refusedSwitches((name) => names.includes(name));

test('switches that open the app to another program are refused, and named', () => {
  expect(startedWith('remote-debugging-port')).toEqual(['remote-debugging-port']);
  expect(startedWith('remote-debugging-pipe', 'disable-web-security')).toEqual([
    'remote-debugging-pipe',
    'disable-web-security',
  ]);
});

test('switches that a shop may need are not', () => {
  expect(startedWith()).toEqual([]);
  // AppImages pass it on systems where nobody can create a sandbox.
  expect(startedWith('no-sandbox', 'proxy-server', 'lang', 'disable-gpu', 'user-data-dir')).toEqual([]);
});
