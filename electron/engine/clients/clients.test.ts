import { createHash } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { Clients } from './clients.ts';

test('a token is given once and only its hash is kept; the client is known again after a restart', async () => {
  const folder = await temporaryFolder();
  const clients = await Clients.open(folder);
  const { client, token } = await clients.add({ name: 'Till', scopes: ['search', 'search', 'embed'] });
  expect(client).toMatchObject({ name: 'Till', scopes: ['search', 'embed'], lastUsedAt: null });
  expect(token).toMatch(/^lookalike_[\w-]{43}$/);
  const kept = await readFile(join(folder, 'server.json'), 'utf8');
  expect(kept).not.toContain(token);
  expect(kept).toContain(createHash('sha256').update(token).digest('hex'));

  const mode = async () => (await stat(join(folder, 'server.json'))).mode & 0o777;
  if (process.platform !== 'win32') {
    expect(await mode()).toBe(0o600);
    await chmod(join(folder, 'server.json'), 0o644);
  }
  const again = await Clients.open(folder);
  if (process.platform !== 'win32') expect(await mode()).toBe(0o600);
  await again.noteUse([client.id, 'unknown']);
  const [shown] = (await first(again.watch(never()))).clients;
  expect(shown).toEqual({ ...client, lastUsedAt: expect.any(String) });
  expect(shown).not.toHaveProperty('tokenHash');
  await again.remove(client.id);
  expect((await first(again.watchSettings(never()))).clients).toEqual([]);
  await expect(again.remove(client.id)).rejects.toMatchObject({ code: 'CLIENT_UNKNOWN' });
});

test('the port that the server reports is kept; a damaged file leaves the server off, and says so', async () => {
  const folder = await temporaryFolder();
  const clients = await Clients.open(folder);
  await clients.change({ on: true, origins: ['app://till'] });
  await clients.report({ state: { state: 'listening', url: 'http://127.0.0.1:4820' }, port: 4820 });
  const again = await Clients.open(folder);
  expect(await first(again.watchSettings(never()))).toEqual({
    on: true,
    port: 4820,
    socket: null,
    origins: ['app://till'],
    clients: [],
  });
  await again.change({ reach: 'socket' });
  expect(await first(again.watchSettings(never()))).toMatchObject({
    port: 4820,
    socket: process.platform === 'win32' ? expect.stringContaining('pipe') : join(folder, 'programs.sock'),
  });
  expect(await first(again.watch(never()))).toMatchObject({ on: true, state: { state: 'starting' } });
  await writeFile(join(folder, 'server.json'), '{"on":true');
  const damaged = await Clients.open(folder);
  expect(damaged.fault).toMatchObject({ code: 'FILE_DAMAGED', params: { kept: 'server.json.damaged' } });
  expect(await first(damaged.watch(never()))).toMatchObject({ on: false, clients: [] });
});

const never = () => new AbortController().signal;

async function first<T>(values: AsyncGenerator<T, void>): Promise<T> {
  for await (const value of values) return value;
  throw new Error('nothing came');
}
