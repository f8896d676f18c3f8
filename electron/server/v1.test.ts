import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { drawPicture, item, writeFeed } from '../engine/test-catalog.ts';
import { as, openTestServer, type TestServer } from './test-server.ts';

let shop: TestServer;
let photo: { bytes: string };

beforeAll(async () => {
  shop = await openTestServer(
    [item(0, { category: 'Coats' }), item(1, { category: 'Dresses' }), item(2, { category: 'Dresses' })],
    [0, 1, 2],
  );
  photo = { bytes: Buffer.from(await drawPicture(1)).toString('base64') };
});

async function ask(method: 'GET' | 'POST', path: string, scope: Parameters<typeof as>[0], body?: unknown) {
  const answer = await fetch(shop.server.url + path, {
    method,
    headers: { ...as(scope), 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
}

test('search: photo, words, both, product, filters, crop and balance; the snapshot without where feeds are', async () => {
  const search = (body: object) => ask('POST', '/v1/search', 'search', body);
  const ids = async (body: object) => {
    const { body: found } = await search(body);
    return found.results.map(({ productId }: { productId: string }) => productId);
  };
  const whole = await search({ query: { kind: 'photo', photo }, limit: 2 });
  expect(whole).toMatchObject({
    status: 200,
    body: { results: [{ productId: 'p1', rank: 1 }, {}], snapshot: { source: '', products: 3 } },
  });
  expect(JSON.stringify(whole.body)).not.toContain(shop.folder);
  expect(Buffer.from(whole.body.thumbnails[0].bytes, 'base64').subarray(8, 12).toString()).toBe('WEBP');
  const filters = { category: ['Coats'] };
  expect(await ids({ query: { kind: 'photo', photo }, filters })).toEqual(['p0']);
  const crop = { x: 0, y: 0, width: 1, height: 0.9 };
  expect((await ids({ query: { kind: 'photo', photo, crop, words: 'product', balance: 0.1 } }))[0]).toBe(
    'p1',
  );
  expect((await ids({ query: { kind: 'photo', photo, also: [photo] } }))[0]).toBe('p1');
  expect(await ids({ query: { kind: 'words', words: 'coats' }, limit: 1 })).toEqual(['p0']);
  expect((await ids({ query: { kind: 'product', productId: 'p2' } })).toSorted()).toEqual(['p0', 'p1']);
});

test('products, thumbnails and embeddings', async () => {
  const { body: product } = await ask('GET', '/v1/products/p1', 'search');
  expect(product).toMatchObject({ productId: 'p1', category: 'Dresses', thumbnails: [expect.any(String)] });
  const { body: pictures } = await ask('POST', '/v1/thumbnails', 'search', { ids: product.thumbnails });
  expect(pictures.thumbnails).toEqual([{ id: product.thumbnails[0], bytes: expect.any(String) }]);
  const { body: embedded } = await ask('POST', '/v1/embed', 'embed', { kind: 'photo', photo });
  expect(embedded).toMatchObject({ embedding: expect.any(Array), model: { id: 'starter-2', dim: 576 } });
});

test('errors are problems of RFC 9457, with a sentence and a code and no more', async () => {
  const problem = (status: number, code: string) => ({
    status,
    type: 'application/problem+json',
    body: { type: 'about:blank', title: expect.any(String), status, detail: expect.any(String), code },
  });
  expect(await ask('GET', '/v1/products/none', 'search')).toEqual(problem(404, 'PRODUCT_UNKNOWN'));
  expect(await ask('GET', '/v1/none', 'search')).toEqual(problem(404, 'NOT_FOUND'));
  expect(await ask('GET', '/v1/status', 'search')).toEqual(problem(403, 'FORBIDDEN'));
  expect(await ask('POST', '/v1/search', 'search', { query: { kind: 'photo' } })).toEqual(
    problem(400, 'BAD_REQUEST'),
  );
  expect(await ask('POST', '/v1/snapshots/roll-back', 'admin', { version: 99 })).toEqual(
    problem(404, 'SNAPSHOT_UNKNOWN'),
  );
  const garbled = await fetch(`${shop.server.url}/v1/search`, {
    method: 'POST',
    headers: { ...as('search'), 'content-type': 'application/json' },
    body: '{',
  });
  expect([garbled.status, await garbled.json()]).toEqual([400, problem(400, 'BAD_REQUEST').body]);
});

test('a path is not read, and calls that take one are not served', async () => {
  const path = join(shop.folder, '1.png');
  for (const body of [
    { query: { kind: 'photo', photo: { path } } },
    { query: { kind: 'photo', photo: { path, ...photo } } },
    { query: { kind: 'photo', photo, also: [photo, { path }] } },
  ])
    expect(await ask('POST', '/v1/search', 'admin', body)).toMatchObject({
      status: 422,
      body: { code: 'PATH_NOT_SERVED' },
    });
  expect(await ask('POST', '/v1/embed', 'admin', { kind: 'photo', photo: { path } })).toMatchObject({
    status: 422,
  });
  for (const call of [
    'exportPack',
    'sync',
    'planSync',
    'inspectFeed',
    'saveSource',
    'installModel',
    'addClient',
    'preview',
  ])
    expect(await ask('POST', `/v1/${call}`, 'admin', { path }), call).toMatchObject({ status: 404 });
});

test('sources: what a sync would change, the sync with its progress, snapshots and roll back', async () => {
  const location = await writeFeed(shop.folder, [item(0), item(1)]);
  const common = { format: null, mapping: null, secretHeader: null, everyHours: null, onStart: false };
  await shop.engine.publisher.saveSource({ id: 'web', name: 'Web', location, ...common });
  expect((await ask('GET', '/v1/sources', 'admin')).body).toMatchObject([{ source: { id: 'web' } }]);
  const plan = await events('/v1/sources/web/plan', {});
  expect(plan.at(-1)).toMatchObject({ event: 'done', data: { sourceId: 'web', products: { after: 2 } } });
  const run = await events('/v1/sources/web/sync', { confirmRemovals: true });
  expect(run[0]).toMatchObject({ event: 'message', data: { phase: expect.any(String) } });
  expect(run.at(-1)).toMatchObject({ event: 'done', data: { products: { total: 2 } } });
  for (const path of ['/v1/sources/none/sync', '/v1/sources/none/plan', '/v1/models/none/use'])
    expect(await ask('POST', path, 'admin', {}), path).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { code: expect.stringMatching(/^(SOURCE|MODEL)_UNKNOWN$/) },
    });

  const { body: snapshots } = await ask('GET', '/v1/snapshots', 'admin');
  const before = snapshots.find(({ live }: { live: boolean }) => !live);
  const { body: now } = await ask('POST', '/v1/snapshots/roll-back', 'admin', { version: before.version });
  expect(now).toMatchObject({ version: before.version, live: true });
});

/** The events of a stream, to its end. */
async function events(path: string, body: object): Promise<{ event: string; data: unknown }[]> {
  const headers = { ...as('admin'), 'content-type': 'application/json' };
  const answer = await fetch(shop.server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  return [...(await answer.text()).matchAll(/event: (\w+)\ndata: (.*)/g)].map(
    ([, event = '', data = '']) => ({
      event,
      data: JSON.parse(data),
    }),
  );
}

const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))) });

test('openapi.json and the page describe each address that is answered, without a script or another host', async () => {
  const described = await fetch(`${shop.server.url}/openapi.json`);
  const written = await described.text();
  const { paths, openapi } = document.parse(JSON.parse(written));
  expect(openapi).toBe('3.1.1');
  for (const path of [
    '/v1/search',
    '/v1/products/{productId}',
    '/v1/sources/{id}/sync',
    '/encode',
    '/reference',
  ])
    expect(paths).toHaveProperty([path]);
  for (const path of ['/v1/search', '/v1/embed']) {
    expect(JSON.stringify(paths[path])).toContain('base64');
    expect(JSON.stringify(paths[path])).not.toContain('"path"');
  }
  // The contracts of others say what they take, too.
  const withoutBody = Object.entries(paths).filter(
    ([, { post }]) => post && !post.requestBody && !post.parameters,
  );
  expect(withoutBody.map(([path]) => path)).toEqual([]);
  expect(paths['/api/v1/index-product-with-image']?.post).toMatchObject({
    requestBody: {
      content: { 'multipart/form-data': { schema: { required: ['product_id', 'name', 'image_file'] } } },
    },
  });
  expect(paths['/api/search/images']?.get).toMatchObject({
    parameters: [
      { name: 'q', required: true },
      { name: 'limit', required: false },
    ],
  });
  const page = await fetch(`${shop.server.url}/reference`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const path of Object.keys(paths)) expect(html).toContain(`<code>${path}</code>`);
  expect(html).not.toMatch(/<script|https?:\/\/(?!shop\.example)[^\s"<]*\.(js|css)/);
});
