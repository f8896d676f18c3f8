import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unit } from '../model/graph.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { QueryMemory, withoutCommon } from './query-memory.ts';
import { measureCenter } from './scales.ts';

const DIM = 64;
const MODEL = { id: 'test', dim: DIM, weights: 'w' };

/** A direction of its own for each seed. */
function direction(seed: number): Float32Array {
  let state = seed * 2654435761 + 12345;
  return unit(
    Float32Array.from({ length: DIM }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 31 - 1;
    }),
  );
}
const mix = (...parts: [weight: number, direction: Float32Array][]) =>
  unit(Float32Array.from({ length: DIM }, (_, i) => parts.reduce((sum, [w, d]) => sum + w * (d[i] ?? 0), 0)));

const SHOP = direction(1001);
const STUDIO = direction(1000);
/** A catalog's picture: what pictures have in common, and the product. */
const picture = (product: number) => mix([1, STUDIO], [1, direction(product)]);
/** A customer's photo of it: what the shop's photos have in common too. */
const photo = (product: number, nth = 0) =>
  mix([1, STUDIO], [1, SHOP], [1, direction(product)], [0.6, direction(5000 + 100 * product + nth)]);

const CATALOG = range(60).map((product) => ({
  ...{ uid: `p${product}`, styleId: `p${product}`, category: null, imageHash: `${product}` },
  vector: picture(product),
  colorSignature: new Uint8Array(),
  subjectColors: null,
}));
const CENTER = measureCenter(CATALOG);

async function openMemory(folder: string, model = MODEL): Promise<QueryMemory> {
  const memory = await QueryMemory.open(folder, model);
  onTestFinished(() => memory.close());
  return memory;
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

test('what photos of many products have in common is taken out of the next, from the tenth on', async () => {
  const memory = await openMemory(await temporaryFolder());
  const learned = range(40).map((i) => memory.see([{ hash: `photo ${i}`, vector: photo(i) }], CENTER));
  expect(learned.slice(0, 10)).toEqual(range(10).map(() => null));
  expect(learned[10]).toMatchObject({ photos: 10 });
  const last = learned[39];
  if (!last) throw new Error('nothing was learned');
  expect(dot(photo(50), SHOP)).toBeGreaterThan(0.5);
  expect(Math.abs(dot(withoutCommon(photo(50), last), SHOP))).toBeLessThan(0.2);
});

test('photos of the catalog’s own kind teach nothing', async () => {
  const memory = await openMemory(await temporaryFolder());
  const learned = range(40).map((i) =>
    memory.see([{ hash: `photo ${i}`, vector: picture(i + 100) }], CENTER),
  );
  expect(learned).toEqual(learned.map(() => null));
});

test('thirty photos of one product teach nothing alone, and little among others', async () => {
  const alone = await openMemory(await temporaryFolder());
  const ofOne = range(30).map((i) => alone.see([{ hash: `photo ${i}`, vector: photo(7, i) }], CENTER));
  expect(ofOne).toEqual(ofOne.map(() => null));

  const memory = await openMemory(await temporaryFolder());
  for (const i of range(20)) memory.see([{ hash: `photo ${i}`, vector: photo(i + 10) }], CENTER);
  for (const i of range(30)) memory.see([{ hash: `again ${i}`, vector: photo(7, i) }], CENTER);
  const after = memory.see([{ hash: 'next', vector: photo(7, 99) }], CENTER);
  if (!after) throw new Error('nothing was learned');
  // Of thirty photos among fifty, the product keeps most of what tells it from others.
  expect(dot(withoutCommon(photo(7, 98), after), direction(7))).toBeGreaterThan(0.3);
});

test('photos of one item count as one, and are answered alike in whatever order', async () => {
  const memory = await openMemory(await temporaryFolder());
  for (const i of range(15)) memory.see([{ hash: `photo ${i}`, vector: photo(i) }], CENTER);
  const front = { hash: 'front', vector: photo(30, 1) };
  const back = { hash: 'back', vector: photo(30, 2) };
  const label = { hash: 'label', vector: photo(30, 3) };
  const first = memory.see([front], CENTER);
  memory.see([back], CENTER);
  expect(memory.learning.photos).toBe(17);
  for (const together of [
    [back, front, label],
    [label, back, front],
  ])
    expect(memory.see(together, CENTER)).toBe(first);
  expect(memory.see([label], CENTER)).toBe(first);
  expect(memory.learning.photos).toBe(17);

  // Which of them is noted does not depend on their order.
  const sums = [];
  for (const together of [
    [front, back],
    [back, front],
  ]) {
    const folder = await temporaryFolder();
    const other = await QueryMemory.open(folder, MODEL);
    other.see(together, CENTER);
    await other.close();
    sums.push(await readFile(join(folder, 'photos-test.json'), 'utf8'));
  }
  expect(sums[1]).toBe(sums[0]);
});

test('a photo that is asked again counts once and is answered as before', async () => {
  const memory = await openMemory(await temporaryFolder());
  for (const i of range(12)) memory.see([{ hash: `photo ${i}`, vector: photo(i) }], CENTER);
  const first = memory.see([{ hash: 'photo 20', vector: photo(20) }], CENTER);
  memory.see([{ hash: 'photo 21', vector: photo(21) }], CENTER);
  expect(memory.see([{ hash: 'photo 20', vector: photo(20) }], CENTER)).toBe(first);
  expect(memory.see([{ hash: 'photo 22', vector: photo(22) }], CENTER)).toMatchObject({ photos: 14 });
});

test('sums are kept, no photo; they are gone when they are forgotten, damaged or of other weights', async () => {
  const folder = await temporaryFolder();
  const memory = await openMemory(folder);
  for (const i of range(15)) memory.see([{ hash: `photo ${i}`, vector: photo(i) }], CENTER);
  await memory.close();
  const path = join(folder, 'photos-test.json');
  const kept = await readFile(path, 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ weights: 'w', photos: 15 });
  const next = () => openMemory(folder);
  expect((await next()).see([{ hash: 'x', vector: photo(1) }], CENTER)).toMatchObject({ photos: 15 });
  expect(
    (await openMemory(folder, { ...MODEL, weights: 'v' })).see([{ hash: 'x', vector: photo(1) }], CENTER),
  ).toBeNull();
  await writeFile(path, kept.slice(0, 500));
  expect((await next()).see([{ hash: 'x', vector: photo(1) }], CENTER)).toBeNull();
  expect((await next()).learning).toEqual({ on: false, photos: 0 });
  await writeFile(path, kept);
  await (await next()).switch(false);
  const off = await next();
  expect(off.learning).toEqual({ on: false, photos: 15 });
  expect(off.see([{ hash: 'x', vector: photo(1) }], CENTER)).toBeNull();
  await off.switch(true);
  expect(off.see([{ hash: 'y', vector: photo(1) }], CENTER)).toMatchObject({ photos: 15 });
  await off.forget();
  expect(off.learning).toEqual({ on: true, photos: 0 });
  expect((await next()).see([{ hash: 'x', vector: photo(1) }], CENTER)).toBeNull();
});

test('learning that was switched off stays off: before any photo, once all are forgotten, and with other weights', async () => {
  const folder = await temporaryFolder();
  const memory = await openMemory(folder);
  await memory.switch(false);
  expect((await openMemory(folder)).learning).toEqual({ on: false, photos: 0 });
  await memory.switch(true);
  memory.see([{ hash: 'a', vector: photo(1) }], CENTER);
  await memory.forget();
  await memory.switch(false);
  expect((await openMemory(folder)).learning).toEqual({ on: false, photos: 0 });
  expect((await openMemory(folder, { ...MODEL, weights: 'others' })).learning.on).toBe(false);
});

test('a damaged file leaves learning off and says so, until it is switched on again', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'photos-test.json');
  const params = { file: 'photos-test.json', of: 'photos', kept: null };
  for (const damaged of ['', '{"on":true', '{"on":true,"photos":"many"}']) {
    await writeFile(path, damaged);
    const memory = await openMemory(folder);
    expect(memory.learning).toEqual({ on: false, photos: 0 });
    expect(memory.fault).toEqual({ code: 'FILE_DAMAGED', params });
    expect(memory.see([{ hash: 'a', vector: photo(1) }], CENTER)).toBeNull();
    await memory.close();
    expect(await readFile(path, 'utf8')).toBe(damaged);
  }
  const memory = await openMemory(folder);
  await memory.switch(true);
  expect(memory.fault).toBeNull();
  const next = await openMemory(folder);
  expect(next).toMatchObject({ fault: null, learning: { on: true, photos: 0 } });
});
