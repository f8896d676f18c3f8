import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FeedSource, ImportReport, Source, SyncPlan, SyncRequest } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import {
  drawInto,
  importedCatalog,
  item,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

const never = new AbortController().signal;
const items = (count: number, fields = {}) => range(count).map((i) => item(i, fields));

async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

/** A folder with pictures and a feed, saved as a source. */
async function savedSource(engine: Engine, folder: string, id: string, products: readonly object[]) {
  const own = join(folder, id);
  await mkdir(own, { recursive: true });
  await drawInto(own, range(10));
  const location = await writeFeed(own, products);
  const source: Source = {
    ...{ id, name: `Shop ${id}`, location, format: null, mapping: null, secretHeader: null },
    ...{ everyHours: null, onStart: false },
  };
  await engine.publisher.saveSource(source);
  const write = (changed: readonly object[]) => writeFeed(own, changed);
  return { id, location, write };
}

type Saved = { id: string; location: FeedSource };

const sync = (
  engine: Engine,
  { id, location }: Saved,
  more: Partial<SyncRequest> = {},
): Promise<ImportReport> => toEnd(engine.publisher.sync({ source: location, sourceId: id, ...more }, never));

const plan = (engine: Engine, { id, location }: Saved): Promise<SyncPlan> =>
  toEnd(engine.publisher.plan({ source: location, sourceId: id }, never));

const sources = async (engine: Engine) =>
  ((await engine.catalog.liveInfo())?.sources ?? []).map(({ id, name, products }) => [id, name, products]);

async function twoShops() {
  const folder = await temporaryFolder();
  const engine = await openTestEngine(join(folder, 'data'));
  const a = await savedSource(engine, folder, 'a', items(6, { price: 1 }));
  const b = await savedSource(engine, folder, 'b', items(4, { price: 2 }));
  await sync(engine, a);
  await sync(engine, b);
  return { folder, engine, a, b };
}

test('a sync changes, counts and gates the products of its own source alone', async () => {
  const { engine, a, b } = await twoShops();
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
  ]);
  expect((await engine.status()).snapshot).toMatchObject({ name: 'Shop b', products: 10, images: 10 });
  // The same id in two sources makes two products.
  expect([await engine.product('a/p0'), await engine.product('b/p0')]).toMatchObject([
    { uid: 'a/p0', source: 'a', productId: 'p0', price: 1 },
    { uid: 'b/p0', source: 'b', productId: 'p0', price: 2 },
  ]);
  await expect(engine.product('p0')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
  expect(await engine.product('p5')).toMatchObject({ uid: 'a/p5' });

  // Two of the source's four products are more than 30 %; of all ten they would not be.
  await b.write(items(2, { price: 2 }));
  expect(await plan(engine, b)).toMatchObject({
    sourceId: 'b',
    products: { before: 4, after: 2 },
    otherProducts: 6,
    removed: {
      count: 2,
      // The order is that of the rows, which are written as their pictures come.
      examples: expect.arrayContaining(['b/p2', 'b/p3'].map((uid) => expect.objectContaining({ uid }))),
    },
    unchanged: 2,
    needsConfirmation: true,
  });
  await expect(sync(engine, b)).rejects.toMatchObject({
    code: 'GATE_REMOVALS',
    fault: { params: { removed: 2, published: 4 } },
  });
  expect(await sync(engine, b, { confirmRemovals: true })).toMatchObject({
    sourceId: 'b',
    products: { total: 2, added: 0, changed: 0, unchanged: 2, removed: 2 },
    images: { total: 2, embedded: 0, reused: 2 },
    published: { products: 8 },
  });
  expect((await sync(engine, a)).published).toBeNull();
});

test('an id with a slash is not the product of another source, and is taken over like any other', async () => {
  const folder = await temporaryFolder();
  const engine = await openTestEngine(join(folder, 'data'));
  const a = await savedSource(engine, folder, 'a', items(2));
  await sync(engine, a);
  const other = await savedSource(engine, folder, 'b', [item(5, { id: 'a/p0', title: 'Other' })]);
  expect(await toEnd(engine.publisher.sync({ source: other.location }, never))).toMatchObject({
    products: { total: 1, added: 1, removed: 0 },
    published: { products: 3 },
  });
  expect(await engine.product('/a/p0')).toMatchObject({ source: '', productId: 'a/p0', title: 'Other' });
  expect(await engine.product('a/p0')).toMatchObject({ source: 'a', productId: 'p0' });
  expect(await sync(engine, other)).toMatchObject({ products: { total: 1, added: 0, removed: 0 } });
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 2],
    ['b', 'Shop b', 1],
  ]);
  expect(await engine.product('b/a/p0')).toMatchObject({ source: 'b', productId: 'a/p0' });
});

test('a sync onto a catalog of which nothing can be read says which other sources are missing from it', async () => {
  const { a, b, folder } = await twoShops();
  const tables = join(folder, 'data', 'catalog', 'product-images.lance', 'data');
  for (const name of await readdir(tables)) await writeFile(join(tables, name), '');
  const opened = await openTestEngine(join(folder, 'data'));
  const { problems } = await sync(opened, b);
  expect(problems).toEqual([
    { item: 'a', image: null, code: 'SOURCE_LOST', params: { name: 'Shop a', products: 6 } },
  ]);
  expect((await sync(opened, a)).problems).toEqual([]);
  expect(await sources(opened)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
  ]);
});

test('a filter and facets tell sources apart', async () => {
  const { engine } = await twoShops();
  const query = { kind: 'words', words: 'product' } as const;
  const all = await engine.search({ query });
  expect(all.facets.source).toEqual([
    { value: 'a', count: 6 },
    { value: 'b', count: 4 },
  ]);
  const { results } = await engine.search({ query, filters: { source: ['b'] } });
  expect(results.map(({ uid }) => uid).sort()).toEqual(['b/p0', 'b/p1', 'b/p2', 'b/p3']);
});

test('two sources that start together both publish', async () => {
  const folder = await temporaryFolder();
  const engine = await openTestEngine(join(folder, 'data'));
  const a = await savedSource(engine, folder, 'a', items(6));
  const b = await savedSource(engine, folder, 'b', items(4));
  await Promise.all([sync(engine, a), sync(engine, b)]);
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
  ]);
  // Syncs of two processes wait for each other too.
  const other = await openTestEngine(join(folder, 'data'));
  await a.write(items(5));
  await b.write(items(5));
  await Promise.all([sync(engine, a), sync(other, b)]);
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 5],
    ['b', 'Shop b', 5],
  ]);
});

test('what one source has staged is not published by another', async () => {
  const { engine, a, b } = await twoShops();
  await a.write([...items(5, { price: 9 }), item(8)]);
  await sync(engine, a, { publish: false });
  await b.write(items(4, { price: 3 }));
  expect((await sync(engine, b)).products).toMatchObject({ changed: 4 });
  expect(await engine.product('a/p0')).toMatchObject({ price: 1 });
  expect(await engine.product('a/p5')).toMatchObject({ price: 1 });
  await expect(engine.product('a/p8')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
  expect((await sync(engine, a)).products).toMatchObject({ added: 1, changed: 5, removed: 1 });
});

test('a feed that was imported is taken over when it is saved as a source; another one is not', async () => {
  const { engine, folder } = await importedCatalog(items(6), range(10));
  const location = await writeFeed(folder, items(6, { price: 4 }));
  const other = await savedSource(engine, folder, 'b', items(4));
  await sync(engine, other);
  expect(await sources(engine)).toEqual([
    ['b', 'Shop b', 4],
    ['', 'Test', 6],
  ]);
  const saved = { id: 'a', location };
  await engine.publisher.saveSource({
    ...{ ...saved, name: 'Shop a', format: null, mapping: null, secretHeader: null },
    ...{ everyHours: null, onStart: false },
  });
  const changed = {
    changed: { count: 0 },
    priceOnly: { count: 6 },
    added: { count: 0 },
    removed: { count: 0 },
  };
  expect(await plan(engine, saved)).toMatchObject({ ...changed, pictures: { toFetch: 0, known: 6 } });
  expect(await sync(engine, saved)).toMatchObject({
    products: { total: 6, added: 0, changed: 6, removed: 0 },
    images: { total: 6, embedded: 0, reused: 6 },
  });
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
  ]);
  expect(await engine.product('a/p0')).toMatchObject({ uid: 'a/p0', price: 4 });
});

test('the products of a source are removed when that is asked for, those without a source too', async () => {
  const { engine, folder, a, b } = await twoShops();
  await runImport(engine, await writeFeed(join(folder, 'a'), items(3)));
  expect(await sources(engine)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
    ['', 'Test', 3],
  ]);
  expect(await engine.publisher.removeProducts('')).toMatchObject({ name: 'Shop a, Shop b', products: 10 });
  expect(await engine.publisher.removeProducts('')).toBeNull();
  expect(await engine.publisher.removeProducts('a')).toMatchObject({ name: 'Shop b', products: 4 });
  // A sync that the user asks for brings them back.
  await a.write(items(6, { price: 1 }));
  expect((await sync(engine, a)).products).toMatchObject({ added: 6 });
  expect((await sync(engine, b)).published).toBeNull();
});

test('a roll back of one source is left alone by another one, and by its own schedule', async () => {
  const { engine, a, b } = await twoShops();
  const before = (await engine.status()).snapshot;
  await a.write(items(6, { price: 5 }));
  await sync(engine, a);
  await engine.rollBack(before?.version ?? 0);
  const scheduled = ({ id, location }: Saved) =>
    toEnd(engine.publisher.sync({ source: location, sourceId: id }, never, true));
  expect((await scheduled(a)).published).toBeNull();
  await b.write(items(4, { price: 6 }));
  expect((await scheduled(b)).published).not.toBeNull();
  expect([await engine.product('a/p0'), await engine.product('b/p0')]).toMatchObject([
    { price: 1 },
    { price: 6 },
  ]);
  expect((await sync(engine, a)).published).not.toBeNull();
  expect(await engine.product('a/p0')).toMatchObject({ price: 5 });
});

test('a pack carries all sources or one, and brings its own to a store beside the others', async () => {
  const { engine, folder } = await twoShops();
  const [whole, part] = ['all', 'b'].map((name) => join(folder, `${name}.lookalike-pack`));
  await toEnd(engine.publisher.exportPack({ path: whole ?? '' }, never));
  const report = await toEnd(engine.publisher.exportPack({ path: part ?? '', source: 'b' }, never));
  expect(report.snapshot).toMatchObject({ name: 'Shop b', products: 4, images: 4 });

  const store = await openTestEngine(join(folder, 'store'));
  const own = await savedSource(store, join(folder, 'store-feeds'), 'c', items(2));
  await sync(store, own);
  const unpack = (path = '') => toEnd(store.publisher.sync({ source: { kind: 'file', path } }, never));
  expect((await unpack(part)).products).toMatchObject({ total: 4, added: 4, removed: 0 });
  expect((await unpack(whole)).products).toMatchObject({ total: 10, added: 6, unchanged: 4, removed: 0 });
  expect(await sources(store)).toEqual([
    ['a', 'Shop a', 6],
    ['b', 'Shop b', 4],
    ['c', 'Shop c', 2],
  ]);
});
