import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { readPixels } from '../images/photo.ts';
import { loadSharp } from '../images/sharp-build.ts';
import { Embedder } from '../model/embedder.ts';
import { installedModels } from '../model/files.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import {
  drawInto,
  drawPicture,
  importedCatalog,
  item,
  MODELS,
  openTestEngine,
  range,
  runImport,
  writeFeed,
} from '../test-catalog.ts';
import { PriorityGate } from '../work/priority-gate.ts';

const photo = async (seed: number) => ({ kind: 'photo', photo: { bytes: await drawPicture(seed) } }) as const;
const like = (productId: string) => ({ kind: 'product', productId }) as const;
const ids = (results: readonly { productId: string }[]) => results.map(({ productId }) => productId);

/** Twelve products of one to three pictures each; products 0 to 5 are coats, the others dresses. */
async function wardrobe() {
  const products = range(12).map((i) => ({
    id: `p${i}`,
    title: `Product ${i}`,
    images: range((i % 3) + 1).map((n) => `${i + 12 * n}.png`),
    category: i < 6 ? 'coat' : 'dress',
    brand: ['Acme', 'Globex', 'Initech'][i % 3],
    price: 10 * i,
    availability: i % 2 ? 'in stock' : 'out of stock',
    attributes: { material: i % 4 ? 'wool' : 'silk', note: `only ${i}` },
  }));
  return importedCatalog(products, range(36));
}

test('by visual similarity alone, the ranking is exactly that of comparing the query with every picture', async () => {
  const { engine, dataDir } = await wardrobe();
  const starter = (await installedModels([MODELS])).find(({ entry }) => entry.id === 'starter-2');
  if (!starter) throw new Error('run "npm run prepare" first');
  const embedder = await Embedder.load(starter, new PriorityGate());
  const snapshot = await (await LiveCatalog.open(join(dataDir, 'catalog'), embedder.info)).live();
  for (const seed of [100, 101, 102]) {
    const query = await photo(seed);
    const { pixels } = await readPixels(query.photo.bytes, embedder.pixelSpec);
    const vector = await embedder.embed(pixels);
    const expected = range(12)
      .map((i) => {
        const scores = (snapshot?.product(`p${i}`) ?? []).map((image) =>
          image.vector.reduce((sum, value, n) => sum + value * (vector[n] ?? 0), 0),
        );
        return { productId: `p${i}`, score: Math.max(...scores), imageCount: scores.length };
      })
      .sort((a, b) => b.score - a.score);
    const { results, total } = await engine.search({ query, colorWeight: 0 });
    expect(total).toBe(12);
    expect(
      results.map(({ productId, score, imageCount, rank }) => ({ productId, score, imageCount, rank })),
    ).toEqual(
      expected.map((product, i) => ({ ...product, score: expect.closeTo(product.score, 5), rank: i + 1 })),
    );
  }
  await embedder.close();
});

test('several photos of one item are one query, in whatever order, and what is wrong with one names it', async () => {
  const { engine } = await wardrobe();
  const [front, back, other] = [await photo(3), await photo(8), await photo(40)];
  const ask = async (first: typeof front, ...further: (typeof front)[]) =>
    engine.search({ query: { ...first, also: further.map((each) => each.photo), crop: 'whole' }, limit: 12 });
  const scores = ({ results }: { results: readonly { productId: string; score: number }[] }) =>
    new Map(results.map(({ productId, score }) => [productId, expect.closeTo(score, 4)]));
  const both = await ask(front, back);
  expect(ids(both.results).slice(0, 2).sort()).toEqual(['p3', 'p8']);
  expect(new Map(both.results.map(({ productId, score }) => [productId, score]))).toEqual(
    scores(await ask(back, front)),
  );
  expect(both.also).toEqual([{ width: 64, height: 64, turned: false, incomplete: false, crop: null }]);
  expect(ids((await ask(front, back, other)).results)).not.toEqual(ids(both.results));
  expect((await ask(front)).results[0]).toMatchObject({ productId: 'p3', score: expect.closeTo(1, 5) });

  const broken = { kind: 'photo', photo: { bytes: new Uint8Array([1, 2, 3]) } } as const;
  await expect(ask(front, broken)).rejects.toMatchObject({ item: 'photo 2' });
  await expect(ask(front, back, back, back, back, back)).rejects.toThrow();
});

test('a product of several pictures counts once, at the nearest, which is the one shown', async () => {
  const { engine } = await wardrobe();
  const { thumbnails } = await engine.product('p2');
  for (const [n, seed] of [2, 14, 26].entries()) {
    const { results } = await engine.search({ query: await photo(seed) });
    expect(new Set(ids(results)).size).toBe(results.length);
    expect(results[0]).toMatchObject({
      productId: 'p2',
      score: expect.closeTo(1, 5),
      band: 'same',
      imageCount: 3,
      thumbnail: thumbnails[n],
    });
  }
});

test('more like this leaves the product itself out', async () => {
  const { engine } = await wardrobe();
  const { results, total } = await engine.search({ query: like('p4') });
  expect(total).toBe(11);
  expect(ids(results).sort()).toEqual(
    ids(range(12).map((i) => ({ productId: `p${i}` })))
      .filter((id) => id !== 'p4')
      .sort(),
  );
  await expect(engine.search({ query: like('none') })).rejects.toMatchObject({
    code: 'PRODUCT_UNKNOWN',
    item: 'none',
  });
});

test('filters narrow, the limit cuts, and the total says how many passed', async () => {
  const { engine } = await wardrobe();
  const query = await photo(7);
  const all = await engine.search({ query });
  const coats = await engine.search({ query, filters: { category: ['coat'], price: { min: 20 } }, limit: 2 });
  const expected = ids(all.results).filter((id) => ['p2', 'p3', 'p4', 'p5'].includes(id));
  expect(ids(coats.results)).toEqual(expected.slice(0, 2));
  expect(coats.total).toBe(4);
  const none = await engine.search({ query, filters: { brand: ['none'] } });
  expect(none).toMatchObject({ results: [], total: 0, thumbnails: [] });
  expect(none.facets.brand.map(({ value }) => value)).toEqual(['Acme', 'Globex', 'Initech']);
});

test('facets: values that are as frequent are in natural order', async () => {
  const brands = ['B10', 'B2', 'B1'];
  const { engine } = await importedCatalog(
    brands.map((brand, seed) => item(seed, { brand })),
    range(3),
  );
  const { facets } = await engine.search({ query: await photo(0) });
  expect(facets.brand.map(({ value }) => value)).toEqual(['B1', 'B2', 'B10']);
});

test('facets: each field counts with the others applied and without its own', async () => {
  const { engine } = await wardrobe();
  const filters = { category: ['coat'], brand: ['Acme'], attributes: { material: ['silk'] } };
  const { facets } = await engine.search({ query: await photo(1), filters });
  expect(facets).toEqual({
    // Acme and silk: 0. Its category, and which others there are with those.
    category: [{ value: 'coat', count: 1 }],
    // Coat and silk: 0 and 4.
    brand: [
      { value: 'Acme', count: 1 },
      { value: 'Globex', count: 1 },
    ],
    // The feed says none; noise has all of them.
    color: [{ value: 'multicoloured', count: 1 }],
    availability: [{ value: 'out of stock', count: 1 }],
    // The test's feed is no saved source.
    source: [{ value: '', count: 1 }],
    price: { min: 0, max: 0 },
    // Coat and Acme: 0 and 3.
    attributes: [
      {
        name: 'material',
        values: [
          { value: 'silk', count: 1 },
          { value: 'wool', count: 1 },
        ],
      },
    ],
  });
});

test('the first screenful of thumbnails comes with the answer, the rest by id; unknown ids are left out', async () => {
  const { engine } = await importedCatalog(
    range(30).map((i) => item(i)),
    range(30),
  );
  const { results, thumbnails } = await engine.search({ query: await photo(3) });
  expect(thumbnails.map(({ id }) => id)).toEqual(results.slice(0, 18).map(({ thumbnail }) => thumbnail));
  const rest = results.slice(18).map(({ thumbnail }) => thumbnail);
  const asked = await engine.thumbnails([...rest, 'f'.repeat(64)]);
  expect(asked.map(({ id }) => id)).toEqual(rest);
  const sharp = await loadSharp();
  for (const { bytes } of asked)
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 64 });
});

const withoutTimings = async (asked: ReturnType<Engine['search']>) => {
  const { timings, ...answer } = await asked;
  return { cached: timings.cached, answer };
};

test('the same question again is answered from memory, with the same answer; another is not', async () => {
  const { engine } = await wardrobe();
  const query = await photo(5);
  const first = await withoutTimings(engine.search({ query }));
  const again = await withoutTimings(engine.search({ query }));
  expect([first.cached, again.cached]).toEqual([false, true]);
  expect(again.answer).toEqual(first.answer);
  const others = [
    { query, limit: 5 },
    { query, filters: { category: ['coat'] } },
    { query: { ...query, crop: { x: 0, y: 0, width: 0.5, height: 1 } } },
    { query: await photo(6) },
    { query: like('p5') },
  ];
  for (const request of others) expect((await engine.search(request)).timings.cached).toBe(false);
  // A program's embedding waits for the person's query, so the person's must not wait for it.
  const both = { query: await photo(7) };
  const [program, person] = await Promise.all([
    withoutTimings(engine.search(both, undefined, 'program')),
    withoutTimings(engine.search(both, undefined, 'person')),
  ]);
  expect(program.answer.results).toEqual(person.answer.results);
});

test('a photo by path is read again each time: what is in the file counts, not its name', async () => {
  const { engine, folder } = await wardrobe();
  const path = join(folder, 'query.png');
  const query = { kind: 'photo', photo: { path } } as const;
  await writeFile(path, await drawPicture(3));
  expect((await engine.search({ query })).results[0]?.productId).toBe('p3');
  await writeFile(path, await drawPicture(8));
  expect((await engine.search({ query })).results[0]?.productId).toBe('p8');
});

test('never stale: the same question has the new answer once a publish, by this engine or by another, is in memory', async () => {
  const { engine, folder, dataDir } = await importedCatalog([item(0), item(1)], range(4));
  const other = await openTestEngine(dataDir);
  const query = await photo(2);
  const answers = async (asked: Engine) => {
    await asked.catalog.caughtUp();
    const { results, timings } = await asked.search({ query, limit: 1 });
    return { ...results[0], cached: timings.cached };
  };
  expect((await answers(engine)).productId).not.toBe('p2');
  expect(await answers(engine)).toMatchObject({ cached: true });

  await runImport(engine, await writeFeed(folder, [item(0), item(1), item(2, { price: 1 })]));
  expect(await answers(engine)).toMatchObject({ productId: 'p2', price: 1, cached: false });

  await runImport(other, await writeFeed(folder, [item(0), item(1), item(2, { price: 2 })]));
  expect(await answers(engine)).toMatchObject({ productId: 'p2', price: 2, cached: false });

  await runImport(other, await writeFeed(folder, [item(0), item(1)]));
  expect((await answers(engine)).productId).not.toBe('p2');
  expect((await answers(other)).productId).not.toBe('p2');
});

test('a crop finds what is in it, and one outside the photo is CROP_INVALID', async () => {
  const { engine } = await wardrobe();
  const sharp = await loadSharp();
  const both = await sharp({ create: { width: 128, height: 64, channels: 3, background: '#fff' } })
    .composite([
      { input: Buffer.from(await drawPicture(4)), left: 0, top: 0 },
      { input: Buffer.from(await drawPicture(9)), left: 64, top: 0 },
    ])
    .png()
    .toBuffer();
  const search = (x: number, width: number) =>
    engine.search({
      query: { kind: 'photo', photo: { bytes: Uint8Array.from(both) }, crop: { x, y: 0, width, height: 1 } },
      colorWeight: 0,
      limit: 1,
    });
  expect((await search(0, 0.5)).results).toMatchObject([{ productId: 'p4', score: expect.closeTo(1, 5) }]);
  expect((await search(0.5, 0.5)).results).toMatchObject([{ productId: 'p9', score: expect.closeTo(1, 5) }]);
  await expect(search(0.6, 0.5)).rejects.toMatchObject({ code: 'CROP_INVALID' });
});

test('asked first for all of it, a photo gets the same answer with its subject as when that is asked at once', async () => {
  const { engine } = await wardrobe();
  const sharp = await loadSharp();
  const table = sharp({ create: { width: 320, height: 320, channels: 3, background: '#eceae4' } });
  const subject = await sharp(await drawPicture(4))
    .resize(100, 100, { kernel: 'nearest' })
    .png()
    .toBuffer();
  const laid = table.composite([{ input: subject, left: 120, top: 60 }]);
  // The same pixels as other files, of which the engine remembers nothing.
  const query = async (compressionLevel: number) => {
    const bytes = Uint8Array.from(await laid.clone().png({ compressionLevel }).toBuffer());
    return { kind: 'photo', photo: { bytes }, crop: 'auto' } as const;
  };
  const { timings: _, ...atOnce } = await engine.search({ query: await query(1) });
  expect(atOnce.ranking.crop).toMatchObject({ proposed: true });
  const later = await query(9);
  const first = await engine.search({ query: { ...later, crop: undefined } });
  expect(first.ranking.crop).toBeNull();
  // Called off, it is not answered, and can be asked again.
  await expect(engine.search({ query: later }, AbortSignal.abort())).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  const { timings, ...refined } = await engine.search({ query: later });
  expect(refined).toEqual(atOnce);
  expect(timings.cached).toBe(false);
});

/** Product pictures of 64 x 64 laid on a plain banner or strip, at a place along its long side. */
async function along(size: { width: number; height: number }, seed: number, left: number, top: number) {
  const sharp = await loadSharp();
  const plain = sharp({ create: { ...size, channels: 3, background: '#eceae4' } });
  const bytes = await plain
    .composite([{ input: Buffer.from(await drawPicture(seed)), left, top }])
    .png()
    .toBuffer();
  return { kind: 'photo', photo: { bytes: Uint8Array.from(bytes) } } as const;
}

test('a very wide or tall photo is looked at all along, not only in the middle', async () => {
  const { engine } = await wardrobe();
  const wide = { width: 448, height: 64 };
  for (const left of [0, 256, 384]) {
    const { results, ranking } = await engine.search({ query: await along(wide, 4, left, 0) });
    expect(results[0]).toMatchObject({ productId: 'p4', score: expect.closeTo(1, 2) });
    expect(ranking.crop?.box.x).toBeCloseTo(left / 448, 5);
  }
  const tall = await along({ width: 64, height: 448 }, 7, 0, 0);
  expect((await engine.search({ query: { ...tall, crop: 'auto' } })).results[0]?.productId).toBe('p7');
  // A crop that someone has drawn is all that is looked at.
  const crop = { x: 0.5, y: 0, width: 0.5, height: 1 };
  const { ranking } = await engine.search({ query: { ...(await along(wide, 4, 0, 0)), crop } });
  expect(ranking.crop).toEqual({ box: crop, proposed: false });
});

test('an answer says how its photo was read', async () => {
  const { engine } = await wardrobe();
  const whole = await (await loadSharp())(await drawPicture(3))
    .jpeg({ quality: 95 })
    .toBuffer();
  const search = async (bytes: Uint8Array) =>
    (await engine.search({ query: { kind: 'photo', photo: { bytes: Uint8Array.from(bytes) } } })).photo;
  const facts = { width: 64, height: 64, turned: false };
  expect(await search(whole)).toEqual({ ...facts, incomplete: false });
  expect(await search(whole.subarray(0, -2))).toEqual({ ...facts, incomplete: false });
  expect(await search(whole.subarray(0, whole.length * 0.8))).toEqual({ ...facts, incomplete: true });
  expect((await engine.search({ query: like('p1') })).photo).toBeNull();
});

test.each([
  ['no picture', { bytes: Uint8Array.from(Buffer.from('hello')) }, 'IMAGE_UNREADABLE'],
  ['a PDF', { bytes: Uint8Array.from(Buffer.from('%PDF-1.7')) }, 'IMAGE_UNSUPPORTED'],
  ['nothing', { bytes: new Uint8Array() }, 'IMAGE_UNREADABLE'],
  ['a missing file', { path: '/nowhere/photo.jpg' }, 'IMAGE_MISSING'],
  ['a folder', { path: MODELS }, 'IMAGE_MISSING'],
])('a query that is %s is an error of its own, and the next query works', async (_, bad, code) => {
  const { engine } = await importedCatalog([item(0)], [0]);
  await expect(engine.search({ query: { kind: 'photo', photo: bad } })).rejects.toMatchObject({ code });
  expect((await engine.search({ query: await photo(0) })).results).toHaveLength(1);
});

test('a search in the middle of an import answers from what is published', async () => {
  const { engine, folder, report } = await importedCatalog([item(0), item(1)], range(2));
  await drawInto(folder, range(40));
  const source = await writeFeed(
    folder,
    range(40).map((i) => item(i)),
  );
  const seen: number[] = [];
  for await (const { phase } of engine.publisher.sync(
    { source, confirmRemovals: true },
    new AbortController().signal,
  )) {
    if (phase === 'publishing') continue;
    const { snapshot, total } = await engine.search({ query: await photo(200 + seen.length) });
    expect(snapshot).toEqual(report.published);
    seen.push(total);
  }
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen)).toEqual(new Set([2]));
  expect((await engine.search({ query: await photo(1) })).total).toBe(40);
});
