// The page "Connect a program" says what was run: its examples are run here, in their order.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { drawPicture, item } from '../engine/test-catalog.ts';
import { Lookalike } from './example-client.ts';
import { as, openTestServer, type TestServer } from './test-server.ts';

const run = promisify(execFile);
let shop: TestServer;

beforeAll(async () => {
  shop = await openTestServer([item(0, { title: 'Striped tee' }), item(1, { price: 20 })], [0, 1]);
  await writeFile(join(shop.folder, 'photo.jpg'), await drawPicture(1));
});

const token = (scope: Parameters<typeof as>[0]) => as(scope).authorization.replace('Bearer ', '');

test.skipIf(process.platform === 'win32')('each example of "Connect a program" is answered', async () => {
  const page = await readFile(new URL('CONNECT.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  const env = { ...process.env, LOOKALIKE: shop.server.url, TOKEN: token('admin') };
  for (const block of blocks) {
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', block], {
      cwd: shop.folder,
      env,
      maxBuffer: 1e7,
    });
    expect(stdout, block).not.toContain('"detail"');
  }
});

test('the page names every address that is answered', async () => {
  const page = await readFile(new URL('CONNECT.md', import.meta.url), 'utf8');
  const answer = await fetch(`${shop.server.url}/openapi.json`);
  const { paths }: { paths: Record<string, unknown> } = await answer.json();
  const missing = Object.keys(paths).filter((path) => !path.startsWith('/v1/') && !page.includes(path));
  expect(missing).toEqual([]);
});

test('the typed client finds a product and shows its picture', async () => {
  const lookalike = new Lookalike(shop.server.url, token('search'));
  const [best] = await lookalike.findSimilar(await drawPicture(1), { topK: 1 });
  expect(best).toMatchObject({ variantId: 'p1', price: 20 });
  expect((await lookalike.picture(best?.mainImage ?? '')).length).toBeGreaterThan(50);
  await expect(lookalike.findSimilar(new Uint8Array([1, 2, 3]))).rejects.toThrow('not a picture');
});
