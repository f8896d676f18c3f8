import fs from 'node:fs';
import { readdir } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openEngine } from '../open-engine.ts';
import { importedCatalog, item, MODELS, range, runImport, temporaryFolder } from '../test-catalog.ts';
import { isNetworkPath, requireHardLinks, requirePlace } from './data-place.ts';
import { refuse } from './test-held.ts';

test.each([
  ['\\\\server\\share\\data', true],
  ['//server/share/data', true],
  ['\\\\?\\UNC\\server\\share', true],
  ['\\\\.\\unc\\server\\share', true],
  ['\\\\server.example@SSL\\share', true],
  ['C:\\Users\\x\\AppData\\Local\\Lookalike', false],
  ['\\\\?\\C:\\data', false],
  ['\\data', false],
  ['data', false],
])('a path of Windows on another computer: %s is %s', (path, expected) => {
  expect(isNetworkPath(path)).toBe(expected);
});

test('a data folder on a server or with too long a path is refused on Windows', async () => {
  const refused = (params: unknown) => ({ fault: { code: 'DATA_FOLDER_UNUSABLE', params } });
  await expect(requirePlace('\\\\server\\share', true)).rejects.toMatchObject(refused({ reason: 'network' }));
  const long = `C:\\${'x'.repeat(150)}`;
  await expect(requirePlace(long, true)).rejects.toMatchObject(refused({ reason: 'long', most: 139 }));
  await requirePlace('C:\\Users\\Maximiliane.Mustermann\\AppData\\Local\\Lookalike', true);
  await requirePlace(long, false);
});

test('a letter of a drive on a server is known before the data folder is there', async () => {
  const realpath = vi.spyOn(fs.promises, 'realpath').mockImplementation(async (path) => {
    if (path === 'Z:\\') return '\\\\server\\share\\';
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  });
  syncBuiltinESMExports();
  try {
    const refused = { fault: { code: 'DATA_FOLDER_UNUSABLE', params: { reason: 'network' } } };
    await expect(requirePlace('Z:\\new\\data', true)).rejects.toMatchObject(refused);
    await requirePlace('Y:\\new\\data', true);
  } finally {
    realpath.mockRestore();
    syncBuiltinESMExports();
  }
});

test('a drive without hard links is refused before anything is written; a catalog that is there answers', async () => {
  const empty = join(await temporaryFolder(), 'data');
  const { dataDir, engine, source } = await importedCatalog([item(0)], range(1));
  const refused = { fault: { code: 'DATA_FOLDER_UNUSABLE', params: { reason: 'no-links' } } };
  {
    using held = refuse('link', /./, { most: 2, code: 'EBUSY' });
    await requireHardLinks(empty);
    expect(held.times).toBe(2);
  }
  using _exfat = refuse('link', /./, { code: process.platform === 'win32' ? 'EISDIR' : 'EPERM' });
  await expect(openEngine({ dataDir: empty, modelRoots: [MODELS], sampleFeed: '' })).rejects.toMatchObject(
    refused,
  );
  expect(await readdir(dirname(empty))).toEqual([]);
  await expect(runImport(engine, source)).rejects.toMatchObject(refused);
  const again = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '' });
  expect((await again.status()).snapshot?.products).toBe(1);
  await again.close();
});
