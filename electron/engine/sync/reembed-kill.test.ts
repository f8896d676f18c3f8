import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Catalog } from '../catalog/catalog.ts';
import { openEngine } from '../open-engine.ts';
import { drawPicture, importedCatalog, item, MODELS, range } from '../test-catalog.ts';
import { installTestModels } from '../test-models.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const KILLS = 5;
/** Ten writes of features: enough to kill a switch five times before half of it is done. */
const PRODUCTS = 640;
/** The number of pictures that the other model has embedded. */
async function seen(dataDir: string): Promise<number> {
  const catalog = await Catalog.open(join(dataDir, 'catalog'), { id: 'other', dim: 576 });
  const unseen = await catalog.rows.unseenPictures();
  await catalog.close();
  return PRODUCTS - unseen.length;
}

/** The files of the other model's table: each write adds one. */
const written = (dataDir: string) =>
  readdir(join(dataDir, 'catalog/features-other.lance/data')).catch((): string[] => []);

/** Opens the engine as the app does after the kill. */
async function statusNow(dataDir: string) {
  const engine = await openEngine({ dataDir, modelRoots: [join(dataDir, 'models'), MODELS], sampleFeed: '' });
  const bytes = await drawPicture(3);
  const { results } = await engine.search({ query: { kind: 'photo', photo: { bytes } } });
  const { model, snapshot } = await engine.status();
  await engine.close();
  return { model: model.id, products: snapshot?.products, first: results[0]?.productId };
}

test(`a switch killed again and again: the model in use answers, and what was embedded is not embedded again`, {
  timeout: 300_000,
}, async () => {
  const seeds = range(PRODUCTS);
  const { dataDir } = await importedCatalog(
    seeds.map((seed) => item(seed)),
    seeds,
  );
  await installTestModels(dataDir);
  let kept = 0;
  let kills = 0;
  // When no features are kept, nothing is proved. When half are kept, one more round might end before it is killed.
  while (kept === 0 || (kills < KILLS && kept < PRODUCTS / 2)) {
    const before = new Set(await written(dataDir));
    const args = [CLI, 'models', 'use', 'other', '--data', dataDir];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const ended = once(child, 'exit');
    // The process is in its first write, or between that and the next.
    await vi.waitUntil(async () => (await written(dataDir)).some((name) => !before.has(name)), {
      timeout: 120_000,
      interval: 5,
    });
    await setTimeout(Math.random() * 200);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    kills++;
    // Otherwise the next writer would wait five seconds until the lock is stale.
    await rm(join(dataDir, 'catalog.lock'), { recursive: true, force: true });
    expect(await statusNow(dataDir)).toEqual({ model: 'starter-2', products: PRODUCTS, first: 'p3' });
    const now = await seen(dataDir);
    expect(now).toBeGreaterThanOrEqual(kept);
    kept = now;
  }

  const engine = await openEngine({ dataDir, modelRoots: [join(dataDir, 'models'), MODELS], sampleFeed: '' });
  onTestFinished(() => engine.close());
  const steps = engine.modelInUse.switchTo('other', new AbortController().signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  expect(step.value.images.embedded).toBe(PRODUCTS - kept);
  expect(step.value).toMatchObject({ images: { total: PRODUCTS }, problems: [] });
  console.log(JSON.stringify({ kills, kept, embedded: step.value.images.embedded }));
  expect(await engine.status()).toMatchObject({ model: { id: 'other' }, snapshot: { products: PRODUCTS } });
});
