import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { canNotarise, missingBindings, pathsTooLongForWindows } from './after-pack.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

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

test('sharp for the Mac needs the package of libvips too', async () => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const files = [
    'onnxruntime-node/bin/napi-v6/darwin/arm64/onnxruntime_binding.node',
    '@lancedb/lancedb-darwin-arm64/lancedb.darwin-arm64.node',
    '@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node',
    '@img/sharp-libvips-darwin-arm64/lib/libvips-cpp.8.dylib',
  ];
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  expect(missingBindings(folder, 'darwin', 'arm64')).toEqual([]);
  rmSync(path.join(folder, '@img/sharp-libvips-darwin-arm64'), { recursive: true });
  expect(missingBindings(folder, 'darwin', 'arm64')).toEqual(['@img/sharp-libvips-darwin-arm64/lib/*.dylib']);
});

test('a path is too long when Windows could not open it below the longest user’s folder', async () => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const parents = path.join('a'.repeat(80), 'b'.repeat(80));
  mkdirSync(path.join(folder, parents), { recursive: true });
  // "C:\Users\<36>\AppData\Local\Programs\Lookalike\" is 79 long, which leaves 180.
  for (const length of [18, 19]) writeFileSync(path.join(folder, parents, 'c'.repeat(length)), '');
  expect(pathsTooLongForWindows(folder)).toEqual([path.join(parents, 'c'.repeat(19))]);
});

test('a release for the Mac needs one whole way to be notarised', () => {
  expect(canNotarise({})).toBe(false);
  expect(canNotarise({ APPLE_ID: 'a@example.com', APPLE_TEAM_ID: 'T' })).toBe(false);
  expect(canNotarise({ APPLE_KEYCHAIN_PROFILE: 'release' })).toBe(true);
  expect(canNotarise({ APPLE_API_KEY: 'k', APPLE_API_KEY_ID: 'i', APPLE_API_ISSUER: 'x' })).toBe(true);
});
