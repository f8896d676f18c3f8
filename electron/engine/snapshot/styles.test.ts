import { expect, test } from 'vitest';
import { rowKey, styleIdOf } from '../catalog/product-ids.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import type { ImageRow } from '../catalog/schema.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { LiveCatalog } from './live-catalog.ts';
import { compareSizes } from './size-order.ts';
import { commonSku } from './styles.ts';

/** A size with the pictures of these seeds. */
function size(productId: string, pictures: readonly number[], fields: Partial<ImageRow>): CatalogRow[] {
  return pictures.map((picture, imageIndex) => {
    const { row, content } = testRow(picture, { productId, sku: productId, imageIndex, ...fields });
    const { imageHash } = testRow(picture).row;
    return { row: { ...row, imageHash, key: rowKey(row.uid, imageIndex) }, content };
  });
}

async function published(rows: readonly CatalogRow[]) {
  const catalog = await LiveCatalog.open(await temporaryFolder(), { id: 'test', dim: 8 });
  await syncRows(catalog, rows);
  const snapshot = await catalog.live();
  if (!snapshot) throw new Error('Nothing is published.');
  return snapshot;
}

const near = (picture: number) => testRow(picture).content.vector;
const hash = (picture: number) => testRow(picture).row.imageHash;
const tee = { groupId: 'tee' };
const navy = { ...tee, color: 'Navy' };
const white = { ...tee, color: 'white' };

const wardrobe = [
  ...size('TEE-NVY-S', [1, 2], { ...navy, size: 'S', stock: 0, availability: 'out of stock' }),
  ...size('other', [3], {}),
  ...size('TEE-WHT-S', [4], { ...white, size: 'S', stock: null }),
  ...size('TEE-NVY-M', [1, 2], { ...navy, color: 'NAVY', size: 'M', stock: 3 }),
  ...size('TEE-WHT-M', [4], { ...white, size: 'M', stock: 1 }),
  // Another colour with exactly the pictures of white.
  ...size('TEE-ECR-M', [4], { ...tee, color: 'ecru', size: 'M', brand: 'Ecru only' }),
];

test('a style is found once, with its sizes and the colours of its design', async () => {
  const snapshot = await published(wardrobe);
  expect(snapshot.styleCount).toBe(3);
  const { neighbours, total } = await snapshot.nearest(near(2), 10, {});
  expect(total).toBe(3);
  expect(neighbours).toHaveLength(3);
  const [first] = neighbours;
  expect(first).toMatchObject({
    uid: 'TEE-NVY-S',
    styleId: 'tee#navy',
    imageHash: hash(2),
    imageCount: 2,
    style: {
      styleSku: 'TEE-NVY',
      sizes: [
        { uid: 'TEE-NVY-S', sku: 'TEE-NVY-S', size: 'S', stock: 0, availability: 'out of stock' },
        { uid: 'TEE-NVY-M', sku: 'TEE-NVY-M', size: 'M', stock: 3, availability: 'in stock' },
      ],
      colors: [{ styleId: 'tee#white', uid: 'TEE-WHT-S', color: 'white', thumbnail: hash(4) }],
    },
  });
});

test('styles of one design with the very same pictures share a card', async () => {
  const snapshot = await published(wardrobe);
  const { neighbours } = await snapshot.nearest(near(4), 1, {});
  expect(neighbours[0]?.style.sizes.map(({ uid, color }) => [uid, color])).toEqual([
    ['TEE-WHT-S', 'white'],
    ['TEE-WHT-M', 'white'],
    ['TEE-ECR-M', 'ecru'],
  ]);
  // Products without a group are styles of their own, whatever they show.
  const shared = await published([...size('a', [7], {}), ...size('b', [7], {})]);
  expect((await shared.nearest(near(7), 5, {})).neighbours.map(({ uid }) => uid)).toEqual(['a', 'b']);
});

test('a filter shows a size that passes, and counts styles', async () => {
  const snapshot = await published(wardrobe);
  const inStock = await snapshot.nearest(near(1), 10, { availability: ['in stock'] });
  expect(inStock.neighbours[0]).toMatchObject({ uid: 'TEE-NVY-M', style: { sizes: { length: 2 } } });
  expect(inStock.total).toBe(3);
  expect((await snapshot.nearest(near(1), 10, { brand: ['Ecru only'] })).total).toBe(1);
  const facets = await snapshot.facets({});
  expect(facets.availability).toEqual([
    { value: 'in stock', count: 3 },
    { value: 'out of stock', count: 1 },
  ]);
  expect(facets.category).toEqual([{ value: 'shoes', count: 3 }]);
  // The queried style is left out, with all its sizes.
  const others = await snapshot.nearest(near(1), 10, {}, 'TEE-NVY-M');
  expect(others.total).toBe(2);
  expect(others.neighbours.map(({ styleId }) => styleId)).not.toContain('tee#navy');
});

test('equally near styles of one design stand next to each other', async () => {
  const snapshot = await published([
    ...size('a1', [5], { groupId: 'a', color: 'red' }),
    ...size('b1', [5], { groupId: 'b', color: 'red' }),
    ...size('a2', [5, 6], { groupId: 'a', color: 'blue' }),
  ]);
  const { neighbours } = await snapshot.nearest(near(5), 10, {});
  expect(neighbours.map(({ uid }) => uid)).toEqual(['a1', 'a2', 'b1']);
});

test('a group of the whole catalog shows no more sizes and colours than a card can hold', async () => {
  const rows = Array.from({ length: 450 }, (_, n) => {
    const color = n < 300 ? 'red' : `shade ${n}`;
    return size(`p${n}`, [n < 300 ? 9 : n], { groupId: 'all', color });
  });
  const snapshot = await published(rows.flat());
  const [first] = (await snapshot.nearest(near(9), 1, {})).neighbours;
  expect(first?.style.sizes).toHaveLength(200);
  expect(first?.style.colors).toHaveLength(100);
});

test.each([
  [{ '40101-NVY-S': 'S', '40101-NVY-M': 'M' }, '40101-NVY'],
  [{ 'X-38': '38', 'X-39': '39' }, 'X'],
  [{ '4711': null, '4711-L': 'L' }, '4711'],
  [{ 'AB 12/s': 'S', 'AB 12/m': 'M' }, 'AB 12'],
  [{ 'BT-2XL': '2XL', 'BT-38-LONG': '38 long' }, 'BT'],
  // The beginning may be that of all the shop's SKUs.
  [{ 'ABC-1001': 'S', 'ABC-1002': 'M' }, null],
  [{ 'TEE-NVY-S': 'S', 'TEE-WHT-S': 'S' }, null],
  [{ '4711': 'S', '4712': 'M' }, null],
  [{ a: 'S', b: 'M' }, null],
  [{ one: null }, 'one'],
])('the style of the SKUs and sizes %j has the SKU %j', (sizes, common) => {
  expect(commonSku(Object.entries(sizes).map(([sku, size]) => ({ sku, size })))).toBe(common);
});

test('sizes stand as they hang on a rail', () => {
  const sizes = ['XS', 'S', 'M', 'L', 'XL', 'XXL', '3XL', '36', '38', '38 long', '110', 'one size'];
  expect([...sizes].reverse().sort(compareSizes)).toEqual(sizes);
});

test('the sizes of a style stand in that order, in whatever order they came', async () => {
  const rows = ['L', '2XL', 'XS', 'M'].flatMap((each) => size(`tee-${each}`, [1], { ...navy, size: each }));
  const snapshot = await published(rows);
  const [first] = (await snapshot.nearest(near(1), 1, {})).neighbours;
  expect(first?.product.size).toBe('XS');
  expect(first?.style.sizes.map((its) => its.size)).toEqual(['XS', 'M', 'L', '2XL']);
});

/** A size without a colour in the feed, for which the sync has found one in the first picture. */
const seen = (productId: string, pictures: readonly number[], fields: Partial<ImageRow>) =>
  size(productId, pictures, { ...tee, color: null, colorFrom: null, ...fields }).map((made) => {
    const { row, content } = made;
    if (row.imageIndex > 0) return made;
    const color = 'blue';
    return {
      row: { ...row, color, colorFrom: 'picture' as const, styleId: styleIdOf({ ...row, color }) },
      content,
    };
  });

test('sizes of a design without a colour in the feed are one style by the colour that was seen', async () => {
  const catalog = await LiveCatalog.open(await temporaryFolder(), { id: 'test', dim: 8 });
  const small = seen('TEE-S', [1, 2], { size: 'S' });
  const medium = seen('TEE-M', [1, 2], { size: 'M' });
  await syncRows(catalog, [...small, ...medium]);
  const sizesOf = async () => {
    using snapshot = await catalog.live();
    const found = await snapshot?.nearest(near(1), 5, {});
    return found?.neighbours.map(({ styleId, style }) => [styleId, style.sizes.map(({ size }) => size)]);
  };
  expect(await sizesOf()).toEqual([['tee#blue', ['S', 'M']]]);
  // Only the first picture's row is rewritten, and comes after the second one's in the table from then on.
  const changed = seen('TEE-S', [5, 2], { size: 'S' });
  await syncRows(catalog, [...changed, ...medium]);
  expect(await sizesOf()).toEqual([['tee#blue', ['S', 'M']]]);
});
