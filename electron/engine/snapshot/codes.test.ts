import { beforeAll, expect, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../dev/temporary-folder.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { Snapshot } from './snapshot.ts';

const PRODUCTS: [sku: string, gtin: string | null][] = [
  ['AB-1234-RED', '00012345678905'],
  ['AB-1234-BLU', '04006381333931'],
  ['POCS-30017', '00000096385074'],
  ['NOR.0707-60', null],
  ['00123', null],
  ['16-07', null],
  ['KT-INS114-DRE', null],
  ['X/55_9', null],
  ['Jeans', null],
  ['BT-WHI-L', null],
  ['BT-WHI-M', null],
];

let snapshot: Snapshot;

beforeAll(async () => {
  const folder = await makeTemporaryFolder();
  const catalog = await LiveCatalog.open(folder, { id: 'test', dim: 8 });
  await syncRows(
    catalog,
    PRODUCTS.map(([sku, gtin], i) =>
      testRow(i, { sku, gtin, title: `Thing number 1234`, category: i % 2 ? 'odd' : 'even' }),
    ),
  );
  const live = await catalog.live();
  if (!live) throw new Error('nothing was published');
  snapshot = live;
  return async () => {
    await catalog.close();
    await removeFolder(folder);
  };
});

/** The SKUs of the exact matches, which must come first. */
async function exactly(words: string, filters = {}): Promise<(string | undefined)[]> {
  const matches = await snapshot.fields.matching(words, filters);
  const exact = matches.filter((match) => match.exact);
  expect(matches.slice(0, exact.length)).toEqual(exact);
  expect(exact.every(({ whole, place, score }) => whole && place === 1 && score > 0)).toBe(true);
  return exact.map(({ uid }) => PRODUCTS[Number(uid.slice(1))]?.[0]).sort();
}

test.each([
  ['AB1234RED', ['AB-1234-RED']],
  ['ab 1234 red', ['AB-1234-RED']],
  ['AB–1234–RED', ['AB-1234-RED']],
  ['AB1234', ['AB-1234-BLU', 'AB-1234-RED']],
  ['pocs30017', ['POCS-30017']],
  ['NOR070760', ['NOR.0707-60']],
  ['1607', ['16-07']],
  ['KTINS114', ['KT-INS114-DRE']],
  ['x559', ['X/55_9']],
  ['0123', ['00123']],
  ['123', ['00123']],
  ['BTWHIL', ['BT-WHI-L']],
  ['bt whi l', ['BT-WHI-L']],
  ['jeans', ['Jeans']],
  ['bt-whi', ['BT-WHI-L', 'BT-WHI-M']],
  // Parts that end inside a segment, too short a text, and words.
  ['AB12', []],
  ['16', []],
  ['thing 1234', []],
  ['bt whi', []],
])('the SKU typed as "%s" is found exactly', async (typed, skus) => {
  expect(await exactly(typed)).toEqual(skus);
});

test.each([
  ['0012345678905', 'AB-1234-RED'],
  ['12345678905', 'AB-1234-RED'],
  ['00012345678905', 'AB-1234-RED'],
  ['4006381 333931', 'AB-1234-BLU'],
  ['96385074', 'POCS-30017'],
])('the barcode typed as "%s" is found exactly', async (typed, sku) => {
  expect(await exactly(typed)).toEqual([sku]);
});

test('a code is looked for among what passes the filters', async () => {
  expect(await exactly('AB1234', { category: ['odd'] })).toEqual(['AB-1234-BLU']);
  expect(await exactly('AB1234', { category: ["'"] })).toEqual([]);
});
