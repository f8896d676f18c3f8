import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type Table } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { holdSnapshot, releaseSnapshot } from './held-snapshots.ts';
import { rowsOf, syncRows, testRow } from './test-rows.ts';

const MODEL = { id: 'test', dim: 8 };

async function emptyCatalog() {
  const folder = await temporaryFolder();
  return { folder, catalog: await LiveCatalog.open(folder, MODEL) };
}

/** The Lance table itself, for states that only a kill or an older version of the app can leave. */
async function tableIn(folder: string, name = 'product-images'): Promise<Table> {
  return (await connect(folder)).openTable(name);
}

/** Reads as another process would, with nothing in memory. */
async function published(folder: string): Promise<{ ids: string[]; prices: (number | null)[] }> {
  const snapshot = await (await LiveCatalog.open(folder, MODEL)).live();
  const ids = range(20)
    .map((seed) => `p${seed}`)
    .filter((id) => snapshot?.product(id).length);
  return { ids, prices: ids.map((id) => snapshot?.product(id)[0]?.row.price ?? null) };
}

const A = range(3).map((seed) => testRow(seed));
/** Product 0 costs more, 1 is removed, 3 is new. */
const B = [testRow(0, { price: 12 }), testRow(2), testRow(3)];
const SEEN_A = { ids: ['p0', 'p1', 'p2'], prices: [10, 10, 10] };
const SEEN_B = { ids: ['p0', 'p2', 'p3'], prices: [12, 10, 10] };

/** A is published, then B. */
async function twoSnapshots() {
  const { folder, catalog } = await emptyCatalog();
  const a = (await syncRows(catalog, A, 'A'))?.version ?? 0;
  const b = (await syncRows(catalog, B, 'B'))?.version ?? 0;
  return { folder, catalog, a, b };
}

test('snapshots are listed newest first, with what is known of each', async () => {
  const { catalog, a, b } = await twoSnapshots();
  const each = { modelId: 'test', source: 'test', products: 3, images: 3, seconds: 1.5 };
  expect(await catalog.history.list()).toMatchObject([
    { ...each, version: b, name: 'B', live: true },
    { ...each, version: a, name: 'A', live: false },
  ]);
});

test('there are no snapshots before the first publish, neither in an empty folder nor while an import is staging', async () => {
  const { catalog } = await emptyCatalog();
  expect(await catalog.history.list()).toEqual([]);
  const staging = await catalog.stage();
  await staging.write(A);
  expect(await catalog.history.list()).toEqual([]);
  await staging.close();
});

test('a log made before snapshots had a duration, or said what they replaced, is read, and goes on', async () => {
  const { folder, catalog: made } = await emptyCatalog();
  await syncRows(made, A, 'A');
  await (await tableIn(folder, 'snapshots')).dropColumns(['seconds', 'replaced']);
  // There were no notes beside the tables either.
  await rm(join(folder, 'integrity-product-images.json'));
  const catalog = await LiveCatalog.open(folder, MODEL);
  expect(await catalog.history.list()).toMatchObject([{ name: 'A', seconds: null }]);
  expect(await catalog.liveInfo()).toMatchObject({ name: 'A' });
  const { version: a } = (await catalog.liveInfo()) ?? {};
  await syncRows(catalog, B, 'B');
  expect(await catalog.history.list()).toMatchObject([
    { name: 'B', seconds: 1.5, replaced: a },
    { name: 'A', seconds: null, replaced: null },
  ]);
});

test('a snapshot says what it replaced, which after a rollback is not the one published before it', async () => {
  const { folder, catalog, a, b } = await twoSnapshots();
  const [first] = await catalog.history.list();
  await catalog.history.rollback(a);
  // The same rows as B, published again: a publish of its own, while B keeps its date.
  const staging = await catalog.stage();
  const { version: again } = await staging.publish('B again', 'test');
  await staging.close();
  expect(again).toBeGreaterThan(b);
  expect(await published(folder)).toEqual(SEEN_B);
  const c = (await syncRows(catalog, [testRow(5)], 'C'))?.version ?? 0;
  const listed = await (await LiveCatalog.open(folder, MODEL)).history.list();
  expect(listed.map(({ version, replaced }) => [version, replaced])).toEqual([
    [c, again],
    [again, a],
    [b, a],
    [a, null],
  ]);
  expect(listed[2]).toEqual({ ...first, live: false });
});

test('rolling back and forward is what readers see next', async () => {
  const { folder, catalog, a, b } = await twoSnapshots();
  expect(await catalog.history.rollback(a)).toMatchObject({ version: a, name: 'A', live: true });
  expect(await catalog.liveInfo()).toMatchObject({ version: a, name: 'A' });
  expect(await published(folder)).toEqual(SEEN_A);
  expect((await catalog.history.list()).map(({ version, live }) => [version, live])).toEqual([
    [b, false],
    [a, true],
  ]);
  await catalog.history.rollback(b);
  expect(await published(folder)).toEqual(SEEN_B);
});

test('thumbnails that only an older or newer snapshot has are found there', async () => {
  const { catalog, a } = await twoSnapshots();
  const of = (seed: number) => testRow(seed).row.imageHash;
  const wanted = [of(0), of(1), of(3), of(9)];
  const found = async () =>
    new Map((await catalog.thumbnails(wanted)).map(({ id, bytes }) => [id, Buffer.from(bytes)]));
  const expected = new Map([0, 1, 3].map((seed) => [of(seed), testRow(seed).content.thumbnail]));
  expect(await found()).toEqual(expected);
  await catalog.history.rollback(a);
  expect(await found()).toEqual(expected);
  expect(await (await emptyCatalog()).catalog.thumbnails(wanted)).toEqual([]);
});

test('a version that is not a kept snapshot is SNAPSHOT_UNKNOWN, and nothing moves', async () => {
  const { catalog, a, b } = await twoSnapshots();
  for (const version of [0, a + 1, b + 1, 1e6]) {
    if (version === b) continue;
    await expect(catalog.history.rollback(version)).rejects.toMatchObject({ code: 'SNAPSHOT_UNKNOWN' });
    await expect(catalog.history.compare(a, version)).rejects.toMatchObject({ code: 'SNAPSHOT_UNKNOWN' });
    await expect(catalog.rows.scanWithContent(version).next()).rejects.toMatchObject({
      code: 'SNAPSHOT_UNKNOWN',
    });
  }
  expect((await catalog.liveInfo())?.version).toBe(b);
});

test('a rollback waits for the import that is writing', async () => {
  const { folder, catalog, a } = await twoSnapshots();
  const staging = await catalog.stage();
  const rolledBack = catalog.history.rollback(a);
  await staging.write([testRow(9)]);
  expect(await published(folder)).toEqual(SEEN_B);
  await staging.close();
  await rolledBack;
  expect(await published(folder)).toEqual(SEEN_A);
});

test('after a rollback, an import of the feed that is live again publishes nothing', async () => {
  const { folder, catalog, a } = await twoSnapshots();
  await catalog.history.rollback(a);
  expect(await syncRows(catalog, A)).toBeNull();
  expect(await published(folder)).toEqual(SEEN_A);
});

test('after a rollback, an import of the feed that was rolled back is known as that', async () => {
  const { folder, catalog, a } = await twoSnapshots();
  await catalog.history.rollback(a);
  expect(await syncRows(catalog, B)).toBeNull();
  // Not even when another import staged something in between.
  const staging = await catalog.stage();
  await staging.write([testRow(9)]);
  await staging.close();
  expect(await syncRows(catalog, B)).toBeNull();
  expect(await published(folder)).toEqual(SEEN_A);
});

test('after a rollback, an import of another feed publishes exactly that feed', async () => {
  const { folder, catalog, a, b } = await twoSnapshots();
  await catalog.history.rollback(a);
  const c = await syncRows(catalog, [testRow(0), testRow(1, { price: 11 }), testRow(3)]);
  expect(await published(folder)).toEqual({ ids: ['p0', 'p1', 'p3'], prices: [10, 11, 10] });
  expect((await catalog.history.list()).map(({ version }) => version)).toEqual([c?.version, b, a]);
  // An earlier rollback no longer matters: the feed may return to it.
  await syncRows(catalog, B);
  expect(await published(folder)).toEqual(SEEN_B);
});

test('after a rollback, images of both the live and the newest rows are known', async () => {
  const { catalog, a } = await twoSnapshots();
  await catalog.history.rollback(a);
  const staging = await catalog.stage();
  const wanted = [testRow(1), testRow(3)];
  const hashes = wanted.map(({ row }) => row.imageHash);
  expect(hashes.map((hash) => staging.pictures.isKnown(hash))).toEqual([true, true]);
  const [features, thumbnails] = [
    await staging.pictures.featuresOf(hashes),
    await staging.pictures.thumbnailsOf(hashes),
  ];
  await staging.close();
  for (const { row, content } of wanted) {
    const { thumbnail, ...made } = content;
    expect(features.get(row.imageHash)).toEqual(made);
    expect(Buffer.from(thumbnails.get(row.imageHash) ?? [])).toEqual(thumbnail);
  }
});

test('a publish killed after its log entry shows nothing; the next one goes on', async () => {
  const { folder, catalog, a, b } = await twoSnapshots();
  const tags = await (await tableIn(folder)).tags();
  await tags.update('live', a);
  await tags.delete(`snapshot-${b}`);
  // The notes name a snapshot only after its tag was written.
  await rm(join(folder, 'integrity-product-images.json'));
  expect(await catalog.history.list()).toMatchObject([{ version: a, live: true }]);
  expect(await published(folder)).toEqual(SEEN_A);
  expect(await syncRows(catalog, B, 'B again')).not.toBeNull();
  expect(await published(folder)).toEqual(SEEN_B);
  expect(await catalog.history.list()).toMatchObject([{ name: 'B again', live: true }, { version: a }]);
});

test('a publish killed between its two tags is whole, and kept by the next', async () => {
  const { folder, catalog, a, b } = await twoSnapshots();
  await (await (await tableIn(folder)).tags()).delete(`snapshot-${b}`);
  expect(await catalog.history.list()).toMatchObject([{ version: b, live: true }, { version: a }]);
  const c = await syncRows(catalog, A);
  expect((await catalog.history.list()).map(({ version }) => version)).toEqual([c?.version, b, a]);
  await catalog.history.rollback(b);
  expect(await published(folder)).toEqual(SEEN_B);
});

test('two snapshots compared: added, removed, changed and price only, with what changed', async () => {
  const { catalog } = await emptyCatalog();
  const second = testRow(5, { imageIndex: 1, imageHash: 'b'.repeat(64) });
  const before = [...range(5).map((seed) => testRow(seed)), testRow(5), second];
  const from = await syncRows(catalog, before, 'Before');
  const long = 'x'.repeat(5000);
  const after = [
    testRow(0),
    testRow(1, { price: 12.5, currency: 'USD' }),
    testRow(2, { price: 9, attributes: { material: 'silk', fit: ['slim'], note: long } }),
    testRow(3, { imageHash: 'a'.repeat(64) }),
    testRow(5),
    testRow(6),
  ];
  const to = await syncRows(catalog, after, 'After');
  const diff = await catalog.history.compare(from?.version ?? 0, to?.version ?? 0);

  expect(diff).toMatchObject({ from: { name: 'Before', live: false }, to: { name: 'After', live: true } });
  const thumbnail = (seed: number) => testRow(seed).row.imageHash;
  expect(diff.added).toEqual({
    count: 1,
    examples: [{ uid: 'p6', productId: 'p6', title: 'Product 6', thumbnail: thumbnail(6), changes: [] }],
  });
  expect(diff.removed).toEqual({
    count: 1,
    examples: [{ uid: 'p4', productId: 'p4', title: 'Product 4', thumbnail: thumbnail(4), changes: [] }],
  });
  expect(diff.priceOnly).toMatchObject({
    count: 1,
    examples: [
      {
        uid: 'p1',
        productId: 'p1',
        changes: [
          { field: 'price', before: 10, after: 12.5 },
          { field: 'currency', before: 'EUR', after: 'USD' },
        ],
      },
    ],
  });
  expect(diff.changed.count).toBe(3);
  expect(diff.changed.examples).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        uid: 'p2',
        productId: 'p2',
        changes: [
          { field: 'price', before: 10, after: 9 },
          { field: 'attributes.material', before: 'wool', after: 'silk' },
          { field: 'attributes.fit', before: null, after: '["slim"]' },
          { field: 'attributes.note', before: null, after: `${'x'.repeat(200)}…` },
        ],
      }),
      expect.objectContaining({
        uid: 'p3',
        productId: 'p3',
        thumbnail: 'a'.repeat(64),
        changes: [{ field: 'images', before: 1, after: 1 }],
      }),
      expect.objectContaining({ productId: 'p5', changes: [{ field: 'images', before: 2, after: 1 }] }),
    ]),
  );
});

test('of many changes all are counted and fifty shown', async () => {
  const { catalog } = await emptyCatalog();
  const from = await syncRows(
    catalog,
    range(1200).map((seed) => testRow(seed)),
  );
  const to = await syncRows(
    catalog,
    range(1100).map((seed) => testRow(seed, { price: 11 })),
  );
  const diff = await catalog.history.compare(from?.version ?? 0, to?.version ?? 0);
  expect([diff.priceOnly.count, diff.priceOnly.examples.length]).toEqual([1100, 50]);
  expect([diff.removed.count, diff.removed.examples.length]).toEqual([100, 50]);
  expect([diff.changed.count, diff.added.count]).toEqual([0, 0]);
  // In the other direction, removed products count as added.
  const back = await catalog.history.compare(to?.version ?? 0, from?.version ?? 0);
  expect([back.added.count, back.removed.count, back.priceOnly.count]).toEqual([100, 0, 1100]);
});

test('over 50 syncs ten snapshots are kept whole, and disk use levels off', {
  timeout: 180_000,
}, async () => {
  const { folder, catalog } = await emptyCatalog();
  const rows = (sync: number) => range(40).map((seed) => testRow(seed, seed === 0 ? { price: sync } : {}));
  const uses: { bytes: number; files: number }[] = [];
  for (const sync of range(50)) {
    expect(await syncRows(catalog, rows(sync), `Sync ${sync}`)).not.toBeNull();
    uses.push((await catalog.diskUse()) ?? { bytes: 0, files: 0 });
  }
  const most = (key: 'bytes' | 'files', from: number, to: number) =>
    Math.max(...uses.slice(from, to).map((use) => use[key]));
  console.log(
    [0, 9, 19, 29, 39, 49].map((i) => `after ${i + 1}: ${uses[i]?.files} files, ${uses[i]?.bytes} bytes`),
  );
  // Unlimited growth would double the number.
  expect(most('files', 25, 50)).toBeLessThanOrEqual(most('files', 0, 25) * 1.4);
  expect(most('bytes', 25, 50)).toBeLessThanOrEqual(most('bytes', 0, 25) * 1.4);

  const snapshots = await catalog.history.list();
  expect(snapshots.map(({ name }) => name)).toEqual(range(10).map((i) => `Sync ${49 - i}`));
  for (const { version, name } of snapshots) {
    const kept = await rowsOf(await LiveCatalog.open(folder, MODEL), version);
    const wanted = rows(Number(name.split(' ')[1])).sort((a, b) => (a.row.key < b.row.key ? -1 : 1));
    expect(kept).toEqual(wanted);
  }
});

test('the live snapshot is kept although ten newer ones are', async () => {
  const { folder, catalog, a } = await twoSnapshots();
  for (const n of range(8)) await syncRows(catalog, [testRow(0, { price: n })]);
  await catalog.history.rollback(a);
  expect((await catalog.history.list()).map(({ version }) => version)).toHaveLength(10);
  await syncRows(catalog, [testRow(0, { price: 99 })]);
  const versions = (await catalog.history.list()).map(({ version }) => version);
  expect(versions).toHaveLength(10);
  expect(versions).toContain(a);
  expect(await published(folder)).toEqual({ ids: ['p0'], prices: [99] });

  // Held, it stays beside ten others; let go, the next publish drops it.
  const isKept = async () => (await catalog.history.list()).some(({ version }) => version === a);
  await holdSnapshot(folder, 'spring', a);
  await syncRows(catalog, [testRow(0, { price: 100 })]);
  expect(await isKept()).toBe(true);
  expect(await catalog.history.list()).toHaveLength(11);
  await releaseSnapshot(folder, 'spring');
  await syncRows(catalog, [testRow(0, { price: 101 })]);
  expect(await isKept()).toBe(false);
});

test('files that killed writes have left do not grow', { timeout: 180_000 }, async () => {
  const { folder, catalog } = await emptyCatalog();
  await syncRows(catalog, A);
  const data = join(folder, 'product-images.lance/data');
  for (const n of range(5)) await writeFile(join(data, `${n}`.repeat(36).concat('.lance')), 'half a write');
  for (const n of range(30)) await syncRows(catalog, [testRow(0, { price: n })]);
  expect((await readdir(data)).filter((name) => /^(\d)\1{35}\.lance$/.test(name))).toEqual([]);
  expect(await published(folder)).toEqual({ ids: ['p0'], prices: [29] });
});

test('disk use of a place that is not a folder is not known', async () => {
  const catalog = await LiveCatalog.open('memory://catalog', MODEL);
  expect(await catalog.diskUse()).toBeNull();
});
