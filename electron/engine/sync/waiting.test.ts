import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import { drawPicture, openTestEngine, range, temporaryFolder } from '../test-catalog.ts';

/** A shop that serves a few pictures at a time, and then refuses with Retry-After for a while. */
async function openMeanShop(count: number) {
  const shop = { count, left: count, seconds: '1', asked: [] as string[], origin: '' };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (path === '/feed.json') {
      const products = range(shop.count).map((i) => ({
        id: `p${i}`,
        title: `P ${i}`,
        images: [`/${i}.png`],
      }));
      return response.end(JSON.stringify({ version: 1, name: 'Mean', products }));
    }
    shop.asked.push(path);
    if (shop.left-- <= 0) {
      // The server allows more requests once the wait is over.
      if (shop.left === -1 && shop.seconds !== '3600') {
        setTimeout(() => {
          shop.left = 2;
        }, Number(shop.seconds) * 900);
      }
      return response.writeHead(429, { 'retry-after': shop.seconds }).end();
    }
    const bytes = await drawPicture(Number(/\d+/.exec(path)?.[0]));
    return response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  shop.origin = `http://127.0.0.1:${address.port}`;
  return shop;
}

async function importFrom(engine: Engine, origin: string) {
  const seen: ImportProgress[] = [];
  const source = { kind: 'url', url: `${origin}/feed.json` } as const;
  const steps = engine.publisher.sync({ source }, new AbortController().signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) {
      const report: ImportReport = step.value;
      return { report, seen };
    }
    seen.push(step.value);
  }
}

test('a server that asks for short waits is waited for, once for all its pictures, and all is published', async () => {
  const shop = await openMeanShop(6);
  shop.left = 2;
  const engine = await openTestEngine(await temporaryFolder());
  const { report, seen } = await importFrom(engine, shop.origin);
  expect(report).toMatchObject({ problems: [], published: { products: 6 } });
  expect(report.toCome).toBeUndefined();
  const { host } = new URL(shop.origin);
  expect(seen.some(({ waiting }) => waiting?.host === host)).toBe(true);
  expect(seen.at(-1)?.waiting).toBeUndefined();
});

test('a longer wait ends the sync incomplete, publishes nothing, and the next one goes on from there', async () => {
  const shop = await openMeanShop(8);
  shop.left = 2;
  shop.seconds = '3600';
  const engine = await openTestEngine(await temporaryFolder());
  const first = await importFrom(engine, shop.origin);
  expect(first.report).toMatchObject({
    published: null,
    problems: [],
    images: { embedded: 2 },
    toCome: { pictures: 6, hosts: [new URL(shop.origin).host] },
  });
  const retryAt = Date.parse(first.report.toCome?.retryAt ?? '');
  expect(retryAt).toBeGreaterThan(Date.now() + 3_500_000);
  expect((await engine.status()).snapshot).toBeNull();
  // An incomplete catalog cannot be published by hand either.
  expect(await engine.publisher.publishStaged(true)).toBeNull();

  // The next sync spends its requests on missing pictures, not on those already here.
  shop.left = 6;
  shop.asked = [];
  const second = await importFrom(engine, shop.origin);
  expect(second.report).toMatchObject({ published: { products: 8 }, images: { embedded: 6, reused: 2 } });
  expect(second.report.toCome).toBeUndefined();
});

test('an incomplete import that is no saved source goes on by itself when the server may be asked again', async () => {
  const shop = await openMeanShop(8);
  shop.left = 2;
  // Longer than a sync waits.
  shop.seconds = '3600';
  const engine = await openTestEngine(await temporaryFolder());
  const { report } = await importFrom(engine, shop.origin);
  expect(report.published).toBeNull();
  shop.left = 100;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(report.toCome?.retryAt ?? '') + 1 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const stop = new AbortController();
  const schedule = engine.publisher.keepSchedule(stop.signal);
  while ((await engine.status()).snapshot === null) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await schedule;
  expect((await engine.status()).snapshot).toMatchObject({ products: 8 });
});

test('published products whose pictures cannot be checked are kept, and need no wait', async () => {
  const shop = await openMeanShop(4);
  const engine = await openTestEngine(await temporaryFolder());
  await importFrom(engine, shop.origin);
  shop.left = 0;
  shop.seconds = '3600';
  const { report } = await importFrom(engine, shop.origin);
  expect(report).toMatchObject({ products: { total: 4, removed: 0 }, published: null });
  expect(report.toCome).toBeUndefined();
  expect(report.problems.map(({ code }) => code)).toEqual(Array(4).fill('PICTURE_NOT_CHECKED'));
});

test('a few pictures to come keep nothing else from being published; the source goes on by itself', async () => {
  const shop = await openMeanShop(21);
  shop.left = 20;
  shop.seconds = '3600';
  const engine = await openTestEngine(await temporaryFolder());
  const source = {
    id: 'mean',
    name: 'Mean',
    location: { kind: 'url', url: `${shop.origin}/feed.json` },
    format: null,
    mapping: null,
    charset: null,
    secretHeader: null,
    everyHours: null,
    onStart: false,
  } as const;
  await engine.publisher.saveSource(source);
  const steps = engine.publisher.sync(
    { source: source.location, sourceId: 'mean' },
    new AbortController().signal,
  );
  while (!(await steps.next()).done);
  const status = engine.publisher.sources.get('mean');
  expect(status.lastSync).toMatchObject({
    result: 'incomplete',
    fault: { code: 'PICTURES_TO_COME', params: { count: 1, published: true } },
  });
  expect(status.nextSyncAt).toBe(status.lastSync?.retryAt);
  expect((await engine.status()).snapshot).toMatchObject({ products: 20 });
});
