import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SyncRequest } from '../../contract/publishing.ts';
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
import { openShop } from '../test-shop.ts';

/** Runs a generator to its result. */
async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

const never = new AbortController().signal;
const sync = (engine: Engine, request: SyncRequest, scheduled = false) =>
  toEnd(engine.publisher.sync(request, never, scheduled));
const plan = (engine: Engine, request: SyncRequest) => toEnd(engine.publisher.plan(request, never));
const items = (count: number, fields: Record<string, unknown> = {}) =>
  range(count).map((i) => item(i, fields));
const productsOf = async (engine: Engine) => (await engine.catalog.live())?.info.products ?? 0;

/** A shop, and an engine that has synced it. */
async function syncedShop(count: number) {
  const shop = await openShop(items(count));
  const dataDir = join(await temporaryFolder(), 'data');
  const engine = await openTestEngine(dataDir);
  const first = await sync(engine, { source: shop.source });
  shop.answers.length = 0;
  return { shop, engine, dataDir, first };
}

test('a plan says what is new, changed, dearer, gone and the same, with examples, and writes nothing', async () => {
  const { engine, folder } = await importedCatalog(items(5, { price: 10 }), range(7));
  const use = await engine.catalog.diskUse();
  const source = await writeFeed(folder, [
    item(0, { price: 10 }),
    item(1, { price: 12 }),
    item(2, { price: 10, title: 'Renamed' }),
    item(3, { price: 10, image: '5.png' }),
    item(6, { price: 1 }),
    { title: 'without an id' },
  ]);
  const planned = await plan(engine, { source });
  expect(planned).toMatchObject({
    name: 'Test',
    format: 'lookalike',
    products: { before: 5, after: 5 },
    added: { count: 1, examples: [{ productId: 'p6', thumbnail: null, changes: [] }] },
    changed: {
      count: 2,
      examples: [
        { productId: 'p2', changes: [{ field: 'title', before: 'Product 2', after: 'Renamed' }] },
        { productId: 'p3', changes: [{ field: 'images', before: 1, after: 1 }] },
      ],
    },
    priceOnly: {
      count: 1,
      examples: [{ productId: 'p1', changes: [{ field: 'price', before: 10, after: 12 }] }],
    },
    removed: { count: 1, examples: [{ productId: 'p4', thumbnail: expect.any(String) }] },
    unchanged: 1,
    problems: [{ code: 'ITEM_INVALID' }],
    pictures: { toFetch: 2, known: 3 },
    secondsEstimate: null,
    needsConfirmation: false,
  });
  expect(await engine.catalog.diskUse()).toEqual(use);
  expect(await plan(engine, { source: await writeFeed(folder, items(3)) })).toMatchObject({
    removed: { count: 2 },
    needsConfirmation: true,
  });
});

test('text with every line end there is stays in one piece', async () => {
  const value = 'one\u2028two\u2029three\u0085four';
  const { engine } = await importedCatalog([item(0, { attributes: { care: value } }), item(1)], [0, 1]);
  expect(await productsOf(engine)).toBe(2);
});

test('a plan estimates its time once pictures have been embedded here', async () => {
  const { engine, folder } = await importedCatalog(items(24), range(24));
  const planned = await plan(engine, { source: await writeFeed(folder, items(34)) });
  expect(planned.secondsEstimate).toBeGreaterThan(0);
  expect(planned.secondsEstimate).toBeLessThan(600);
});

test('a sync that would remove 40 % is refused with the store as it was, and done when confirmed', async () => {
  const { engine, folder, report } = await importedCatalog(items(10), range(10));
  const source = await writeFeed(folder, items(6));
  await expect(sync(engine, { source })).rejects.toMatchObject({
    code: 'GATE_REMOVALS',
    fault: { params: { removed: 4, published: 10 } },
  });
  expect((await engine.status()).snapshot).toEqual(report.published);
  expect(await sync(engine, { source, confirmRemovals: true })).toMatchObject({
    products: { total: 6, removed: 4 },
    published: { products: 6 },
  });
});

test('products that would be lost because their pictures fail are counted by the gate too', async () => {
  const { engine, folder, report } = await importedCatalog(items(10), range(10));
  await runImport(engine, await writeFeed(folder, items(6)));
  if (!report.published) throw new Error('not published');
  // All ten are live again, and four of them have no staged picture to use.
  await engine.rollBack(report.published.version);
  for (const seed of [6, 7, 8, 9]) await rm(join(folder, `${seed}.png`));
  const source = await writeFeed(folder, items(10, { price: 3 }));
  await expect(sync(engine, { source })).rejects.toMatchObject({ code: 'GATE_REMOVALS' });
  expect((await engine.status()).snapshot).toEqual(report.published);
});

test('an unchanged feed is not read, and no picture is asked for', async () => {
  const { shop, engine, first } = await syncedShop(4);
  expect(await sync(engine, { source: shop.source })).toMatchObject({
    source: `${shop.origin}/feed.json`,
    products: { total: 4, added: 0, changed: 0, unchanged: 4, removed: 0 },
    images: { total: 4, embedded: 0, reused: 4 },
    problems: [],
    published: null,
  });
  expect(shop.answers).toEqual(['/feed.json 304']);
  expect((await engine.status()).snapshot).toEqual(first.published);
});

test('a feed is read again when it is to be understood in another way', async () => {
  const { shop, engine } = await syncedShop(2);
  await sync(engine, { source: shop.source, format: 'lookalike' });
  expect(shop.answers).toContain('/feed.json 200');
});

test('a feed is read again while pictures had failed', async () => {
  const shop = await openShop(items(3));
  const engine = await openTestEngine(join(await temporaryFolder(), 'data'));
  shop.missing.add('/2.png');
  expect(await sync(engine, { source: shop.source })).toMatchObject({
    products: { total: 2 },
    problems: [{}],
  });
  shop.missing.clear();
  expect(await sync(engine, { source: shop.source })).toMatchObject({ products: { total: 3, added: 1 } });
});

test('a feed is read again when another is live', async () => {
  const { shop, engine } = await syncedShop(2);
  const folder = await temporaryFolder();
  await drawInto(folder, [8]);
  await runImport(engine, await writeFeed(folder, [item(8)]));
  expect(await sync(engine, { source: shop.source, confirmRemovals: true })).toMatchObject({
    products: { total: 2, added: 2, removed: 1 },
  });
});

test('after a rollback a scheduled sync publishes nothing; one that is asked for brings it back', async () => {
  const { shop, engine, first } = await syncedShop(3);
  shop.products = items(4);
  const second = await sync(engine, { source: shop.source });
  expect(second.published).toMatchObject({ products: 4 });
  await engine.rollBack(first.published?.version ?? 0);
  expect((await sync(engine, { source: shop.source }, true)).published).toBeNull();
  expect((await sync(engine, { source: shop.source }, true)).published).toBeNull();
  expect(await productsOf(engine)).toBe(3);
  expect((await sync(engine, { source: shop.source })).published).toMatchObject({ products: 4 });
  expect(await productsOf(engine)).toBe(4);
});

test('what was only staged is published later under its own name, also by another process', async () => {
  const { engine, folder, dataDir, report } = await importedCatalog(items(2), range(3));
  await writeFeed(folder, []);
  const path = join(folder, 'feed.json');
  await writeFile(path, JSON.stringify({ version: 1, name: 'Autumn', products: items(3) }));
  const source = { kind: 'file', path } as const;
  expect(await sync(engine, { source, publish: false })).toMatchObject({
    products: { added: 1 },
    published: null,
  });
  expect((await engine.status()).snapshot).toEqual(report.published);
  const other = await openTestEngine(dataDir);
  expect(await other.publisher.publishStaged(false)).toMatchObject({
    name: 'Autumn',
    products: 3,
    source: path,
  });
  expect(await other.publisher.publishStaged(false)).toBeNull();
});

test('what was staged is no longer to be published once a later sync was stopped in the middle', async () => {
  const { engine, folder } = await importedCatalog(items(2), range(60));
  await sync(engine, { source: await writeFeed(folder, items(3)), publish: false });
  const stop = new AbortController();
  const source = await writeFeed(folder, items(60));
  const stopped = (async () => {
    for await (const { phase } of engine.publisher.sync({ source }, stop.signal)) {
      if (phase === 'embedding') stop.abort();
    }
  })();
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await engine.publisher.publishStaged(false)).toBeNull();
  expect(await productsOf(engine)).toBe(2);
});

test('a sync stopped while it reads its feed is cancelled, and leaves nothing behind', async () => {
  const { engine, folder } = await importedCatalog(items(1), [0]);
  const stop = new AbortController();
  const source = await writeFeed(folder, items(20_000, { price: 1 }));
  const steps = engine.publisher.sync({ source }, stop.signal);
  await steps.next();
  stop.abort();
  await expect(toEnd(steps)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await engine.status()).toMatchObject({ importing: false, snapshot: { products: 1 } });
});

test('a server that dies is given up after twenty pictures, and the others are named', {
  timeout: 120_000,
}, async () => {
  const { shop, engine } = await syncedShop(2);
  shop.products = items(60).map((product, i) => (i < 2 ? product : { ...product, image: `/dead/${i}.png` }));
  shop.dies = /^\/dead\//;
  const { problems, products } = await sync(engine, { source: shop.source });
  expect(products.total).toBe(2);
  // Known pictures come last, when the server no longer answers; they are kept.
  expect(problems).toHaveLength(60);
  const untried = problems.filter(
    (problem) => problem.code === 'IMAGE_MISSING' && problem.params.reason.kind === 'given-up',
  );
  expect(untried.length).toBeGreaterThanOrEqual(60 - 20 - 16);
  expect(untried.every(({ item: name, image }) => name !== '' && image !== null)).toBe(true);
  expect(new Set(shop.requests.map(({ url }) => url)).size).toBeLessThan(40);
});

test('a password in an address reaches the server and is kept and shown nowhere', async () => {
  const { shop, engine, dataDir } = await syncedShop(1);
  shop.products = items(2);
  const source = { kind: 'url', url: shop.source.url.replace('://', '://anna:s3cret@') } as const;
  const shown = [
    await plan(engine, { source }),
    await sync(engine, { source }),
    await engine.catalog.history.list(),
    await readFile(join(dataDir, 'sync.json'), 'utf8'),
  ];
  expect(JSON.stringify(shown)).not.toMatch(/s3cret|anna/);
  const sent = shop.requests.filter(({ headers }) => headers.authorization);
  expect(sent.map(({ url }) => url)).toEqual(['/feed.json', '/feed.json']);
  expect(sent[0]?.headers.authorization).toBe(`Basic ${Buffer.from('anna:s3cret').toString('base64')}`);
});
