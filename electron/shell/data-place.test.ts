import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../dev/temporary-folder.ts';
import { refuse } from '../engine/files/test-held.ts';
import { keepFromBackups, moveData, placeData } from './data-place.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

test('the data lies in the local folder of Windows, and in that of the app elsewhere', () => {
  const env = { LOCALAPPDATA: 'L' };
  const userData = path.join('R', 'Lookalike');
  const inSettings = path.join('R', 'Lookalike', 'data');
  expect(placeData({ platform: 'win32', env, userData })).toEqual({
    dataDir: path.join('L', 'Lookalike', 'data'),
    before: inSettings,
  });
  for (const platform of ['darwin', 'linux'] as const) {
    expect(placeData({ platform, env, userData })).toEqual({ dataDir: inSettings, before: null });
  }
  expect(placeData({ platform: 'win32', env: {}, userData })).toEqual({ dataDir: inSettings, before: null });
});

/** Data as an earlier version left it. */
async function roaming() {
  const folder = await temporaryFolder();
  const before = path.join(folder, 'roaming', 'data');
  await mkdir(path.join(before, 'catalog'), { recursive: true });
  await writeFile(path.join(before, 'catalog', 'a'), 'rows');
  const place = { before, dataDir: path.join(folder, 'local', 'Lookalike', 'data') };
  return { folder, before, place, moved: () => readFile(path.join(place.dataDir, 'catalog', 'a'), 'utf8') };
}

test('data of an earlier version is moved once, and what is there is never replaced', async () => {
  const { before, place, moved } = await roaming();
  expect(await moveData(place)).toBe(place.dataDir);
  expect(await moved()).toBe('rows');
  expect(existsSync(before)).toBe(false);
  await mkdir(before);
  expect(await moveData(place)).toBe(place.dataDir);
  expect(await moved()).toBe('rows');
  expect(existsSync(before)).toBe(true);
});

test('data on another drive is copied whole before it counts', async () => {
  const { before, place, moved } = await roaming();
  // Of a copy that was killed.
  await mkdir(`${place.dataDir}.unfinished/catalog`, { recursive: true });
  await writeFile(`${place.dataDir}.unfinished/catalog/b`, 'half');
  using _drive = refuse('rename', /roaming\/data > /, { code: 'EXDEV' });
  expect(await moveData(place)).toBe(place.dataDir);
  expect(await moved()).toBe('rows');
  expect(await readdir(path.join(place.dataDir, 'catalog'))).toEqual(['a']);
  expect(await readdir(path.dirname(place.dataDir))).toEqual(['data']);
  expect(existsSync(before)).toBe(false);
});

test('data that cannot be moved is used where it is', async () => {
  const { before, place } = await roaming();
  using _full = refuse('rename', /./, { code: 'ENOSPC' });
  expect(await moveData(place)).toBe(before);
  expect(await readdir(path.join(before, 'catalog'))).toEqual(['a']);
});

test.skipIf(process.platform === 'win32')('models are kept out of backups, or it is not done', async () => {
  const folder = await temporaryFolder();
  const program = path.join(folder, 'tmutil');
  await writeFile(program, `#!/bin/sh\necho "$@" > '${folder}/said'\n`);
  await chmod(program, 0o755);
  expect(spawnSync(program).status).toBe(0);
  const models = path.join(folder, 'data', 'models');
  await keepFromBackups(models, program);
  expect(await readFile(path.join(folder, 'said'), 'utf8')).toBe(`addexclusion ${models}\n`);
  await keepFromBackups(models, path.join(folder, 'nothing'));
});
