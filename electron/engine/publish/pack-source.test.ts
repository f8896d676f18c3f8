import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportProgress } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import {
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';
import { openShop } from '../test-shop.ts';
import { isPack } from './pack-source.ts';

const items = (count: number) => range(count).map((i) => item(i));
const never = new AbortController().signal;

/** Exports what an engine has published as a pack. */
async function pack(engine: Engine, path: string, signingKey?: string) {
  const request = signingKey === undefined ? { path } : { path, signingKey };
  for await (const _ of engine.publisher.exportPack(request, never));
}

/** A store, and a pack of headquarters' catalog of ten products. */
async function headquarters() {
  const { engine, folder } = await importedCatalog(items(10), range(10));
  const path = join(folder, 'catalog.lookalike-pack');
  await pack(engine, path);
  const dataDir = join(await temporaryFolder(), 'store');
  return { engine, folder, path, dataDir, store: await openTestEngine(dataDir) };
}

const search = async (engine: Engine) => {
  const query = { kind: 'photo', photo: { bytes: await drawPicture(4) } } as const;
  const { results } = await engine.search({ query, limit: 10 });
  return results.map(({ productId, score }) => [productId, score]);
};

test.each(['SHOP.LOOKALIKE-PACK', 'https://shop.example/a.Lookalike-Pack?v=2'])(
  'the file name %s is that of a pack',
  (ref) => expect(isPack(ref)).toBe(true),
);

test('a pack at a path is a source: the same answers, and no picture embedded', async () => {
  const { engine, path, store } = await headquarters();
  const seen: ImportProgress[] = [];
  for await (const step of store.publisher.sync({ source: { kind: 'file', path } }, never)) seen.push(step);
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['reading', 'publishing']);
  expect(await search(store)).toEqual(await search(engine));
  const again = await runImport(store, { kind: 'file', path });
  expect(again).toMatchObject({ products: { unchanged: 10 }, images: { embedded: 0 }, published: null });
});

test('a pack at a URL: unchanged it is not sent again, and nothing of it stays on disk', async () => {
  const { engine, folder, path, dataDir, store } = await headquarters();
  const shop = await openShop([]);
  shop.files.set('/catalog.lookalike-pack', await readFile(path));
  const source = { kind: 'url', url: `${shop.origin}/catalog.lookalike-pack` } as const;
  const sync = () => runImport(store, source);
  expect(await sync()).toMatchObject({ source: source.url, published: { products: 10, source: source.url } });
  expect(await sync()).toMatchObject({ products: { total: 10, unchanged: 10 }, published: null });
  expect(shop.answers).toEqual(['/catalog.lookalike-pack 200', '/catalog.lookalike-pack 304']);
  expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);

  await runImport(engine, await writeFeed(folder, items(5)));
  await pack(engine, path);
  shop.files.set('/catalog.lookalike-pack', await readFile(path));
  for (const _ of range(2)) {
    const refused = store.publisher.sync({ source }, never);
    await expect(refused.next().then(() => toEnd(refused))).rejects.toMatchObject({ code: 'GATE_REMOVALS' });
  }
  expect((await store.status()).snapshot).toMatchObject({ products: 10 });
  expect(await sync()).toMatchObject({ products: { removed: 5 }, published: { products: 5 } });
});

test('a pack that was rolled back stays so on schedule, and comes back when asked for', async () => {
  const { engine, folder, path, store } = await headquarters();
  const shop = await openShop([]);
  const source = { kind: 'url', url: `${shop.origin}/catalog.lookalike-pack` } as const;
  shop.files.set('/catalog.lookalike-pack', await readFile(path));
  const first = await runImport(store, source);
  await runImport(engine, await writeFeed(folder, items(9)));
  await pack(engine, path);
  shop.files.set('/catalog.lookalike-pack', await readFile(path));
  await runImport(store, source);
  await store.rollBack(first.published?.version ?? 0);
  for (const _ of range(2)) await toEnd(store.publisher.sync({ source }, never, true));
  expect((await store.status()).snapshot).toMatchObject({ products: 10 });
  expect((await runImport(store, source)).published).toMatchObject({ products: 9 });
});

test('where a store has trusted keys, only what they have signed is taken', async () => {
  const { engine, path, dataDir, store } = await headquarters();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await mkdir(join(dataDir, 'trusted-keys'), { recursive: true });
  const source = { kind: 'file', path } as const;
  await expect(runImport(store, source)).rejects.toMatchObject({ code: 'PACK_UNTRUSTED' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(join(dataDir, 'trusted-keys', 'headquarters.pem'), pem);
  await expect(runImport(store, source)).rejects.toMatchObject({ code: 'PACK_UNTRUSTED' });
  await pack(engine, path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  expect((await runImport(store, source)).published).toMatchObject({ products: 10 });
});

test('a plan says whose a pack is and what it would change, and writes nothing', async () => {
  const { engine, folder, path, dataDir, store } = await headquarters();
  const source = { kind: 'file', path } as const;
  const plan = () => toEnd(store.publisher.plan({ source }, never));
  expect(await plan()).toMatchObject({
    name: 'Test',
    format: null,
    pack: { created: expect.any(String), signature: 'none', signer: null },
    products: { before: 0, after: 10 },
    added: { count: 10, examples: expect.any(Array) },
    removed: { count: 0 },
    needsConfirmation: false,
  });
  expect((await store.status()).snapshot).toBeNull();
  await runImport(store, source);
  expect(await plan()).toMatchObject({ unchanged: 10, added: { count: 0 } });

  // A signed pack with fewer products, one with another price and one with another picture.
  const changed = [item(0, { price: 3 }), item(1, { image: '2.png' }), ...items(5).slice(2)];
  await runImport(engine, await writeFeed(folder, changed));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await pack(engine, path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  expect((await plan()).pack).toMatchObject({ signature: 'unchecked', signer: null });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  await mkdir(join(dataDir, 'trusted-keys'), { recursive: true });
  await writeFile(join(dataDir, 'trusted-keys', 'headquarters.pem'), pem);
  expect(await plan()).toMatchObject({
    pack: { signature: 'trusted', signer: 'headquarters' },
    products: { before: 10, after: 5 },
    priceOnly: { count: 1, examples: [{ productId: 'p0' }] },
    changed: { count: 1, examples: [{ productId: 'p1', changes: [{ field: 'images' }] }] },
    removed: { count: 5 },
    unchanged: 3,
    needsConfirmation: true,
  });
  expect((await store.status()).snapshot).toMatchObject({ products: 10 });
  expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
});

test('what a killed sync has left in the data folder goes with the next one', async () => {
  const { dataDir, path, store } = await headquarters();
  // No process has this id: Linux assigns none above 2^22.
  await mkdir(join(dataDir, 'tmp', '99999999-abc'), { recursive: true });
  await writeFile(join(dataDir, 'tmp', '99999999-abc', 'catalog.lookalike-pack'), 'half');
  await runImport(store, { kind: 'file', path });
  expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
});

async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

test('a pack at a URL that was planned is not downloaded again to be published', async () => {
  const { path, dataDir, store } = await headquarters();
  const shop = await openShop([]);
  shop.files.set('/catalog.lookalike-pack', await readFile(path));
  const source = { kind: 'url', url: `${shop.origin}/catalog.lookalike-pack` } as const;
  const plan = () => toEnd(store.publisher.plan({ source }, never));
  await plan();
  expect(await runImport(store, source)).toMatchObject({ published: { products: 10 } });
  expect(shop.answers).toEqual(['/catalog.lookalike-pack 200', '/catalog.lookalike-pack 304']);
  expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);

  // A second plan that is not published.
  await plan();
  expect(await runImport(store, source)).toMatchObject({ published: null });
  await plan();
  expect(await readdir(join(dataDir, 'tmp'))).toHaveLength(1);
  await store.publisher.close();
  expect(await readdir(join(dataDir, 'tmp'))).toEqual([]);
});
