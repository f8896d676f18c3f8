import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { drawPicture, item, temporaryFolder } from '../engine/test-catalog.ts';
import { installDualEncoder } from '../engine/test-dual-encoder.ts';
import { as, openTestServer, serve, type TestServer } from './test-server.ts';

let shop: TestServer;
let origin: string;
/** The picture of product p1, as a client has it. */
let photo: Uint8Array<ArrayBuffer>;
let base64: string;

beforeAll(async () => {
  const shoe = { title: 'Runner', groupId: 'runner', color: 'Red', price: 80, currency: 'EUR' };
  shop = await openTestServer(
    [
      item(0, {
        title: 'Wool coat',
        category: 'Coats',
        price: 189,
        currency: 'EUR',
        availability: 'in stock',
      }),
      item(1, {
        title: 'Linen dress',
        image: undefined,
        images: ['1.png', '5.png'],
        category: 'Dresses',
        brand: 'Oriel',
        color: 'Blue',
        price: 59,
        currency: 'EUR',
        url: 'https://shop.example/en/p/linen-dress/',
        availability: 'out of stock',
        sku: 'LD-1',
      }),
      item(2, { ...shoe, id: 'run-42', sku: 'RUN-42', size: '42', image: '2.png' }),
      item(3, { ...shoe, id: 'run-41', sku: 'RUN-41', size: '41', image: '2.png' }),
    ],
    [0, 1, 2, 5],
  );
  origin = `http://127.0.0.1:${shop.port}`;
  photo = await drawPicture(1);
  base64 = Buffer.from(photo).toString('base64');
});

/** Sends JSON as a client does, and returns the status and the body. */
async function post(path: string, body: unknown, headers: Record<string, string>) {
  const answer = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(origin + path, { headers });
  return { status: answer.status, body: await answer.json() };
}

async function postForm(
  path: string,
  fields: Record<string, string | File>,
  headers: Record<string, string>,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const answer = await fetch(origin + path, { method: 'POST', headers, body: form });
  return { status: answer.status, body: await answer.json() };
}

const file = () => new File([photo], 'customer.png', { type: 'image/png' });
const picture = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/thumbnails\/[0-9a-f]{64}$/);
const norm = (vector: number[]) => Math.hypot(...vector);

test('find-similar answers with every field of its contract, best first', async () => {
  const asked = { image: `data:image/png;base64,${base64}`, topK: 2 };
  const { status, body } = await post('/api/image-search/find-similar', asked, as('search'));
  expect(status).toBe(200);
  expect(body).toEqual({
    success: true,
    data: [
      {
        variantId: 'p1',
        score: expect.closeTo(1, 3),
        similarity: 100,
        productName: 'Linen dress',
        color: 'Blue',
        price: 59,
        mainImage: picture,
        hoverImage: picture,
        size: null,
        sku: 'LD-1',
        inStock: false,
        urlSlug: 'linen-dress',
      },
      expect.objectContaining({ similarity: expect.any(Number) }),
    ],
    count: 2,
    cached: false,
    timing: {
      cacheCheck: 0,
      clipEncode: expect.any(Number),
      qdrantSearch: expect.any(Number),
      total: expect.any(Number),
    },
  });
  const [first, second] = body.data;
  expect(first.hoverImage).not.toBe(first.mainImage);
  expect(second.similarity).toBe(Math.round(second.score * 100));
  const shown = await fetch(first.mainImage, { headers: as('search') });
  expect(shown.headers.get('content-type')).toBe('image/webp');
  expect(
    Buffer.from(await shown.arrayBuffer())
      .subarray(8, 12)
      .toString(),
  ).toBe('WEBP');
});

test('find-similar: base64 without a prefix, the usual values, a threshold, and the answer from the cache', async () => {
  const path = '/api/image-search/find-similar';
  const first = await post(path, { image: base64 }, as('search'));
  const again = await post(path, { image: base64 }, as('search'));
  expect(first.body).toMatchObject({ success: true, count: 3 });
  expect(again.body).toMatchObject({ cached: true, data: first.body.data });
  const near = await post(path, { image: base64, topK: '12', scoreThreshold: '0.99' }, as('search'));
  expect(near.body).toMatchObject({ count: 1, data: [{ variantId: 'p1' }] });
});

test('variantId is the SKU of the first size where a style has sizes', async () => {
  const image = Buffer.from(await drawPicture(2)).toString('base64');
  const { body } = await post('/api/image-search/find-similar', { image, topK: 1 }, as('search'));
  expect(body.data).toMatchObject([{ variantId: 'RUN-41', color: 'Red' }]);
});

test('find-similar tells errors in its own form', async () => {
  const path = '/api/image-search/find-similar';
  const said = (error: unknown) => ({ success: false, error, message: error });
  expect(await post(path, {}, as('search'))).toEqual({
    status: 400,
    body: said(expect.stringContaining('image')),
  });
  const text = Buffer.from('no picture').toString('base64');
  expect(await post(path, { image: text }, as('search'))).toEqual({
    status: 422,
    body: said('This file is not a picture, or its kind is unknown.'),
  });
  expect(await post(path, { image: base64 }, {})).toMatchObject({ status: 401, body: { success: false } });
});

test('health needs no token, stats need one of the scope admin', async () => {
  const checks = { model: true, catalog: true, cache: true };
  expect(await get('/api/image-search/health')).toEqual({
    status: 200,
    body: { success: true, status: 'healthy', checks },
  });
  expect((await get('/api/v1/health')).body).toEqual({ status: 'healthy', service: 'Lookalike', ...checks });
  expect((await get('/health')).body).toEqual({ status: 'healthy', ...checks });
  expect(await get('/api/image-search/stats')).toMatchObject({ status: 401, body: { success: false } });
  expect(await get('/api/image-search/stats', as('search'))).toMatchObject({ status: 403 });
  expect((await get('/api/image-search/stats', as('admin'))).body).toMatchObject({
    success: true,
    data: { model: { id: 'starter-2' }, catalog: { products: 4, images: 5 } },
  });
  expect((await get('/api/v1/stats', as('admin'))).body).toMatchObject({
    collection: { products: 4 },
    embedding_service: { dimension: 576 },
  });
});

test('/api/v1: embed-image, search and search-image answer with every field of their contract', async () => {
  const embedded = await postForm('/api/v1/embed-image', { file: file() }, as('embed'));
  expect(embedded.body).toEqual({
    image: 'customer.png',
    embedding: expect.any(Array),
    dimension: 576,
    model: 'Starter model',
  });
  expect(norm(embedded.body.embedding)).toBeCloseTo(1, 5);

  const found = await post('/api/v1/search', { query: 'linen dress', limit: 1 }, as('search'));
  const dress = {
    id: 'p1',
    name: 'Linen dress',
    score: expect.any(Number),
    metadata: {
      sku: 'LD-1',
      category: 'Dresses',
      brand: 'Oriel',
      color: 'Blue',
      size: null,
      price: 59,
      currency: 'EUR',
      availability: 'out of stock',
      url: 'https://shop.example/en/p/linen-dress/',
      image: picture,
    },
  };
  expect(found.body).toEqual({ query: 'linen dress', results: [dress], count: 1, model: 'Starter model' });

  const seen = await postForm('/api/v1/search-image?limit=1', { file: file() }, as('search'));
  expect(seen.body).toEqual({
    query_image: 'customer.png',
    model: 'Starter model',
    embedding_dimension: 576,
    count: 1,
    results: [{ ...dress, score: expect.closeTo(1, 3) }],
  });
});

test('/api/v1 tells errors as { detail }', async () => {
  const detail = { detail: expect.any(String) };
  expect(await postForm('/api/v1/search-image', {}, as('search'))).toEqual({ status: 400, body: detail });
  expect(await post('/api/v1/search', { query: ' ' }, as('search'))).toEqual({ status: 400, body: detail });
  expect(await post('/api/v1/search', { query: 'coat' }, as('embed'))).toEqual({ status: 403, body: detail });
  expect(await get('/api/v1/search', as('search'))).toEqual({ status: 405, body: detail });
  expect(await get('/api/v1/none', as('search'))).toEqual({ status: 404, body: detail });
  // The starter model has no text encoder.
  expect(await post('/api/v1/embed', { text: 'coat' }, as('embed'))).toEqual({ status: 501, body: detail });
});

test('the services that only embed: the same picture gives the same vector at each', async () => {
  const image = await post('/embed/image', { image: base64 }, as('embed'));
  expect(image.body).toEqual({ embedding: expect.any(Array), dimensions: 576 });
  const { embedding } = image.body;
  const encoded = await post('/encode', { image: `data:image/png;base64,${base64}` }, as('embed'));
  expect(encoded.body).toEqual({
    embedding,
    dimensions: 576,
    dims: 576,
    processing_time_ms: expect.any(Number),
  });
  const features = await postForm('/extract-features', { image: file() }, as('embed'));
  expect(features.body).toEqual({ features: embedding, dimensions: 576 });
});

test('texts are embedded where the model has a text encoder', async () => {
  const folder = await temporaryFolder();
  await installDualEncoder(join(folder, 'models'));
  const dataDir = join(folder, 'data');
  const engine = await openEngine({ dataDir, modelRoots: [join(folder, 'models')], sampleFeed: '' });
  const server = await serve(engine);
  onTestFinished(() => engine.close());
  const ask = async (path: string) => {
    const headers = { ...as('embed'), 'content-type': 'application/json' };
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: '{"text":"red dress"}' });
    return answer.json();
  };
  const { embedding, ...text } = await ask('/embed/text');
  expect(text).toEqual({ dimensions: 7 });
  expect(norm(embedding)).toBeCloseTo(1, 5);
  expect(await ask('/api/v1/embed')).toEqual({ text: 'red dress', embedding, dimension: 7 });
});

test('/api/search/images answers words, and fetches an address only from the internet', async () => {
  const image = {
    id: 'p1',
    image_id: expect.stringMatching(/^[0-9a-f]{64}$/),
    storage_url: picture,
    thumbnail_url: picture,
    similarity: expect.any(Number),
  };
  const found = await get('/api/search/images?q=linen%20dress&limit=1', as('search'));
  expect(found.body).toEqual({ results: [image] });
  for (const address of [
    `${origin}/health`,
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/a.png',
  ]) {
    const refused = await postForm('/api/search/images', { imageUrl: address }, as('search'));
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('network') } });
  }
  const local = await postForm('/api/search/images', { imageUrl: 'file:///etc/passwd' }, as('search'));
  expect(local).toMatchObject({ status: 400, body: { detail: expect.any(String) } });
});

test('a picture that comes many times at once is embedded once', async () => {
  const bytes = await readFile(join(shop.folder, '5.png'));
  const image = Buffer.concat([bytes, Buffer.from('other bytes')]).toString('base64');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post('/api/image-search/find-similar', { image }, as('search'))),
  );
  const embeds = answers.filter(({ body }) => body.timing.clipEncode > 0);
  expect(embeds).toHaveLength(1);
});

test('a method without a meaning here is 405, and a wrong limit is named', async () => {
  const traced = await new Promise((resolve, reject) => {
    const asking = request(`${origin}/v1/search`, { method: 'TRACE', headers: as('search') });
    asking.on('response', ({ statusCode }) => resolve(statusCode)).on('error', reject);
    asking.end();
  });
  expect(traced).toBe(405);
  const limited = await postForm('/api/v1/search-image?limit=abc', { file: file() }, as('search'));
  expect(limited).toMatchObject({ status: 400, body: { detail: expect.stringContaining('"limit"') } });
});
