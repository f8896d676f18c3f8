import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { SearchRequest } from '../../contract/search.ts';
import { Catalog } from '../catalog/catalog.ts';
import { publishedModels } from '../catalog/model-tables.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import type { Engine } from '../engine.ts';
import { loadSharp } from '../images/sharp-build.ts';
import { openEngine } from '../open-engine.ts';
import {
  drawInto,
  drawPicture,
  importedCatalog,
  item,
  MODELS,
  range,
  runImport,
  writeFeed,
} from '../test-catalog.ts';
import { installTestModels } from '../test-models.ts';
import { openShop } from '../test-shop.ts';

const never = new AbortController().signal;

/** Opens the engine as the app does: with the models of the data folder, and another model in place of a missing one. */
async function openWithModels(dataDir: string, fallBack = true): Promise<Engine> {
  const modelRoots = [join(dataDir, 'models'), MODELS];
  const engine = await openEngine({ dataDir, modelRoots, fallBack, sampleFeed: '' });
  onTestFinished(() => engine.close());
  return engine;
}

/** Imports products, each with its own picture, with the starter model. Two further models are installed. */
async function shop(products: number) {
  const seeds = range(products);
  const { folder, dataDir, source } = await importedCatalog(
    seeds.map((seed) => item(seed)),
    seeds,
  );
  await installTestModels(dataDir);
  return { folder, dataDir, source, engine: await openWithModels(dataDir) };
}

async function use(engine: Engine, id: string, signal = never): Promise<ImportReport> {
  const steps = engine.modelInUse.switchTo(id, signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

const photo = async (seed: number): Promise<SearchRequest> => ({
  query: { kind: 'photo', photo: { bytes: await drawPicture(seed) } },
});

/** The rows of a model's table that readers see. */
async function rowsOf(dataDir: string, id: string, dim: number): Promise<CatalogRow[]> {
  const catalog = await Catalog.open(join(dataDir, 'catalog'), { id, dim });
  const live = await catalog.liveInfo();
  if (!live) return [];
  const rows: CatalogRow[] = [];
  for await (const batch of catalog.rows.scanWithContent(live.version)) rows.push(...batch);
  return rows.sort((a, b) => a.row.key.localeCompare(b.row.key));
}

test('another process’s switch is followed: the app that is open answers with that model, from its table', async () => {
  const { dataDir, engine } = await shop(30);
  const stop = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    for await (const { model } of engine.watch(stop.signal)) {
      seen.push(model.id);
      if (model.id === 'other') return;
    }
  })();
  const elsewhere = await openWithModels(dataDir);
  const published = (await use(elsewhere, 'other')).published;
  await watching;
  stop.abort();
  expect(seen[0]).toBe('starter-2');
  // Both rank alike once both have calibrated the catalog.
  await Promise.all([engine.calibrate(), elsewhere.calibrate()]);
  const { model, snapshot, results } = await engine.search(await photo(7));
  expect([model.id, snapshot]).toEqual(['other', published]);
  expect(results).toEqual((await elsewhere.search(await photo(7))).results);
});

test('a switch makes every vector anew from the stored pictures, leaves the rest, and outlives a restart', async () => {
  const { folder, dataDir, engine } = await shop(30);
  const before = await engine.status();
  await Promise.all(range(30).map((seed) => rm(join(folder, `${seed}.png`))));

  const report = await use(engine, 'other');
  expect(report).toMatchObject({
    images: { total: 30, embedded: 30, reused: 0 },
    problems: [],
    published: { name: 'Test', source: before.snapshot?.source, products: 30 },
  });
  const status = await engine.status();
  expect(status).toMatchObject({
    model: { id: 'other' },
    snapshot: report.published,
    loading: null,
    switchingTo: null,
    notices: [],
  });
  const old = await rowsOf(dataDir, 'starter-2', 576);
  const [stored] = old.flatMap(({ row, content }) => (row.productId === 'p7' ? [content.thumbnail] : []));
  const bytes = Uint8Array.from(stored ?? []);
  const answer = await engine.search({ query: { kind: 'photo', photo: { bytes } } });
  expect(answer).toMatchObject({ model: { id: 'other' }, provider: 'CPU' });
  expect(answer.results[0]).toMatchObject({ productId: 'p7', score: expect.closeTo(1, 4) });

  const now = await rowsOf(dataDir, 'other', 576);
  expect(now.map(({ row }) => row)).toEqual(old.map(({ row }) => row));
  for (const [i, { content }] of now.entries()) {
    expect(content.thumbnail).toEqual(old[i]?.content.thumbnail);
    expect(content.colorSignature).toEqual(old[i]?.content.colorSignature);
    expect(content.vector).not.toEqual(old[i]?.content.vector);
  }

  const reopened = await openWithModels(dataDir);
  expect(await reopened.status()).toMatchObject({ model: { id: 'other' }, snapshot: report.published });
});

test('going back embeds nothing but what has come since, and shows the catalog as it is now', async () => {
  const { folder, engine } = await shop(12);
  await use(engine, 'other');
  await drawInto(folder, [20]);
  // A new picture, a new price, and a removed product.
  const products = [...range(12).slice(1), 20].map((seed) => item(seed, seed === 3 ? { price: 9 } : {}));
  await runImport(engine, await writeFeed(folder, products));

  expect(await engine.modelInUse.planSwitch('starter-2')).toEqual({
    pictures: 1,
    secondsEstimate: expect.any(Number),
  });
  expect((await use(engine, 'starter-2')).images).toEqual({ total: 12, embedded: 1, reused: 11 });
  const { results } = await engine.search(await photo(3));
  expect(results.map(({ productId }) => productId).sort()).toEqual(products.map(({ id }) => id).sort());
  expect(results.find(({ productId }) => productId === 'p3')?.price).toBe(9);
  const { version } = (await engine.catalog.liveInfo()) ?? {};

  await use(engine, 'other');
  expect(await engine.modelInUse.planSwitch('starter-2')).toEqual({ pictures: 0, secondsEstimate: null });
  expect(await use(engine, 'starter-2')).toMatchObject({ images: { embedded: 0 }, published: { version } });
});

test('while it runs the model in use answers and nobody else writes; cancelled, it goes on from there', async () => {
  const { engine, source } = await shop(200);
  const cancel = new AbortController();
  const seen: ImportProgress[] = [];
  const steps = engine.modelInUse.switchTo('other', cancel.signal);
  for (let step = await steps.next(); !step.done && seen.length < 4; step = await steps.next()) {
    seen.push(step.value);
    expect(await engine.status()).toMatchObject({
      model: { id: 'starter-2' },
      importing: false,
      switchingTo: 'Other model',
    });
    const { model, results } = await engine.search(await photo(seen.length));
    expect([model.id, results[0]?.productId]).toEqual(['starter-2', `p${seen.length}`]);
  }
  expect(seen.at(-1)).toMatchObject({ phase: 'embedding', total: 200 });
  const busy = { code: 'CATALOG_BUSY', fault: { params: { by: 'switch', model: 'Other model' } } };
  await expect(runImport(engine, source)).rejects.toMatchObject(busy);
  await expect(use(engine, 'mean')).rejects.toMatchObject(busy);
  await expect(engine.modelInUse.useProvider('cpu')).rejects.toMatchObject(busy);
  cancel.abort();
  const toEnd = async () => {
    while (!(await steps.next()).done);
  };
  await expect(toEnd()).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await engine.status()).toMatchObject({ model: { id: 'starter-2' }, switchingTo: null });

  const { embedded, reused } = (await use(engine, 'other')).images;
  expect(embedded + reused).toBe(200);
  expect(reused).toBeGreaterThan(0);
});

test('a model that is removed takes its vectors with it; the one in use and the built-in one stay', async () => {
  const { dataDir, engine } = await shop(20);
  const before = await engine.catalog.diskUse();
  await use(engine, 'other');
  await expect(engine.modelInUse.remove('other')).rejects.toMatchObject({ code: 'MODEL_IN_USE' });
  await use(engine, 'starter-2');
  await expect(engine.modelInUse.remove('starter-2')).rejects.toMatchObject({ code: 'MODEL_IN_USE' });
  // Vectors and colours only, without pictures.
  const features = 20 * 4 * (576 + 256);
  expect((await engine.catalog.diskUse())?.bytes).toBeGreaterThan((before?.bytes ?? 0) + features);
  expect((await engine.catalog.diskUse())?.bytes).toBeLessThan((before?.bytes ?? 0) + 1.3 * features);
  await engine.modelInUse.remove('other');
  expect(await publishedModels(join(dataDir, 'catalog'))).toEqual(['starter-2']);
  expect((await engine.catalog.diskUse())?.bytes).toBeLessThan((before?.bytes ?? 0) * 1.1);
  await expect(use(engine, 'other')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
});

test('a pack of one model is refused by name where another answers', async () => {
  const { folder, engine } = await shop(3);
  const path = join(folder, 'shop.lookalike-pack');
  for await (const _ of engine.publisher.exportPack({ path }, never));
  await use(engine, 'other');
  await expect(runImport(engine, { kind: 'file', path })).rejects.toMatchObject({
    code: 'PACK_MODEL_DIFFERS',
    fault: { params: { made: 'starter-2', here: 'other' } },
  });
});

test('a query that is under way when the switch happens is answered by the model it asked', async () => {
  const { engine } = await shop(8);
  const asked = range(6).map(async (seed) => engine.search(await photo(seed)));
  const [, ...answers] = await Promise.all([use(engine, 'other'), ...asked]);
  for (const [seed, { results }] of answers.entries()) expect(results[0]?.productId).toBe(`p${seed}`);
});

test('a picture that the new model can do nothing with is named and left out; too many of them, and nothing changes', async () => {
  const { folder, engine } = await shop(6);
  const sharp = await loadSharp();
  const black = sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } });
  await writeFile(join(folder, 'black.png'), await black.png().toBuffer());
  const withBlack = (blacks: number) => [
    ...range(6).map((seed) => item(seed)),
    ...range(blacks).map((i) => ({ id: `b${i}`, title: 'Black', image: 'black.png' })),
  ];
  await runImport(engine, await writeFeed(folder, withBlack(4)));
  await expect(use(engine, 'mean')).rejects.toMatchObject({ code: 'GATE_REMOVALS' });
  expect(await engine.status()).toMatchObject({ model: { id: 'starter-2' }, snapshot: { products: 10 } });

  await runImport(engine, await writeFeed(folder, withBlack(1)));
  const report = await use(engine, 'mean');
  expect(report.problems).toMatchObject([{ item: 'b0', code: 'MODEL_OUTPUT_INVALID' }]);
  const answer = await engine.search(await photo(2));
  expect(answer.total).toBe(6);
  expect((await engine.status()).notices).toEqual([
    { code: 'CATALOG_PICTURES_UNSEEN', params: { pictures: 1 } },
  ]);
});

test('a model that was replaced under its own id sees every picture anew', async () => {
  const { dataDir, engine } = await shop(5);
  expect((await use(engine, 'mean')).images).toEqual({ total: 5, embedded: 5, reused: 0 });
  await use(engine, 'starter-2');
  await installTestModels(dataDir, 'maximum');
  expect((await use(engine, 'mean')).images).toEqual({ total: 5, embedded: 5, reused: 0 });
});

test('a model in use that is altered is replaced in full sight, and comes back when it is whole again', async () => {
  const { dataDir, engine } = await shop(4);
  await use(engine, 'other');
  await appendFile(join(dataDir, 'models', 'other', 'model.onnx'), 'x');
  await expect(openWithModels(dataDir, false)).rejects.toMatchObject({ code: 'MODEL_ALTERED' });
  const fallen = await openWithModels(dataDir);
  expect(await fallen.status()).toMatchObject({
    model: { id: 'starter-2' },
    notices: [saying(/Other model.*damaged.*Starter model is used instead/s)],
  });

  await rm(join(dataDir, 'models', 'other'), { recursive: true });
  const [notice] = (await (await openWithModels(dataDir)).status()).notices;
  expect(notice).toEqual(saying(/not installed.*Starter model is used instead/s));
  await installTestModels(dataDir);
  expect(await (await openWithModels(dataDir)).status()).toMatchObject({
    model: { id: 'other' },
    notices: [],
  });

  await use(fallen, 'starter-2');
  expect((await fallen.status()).notices).toEqual([]);
});

test('a model can be chosen before there is a catalog; one that is not installed cannot', async () => {
  const { engine } = await shop(1);
  await expect(use(engine, 'none')).rejects.toMatchObject({ code: 'MODEL_MISSING', item: 'none' });
  const { dataDir } = await shop(1);
  await rm(join(dataDir, 'catalog'), { recursive: true });
  const empty = await openWithModels(dataDir);
  expect(await use(empty, 'mean')).toMatchObject({ published: null });
  expect(await (await openWithModels(dataDir)).status()).toMatchObject({
    model: { id: 'mean' },
    snapshot: null,
  });
});

test('what the feed said of its freshness under one model is not believed under another', async () => {
  const web = await openShop(range(4).map((seed) => item(seed)));
  const { engine } = await shop(1);
  const sync = () => runImport(engine, web.source);
  await sync();
  web.answers.length = 0;
  await sync();
  expect(web.answers).toEqual(['/feed.json 304']);
  await use(engine, 'other');
  web.answers.length = 0;
  expect((await sync()).products).toMatchObject({ unchanged: 4 });
  expect(web.answers).toContain('/feed.json 200');
});

test('whoever watches is told of the switch when it begins and when it is done', async () => {
  const { engine } = await shop(4);
  const stop = new AbortController();
  const watching = engine.watch(stop.signal);
  const told: string[] = [];
  const listen = async () => {
    const step = await watching.next();
    if (step.done) return;
    told.push(`${step.value.model.id} ${step.value.switchingTo}`);
    await listen();
  };
  const first = await watching.next();
  expect(first.value).toMatchObject({ model: { id: 'starter-2' }, switchingTo: null });
  const listening = listen();
  await use(engine, 'other');
  await vi.waitUntil(() => told.at(-1) === 'other null', { timeout: 60_000 });
  stop.abort();
  await listening;
  expect(told[0]).toBe('starter-2 Other model');
});
