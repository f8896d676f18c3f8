import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { refuse, refuseLance } from '../files/test-held.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { syncRows, testRow } from './test-rows.ts';

const MODEL = { id: 'test', dim: 8 };
const ofSource = (source: string) => range(4).map((seed) => testRow(seed, { source }));
const [A, B] = [
  ofSource('a'),
  ofSource('b').map(({ row }, i) => ({
    ...testRow(10 + i, { source: 'b' }),
    row: { ...row, imageHash: testRow(10 + i).row.imageHash },
  })),
];

async function published(uri: string) {
  const catalog = await LiveCatalog.open(uri, MODEL);
  await syncRows(catalog, [...A, ...B]);
  await catalog.close();
  return LiveCatalog.open(uri, MODEL);
}

/** The products found near each row's picture, and the pictures that are stored. */
async function seen(catalog: LiveCatalog) {
  using snapshot = await catalog.live();
  const found: string[] = [];
  for (const { content } of [...A, ...B]) {
    const near = await snapshot?.nearest(content.vector, 1, {});
    found.push(near?.neighbours[0]?.uid ?? '');
  }
  const hashes = [...A, ...B].map(({ row }) => row.imageHash);
  return { found, pictures: (await catalog.thumbnails(hashes)).length };
}
const ALL = [...A, ...B].map(({ row }) => row.uid);

test('without its pictures a catalog is searched; the sync of a source brings its own again and leaves the others', async () => {
  const uri = await temporaryFolder();
  const catalog = await published(uri);
  await rm(join(uri, 'pictures.lance'), { recursive: true });
  expect(await seen(catalog)).toEqual({ found: ALL, pictures: 0 });
  expect(await catalog.damage()).toMatchObject([{ code: 'CATALOG_PICTURES_DAMAGED' }]);
  for (const [source, rows, pictures] of [
    ['a', A, 4],
    ['b', B, 8],
  ] as const) {
    const staging = await catalog.stage({ owned: () => ({ ids: new Set([source]), adopter: null }) });
    expect(rows.map(({ row }) => staging.pictures.isKnown(row.imageHash))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    await staging.write(rows);
    await staging.publish('Again', 'test');
    await staging.close();
    await catalog.caughtUp();
    expect(await seen(catalog)).toEqual({ found: ALL, pictures });
  }
  expect(await catalog.damage()).toEqual([]);
});

test('without its features a catalog says that it is damaged, and they are made again of its own pictures', async () => {
  const uri = await temporaryFolder();
  const catalog = await published(uri);
  const data = join(uri, 'features-test.lance', 'data');
  for (const name of await readdir(data)) await truncate(join(data, name), 100);
  await expect(catalog.live()).rejects.toMatchObject({ code: 'CATALOG_DAMAGED' });
  const staging = await catalog.stage();
  const hashes = await staging.unseen('kept');
  expect(hashes).toHaveLength(8);
  const contents = new Map([...A, ...B].map(({ row, content }) => [row.imageHash, content]));
  const [first = ''] = hashes;
  contents.delete(first);
  await staging.pictures.addFeatures(contents);
  expect(staging.differsFromLive()).toBe(true);
  await staging.publish('Again', 'test');
  await staging.close();
  // A picture that a model cannot embed leaves its rows out, and that is reported.
  expect((await seen(catalog)).found.filter((uid) => ALL.includes(uid))).toHaveLength(8);
  using snapshot = await catalog.live();
  expect([
    snapshot?.unseen,
    (await snapshot?.nearest(A[0]?.content.vector ?? new Float32Array(8), 20, {}))?.total,
  ]).toEqual([1, 7]);
  expect(await catalog.damage()).toEqual([{ code: 'CATALOG_PICTURES_UNSEEN', params: { pictures: 1 } }]);
});

test('a file that cannot be read for a moment is no damage', async () => {
  const uri = await temporaryFolder();
  const catalog = await published(uri);
  const isWhole = async () => {
    const staging = await catalog.stage();
    expect(staging.published.size).toBe(8);
    expect(range(4).every((i) => staging.pictures.isKnown(A[i]?.row.imageHash ?? ''))).toBe(true);
    await staging.close();
    expect(await readdir(uri)).not.toContain('damaged');
    expect(await catalog.history.list()).toMatchObject([{ name: 'Test', damaged: false }]);
  };
  for (const [read, of] of [
    ['open', /product-images\.lance\/data\//],
    ['open', /pictures\.lance\/data\//],
    ['open', /features-test\.lance\/data\//],
    ['stat', /pictures\.lance\/data\//],
    ['readFile', /_versions\//],
    ['readFile', /_refs\/tags\//],
    ['readFile', /integrity-product-images/],
    ['readdir', /_versions$/],
  ] as const) {
    {
      using held = refuse(read, of, { most: 2, code: 'EBUSY' });
      await isWhole();
      expect(held.times, `${read} ${of}`).toBe(2);
    }
    // What waiting does not mend stops the write, and changes nothing either.
    {
      using _all = refuse(read, of, { code: 'EMFILE' });
      await expect(catalog.stage(), `${read} ${of}`).rejects.toMatchObject({ code: 'STORAGE_BROKEN' });
    }
    await isWhole();
  }
  expect(await catalog.damage()).toEqual([]);
});

test('what Lance is kept from writing for a moment is written, once', async () => {
  const uri = await temporaryFolder();
  const catalog = await published(uri);
  const table = await (await connect(uri)).openTable('product-images');
  const tags = await table.tags();
  for (const [of, method] of [
    [table, 'add'],
    [table, 'delete'],
    [table, 'optimize'],
    [tags, 'update'],
    [tags, 'create'],
  ] as const) {
    const rows = [...A, ...range(2).map(() => testRow(next++))];
    using held = refuseLance(of, method, 2);
    expect((await syncRows(catalog, rows, method))?.products, method).toBe(6);
    expect(held.times, method).toBeGreaterThan(2);
  }
  const listed = (await catalog.history.list()).map(({ name }) => name);
  expect(listed).toEqual(['create', 'update', 'optimize', 'delete', 'add', 'Test']);
  expect(await readdir(uri)).not.toContain('damaged');
  expect(await catalog.damage()).toEqual([]);
});
let next = 20;
