import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../electron/dev/temporary-folder.ts';
import { absentHalf, labelsOf, otherViews, readManifest } from './labelled-set.ts';

/** A manifest beside the photos a.jpg and b.jpg. */
async function manifest(lines: readonly (object | string)[], name = 'set.jsonl'): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  for (const photo of ['a.jpg', 'b.jpg']) await writeFile(join(folder, photo), photo);
  const path = join(folder, name);
  await writeFile(
    path,
    lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\r\n'),
  );
  return path;
}

test('ids may be numbers or groups, labels may be missing, other fields are passed over, and so is a byte order mark', async () => {
  const path = await manifest([
    `\uFEFF${JSON.stringify({ file: 'a.jpg', productId: 7, category: ' Coats > Wool ', width: 320 })}`,
    '',
    { file: 'b.jpg', groupId: 'g', productId: null, color: null, split: 'query' },
  ]);
  const { gallery, queries, leftOut } = await readManifest(path);
  expect(gallery).toMatchObject([{ productId: '7', category: 'Coats > Wool', color: null }]);
  expect(queries).toMatchObject([{ productId: 'g', category: null }]);
  expect(leftOut).toEqual([]);
});

test('what is wrong is named by line, all of it at once', async () => {
  const path = await manifest([
    { file: 'a.jpg', productId: 'p' },
    '{ "file": ',
    { file: 'b.jpg' },
    { file: 'b.jpg', productId: 'p', split: 'test' },
  ]);
  const message = await readManifest(path).catch((error: Error) => error.message);
  expect(message).toMatch(/line 2: not JSON.*line 3: Neither productId nor groupId.*line 4: split/s);
});

test('a photo that is not there is left out, and one for the catalog must be left', async () => {
  const missing = { file: 'no.jpg', productId: 'q' };
  const { gallery, leftOut } = await readManifest(
    await manifest([missing, { file: 'a.jpg', productId: 'p' }]),
  );
  expect(gallery.map(({ productId }) => productId)).toEqual(['p']);
  expect(leftOut).toEqual(['set.jsonl, line 1: there is no file no.jpg']);
  await expect(readManifest(await manifest([missing]))).rejects.toThrow(/no photo for the catalog.*no\.jpg/s);
});

test('a table with a photo and a picture a row is a set; a picture that two rows name is one', async () => {
  const path = await manifest(
    [
      '\uFEFFQuery;Gallery;Product;Category;Source',
      'a.jpg;b.jpg;7;"coats; wool";shop',
      ';b.jpg;7;;',
      'a.jpg;no.jpg;8;;',
    ],
    'pairs.csv',
  );
  const { gallery, queries, leftOut } = await readManifest(path);
  expect(gallery).toMatchObject([{ productId: '7', category: 'coats; wool', groupId: null, color: null }]);
  expect(queries.map(({ productId }) => productId)).toEqual(['7', '8']);
  expect(leftOut).toEqual(['pairs.csv, line 4: there is no file no.jpg']);
});

test('a table without photos is refused, and a row without a product is named by line', async () => {
  const refusal = async (rows: string[]) =>
    readManifest(await manifest(rows, 'set.tsv')).catch((error: Error) => error.message);
  expect(await refusal(['product\tphoto', 'p\ta.jpg'])).toMatch(/"query", "gallery"/);
  expect(await refusal(['gallery\tproduct', 'a.jpg\tp', 'b.jpg\t'])).toMatch(
    /set\.tsv, line 3: Neither productId nor groupId/,
  );
});

test("other views: each product's first photo is the catalog; its labels are the first that are known", async () => {
  const set = await readManifest(
    await manifest([
      { file: 'a.jpg', productId: 'p' },
      { file: 'b.jpg', productId: 'p', category: 'coat' },
    ]),
  );
  expect(labelsOf(set.gallery).get('p')).toMatchObject({ category: 'coat', color: null });
  const { gallery, queries } = otherViews(set);
  expect([gallery.length, queries.length]).toEqual([1, 1]);
});

test('half of the products are left out, the same ones each time, and their photos stay queries', () => {
  const labels = { groupId: null, category: null, color: null };
  const photo = (id: number) => ({ path: `/${id}`, productId: `p${id}`, ...labels });
  const all = Array.from({ length: 200 }, (_, id) => photo(id));
  const half = absentHalf({ name: 'shop', gallery: all, queries: all, leftOut: [] });
  expect(half.gallery.length).toBeGreaterThan(70);
  expect(half.gallery.length).toBeLessThan(130);
  expect(half.queries).toEqual(all);
  expect(absentHalf({ name: 'shop', gallery: all, queries: all, leftOut: [] })).toEqual(half);
});
