// A catalog that an earlier version made with the first starter model, in the hands of a version whose starter model is another.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SearchRequest } from '../../contract/search.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import {
  drawInto,
  drawPicture,
  item,
  MODELS,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

const PRODUCTS = 30;
const SUCCESSOR = { id: 'starter-2', name: 'Starter model' };
const never = new AbortController().signal;

/** A data folder as an earlier version left it: imported with its starter model, and no model was ever chosen. */
async function earlierData() {
  const folder = await temporaryFolder();
  await drawInto(folder, range(PRODUCTS));
  const dataDir = join(folder, 'data');
  const engine = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '', modelId: 'starter' });
  onTestFinished(() => engine.close());
  await runImport(
    engine,
    await writeFeed(
      folder,
      range(PRODUCTS).map((seed) => item(seed)),
    ),
  );
  return { folder, dataDir, engine };
}

async function use(engine: Engine, id: string, signal = never): Promise<number> {
  const steps = engine.modelInUse.switchTo(id, signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value.images.embedded;
}

async function firstOf(engine: Engine, seed: number): Promise<[model: string, product: string | undefined]> {
  const photo = { bytes: await drawPicture(seed) };
  const request: SearchRequest = { query: { kind: 'photo', photo } };
  const { model, results } = await engine.search(request);
  return [model.id, results[0]?.productId];
}

const successorOf = async (engine: Engine) => (await engine.status()).successor;

test('it answers as it did and names its successor, until it was moved or a person wants the earlier model', async () => {
  const { dataDir, engine: asked } = await earlierData();
  // Whoever asks for a model gets that one.
  expect(await successorOf(asked)).toBe(null);

  const engine = await openTestEngine(dataDir);
  expect(await firstOf(engine, 7)).toEqual(['starter', 'p7']);
  expect(await successorOf(engine)).toEqual(SUCCESSOR);
  const cancelled = AbortSignal.abort();
  await expect(use(engine, 'starter-2', cancelled)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await successorOf(engine)).toBe(null);

  const taught = await openTestEngine(dataDir);
  const photo = { bytes: await drawPicture(7) };
  const shown = { rank: 1, band: 'same', probability: 0.9 } as const;
  expect(await taught.giveFeedback({ photo, product: 'p7', by: 'said', shown })).not.toBe(null);
  // What people said of photos would be unknown to another model.
  expect(await successorOf(taught)).toBe(null);
  await (await taught.learned).forget();

  const next = await openTestEngine(dataDir);
  expect(await successorOf(next)).toEqual(SUCCESSOR);
  // Feedback that comes during the move ends it, and the features that were made stay.
  const steps = next.modelInUse.switchTo('starter-2', never);
  await steps.next();
  expect(await next.giveFeedback({ photo, product: 'p7', by: 'said', shown })).not.toBe(null);
  const ended = (async () => {
    for await (const _ of steps);
  })();
  await expect(ended).rejects.toMatchObject({ code: 'MODEL_TAUGHT_MEANWHILE' });
  expect(await firstOf(next, 7)).toEqual(['starter', 'p7']);
  await (await next.learned).forget();
  expect(await use(next, 'starter-2')).toBe(0);
  // Damage to the new table can be found before it is read.
  await access(join(dataDir, 'catalog/integrity-features-starter-2.json'));
  expect(await firstOf(next, 7)).toEqual(['starter-2', 'p7']);
  expect(await successorOf(next)).toBe(null);

  expect(await use(next, 'starter')).toBe(0);
  const kept = await openTestEngine(dataDir);
  expect(await firstOf(kept, 7)).toEqual(['starter', 'p7']);
  expect(await successorOf(kept)).toBe(null);
});

test('packs of either are taken by the other, which makes its own features', async () => {
  const { folder, engine: earlier } = await earlierData();
  const ofEarlier = join(folder, 'earlier.lookalike-pack');
  for await (const _ of earlier.publisher.exportPack({ path: ofEarlier }, never));

  const store = await openTestEngine(join(folder, 'store'));
  const source = { kind: 'file', path: ofEarlier } as const;
  const { images } = await runImport(store, source);
  expect(images).toEqual({ total: PRODUCTS, embedded: PRODUCTS, reused: 0 });
  expect(await firstOf(store, 7)).toEqual(['starter-2', 'p7']);
  expect((await runImport(store, source)).images.embedded).toBe(0);

  const ofLater = join(folder, 'later.lookalike-pack');
  for await (const _ of store.publisher.exportPack({ path: ofLater }, never));
  const dataDir = join(folder, 'slow');
  const slow = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '', modelId: 'starter' });
  onTestFinished(() => slow.close());
  expect((await runImport(slow, { kind: 'file', path: ofLater })).images.embedded).toBe(PRODUCTS);
  expect(await firstOf(slow, 7)).toEqual(['starter', 'p7']);
});
