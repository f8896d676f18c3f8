import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { cleanUp, remove, removeUnfinishedWrites, rename, writeWhole } from './changes.ts';
import { storageError } from './storage-error.ts';
import { refuse } from './test-held.ts';

test.each(['EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY'])(
  'what is refused by %s for a moment is done',
  async (code) => {
    const folder = await temporaryFolder();
    const [path, moved] = [join(folder, 'a.json'), join(folder, 'b.json')];
    {
      using held = refuse('rename', /\.unfinished >/, { most: 2, code });
      await writeWhole(path, 'one');
      expect(held.times).toBe(2);
    }
    {
      using held = refuse('rename', /a\.json >/, { most: 3, code });
      await rename(path, moved);
      expect(held.times).toBe(3);
    }
    {
      using held = refuse('rm', /b\.json$/, { most: 3, code });
      await remove(moved);
      expect(held.times).toBe(3);
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a folder moves to a place as soon as that is empty', async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  for (const each of [from, to]) await mkdir(each);
  await writeFile(join(from, 'new'), '');
  await writeFile(join(to, 'old'), '');
  const moving = rename(from, to);
  await sleep(50);
  await rm(join(to, 'old'));
  await moving;
  expect(await readdir(to)).toEqual(['new']);
});

test('what is held for good fails a change and no clean-up', { timeout: 30_000 }, async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.json');
  await writeWhole(path, 'old');
  using held = refuse('rename', /\.unfinished >/);
  using kept = refuse('rm', /a\.json$/);
  const [written] = await Promise.allSettled([writeWhole(path, 'new'), cleanUp(path)]);
  expect(written).toMatchObject({ status: 'rejected', reason: { cause: { code: 'EPERM' } } });
  expect(written.status === 'rejected' && storageError(written.reason).code).toBe('STORAGE_HELD');
  expect(Math.min(held.times, kept.times)).toBeGreaterThan(5);
  // The old one is whole, and nothing lies beside it.
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('an error that waiting does not mend comes at once', async () => {
  const folder = await temporaryFolder();
  using held = refuse('rename', /./, { code: 'ENOSPC' });
  await expect(rename(join(folder, 'a'), join(folder, 'b'))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(held.times).toBe(1);
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a folder that may not be written is not waited for',
  async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a'), '');
    await chmod(folder, 0o500);
    using held = refuse('rename', /nothing/);
    await expect(rename(join(folder, 'a'), join(folder, 'b'))).rejects.toMatchObject({ code: 'EACCES' });
    expect(held.times).toBe(0);
    await chmod(folder, 0o700);
  },
);

test.skipIf(process.platform === 'win32')('a file that is replaced stays what it was', async () => {
  const folder = await temporaryFolder();
  const [path, link] = [join(folder, 'a.json'), join(folder, 'link.json')];
  await writeWhole(path, 'old', { mode: 0o600 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await symlink(path, link);
  await writeWhole(link, 'new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await readdir(folder)).sort()).toEqual(['a.json', 'link.json']);
});

test.each([
  ['Zugriff verweigert (os error 5)', 'STORAGE_HELD'],
  ['Os { code: 5, kind: PermissionDenied, message: "Access is denied." }', 'STORAGE_HELD'],
  ['The process cannot access the file because it is being used. (os error 32)', 'STORAGE_HELD'],
  ['Device or resource busy (os error 16)', 'STORAGE_HELD'],
  ['Operation not permitted (os error 1)', 'STORAGE_HELD'],
  ['Permission denied (os error 13)', 'STORAGE_FORBIDDEN'],
  ['No space left on device (os error 28)', 'STORAGE_FAILED'],
  ['Input/output error (os error 5)', 'STORAGE_BROKEN'],
])('Lance says: %s, which is %s', (said, code) => {
  expect(storageError(new Error(`LanceError(IO): Generic LocalFileSystem error: ${said}`)).code).toBe(code);
});

const MODULE = new URL('changes.ts', import.meta.url).href;

test('what a killed write leaves is removed, and nothing that may be under way', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.json');
  const code = `const { writeWhole } = await import(${JSON.stringify(MODULE)});
    setInterval(() => {}, 1000);
    const fs = await import('node:fs');
    fs.promises.rename = () => new Promise(() => console.log('written'));
    (await import('node:module')).syncBuiltinESMExports();
    await writeWhole(process.argv[1], 'new');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const minute = new Date(Date.now() - 61_000);
  await writeFile(join(folder, 'b.json.123'), '');
  await writeFile(join(folder, 'c.json.124'), '');
  await utimes(join(folder, 'c.json.124'), minute, minute);
  await writeFile(join(folder, 'photo.124'), '');
  await utimes(join(folder, 'photo.124'), minute, minute);
  await removeUnfinishedWrites(folder);
  const [first = '', ...others] = (await readdir(folder)).sort();
  expect(first).toMatch(/^a\.json\.\d+-.*\.unfinished$/);
  expect(others).toEqual(['b.json.123', 'photo.124']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await removeUnfinishedWrites(folder);
  expect((await readdir(folder)).sort()).toEqual(['b.json.123', 'photo.124']);
});
