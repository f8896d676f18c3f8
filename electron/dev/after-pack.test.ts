import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missingBindings } from './after-pack.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

test('the bindings of this machine are all there', () => {
  expect(missingBindings(modules, process.platform, process.arch)).toEqual([]);
});

test('the bindings that npm did not install here are named', () => {
  const other = process.platform === 'darwin' ? 'win32' : 'darwin';
  const missing = missingBindings(modules, other, 'arm64');
  expect(missing).toContainEqual(expect.stringContaining(`@lancedb/lancedb-${other}-arm64`));
  expect(missing).toContainEqual(expect.stringContaining(`@img/sharp-${other}-arm64`));
});
