import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { toArrow } from './arrow.ts';
import { arrow } from './arrow-library.ts';
import { moveLive } from './published.ts';
import { tableSchema } from './schema.ts';
import { rowsOf, syncRows, testRow } from './test-rows.ts';
import { ADDED_COLUMNS } from './version-1.ts';

/** The columns that tables had before products had sources. */
function schemaOfVersion1(dim: number) {
  const isAdded = (name: string) => ADDED_COLUMNS.some((added) => added === name);
  return new arrow.Schema(tableSchema(dim).fields.filter(({ name }) => !isAdded(name)));
}

test('a table of version 1 is read, and gets the columns that it lacks with the next write', async () => {
  const uri = await temporaryFolder();
  const rows = [
    testRow(0, { color: 'green (by picture)', groupId: 'g' }),
    testRow(1, { sku: '00-AB 1', color: null }),
    testRow(2, { color: 'red' }),
  ];
  const db = await connect(uri);
  const table = await db.createEmptyTable('images-test', schemaOfVersion1(8));
  await table.add(toArrow(rows, schemaOfVersion1(8)));
  await moveLive(table, await table.version());
  db.close();

  const catalog = await LiveCatalog.open(uri, { id: 'test', dim: 8 });
  const known = { source: '', size: null, stock: null, gtin: null };
  const expected = [
    { ...known, uid: 'p0', styleId: 'p0', color: 'green', colorFrom: 'picture', skuKey: 'sku0' },
    { ...known, uid: 'p1', styleId: 'p1', color: null, colorFrom: null, skuKey: 'ab1' },
    { ...known, uid: 'p2', styleId: 'p2', color: 'red', colorFrom: 'feed', skuKey: 'sku2' },
  ];
  const read = async () => {
    using snapshot = await catalog.live();
    return ['p0', 'p1', 'p2'].map((uid) => snapshot?.product(uid)[0]?.row);
  };
  expect(await read()).toMatchObject(expected);
  {
    using snapshot = await catalog.live();
    expect((await snapshot?.facets({}))?.color.map(({ value }) => value)).toEqual(['green', 'red']);
    const { neighbours = [] } =
      (await snapshot?.nearest(rows[0]?.content.vector ?? new Float32Array(8), 9, { color: ['green'] })) ??
      {};
    expect(neighbours.map(({ product }) => product.uid)).toEqual(['p0']);
  }

  const more = testRow(3, { source: 'shop', size: 'M', stock: 3, groupId: 'g' });
  const published = await syncRows(catalog, [...rows, more]);
  expect(await read()).toMatchObject(expected);
  expect((await rowsOf(catalog, published?.version ?? 0)).map(({ row }) => row)).toMatchObject([
    ...expected,
    { uid: 'shop/p3', source: 'shop', styleId: 'shop/g#red', size: 'M', stock: 3 },
  ]);
});
