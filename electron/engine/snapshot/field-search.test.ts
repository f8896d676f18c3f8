import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { Snapshot } from './snapshot.ts';

const MODEL = { id: 'test', dim: 8 };
const titled = (seed: number, title: string) => testRow(seed, { title });

async function found(snapshot: Snapshot | null, words: string): Promise<string[]> {
  return ((await snapshot?.fields.matching(words, {})) ?? []).map(({ uid }) => uid).sort();
}

test('what is published has its indexes of words, kept current: stems are found in old and in new rows', async () => {
  const uri = await temporaryFolder();
  const catalog = await LiveCatalog.open(uri, MODEL);
  const rows = [titled(0, 'Striped dresses'), titled(1, 'Coat')];
  await syncRows(catalog, rows);
  expect(await found(await catalog.live(), 'stripes dress')).toEqual(['p0']);
  const few = [...rows, titled(2, 'Stripe and dress')];
  await syncRows(catalog, few);
  expect(await found(await catalog.live(), 'stripes dress')).toEqual(['p0', 'p2']);
  const many = [
    ...few,
    ...range(1500).map((i) => titled(10 + i, i % 100 ? `Vest ${i}` : `Dressed in stripes ${i}`)),
  ];
  await syncRows(catalog, many);
  expect(await found(await catalog.live(), 'stripes dress')).toHaveLength(17);
  const table = await (await connect(uri)).openTable('product-images');
  await table.checkout((await catalog.live())?.info.version ?? 0);
  const indexes = (await table.listIndices()).filter(({ indexType }) => indexType === 'FTS');
  expect(indexes.flatMap(({ columns }) => columns).sort()).toEqual([
    'attributes',
    'brand',
    'category',
    'color',
    'productId',
    'sku',
    'title',
  ]);
  for (const { numUnindexedRows } of indexes) expect(numUnindexedRows).toBe(0);
});

test('a table of before there were indexes of words opens, and is searched by whole words', async () => {
  const folder = await temporaryFolder();
  await syncRows(await LiveCatalog.open(folder, MODEL), [titled(0, 'Striped dress'), titled(1, 'Coat')]);
  const table = await (await connect(folder)).openTable('product-images');
  for (const { name } of await table.listIndices()) await table.dropIndex(name);
  await (await table.tags()).update('live', await table.version());
  const snapshot = await (await LiveCatalog.open(folder, MODEL)).live();
  expect(await found(snapshot, 'striped')).toEqual(['p0']);
  expect(await found(snapshot, 'SKU-1')).toEqual(['p1']);
  expect(await found(snapshot, 'dre')).toEqual(['p0']);
});

test('a product of several images is found once, and an empty catalog finds nothing', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await syncRows(catalog, [testRow(0), testRow(1, { productId: 'p0', sku: 'SKU-0', imageIndex: 1 })]);
  expect(await found(await catalog.live(), 'SKU-0')).toEqual(['p0']);
  await syncRows(catalog, []);
  expect(await found(await catalog.live(), 'SKU-0')).toEqual([]);
});

test('matches: exact, then by the brand, then the others alike; what has only some of the words in its own order', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), MODEL);
  await syncRows(catalog, [
    testRow(0, { title: 'A long title that names Acme', sku: 'x' }),
    testRow(1, { title: 'Vest', brand: 'ACMÉ' }),
    testRow(2, { title: 'Other', sku: 'acme' }),
    testRow(3, { title: 'Acme' }),
  ]);
  const snapshot = await catalog.live();
  const places = async (words: string) =>
    Object.fromEntries(
      ((await snapshot?.fields.matching(words, {})) ?? []).map((match) => [match.uid, match]),
    );
  expect(await places('Acme')).toMatchObject({
    p2: { place: 1, exact: true, whole: true },
    p1: { place: 2, exact: false },
    p0: { place: 3, exact: false },
    p3: { place: 3, exact: false },
  });
  expect(Object.keys(await places('acm'))).toHaveLength(4);
  expect(await places('long vest title')).toMatchObject({ p0: { whole: false }, p1: { whole: false } });
});
