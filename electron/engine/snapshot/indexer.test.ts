import { cp, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../dev/temporary-folder.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { readIndex } from '../vectors/index-file.ts';
import { clustered } from '../vectors/test-vectors.ts';
import { PriorityGate } from '../work/priority-gate.ts';
import { forgetIndex, Indexer } from './indexer.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { Snapshot } from './snapshot.ts';

const DIM = 24;
const COUNT = 6000;
const MODEL = { id: 'test', dim: DIM };

function row(n: number, changed = false): CatalogRow {
  const imageHash = n.toString(16).padStart(63, '0') + (changed ? '1' : '0');
  const { row: fields, content } = testRow(n, { imageHash, brand: n % 2 === 0 ? 'Even' : 'Odd' }, DIM);
  return { row: fields, content: { ...content, vector: clustered(changed ? n + 9e6 : n, DIM) } };
}
const rows = Array.from({ length: COUNT }, (_, n) => row(n));

/** A data folder with all rows published, which the tests copy. */
let published: string;
beforeAll(async () => {
  published = await makeTemporaryFolder();
  const catalog = await LiveCatalog.open(join(published, 'catalog'), MODEL);
  await syncRows(catalog, rows);
  await catalog.close();
});
afterAll(() => removeFolder(published));

async function publishedCatalog() {
  const dataDir = await temporaryFolder();
  await cp(published, dataDir, { recursive: true });
  const catalog = await LiveCatalog.open(join(dataDir, 'catalog'), MODEL);
  return { dataDir, catalog, path: join(dataDir, 'index-test.bin') };
}

async function live(catalog: LiveCatalog): Promise<Snapshot> {
  const snapshot = await catalog.live();
  if (!snapshot) throw new Error('Nothing is published.');
  return snapshot;
}

/** Reads the catalog again, as at the next start of the app, and indexes it. */
async function indexed(dataDir: string): Promise<Snapshot> {
  const snapshot = await live(await LiveCatalog.open(join(dataDir, 'catalog'), MODEL));
  const indexer = new Indexer(dataDir, MODEL.id, new PriorityGate(), 0);
  indexer.of(snapshot);
  await indexer.settled();
  return snapshot;
}

async function ask(snapshot: Snapshot, brand?: string[]) {
  const answers = [];
  for (let n = 0; n < 40; n++) {
    const { neighbours, total, search } = await snapshot.nearest(
      clustered(4e6 + n, DIM),
      10,
      brand ? { brand } : {},
    );
    answers.push({ ids: neighbours.map(({ uid }) => uid), total, search });
  }
  return answers;
}

type Answers = Awaited<ReturnType<typeof ask>>;
const withIndex = (answers: Answers) => answers.filter(({ search }) => search === 'index').length;
function recall(found: Answers, exact: Answers): number {
  const hits = exact.flatMap(({ ids }, i) => ids.map((id) => (found[i]?.ids.includes(id) ? 1 : 0) as number));
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
}

test('a published catalog is indexed, and what is found is what comparing with all would find, filters included', async () => {
  const { dataDir, catalog } = await publishedCatalog();
  const exact = await live(catalog);
  const snapshot = await indexed(dataDir);
  const found = await ask(snapshot);
  expect(withIndex(found)).toBeGreaterThan(30);
  expect(recall(found, await ask(exact))).toBeGreaterThanOrEqual(0.98);
  const even = await ask(snapshot, ['Even']);
  expect(recall(even, await ask(exact, ['Even']))).toBeGreaterThanOrEqual(0.98);
  expect(even.every(({ total }) => total === COUNT / 2)).toBe(true);
  // The queried product itself is left out, here as there.
  const own = clustered(7, DIM);
  const others = await snapshot.nearest(own, 10, {}, 'p7');
  expect(others.neighbours.map(({ uid }) => uid)).not.toContain('p7');
  expect(others).toMatchObject({ total: COUNT - 1 });
  expect(others.neighbours).toHaveLength(10);
});

test('after a sync what has changed is found, and the lists are those of before', async () => {
  const { dataDir, catalog, path } = await publishedCatalog();
  await indexed(dataDir);
  const before = await readIndex(path);
  const changed = rows.slice(200).map((it, n) => (n < 300 ? row(n + 200, true) : it));
  await syncRows(catalog, [...changed, row(COUNT + 1)]);
  const exact = await ask(await live(catalog));
  const found = await ask(await indexed(dataDir));
  expect(withIndex(found)).toBeGreaterThan(30);
  expect(recall(found, exact)).toBeGreaterThanOrEqual(0.98);
  const after = await readIndex(path);
  expect(after?.centroids.flat).toEqual(before?.centroids.flat);
  expect(after?.cells.size).toBe(changed.length + 1);
});

test('a snapshot that is replaced or an engine that is closed in the middle leaves no half of an index', async () => {
  const { dataDir, catalog, path } = await publishedCatalog();
  const first = await live(catalog);
  const exact = await ask(first);
  await syncRows(catalog, rows.slice(1));
  const next = await live(catalog);
  const indexer = new Indexer(dataDir, MODEL.id, new PriorityGate(), 0);
  // A few slices of each, while a whole index takes hundreds.
  indexer.of(first);
  for (let slice = 0; slice < 5; slice++) await new Promise((resolve) => setImmediate(resolve));
  indexer.of(next);
  for (let slice = 0; slice < 5; slice++) await new Promise((resolve) => setImmediate(resolve));
  await indexer.close();
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await ask(first)).toEqual(exact);
  expect(withIndex(await ask(await indexed(dataDir)))).toBeGreaterThan(30);
});

test('nothing is done while somebody searches', async () => {
  const { dataDir, catalog } = await publishedCatalog();
  const gate = new PriorityGate();
  const indexer = new Indexer(dataDir, MODEL.id, gate, 0);
  let done = false;
  await gate.interactive(async () => {
    indexer.of(await live(catalog));
    const settled = indexer.settled().then(() => {
      done = true;
    });
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 1500))]);
    expect(done).toBe(false);
  });
  await indexer.settled();
  expect(withIndex(await ask(await live(catalog)))).toBeGreaterThan(30);
});

test('a damaged file is replaced, and a removed model leaves none', async () => {
  const { dataDir, path } = await publishedCatalog();
  await indexed(dataDir);
  const whole = await readFile(path);
  await truncate(path, 1000);
  expect(withIndex(await ask(await indexed(dataDir)))).toBeGreaterThan(30);
  // The same rows give the same index.
  expect((await readFile(path)).equals(whole)).toBe(true);
  await forgetIndex(dataDir, MODEL.id);
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});
