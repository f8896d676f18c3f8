import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ImportProblem } from '../contract/publishing.ts';
import { drawPicture, item } from '../engine/test-catalog.ts';
import { as, openTestServer, type TestServer } from './test-server.ts';

let shop: TestServer;

beforeAll(async () => {
  shop = await openTestServer([item(0), item(1)], [0, 1]);
});

async function send(path: string, body: FormData | object, scope: Parameters<typeof as>[0] = 'index') {
  const isForm = body instanceof FormData;
  const answer = await fetch(shop.server.url + path, {
    method: 'POST',
    headers: { ...as(scope), ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

/** The form of the client, with the picture of a seed. */
async function form(id: string, seed: number | null, fields: Record<string, string> = {}): Promise<FormData> {
  const made = new FormData();
  const all = { product_id: id, name: `Dress ${id}`, description: 'Light and long', ...fields };
  for (const [name, value] of Object.entries(all)) made.set(name, value);
  if (seed !== null)
    made.set('image_file', new File([await drawPicture(seed)], 'a.png', { type: 'image/png' }));
  return made;
}

async function nearest(seed: number): Promise<unknown> {
  const image = Buffer.from(await drawPicture(seed)).toString('base64');
  const { body } = await send('/api/image-search/find-similar', { image, topK: 1 }, 'search');
  return body.data[0];
}

const publishes = async () => (await shop.engine.catalog.history.list()).length;

test('a product with its picture is searchable when it is answered, beside the feeds of the shop', async () => {
  const metadata = JSON.stringify({ price: 49.99, category: 'dress', season: 'summer' });
  const added = await send('/api/v1/index-product-with-image', await form('a', 40, { metadata }));
  expect(added).toEqual({
    status: 200,
    body: {
      status: 'success',
      message: 'Product a indexed successfully',
      product_id: 'a',
      embedding_type: 'image',
      embedding_dimension: 576,
    },
  });
  expect(await nearest(40)).toMatchObject({
    variantId: 'a',
    productName: 'Dress a',
    price: 49.99,
    similarity: 100,
  });
  expect(await nearest(1)).toMatchObject({ variantId: 'p1' });
  const product = await shop.engine.product('a');
  expect(product).toMatchObject({
    source: 'api',
    attributes: { description: 'Light and long', season: 'summer' },
  });
});

test('a change without a picture keeps the one that is there, and a new product without one is refused', async () => {
  const changed = await send('/api/v1/index-product', await form('a', null, { name: 'Silk dress' }));
  expect(changed).toMatchObject({ status: 200, body: { status: 'success', embedding_type: 'image' } });
  expect(await nearest(40)).toMatchObject({ variantId: 'a', productName: 'Silk dress' });
  const without = await send('/api/v1/index-product', { product_id: 'b', name: 'New', description: '' });
  expect(without).toMatchObject({ status: 422, body: { detail: expect.stringContaining('picture') } });
});

test('what was rolled back stays out of what later writes publish, and comes back with its own snapshot', async () => {
  const picture = async (seed: number) => [
    { bytes: Buffer.from(await drawPicture(seed)).toString('base64') },
  ];
  const pictures = await picture(80);
  const first = { id: 'stays', title: 'Stays', price: 10, pictures };
  const { body: before } = await send('/v1/index', { products: [first] });
  const gone = [0, 1, 2].map((i) => ({ id: `gone-${i}`, title: 'Gone', pictures }));
  const { body: with3 } = await send('/v1/index', { products: [...gone, { ...first, price: 99 }] });
  const rollBack = (version: number) => send('/v1/snapshots/roll-back', { version }, 'admin');
  const priceOf = async (id: string) => (await shop.engine.product(`api/${id}`)).price;

  await rollBack(before.snapshot.version);
  await send('/v1/index', { products: [{ id: 'other', title: 'Other', pictures: await picture(81) }] });
  expect(await priceOf('stays')).toBe(10);
  expect(await priceOf('other')).toBeNull();
  for (const { id } of gone)
    await expect(shop.engine.product(`api/${id}`)).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });

  await rollBack(with3.snapshot.version);
  await send('/v1/index', { products: [{ id: 'third', title: 'Third', pictures }] });
  expect(await priceOf('stays')).toBe(99);
  expect(await priceOf('gone-2')).toBeNull();
  await expect(shop.engine.product('api/other')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
});

test('what is not sent of a product stays, and null takes a field away', async () => {
  const metadata = (fields: object) => ({ metadata: JSON.stringify(fields) });
  const first = metadata({
    price: 30,
    currency: 'EUR',
    category: 'Dresses',
    color: 'Blue',
    season: 'summer',
  });
  await send('/api/v1/index-product-with-image', await form('kept', 41, first));
  await send(
    '/api/v1/index-product-with-image',
    await form('kept', 42, metadata({ price: 20, season: null })),
  );
  const product = await shop.engine.product('api/kept');
  expect(product).toMatchObject({ price: 20, currency: 'EUR', category: 'Dresses', color: 'Blue' });
  expect(product.attributes).not.toHaveProperty('season');
  expect(await nearest(42)).toMatchObject({ variantId: 'kept' });
});

test('a product that cannot be used is refused with the field, is as it was, and stops no other', async () => {
  for (const [fields, said] of [
    [{ name: '<i></i>' }, '"title": "<i></i>"'],
    [{ metadata: '{"price":-5}' }, '"price": -5'],
    [{ metadata: '{"price":"free"}' }, '"price": "free"'],
    [{ metadata: '{"color":{"r":1}}' }, '"color": {'],
  ] as const) {
    const refused = await send('/api/v1/index-product', await form('kept', null, fields));
    expect(refused, said).toMatchObject({ status: 422, body: { detail: expect.stringContaining(said) } });
  }
  const pictures = [{ bytes: Buffer.from(await drawPicture(43)).toString('base64') }];
  const { status, body } = await send('/v1/index', {
    products: [
      { id: ' good ', title: 'Good', pictures },
      { id: 'untitled', pictures },
      { title: 'Nameless', pictures },
      { id: 'kept', title: 'Kept', price: 'free' },
      { id: 'garbled', title: 'Garbled', pictures: [{ bytes: 'bm8gcGljdHVyZQ==' }] },
      { id: 'bare', title: 'Bare' },
    ],
  });
  expect({ status, indexed: body.indexed }).toEqual({ status: 200, indexed: 1 });
  const told = body.problems.map(({ item, code, params }: ImportProblem) => [item, code, params]);
  expect(told).toEqual([
    ['untitled', 'PRODUCT_INVALID', { field: 'title', value: null }],
    ['products[2]', 'PRODUCT_INVALID', { field: 'id', value: null }],
    ['kept', 'PRODUCT_INVALID', { field: 'price', value: '"free"' }],
    ['garbled', 'IMAGE_UNREADABLE', expect.anything()],
    ['bare', 'PRODUCT_WITHOUT_PICTURE', {}],
  ]);
  // Where the feed lies is not for programs that index.
  expect(JSON.stringify(body)).not.toContain(shop.folder);
  expect(await shop.engine.product('api/good')).toMatchObject({ productId: 'good' });
  expect(await shop.engine.product('api/kept')).toMatchObject({ title: 'Dress kept', price: 20 });
  const none = await send('/v1/index', { products: [{ id: 'untitled' }] });
  expect(none).toMatchObject({ status: 200, body: { indexed: 0, problems: [{ item: 'untitled' }] } });
});

test('writes that come together are published together, and a thousand in one call at once', async () => {
  const before = await publishes();
  const forms = await Promise.all([...Array(12).keys()].map((i) => form(`together-${i}`, 50 + i)));
  const answers = await Promise.all(forms.map((each) => send('/api/v1/index-product-with-image', each)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect((await publishes()) - before).toBeLessThanOrEqual(3);
  expect(await nearest(57)).toMatchObject({ variantId: 'together-7' });

  const bytes = Buffer.from(await drawPicture(70)).toString('base64');
  const products = [...Array(1000).keys()].map((i) => ({
    id: `many-${i}`,
    title: `Many ${i}`,
    pictures: [{ bytes }],
  }));
  const once = await publishes();
  const many = await send('/v1/index', { products });
  expect(many).toMatchObject({ status: 200, body: { indexed: 1000, problems: [] } });
  expect((await publishes()) - once).toBeLessThanOrEqual(1);
  expect((await shop.engine.product('many-999')).title).toBe('Many 999');
});

test('a picture that cannot be read changes nothing, and a path is never one', async () => {
  const garbage = await form('a', null);
  garbage.set('image_file', new File(['no picture'], 'a.png', { type: 'image/png' }));
  expect(await send('/api/v1/index-product-with-image', garbage)).toMatchObject({ status: 422 });
  expect(await nearest(40)).toMatchObject({ variantId: 'a' });

  const path = join(shop.folder, 'secret.png');
  await writeFile(path, await drawPicture(90));
  for (const image of [path, `file://${path}`, '../../secret.png']) {
    const metadata = JSON.stringify({ image, images: undefined });
    const sent = await send('/api/v1/index-product', await form('thief', null, { metadata }));
    expect(sent, image).toMatchObject({ status: 400 });
  }
  const hidden = { id: 'thief', title: 'Thief', image: path, images: [`http://127.0.0.1:9/a.png,${path}`] };
  await send('/v1/index', { products: [hidden] });
  expect(await nearest(90)).not.toMatchObject({ variantId: 'thief' });
});

test('what a program has added can be rolled back and taken away', async () => {
  const before = await shop.engine.catalog.history.list();
  const live = before.find((each) => each.live);
  await send('/api/v1/index-product-with-image', await form('late', 95));
  expect(await nearest(95)).toMatchObject({ variantId: 'late' });
  await send('/v1/snapshots/roll-back', { version: live?.version }, 'admin');
  expect(await nearest(95)).not.toMatchObject({ variantId: 'late' });
  await shop.engine.publisher.removeProducts('api');
  expect(await nearest(40)).not.toMatchObject({ variantId: 'a' });
  expect(await readdir(join(shop.folder, 'data'))).not.toContain('api');
});
