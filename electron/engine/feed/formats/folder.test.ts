import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readAll, temporaryFolder } from '../test-feed.ts';

/** Reads a folder of empty files. */
async function read(...files: string[]) {
  const folder = await temporaryFolder();
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return { folder, ...(await readFolder(folder)) };
}

async function readFolder(folder: string) {
  const { format, products, problems } = await readAll(folder);
  expect(format).toBe('folder');
  return {
    products: products.map(({ productId, title, category, images }) => [
      productId,
      title,
      category,
      images.map((image) => image.slice(folder.length + 1)),
    ]),
    problems: problems.map(({ item, code }) => [item, code]),
  };
}

test('a flat folder: each picture is a product, numbered or not', async () => {
  const { products, problems } = await read(
    'red_wool-coat.JPG',
    'b.heic',
    'shirt-10.jpg',
    'shirt-2.jpg',
    'notes.txt',
  );
  expect(products).toEqual([
    ['b', 'b', null, ['b.heic']],
    ['red_wool-coat', 'red wool coat', null, ['red_wool-coat.JPG']],
    ['shirt-2', 'shirt 2', null, ['shirt-2.jpg']],
    ['shirt-10', 'shirt 10', null, ['shirt-10.jpg']],
  ]);
  expect(problems).toEqual([['notes.txt', 'ITEM_INVALID']]);
});

test.each([
  ['the same names in each', ['a.jpg', 'xy.jpg'], ['a.jpg', 'xy.jpg']],
  ['views', ['back.jpg', 'front.jpg'], ['vorne.jpg', 'hinten.jpg']],
  ['numbers', ['1.jpg', '02.jpg'], ['IMG_0003.JPG', 'photo (4).png']],
  ['the name of the folder', ['coat.jpg', 'Coat-1-back.jpg'], ['hat_1.jpg', 'hat_1 b.jpg']],
])('a folder per product, its pictures named by %s', async (_, coat, hat) => {
  const files = [...coat.map((name) => `coats/coat/${name}`), ...hat.map((name) => `hats/hat_1/${name}`)];
  const { products, problems } = await read(...files);
  expect(products).toEqual([
    ['coat', 'coat', 'coats', expect.any(Array)],
    ['hat_1', 'hat 1', 'hats', expect.any(Array)],
  ]);
  expect(products.flatMap(([, , , images]) => images).sort()).toEqual(files.sort());
  expect(problems).toEqual([]);
});

test('what is shown of a product first is its front', async () => {
  const { products } = await read('coat/back.jpg', 'coat/front.jpg', 'coat/10.jpg', 'coat/2.jpg');
  expect(products).toEqual([
    ['coat', 'coat', null, ['coat/front.jpg', 'coat/2.jpg', 'coat/10.jpg', 'coat/back.jpg']],
  ]);
});

test('folders of kinds: each picture is a product of its kind; no picture is lost to another of its name', async () => {
  const { products, problems } = await read(
    'loafer.jpg',
    'coats/red.jpg',
    'coats/parka.jpg',
    'hats/red.jpg',
    'hats/beret.jpg',
    'hats/beret.webp',
    'sets/set-1/1.jpg',
    'more/set-1/1.jpg',
  );
  expect(products).toEqual([
    ['loafer', 'loafer', null, ['loafer.jpg']],
    ['parka', 'parka', 'coats', ['coats/parka.jpg']],
    ['coats/red', 'red', 'coats', ['coats/red.jpg']],
    ['beret', 'beret', 'hats', ['hats/beret.jpg', 'hats/beret.webp']],
    ['hats/red', 'red', 'hats', ['hats/red.jpg']],
    ['more/set-1', 'set 1', 'more', ['more/set-1/1.jpg']],
    ['sets/set-1', 'set 1', 'sets', ['sets/set-1/1.jpg']],
  ]);
  expect(problems).toEqual([]);
});

test('a folder of more pictures than a product has loses none', async () => {
  const files = Array.from({ length: 36 }, (_, n) => `turntable/${n}.jpg`);
  expect((await read(...files)).products).toHaveLength(36);
});

test('what systems and archives leave behind is left out', async () => {
  const { products, problems } = await read(
    'a.jpg',
    'THUMBS.DB',
    // Windows cannot have it.
    ...(process.platform === 'win32' ? [] : ['Icon\r']),
    'Desktop.ini',
    '.DS_Store',
    '._a.jpg',
    '.cache/b.jpg',
    '__MACOSX/a.jpg',
    'coat/@eaDir/front.jpg',
    'coat/front.jpg',
  );
  expect(products.map(([id]) => id)).toEqual(['a', 'coat']);
  expect(problems).toEqual([]);
});

test('names that are decomposed, as a Mac writes them, are ids as the shop writes them', async () => {
  const { products } = await read('Mu\u0308tze.jpg', 'Ko\u0308rper/front.jpg');
  expect(products.map(([id]) => id)).toEqual(['M\u00fctze', 'K\u00f6rper']);
});

test('links are followed, once, and one that leads nowhere is named', async () => {
  const { folder } = await read('coat/front.jpg', 'other/hat.jpg');
  await symlink(join(folder, 'other/hat.jpg'), join(folder, 'hat link.jpg'));
  await symlink(folder, join(folder, 'coat/again'));
  await symlink(join(folder, 'coat'), join(folder, 'zzz'));
  await symlink(join(folder, 'gone.jpg'), join(folder, 'broken.jpg'));
  const { products, problems } = await readFolder(folder);
  expect(products.map(([id]) => id)).toEqual(['hat link', 'coat', 'hat']);
  expect(problems).toEqual([['broken.jpg', 'ITEM_INVALID']]);
});

test('a folder that is not there, or is a file, is said', async () => {
  const folder = await temporaryFolder();
  await rm(folder, { recursive: true });
  await expect(readAll(folder, { format: 'folder' })).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    item: folder,
  });
  const file = join(await temporaryFolder(), 'a.jpg');
  await writeFile(file, '');
  await expect(readAll(file, { format: 'folder' })).rejects.toMatchObject({ code: 'FEED_INVALID' });
});
