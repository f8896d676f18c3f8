import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { FolderLock } from './folder-lock.ts';

const MODULE = new URL('folder-lock.ts', import.meta.url).href;

/** Takes the lock and then blocks its thread until the lock looks abandoned, as a suspended laptop does. */
const BLOCKED_HOLDER = `
  const { FolderLock } = await import(${JSON.stringify(MODULE)});
  const lock = await FolderLock.acquire(process.argv[1]);
  console.log('held');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 9000);
  setTimeout(async () => {
    console.log(await lock.loss());
    await lock.release();
  }, 1500);
`;

test('a holder that was blocked loses its lock to the next one, and is told instead of ended', {
  timeout: 60_000,
}, async () => {
  const folder = join(await temporaryFolder(), 'catalog');
  await mkdir(folder);
  const args = ['--input-type=module', '-e', BLOCKED_HOLDER, folder];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  const said: string[] = [];
  holder.stdout.on('data', (text) => said.push(...String(text).trim().split('\n')));
  await once(holder.stdout, 'data');
  const ended = once(holder, 'exit');
  const lock = await FolderLock.acquire(folder);
  expect(await ended).toEqual([0, null]);
  expect(said).toEqual(['held', 'taken']);
  // The first holder's release must not have released the second holder's lock.
  expect(await lock?.loss()).toBeNull();
  await lock?.release();
  expect(await readdir(join(folder, '..'))).toEqual(['catalog']);
});

test('a lock whose folder was deleted is gone', async () => {
  const folder = join(await temporaryFolder(), 'catalog');
  await mkdir(folder);
  const lock = await FolderLock.acquire(folder);
  await rm(folder, { recursive: true });
  expect(await lock?.loss()).toBe('gone');
  expect(lock?.noticed).toBe('gone');
  await lock?.release();
});
