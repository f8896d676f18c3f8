import { expect, test } from 'vitest';
import type { CatalogRow } from '../catalog/rows.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { takeSample } from './sample.ts';

/** Products of two images. */
const rows: CatalogRow[] = range(600).map((n) => {
  const second = n % 2 === 1;
  const { imageHash } = testRow(10_000 + n).row;
  return testRow((n - (n % 2)) / 2, { imageHash, imageIndex: second ? 1 : 0 });
});

async function sampled(stored: readonly CatalogRow[], counts: { firsts: number; views: number }) {
  const catalog = await LiveCatalog.open(await temporaryFolder(), { id: 'test', dim: 8 });
  await syncRows(catalog, stored);
  const snapshot = await catalog.live();
  if (!snapshot) throw new Error('Nothing is published.');
  const sample = await takeSample(snapshot, counts, async () => {});
  const place = ({ uid, vector }: (typeof sample.firsts)[number]) =>
    snapshot.product(uid).findIndex((image) => String(image.vector) === String(vector));
  expect(new Set(sample.firsts.map(place))).toEqual(new Set([0]));
  expect(new Set(sample.views.map(place))).toEqual(new Set([1]));
  const ids = (images: typeof sample.firsts) => images.map(({ uid }) => uid);
  return { firsts: ids(sample.firsts), views: ids(sample.views) };
}

test('the same catalog gives the same sample in whatever order it is stored, and a changed one nearly the same', async () => {
  const counts = { firsts: 60, views: 40 };
  const { firsts, views } = await sampled(rows, counts);
  expect([new Set(firsts).size, new Set(views).size]).toEqual([60, 40]);
  expect(await sampled([...rows].reverse(), counts)).toEqual({ firsts, views });

  const fewer = await sampled(rows.slice(60), counts);
  expect(firsts.filter((id) => fewer.firsts.includes(id)).length).toBeGreaterThan(45);
});

test('a catalog of fewer than are asked for is taken whole', async () => {
  const { firsts, views } = await sampled(rows.slice(0, 20), { firsts: 60, views: 40 });
  expect([...firsts].sort()).toEqual(range(10).map((n) => `p${n}`));
  expect([...views].sort()).toEqual([...firsts].sort());
});
