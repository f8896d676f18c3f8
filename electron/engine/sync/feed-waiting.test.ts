import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import { drawPicture, openTestEngine, temporaryFolder } from '../test-catalog.ts';

/** A shop that lists one product a page, and refuses the page `busy` with Retry-After `refusals` times. */
async function openBusyShop(busy: { page: number; refusals: number; seconds: string }) {
  const shop = { ...busy, url: '', host: '', asked: [] as number[] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://shop');
    if (url.pathname !== '/products.json') {
      const bytes = await drawPicture(Number(/\d+/.exec(url.pathname)?.[0]));
      return response.end(bytes);
    }
    const page = Number(url.searchParams.get('page') ?? '1');
    shop.asked.push(page);
    if (page === shop.page && shop.refusals-- > 0)
      return response.writeHead(429, { 'retry-after': shop.seconds }).end();
    const product = {
      id: page,
      handle: `p${page}`,
      title: `P ${page}`,
      variants: [{ id: page * 10, title: 'Default Title', price: '1.00' }],
      images: [{ src: `http://${shop.host}/${page}.png` }],
    };
    response.end(JSON.stringify({ products: page <= 3 ? [product] : [] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  shop.host = `127.0.0.1:${address.port}`;
  shop.url = `http://${shop.host}/products.json`;
  return shop;
}

async function sync(engine: Engine, url: string, sourceId: string | null = null) {
  const seen: ImportProgress[] = [];
  const request = { source: { kind: 'url', url } as const, sourceId };
  const steps = engine.publisher.sync(request, new AbortController().signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) {
      const report: ImportReport = step.value;
      return { report, seen };
    }
    seen.push(step.value);
  }
}

test('a page of a feed whose server asks for a wait is waited for, and said so', async () => {
  // More often than a try is patient, so that the sync itself has to wait.
  const shop = await openBusyShop({ page: 2, refusals: 4, seconds: '1' });
  const engine = await openTestEngine(await temporaryFolder());
  const { report, seen } = await sync(engine, shop.url);
  expect(report).toMatchObject({ problems: [], published: { products: 3 } });
  expect(report.toCome).toBeUndefined();
  expect(seen.some(({ phase, waiting }) => phase === 'reading' && waiting?.host === shop.host)).toBe(true);
  expect(seen.at(-1)?.waiting).toBeUndefined();
  expect(shop.asked).toEqual([1, 2, 2, 2, 2, 2, 3, 4]);
});

test.each([1, 3])(
  'a feed whose page %i asks for a long wait leaves the sync incomplete, and due again then',
  async (page) => {
    const shop = await openBusyShop({ page, refusals: 1, seconds: '3600' });
    const engine = await openTestEngine(await temporaryFolder());
    await engine.publisher.saveSource({
      id: 'busy',
      name: 'Busy',
      location: { kind: 'url', url: shop.url },
      format: null,
      mapping: null,
      charset: null,
      secretHeader: null,
      everyHours: null,
      onStart: false,
    });
    const { report } = await sync(engine, shop.url, 'busy');
    expect(report).toMatchObject({
      published: null,
      toCome: { feed: true, pictures: 0, hosts: [shop.host] },
    });
    expect((await engine.status()).snapshot).toBeNull();
    const retryAt = report.toCome?.retryAt;
    expect(engine.publisher.sources.get('busy')).toMatchObject({
      lastSync: {
        result: 'incomplete',
        fault: { code: 'FEED_TO_COME', params: { hosts: [shop.host] } },
        retryAt,
      },
      nextSyncAt: retryAt,
    });

    await sync(engine, shop.url, 'busy');
    expect((await engine.status()).snapshot).toMatchObject({ name: 'Busy', products: 3 });
  },
);
