import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FeedSource, ImportProblem, ImportProgress } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import {
  drawInto,
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

/** Product ids of the published catalog. */
async function published(engine: Engine): Promise<string[]> {
  const { results } = await engine.search({
    query: { kind: 'photo', photo: { bytes: await drawPicture(999) } },
    limit: 1000,
  });
  return results.map(({ productId }) => productId).sort();
}

test('a first import embeds every picture and publishes; the same feed again does neither', async () => {
  const { engine, source, report } = await importedCatalog(
    range(6).map((i) => item(i)),
    range(6),
  );
  expect(report).toMatchObject({
    products: { total: 6, added: 6, changed: 0, unchanged: 0, removed: 0 },
    images: { total: 6, embedded: 6, reused: 0 },
    problems: [],
    published: { name: 'Test', products: 6, images: 6 },
  });
  expect((await engine.status()).snapshot).toEqual(report.published);
  expect(await runImport(engine, source)).toMatchObject({
    products: { total: 6, added: 0, changed: 0, unchanged: 6, removed: 0 },
    images: { total: 6, embedded: 0, reused: 6 },
    published: null,
  });
  expect((await engine.status()).snapshot).toEqual(report.published);
});

test('a change of price embeds nothing and shows', async () => {
  const { engine, folder } = await importedCatalog([item(0, { price: 10 }), item(1)], [0, 1]);
  const source = await writeFeed(folder, [item(0, { price: 12.5 }), item(1)]);
  expect(await runImport(engine, source)).toMatchObject({
    products: { total: 2, added: 0, changed: 1, unchanged: 1, removed: 0 },
    images: { embedded: 0, reused: 2 },
  });
  expect(await engine.product('p0')).toMatchObject({ price: 12.5 });
});

test('one changed picture embeds one', async () => {
  const { engine, folder, source } = await importedCatalog(
    range(5).map((i) => item(i)),
    range(5),
  );
  const before = await engine.product('p3');
  await writeFile(join(folder, '3.png'), await drawPicture(50));
  expect(await runImport(engine, source)).toMatchObject({
    products: { changed: 1, unchanged: 4 },
    images: { total: 5, embedded: 1, reused: 4 },
  });
  expect((await engine.product('p3')).thumbnails).not.toEqual(before.thumbnails);
});

test('products that the feed no longer has go, and so do pictures of a product', async () => {
  const { engine, folder } = await importedCatalog(
    [item(0), item(1), { id: 'two', title: 'Two', images: ['2.png', '3.png'] }],
    range(4),
  );
  const source = await writeFeed(folder, [item(1), { id: 'two', title: 'Two', images: ['3.png'] }, item(4)]);
  await drawInto(folder, [4]);
  expect(await runImport(engine, source)).toMatchObject({
    products: { total: 3, added: 1, changed: 1, unchanged: 1, removed: 1 },
    images: { total: 3, embedded: 1, reused: 2 },
  });
  expect(await published(engine)).toEqual(['p1', 'p4', 'two']);
  await expect(engine.product('p0')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
});

test('one picture in two products is embedded once', async () => {
  const shared = { image: '0.png' };
  const { engine, report } = await importedCatalog(
    [item(0), item(1, shared), item(2, shared), item(3)],
    [0, 3],
  );
  expect(report).toMatchObject({ products: { added: 4 }, images: { total: 4, embedded: 2, reused: 2 } });
  const [one, other] = [await engine.product('p1'), await engine.product('p2')];
  expect(one.thumbnails).toEqual(other.thumbnails);
});

test('a picture keeps its embedding when every product passes its own on to the next', async () => {
  // More rows than one staged write takes, so that the picture is overwritten at one path before it is written at the other.
  const count = 135;
  const { engine, folder } = await importedCatalog(
    range(count).map((i) => item(i)),
    range(count),
  );
  const source = await writeFeed(
    folder,
    range(count).map((i) => item(i, { image: `${(i + 1) % count}.png` })),
  );
  expect(await runImport(engine, source)).toMatchObject({
    products: { changed: count },
    images: { embedded: 0, reused: count },
    problems: [],
  });
  const query = { kind: 'photo', photo: { path: join(folder, '0.png') } } as const;
  const { results } = await engine.search({ query, limit: 1 });
  expect(results).toMatchObject([{ productId: `p${count - 1}`, score: expect.closeTo(1, 5) }]);
});

test('a picture that breaks is a named problem, and the product keeps the one it had', async () => {
  const { engine, folder, source } = await importedCatalog([item(0), item(1), item(2)], range(3));
  const before = await engine.product('p0');
  await writeFile(join(folder, '0.png'), 'not a picture');
  await rm(join(folder, '1.png'));
  const report = await runImport(engine, source);
  expect(report).toMatchObject({ products: { total: 3, changed: 0, removed: 0 }, images: { embedded: 0 } });
  expect(report.problems.sort(byItem)).toMatchObject([
    { item: 'p0', image: join(folder, '0.png'), code: 'IMAGE_UNREADABLE' },
    { item: 'p1', image: join(folder, '1.png'), code: 'IMAGE_MISSING' },
  ]);
  expect(await engine.product('p0')).toEqual(before);
  // Once it is repaired, the picture is read again.
  await drawInto(folder, [0, 1]);
  expect(await runImport(engine, source)).toMatchObject({ problems: [], images: { embedded: 0, reused: 3 } });
});

const byItem = (a: ImportProblem, b: ImportProblem) => a.item.localeCompare(b.item);

test('bad products cost nothing else, and are named', async () => {
  const { report } = await importedCatalog(
    [item(0), { title: 'no id' }, item(7), item(0), item(1, { price: 'free' })],
    [0, 1],
  );
  expect(report.products).toMatchObject({ total: 2, added: 2 });
  expect(report.problems.map(({ item: name, code }) => `${name} ${code}`).sort()).toEqual([
    'item 2 ITEM_INVALID',
    'p0 ITEM_DUPLICATE',
    'p1 VALUE_UNKNOWN',
    'p7 IMAGE_MISSING',
  ]);
});

test.each([
  ['whose pictures are all broken', [item(8), item(9)]],
  ['without a product', []],
])('a feed %s leaves the catalog as it was', async (_, products) => {
  const { engine, folder, report } = await importedCatalog([item(0), item(1)], [0, 1]);
  const source = await writeFeed(folder, products);
  await expect(runImport(engine, source)).rejects.toMatchObject({ code: 'FEED_EMPTY' });
  expect(await engine.status()).toMatchObject({ snapshot: report.published, importing: false });
  expect(await published(engine)).toEqual(['p0', 'p1']);
});

test('a feed with nothing usable is told by its reasons, and not by how much would go', async () => {
  const { engine, folder } = await importedCatalog([item(0), item(1)], [0, 1]);
  const source = await writeFeed(folder, [{ id: 'a', title: 'A' }, { id: 'b', title: 'B' }, 'nothing']);
  const steps = engine.publisher.sync({ source }, new AbortController().signal);
  await expect(
    (async () => {
      while (!(await steps.next()).done);
    })(),
  ).rejects.toMatchObject({
    fault: {
      code: 'FEED_EMPTY',
      params: { reasons: [{ code: 'ITEM_INVALID', count: 3, example: { item: 'a' } }] },
    },
  });
});

test('a feed that cannot be read leaves an empty catalog empty, and the next import works', async () => {
  const folder = await temporaryFolder();
  const engine = await openTestEngine(join(folder, 'data'));
  const missing: FeedSource = { kind: 'file', path: join(folder, 'none.json') };
  await expect(runImport(engine, missing)).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
  await expect(published(engine)).rejects.toMatchObject({ code: 'CATALOG_EMPTY' });
  expect(await engine.status()).toMatchObject({ snapshot: null, importing: false });
  await drawInto(folder, [0]);
  await runImport(engine, await writeFeed(folder, [item(0)]));
  expect(await published(engine)).toEqual(['p0']);
});

test('over http: pictures that the server says are unchanged are not sent again', async () => {
  const { engine, url, requests } = await servedCatalog(4);
  const source: FeedSource = { kind: 'url', url: `${url}/feed.json` };
  expect(await runImport(engine, source)).toMatchObject({ images: { embedded: 4 }, problems: [] });
  expect(requests).toEqual({ 'feed 200': 1, 'picture 200': 4 });
  expect(await runImport(engine, source)).toMatchObject({
    images: { embedded: 0, reused: 4 },
    published: null,
  });
  expect(requests).toEqual({ 'feed 200': 2, 'picture 200': 4, 'picture 304': 4 });
});

/** An engine, and a server with a feed and its pictures that honours ETags and counts its responses. */
async function servedCatalog(count: number) {
  const pictures = await Promise.all(range(count).map((seed) => drawPicture(seed)));
  const requests: Record<string, number> = {};
  const server = createServer((request, answer) => {
    const counted = (what: string) => {
      requests[what] = (requests[what] ?? 0) + 1;
    };
    const etag = `"${request.url}"`;
    if (request.url === '/feed.json') {
      counted('feed 200');
      answer.end(JSON.stringify(range(count).map((i) => item(i))));
    } else if (request.headers['if-none-match'] === etag) {
      counted('picture 304');
      answer.writeHead(304).end();
    } else {
      counted('picture 200');
      answer.setHeader('etag', etag).end(pictures[Number(request.url?.match(/\d+/)?.[0])]);
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const engine = await openTestEngine(join(await temporaryFolder(), 'data'));
  return { engine, url: `http://127.0.0.1:${address.port}`, requests };
}

test.each(['by its signal', 'by leaving its progress'])(
  'an import stopped in the middle %s keeps what is published and what is finished',
  async (how) => {
    const count = 120;
    const { engine, folder, report } = await importedCatalog([item(0)], range(count));
    const source = await writeFeed(
      folder,
      range(count).map((i) => item(i, { price: 1 })),
    );
    const stopped = stopInTheMiddle(engine, source, how === 'by its signal');
    if (how === 'by its signal') await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    else await stopped;

    expect(await engine.status()).toMatchObject({ snapshot: report.published, importing: false });
    expect(await published(engine)).toEqual(['p0']);
    const rest = await runImport(engine, source);
    expect(rest.images.embedded).toBeGreaterThan(0);
    expect(rest.images.embedded).toBeLessThanOrEqual(count - 10);
    // Compared with what was published, not with what the stopped import had staged.
    expect(rest.products).toEqual({ total: count, added: count - 1, changed: 1, unchanged: 0, removed: 0 });
    expect(await published(engine)).toHaveLength(count);
  },
);

/** Imports until ten pictures are done, then aborts by signal or stops reading the generator. */
async function stopInTheMiddle(engine: Engine, source: FeedSource, bySignal: boolean): Promise<void> {
  const cancel = new AbortController();
  for await (const { phase, done } of engine.publisher.sync(
    { source, confirmRemovals: true },
    cancel.signal,
  )) {
    if (phase !== 'embedding' || done < 10) continue;
    if (bySignal) cancel.abort();
    else break;
  }
}

test('progress goes through its phases, counts up to the total and ends in the report', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, range(5));
  const engine = await openTestEngine(join(folder, 'data'));
  const source = await writeFeed(
    folder,
    range(5).map((i) => item(i)),
  );
  const seen: ImportProgress[] = [];
  for await (const progress of engine.publisher.sync(
    { source, confirmRemovals: true },
    new AbortController().signal,
  ))
    seen.push(progress);
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['reading', 'embedding', 'publishing']);
  const embedding = seen.filter(({ phase }) => phase === 'embedding');
  expect(embedding.at(-1)).toMatchObject({ done: 5, total: 5, secondsLeft: 0 });
});

test('the second of two imports at once waits for the first, and can be cancelled meanwhile', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, range(8));
  const engine = await openTestEngine(join(folder, 'data'));
  const source = await writeFeed(
    folder,
    range(8).map((i) => item(i)),
  );
  const first = engine.publisher.sync({ source, confirmRemovals: true }, new AbortController().signal);
  await first.next();
  const stop = new AbortController();
  const second = engine.publisher.sync({ source }, stop.signal);
  expect((await second.next()).value).toMatchObject({ phase: 'waiting' });
  stop.abort();
  await expect(second.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  const third = runImport(engine, source);
  for await (const _ of first);
  expect((await third).published).toBeNull();
  expect(await published(engine)).toHaveLength(8);
});
