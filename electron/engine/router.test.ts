import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createORPCClient, isDefinedError, safe } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { contract } from '../contract/contract.ts';
import type { ImportProgress } from '../contract/publishing.ts';
import type { Status } from '../contract/status.ts';
import type { Engine } from './engine.ts';
import { OpeningEngine, routerWhenOpen } from './opening-engine.ts';
import { createRouter } from './router.ts';
import {
  drawInto,
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  temporaryFolder,
  writeFeed,
} from './test-catalog.ts';
import { Upgrade } from './upgrade.ts';

const clientOf = (engine: Engine) => createRouterClient(createRouter(engine));
/** Connects as the page is connected to the engine's process. */
function linkTo(opening: OpeningEngine, upgrade = new Upgrade()) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  new RPCHandler(
    routerWhenOpen(
      () => opening.get(),
      () => upgrade.now,
    ),
  ).upgrade(port1);
  port1.start();
  port2.start();
  return new RPCLink({ port: port2 });
}

const photo = async (seed: number) => ({ kind: 'photo', photo: { bytes: await drawPicture(seed) } }) as const;

test('every question is answered through the contract', async () => {
  const { engine, dataDir } = await importedCatalog(
    [item(0, { category: 'coat', price: 5, fit: 'slim' }), item(1)],
    [0, 1],
  );
  const client = clientOf(engine);
  const { results, facets, snapshot, model } = await client.search({ query: await photo(1) });
  expect(results.map(({ productId }) => productId)).toEqual(['p1', 'p0']);
  expect(facets.category).toEqual([{ value: 'coat', count: 1 }]);
  expect(await client.status()).toEqual({
    model,
    answeredBy: 'memory',
    snapshot,
    catalogFolder: join(dataDir, 'catalog'),
    provider: 'CPU',
    imageDecoder: 'native',
    importing: false,
    subjectModel: { id: 'u2netp', name: 'U-2-Net small' },
    loading: null,
    successor: null,
    switchingTo: null,
    notices: [],
  });
  const product = await client.product({ productId: 'p0' });
  expect(product).toMatchObject({ title: 'Product 0', attributes: { fit: 'slim' } });
  const { thumbnails } = await client.thumbnails({ ids: product.thumbnails });
  expect(thumbnails).toEqual([{ id: product.thumbnails[0], bytes: expect.any(Uint8Array) }]);
  expect(await client.preview({ photo: { bytes: await drawPicture(1, 40, 30) } })).toMatchObject({
    width: 40,
    height: 30,
  });
});

test('an expected failure arrives as a typed error of the contract: fault and item', async () => {
  const { engine } = await importedCatalog([item(0)], [0]);
  const client = clientOf(engine);
  const unknown = await safe(client.product({ productId: 'none' }));
  expect(isDefinedError(unknown.error)).toBe(true);
  expect(unknown.error).toMatchObject({
    code: 'PRODUCT_UNKNOWN',
    data: { item: 'none', params: {} },
  });
  const crop = { x: 0.5, y: 0.5, width: 0.9, height: 0.9 };
  const outside = await safe(client.search({ query: { ...(await photo(0)), crop } }));
  expect(outside.error).toMatchObject({ code: 'CROP_INVALID', defined: true, data: {} });
});

test('a question that breaks the contract is refused before it reaches the engine', async () => {
  const { engine } = await importedCatalog([item(0)], [0]);
  const client = clientOf(engine);
  await expect(client.thumbnails({ ids: ['../../etc/passwd'] })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  await expect(client.search({ query: await photo(0), limit: 0 })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  for (const path of ['/tmp/a\0b.lookalike-pack', 'a.lookalike-pack']) {
    await expect(client.exportPack({ path })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      data: { issues: [{ path: ['path'] }] },
    });
  }
  await expect(client.sync({ source: { kind: 'url', url: 'file:///etc/passwd' } })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});

test('an import is progress and then its report', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, range(3));
  const client = clientOf(await openTestEngine(join(folder, 'data')));
  const source = await writeFeed(
    folder,
    range(3).map((i) => item(i)),
  );
  const steps = await client.sync({ source, confirmRemovals: true });
  const progress: ImportProgress[] = [];
  let step = await steps.next();
  while (!step.done) {
    progress.push(step.value);
    step = await steps.next();
  }
  expect(progress.at(-1)).toMatchObject({ phase: 'publishing' });
  expect(step.value).toMatchObject({ products: { added: 3 }, published: { products: 3 } });
});

test('an import that fails, or is aborted, fails as a typed error in the middle of its progress', async () => {
  const { engine, folder } = await importedCatalog([item(0)], range(150));
  const client = clientOf(engine);
  const missing = join(folder, 'none.json');
  const failing = await client.sync({ source: { kind: 'file', path: missing } });
  const failed = await safe(drain(failing));
  expect(failed.error).toMatchObject({ code: 'FEED_UNREACHABLE', defined: true, data: { item: missing } });

  const source = await writeFeed(
    folder,
    range(150).map((i) => item(i)),
  );
  const cancel = new AbortController();
  const steps = await client.sync({ source, confirmRemovals: true }, { signal: cancel.signal });
  const cancelled = await safe(drain(steps, ({ phase }) => phase === 'embedding' && cancel.abort()));
  expect(cancelled.error).toMatchObject({ code: 'CANCELLED', defined: true });
  expect((await client.status()).snapshot).toMatchObject({ products: 1 });
});

async function drain(
  steps: AsyncIterable<ImportProgress>,
  each: (step: ImportProgress) => unknown = () => {},
) {
  for await (const step of steps) each(step);
}

test('watch: the status now, when an import begins and when it has ended, until the signal aborts', async () => {
  const { engine, folder } = await importedCatalog([item(0)], range(2));
  const client = clientOf(engine);
  const source = await writeFeed(folder, [item(0), item(1)]);
  const leave = new AbortController();
  const seen: Status[] = [];
  const watching = (async () => {
    for await (const status of await client.watch(undefined, { signal: leave.signal })) {
      seen.push(status);
      if (seen.length === 1)
        await client.sync({ source, confirmRemovals: true }).then((steps) => void drain(steps));
      if (status.snapshot?.products === 2 && !status.importing) leave.abort();
    }
  })();
  await watching.catch((error: unknown) => expect(leave.signal.aborted, String(error)).toBe(true));
  // It also reports when the new snapshot is being read into memory and when it answers, both within the import.
  const told = seen
    .map(({ importing, snapshot }) => `${importing} ${snapshot?.products}`)
    .filter((said) => said !== 'true 2');
  expect(told.filter((said, i) => said !== told[i - 1])).toEqual(['false 1', 'true 1', 'false 2']);
});

test('a watch over a catalog that broke says so as data', async () => {
  const { engine, dataDir } = await importedCatalog([item(0)], [0]);
  await rm(join(dataDir, 'catalog/snapshots.lance'), { recursive: true });
  const watching = await clientOf(engine).watch();
  const { data } = await safe(watching.next());
  expect(data?.value).toMatchObject({ notices: [{ code: 'SNAPSHOT_LIST_DAMAGED', params: {} }] });
  await watching.return();
});

test('an engine that cannot open says why to every call, and opens once the reason is gone', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'catalog'), 'a file');
  const opening = new OpeningEngine(() => openTestEngine(folder));
  const client: ContractRouterClient<typeof contract> = createORPCClient(linkTo(opening));
  for (const { error } of [await safe(client.status()), await safe(client.watch())]) {
    expect(error).toMatchObject({ code: 'CATALOG_UNREADABLE', defined: true });
  }
  await rm(join(folder, 'catalog'));
  await vi.waitFor(async () => expect(await client.status()).toMatchObject({ snapshot: null }), {
    timeout: 10_000,
  });
});

test('an engine that opens says how far it has brought an old catalog forward, and all else waits for it', async () => {
  const upgrade = new Upgrade();
  let opened: (engine: Engine) => void = () => {};
  const opening = new Promise<Engine>((resolve) => {
    opened = resolve;
  });
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    linkTo(new OpeningEngine(() => opening), upgrade),
  );
  const status = client.status();
  expect(await client.upgrade()).toBeNull();
  upgrade.note(0, 40);
  upgrade.note(10, 40);
  expect(await client.upgrade()).toMatchObject({ done: 10, total: 40 });
  upgrade.end();
  expect(await client.upgrade()).toBeNull();
  opened(await openTestEngine(await temporaryFolder()));
  expect(await status).toMatchObject({ snapshot: null });
});
