import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { publishRows, syncRows, testRow } from '../catalog/test-rows.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { Snapshot } from './snapshot.ts';

const MODEL = { id: 'test', dim: 8 };

/** A catalog that stops reading snapshots until the test releases it. */
async function catalogThatWaits(uri: string) {
  const waiting: (() => void)[] = [];
  let open = false;
  const pause = () => (open ? Promise.resolve() : new Promise<void>((go) => waiting.push(go)));
  const catalog = await LiveCatalog.open(uri, MODEL, { pause });
  const letGo = () => {
    open = true;
    for (const go of waiting.splice(0)) go();
  };
  return { catalog, letGo };
}

const priceOf = (snapshot: Snapshot | null, productId: string) => snapshot?.product(productId)[0]?.row.price;

/** All that readers see of a snapshot, and its search results. */
async function seen(snapshot: Snapshot | null) {
  if (!snapshot) throw new Error('Nothing is published.');
  const ids = range(80).map((seed) => `p${seed}`);
  const query = testRow(3).content.vector;
  const { neighbours, total } = await snapshot.nearest(query, 20, {});
  const cheap = await snapshot.nearest(query, 20, { price: { max: 50 } });
  return {
    products: ids.map((id) => snapshot.product(id)),
    near: neighbours.map(({ uid, score, product, imageHash }) => [uid, score, product, imageHash]),
    total,
    cheap: cheap.neighbours.map(({ uid }) => uid),
    facets: await snapshot.facets({}),
    words: await snapshot.fields.matching('product', {}),
    thumbnails: await snapshot.thumbnails(
      ids.flatMap((id) => snapshot.product(id).map(({ row }) => row.imageHash)),
    ),
    images: [...snapshot.images()].length,
  };
}

test('the old snapshot answers while the new one is read, and the new one from then on', async () => {
  const uri = await temporaryFolder();
  const { catalog, letGo } = await catalogThatWaits(uri);
  const rows = range(40).map((seed) => testRow(seed));
  const first = await publishRows(catalog, rows);
  expect(priceOf(await catalog.live(), 'p0')).toBe(10);

  // Another process publishes.
  const second = await publishRows(await LiveCatalog.open(uri, MODEL), [
    testRow(0, { price: 11 }),
    ...rows.slice(1),
  ]);
  for (let n = 0; n < 3; n++) {
    using snapshot = await catalog.live();
    expect(priceOf(snapshot, 'p0')).toBe(10);
  }
  expect(catalog.memory.answering?.version).toBe(first?.version);
  expect(catalog.memory.loading).toBe(second?.version);

  letGo();
  await catalog.caughtUp();
  expect(priceOf(await catalog.live(), 'p0')).toBe(11);
  expect(catalog.memory).toMatchObject({ answering: { version: second?.version }, loading: null });
});

test('whoever holds a snapshot goes on reading it when another one answers, and after more are published', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const rows = range(80).map((seed) => testRow(seed));
  await syncRows(catalog, rows);
  const held = await catalog.live();
  const before = await seen(held);
  for (let price = 11; price < 16; price++) {
    await syncRows(catalog, [...range(40).map((seed) => testRow(seed, { price })), ...rows.slice(40)]);
  }
  expect(priceOf(await catalog.live(), 'p0')).toBe(15);
  expect(await seen(held)).toEqual(before);
});

test('a snapshot that shares rows with those before it is the same as one that was read on its own', async () => {
  const uri = await temporaryFolder();
  const catalog = await LiveCatalog.open(uri, MODEL);
  const alone = async () => seen(await (await LiveCatalog.open(uri, MODEL)).live());
  const shared = async () => {
    using snapshot = await catalog.live();
    return seen(snapshot);
  };
  let rows = range(60).map((seed) => testRow(seed));
  await syncRows(catalog, rows);
  const versions: number[] = [];
  // Enough publishes that Lance compacts its files, which gives every row another address.
  for (let n = 0; n < 14; n++) {
    rows = rows.map((row, i) =>
      i % 14 === n ? testRow(i, { price: 20 + n, attributes: { round: `${n}` } }) : row,
    );
    if (n === 3) rows = [...rows.filter((_, i) => i !== 7), testRow(70), testRow(71, { brand: 'New' })];
    // Another picture of the same product.
    if (n === 5)
      rows = [
        { row: { ...testRow(0).row, imageHash: testRow(900).row.imageHash }, content: testRow(900).content },
        ...rows.slice(1),
      ];
    versions.push((await syncRows(catalog, rows))?.version ?? 0);
    expect(await shared()).toEqual(await alone());
  }
  await catalog.history.rollback(versions.at(-4) ?? 0);
  await catalog.caughtUp();
  expect(await shared()).toEqual(await alone());
  await syncRows(catalog, rows.slice(0, 3));
  expect(await shared()).toEqual(await alone());
});

test('rows that stay the same are in memory once, also when Lance has brought its files together', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const rows = range(500).map((seed) => testRow(seed));
  await syncRows(catalog, rows);
  const placesIn = async () => {
    using snapshot = await catalog.live();
    return snapshot?.rows.count ?? 0;
  };
  expect(await placesIn()).toBe(500);
  for (let n = 0; n < 12; n++) await syncRows(catalog, [testRow(0, { price: 20 + n }), ...rows.slice(1)]);
  expect(await placesIn()).toBeLessThan(510);
});

test('a picture is in memory once, however many products show it, and as long as one does', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const show = (seed: number, picture: number) => {
    const { content, row } = testRow(picture);
    return { content, row: testRow(seed, { imageHash: row.imageHash }).row };
  };
  await syncRows(
    catalog,
    range(300).map((seed) => show(seed, seed % 5)),
  );
  {
    using snapshot = await catalog.live();
    expect(snapshot?.pictureCount).toBe(5);
    expect(snapshot?.rows.pictures.count).toBe(5);
    expect(snapshot?.product('p7')[0]?.vector).toEqual(testRow(2).content.vector);
    const found = await snapshot?.nearest(testRow(3).content.vector, 70, {});
    const ids = found?.neighbours.map(({ uid }) => uid).slice(0, 60);
    expect(ids).toEqual(range(60).map((n) => `p${n * 5 + 3}`));
  }
  // No product shows picture 4 any more, and picture 9 takes its place in memory.
  await syncRows(
    catalog,
    range(300).map((seed) => show(seed, seed % 5 === 4 ? 9 : seed % 5)),
  );
  await syncRows(
    catalog,
    range(300).map((seed) => show(seed, seed % 5 === 4 ? 10 : seed % 5)),
  );
  using snapshot = await catalog.live();
  expect(snapshot?.pictureCount).toBe(5);
  expect(snapshot?.rows.pictures.count).toBeLessThan(300);
  expect(snapshot?.product('p4')[0]?.vector).toEqual(testRow(10).content.vector);
});

test('a picture that was embedded again under the same hash is read again', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  const rows = range(50).map((seed) => testRow(seed));
  await syncRows(catalog, rows);
  const before = (await catalog.live())?.product('p1')[0]?.vector.slice();
  const staging = await catalog.stage({ afresh: true });
  await staging.write(rows.map(({ row }, i) => ({ row, content: testRow(i + 500).content })));
  await staging.publish('Afresh', 'test');
  await staging.close();
  await catalog.caughtUp();
  const after = (await catalog.live())?.product('p1')[0]?.vector;
  expect(before).toEqual(testRow(1).content.vector);
  expect(after).toEqual(testRow(501).content.vector);
});

test('a new snapshot that cannot be read leaves the old one answering, and says so until there is one that can', async () => {
  const uri = await temporaryFolder();
  const catalog = await LiveCatalog.open(uri, MODEL);
  const other = await LiveCatalog.open(uri, MODEL);
  const rows = range(10).map((seed) => testRow(seed));
  const first = await syncRows(catalog, rows);
  using held = await catalog.live();
  const files = join(uri, 'product-images.lance', 'data');
  const known = new Set(await readdir(files));
  const second = await publishRows(other, [testRow(0, { price: 11 }), ...rows.slice(1)]);
  for (const name of await readdir(files))
    if (!known.has(name)) await rm(join(files, name), { recursive: true });

  await catalog.caughtUp();
  expect(priceOf(await catalog.live(), 'p0')).toBe(10);
  expect(await catalog.damage()).toMatchObject([{ code: 'CATALOG_DAMAGED' }]);
  expect(await catalog.history.list()).toMatchObject([
    { version: second?.version, live: false, damaged: true },
    { version: first?.version, live: true, damaged: false },
  ]);
  expect(held?.info).toEqual(first);

  await other.history.rollback(first?.version ?? 0);
  expect(await catalog.damage()).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'after many publishes no files of earlier snapshots are open',
  async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const uri = await temporaryFolder();
    const catalog = await LiveCatalog.open(uri, MODEL);
    const rows = range(1200).map((seed) => testRow(seed));
    const open = async () => {
      // Lance closes files in the background.
      for (let n = 0; n < 5; n++) {
        collect();
        await sleep(20);
      }
      const links = (await readdir('/proc/self/fd')).map((fd) =>
        readlink(`/proc/self/fd/${fd}`).catch(() => ''),
      );
      return (await Promise.all(links)).filter((path) => path.startsWith(uri));
    };
    const publish = async (price: number) => {
      // Enough rows that the full-text indexes are rebuilt.
      await syncRows(catalog, [...range(1100).map((seed) => testRow(seed, { price })), ...rows.slice(1100)]);
      using snapshot = await catalog.live();
      await snapshot?.fields.matching('product', {});
    };
    for (let n = 0; n < 3; n++) await publish(100 + n);
    const early = await open();
    for (let n = 3; n < 9; n++) await publish(100 + n);
    const late = await open();
    expect(late.filter((path) => path.includes('deleted'))).toEqual([]);
    expect(late.length).toBeLessThanOrEqual(early.length + 2);
  },
);
