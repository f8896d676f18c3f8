// `version-1.zip` is the data folder of an app with schema version 1. Its catalog had four products, then five, then six,
// two of which share a picture. They were imported with the starter model, and the catalog was rolled back to the second
// snapshot. That snapshot was also embedded with the model "mean", which is in use. One row is staged.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '@lancedb/lancedb';
import { expect, onTestFinished, test } from 'vitest';
import { openPromise } from 'yauzl';
import { openEngine } from '../open-engine.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { MODELS, range, temporaryFolder } from '../test-catalog.ts';
import type { Catalog } from './catalog.ts';
import { bringForward } from './migrate.ts';
import { publishedModels } from './model-tables.ts';
import { rowsOf, testRow } from './test-rows.ts';

const STARTER = { id: 'starter', dim: 576 };
const MEAN = { id: 'mean', dim: 3 };
const FIXTURE = fileURLToPath(new URL('version-1.zip', import.meta.url));
/** To kill more often: `KILLS=60 npx vitest run electron/engine/catalog/migrate.test.ts`. */
const KILLS = Number(process.env.KILLS ?? 6);

async function dataOfVersion1(): Promise<string> {
  const dataDir = await temporaryFolder();
  const zip = await openPromise(FIXTURE);
  for await (const entry of zip.eachEntry()) {
    const path = join(dataDir, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return dataDir;
}

/** The vectors that version 1 has of a model's pictures, by hash. */
async function oldVectors(uri: string, modelId: string): Promise<Map<string, Float32Array>> {
  const db = await connect(uri);
  const rows = await (await db.openTable(`images-${modelId}`)).query().toArray();
  db.close();
  return new Map(rows.map((row) => [String(row.imageHash), Float32Array.from(row.vector.toArray())]));
}

const pricesOf = async (catalog: Catalog, version: number) =>
  (await rowsOf(catalog, version)).map(({ row }) => `${row.uid} ${row.price}`);
const products = (count: number, price: number) => range(count).map((seed) => `p${seed} ${price}`);

/** Checks everything that a migration must keep. */
async function expectForward(uri: string, vectors: { starter: Map<string, Float32Array> }): Promise<void> {
  const catalog = await LiveCatalog.open(uri, STARTER);
  const snapshots = await catalog.history.list();
  expect(snapshots.map(({ name, products, images, live }) => [name, products, images, live])).toEqual([
    ['Test', 6, 6, false],
    ['Test', 5, 5, true],
    ['Test', 5, 5, false],
    ['Test', 4, 4, false],
  ]);
  const versions = snapshots.map(({ version }) => version);
  expect(Math.min(...versions)).toBeGreaterThan(13);
  expect(await pricesOf(catalog, versions[0] ?? 0)).toEqual(products(6, 3));
  expect(await pricesOf(catalog, versions[1] ?? 0)).toEqual(products(5, 2));
  expect(await pricesOf(catalog, versions[3] ?? 0)).toEqual(products(4, 1));
  for (const { row, content } of await rowsOf(catalog, versions[0] ?? 0)) {
    expect(content.vector).toEqual(vectors.starter.get(row.imageHash));
    expect(Buffer.from(content.thumbnail.subarray(0, 4)).toString()).toBe('RIFF');
    // Version 1 kept this mark inside the colour.
    expect(row.color).not.toMatch(/picture/);
    expect(row).toMatchObject({ colorFrom: 'picture', styleId: row.productId, source: '' });
  }
  {
    using snapshot = await catalog.live();
    expect(snapshot?.product('p3')).toHaveLength(1);
    expect((await snapshot?.fields.matching('Product', {}))?.length).toBe(5);
    const hashes = range(5).flatMap((seed) => snapshot?.product(`p${seed}`)[0]?.row.imageHash ?? []);
    expect(await snapshot?.thumbnails(hashes)).toHaveLength(5);
  }
  expect(await catalog.damage()).toEqual([]);
  expect((await catalog.check()).files).toEqual([]);
  const names = (await readdir(uri)).filter((name) => !name.startsWith('.'));
  expect(names.sort()).toEqual([
    'features-mean.lance',
    'features-starter.lance',
    'integrity-features-mean.json',
    'integrity-features-starter.json',
    'integrity-pictures.json',
    'integrity-product-images.json',
    'pictures.lance',
    'product-images.lance',
    'schema.json',
    'snapshots.lance',
  ]);
  expect(JSON.parse(await readFile(join(uri, 'schema.json'), 'utf8'))).toEqual({ schema: 2, leftOver: [] });
  // Staged pictures need not be embedded again.
  const staging = await catalog.stage();
  expect(staging.pictures.isKnown(testRow(77).row.imageHash)).toBe(true);
  await staging.close();
  await catalog.close();
}

test('a data folder of version 1 is opened with all its snapshots, and nothing is embedded or fetched', async () => {
  const dataDir = await dataOfVersion1();
  const uri = join(dataDir, 'catalog');
  const vectors = { starter: await oldVectors(uri, 'starter'), mean: await oldVectors(uri, 'mean') };
  const engine = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '', modelId: 'starter' });
  onTestFinished(() => engine.close());
  await expectForward(uri, vectors);
  // The snapshot that the model in use answered from stays live, for every model.
  const mean = await LiveCatalog.open(uri, MEAN);
  const live = await mean.liveInfo();
  expect(live).toMatchObject({ products: 5 });
  const rows = await rowsOf(mean, live?.version ?? 0);
  expect(rows.map(({ row, content }) => [row.uid, content.vector])).toEqual(
    rows.map(({ row }) => [row.uid, vectors.mean.get(row.imageHash)]),
  );
  expect(await publishedModels(uri)).toEqual(['mean', 'starter']);
  expect((await engine.status()).snapshot).toEqual(live);
});

test('a migration counts what it does; cancelled, it goes on from what it did, and says so', async () => {
  const uri = join(await dataOfVersion1(), 'catalog');
  const vectors = { starter: await oldVectors(uri, 'starter') };
  const cancel = new AbortController();
  const told: [number, number][] = [];
  const onProgress = (done: number, total: number) => {
    told.push([done, total]);
    if (done > total / 3) cancel.abort();
  };
  const cancelled = bringForward(uri, { modelInUse: 'mean', onProgress, signal: cancel.signal });
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  const [reached = 0, total = 0] = told.at(-1) ?? [];
  expect(told[0]).toEqual([0, total]);
  expect(reached).toBeLessThan(total);

  told.splice(0);
  await bringForward(uri, { modelInUse: 'mean', onProgress });
  const dones = told.map(([done]) => done);
  // The pictures copied the first time are counted at once.
  expect(dones[1]).toBeGreaterThan(0);
  expect(dones).toEqual(dones.toSorted((a, b) => a - b));
  expect(told.at(-1)).toEqual([total, total]);
  await expectForward(uri, vectors);
  told.splice(0);
  await bringForward(uri, { modelInUse: 'mean', onProgress });
  expect(told).toEqual([]);
});

test('without disk space a migration is refused before it writes, and goes on once there is', async () => {
  const uri = join(await dataOfVersion1(), 'catalog');
  const before = await readdir(uri, { recursive: true });
  const refused = bringForward(uri, { freeSpace: async () => 1_000_000 });
  const needed = expect.closeTo(20_200_000, -6);
  await expect(refused).rejects.toMatchObject({
    fault: { code: 'CATALOG_NEEDS_SPACE', params: { needed, free: 1_000_000 } },
  });
  expect(await readdir(uri, { recursive: true })).toEqual(before);
  await bringForward(uri);
  expect(JSON.parse(await readFile(join(uri, 'schema.json'), 'utf8'))).toEqual({ schema: 2, leftOver: [] });
});

/** Starts a migration in a separate process. */
function migrating(uri: string): ChildProcess {
  const code = `import { bringForward } from ${JSON.stringify(new URL('migrate.ts', import.meta.url).href)};
await bringForward(${JSON.stringify(uri)}, { modelInUse: 'mean' });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test(`a migration killed again and again (${KILLS} times) goes on, and nothing is lost`, {
  timeout: 60_000 + KILLS * 20_000,
}, async () => {
  // A kill falls into the migration on a fast machine and on a slow one.
  const undisturbed = join(await dataOfVersion1(), 'catalog');
  const began = performance.now();
  await once(migrating(undisturbed), 'exit');
  const whole = performance.now() - began;
  const count = { kills: 0, begun: 0, rounds: 0 };
  while (count.kills < KILLS) {
    count.rounds++;
    const uri = join(await dataOfVersion1(), 'catalog');
    const vectors = { starter: await oldVectors(uri, 'starter') };
    for (let [ended, tries] = [false, 0]; !ended; tries++) {
      const child = migrating(uri);
      const exit = once(child, 'exit');
      await Promise.race([exit, sleep(whole * (0.3 + Math.random() * (0.6 + 0.3 * tries)))]);
      child.kill('SIGKILL');
      await exit;
      ended = child.exitCode === 0;
      if (!ended) count.kills++;
      const names = await readdir(uri);
      if (!ended && names.includes('pictures.lance')) count.begun++;
      // Otherwise the next migration would wait five seconds until the lock is stale.
      await rm(`${uri}.lock`, { recursive: true, force: true });
    }
    await expectForward(uri, vectors);
  }
  console.log(JSON.stringify(count));
});

test('a snapshot that is damaged is left behind, and a table that is damaged altogether is set aside', async () => {
  const uri = join(await dataOfVersion1(), 'catalog');
  const folder = join(uri, 'images-starter.lance', '_versions');
  const [newest = ''] = (await readdir(folder)).filter((name) => name.endsWith('.manifest')).sort();
  await truncate(join(folder, newest), 10);
  for (const name of await readdir(join(uri, 'images-mean.lance', 'data'))) {
    await truncate(join(uri, 'images-mean.lance', 'data', name), 10);
  }
  await bringForward(uri, { modelInUse: 'mean' });
  const catalog = await LiveCatalog.open(uri, STARTER);
  expect((await catalog.history.list()).map(({ products, live }) => [products, live])).toEqual([
    [6, false],
    [5, true],
    [4, false],
  ]);
  using snapshot = await catalog.live();
  expect(snapshot?.product('p4')[0]?.row.price).toBe(2);
  const kept = (await readdir(join(uri, 'damaged'), { recursive: true })).join();
  expect(kept).toContain('images-mean.lance');
});

test('tables of a later version are refused in words, and left as they are', async () => {
  const uri = await temporaryFolder();
  await writeFile(join(uri, 'schema.json'), JSON.stringify({ schema: 3, tables: 'other' }));
  const refused = { code: 'CATALOG_TOO_NEW', fault: { params: { version: 3, known: 2 } } };
  await expect(LiveCatalog.open(uri, STARTER)).rejects.toMatchObject(refused);
  await expect(publishedModels(uri)).rejects.toMatchObject(refused);
  expect(await readdir(uri)).toEqual(['schema.json']);
});
