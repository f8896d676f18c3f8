import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { drawPicture, temporaryFolder } from '../../test-catalog.ts';
import { openSource, sourceAt } from './open.ts';
import type { Item } from './source.ts';

const { signal } = new AbortController();
const nothingPasted = async () => null;

/** What a path lists, and how reading each of it ends. */
async function listed(path: string): Promise<Record<string, Item & { ends: string }>> {
  const source = await openSource(await sourceAt(path), nothingPasted);
  const found: Record<string, Item & { ends: string }> = {};
  for await (const item of source.items(signal)) {
    const ends = await source.read(item.at, signal).then(
      (bytes) => `${bytes.length} bytes`,
      (error) =>
        `${error.code} ${error.fault?.params.reason?.kind ?? error.fault?.params.reason ?? ''}`.trim(),
    );
    found[item.at] = { ...item, ends };
  }
  source.close();
  return found;
}

async function zipOf(path: string, fill: (zip: ZipFile) => void): Promise<Buffer> {
  const zip = new ZipFile();
  fill(zip);
  zip.end();
  const bytes = await buffer(zip.outputStream);
  await writeFile(path, bytes);
  return bytes;
}

test('a ZIP archive gives its pictures, and says what it does not read', async () => {
  const folder = await temporaryFolder();
  const picture = Buffer.from(await drawPicture(1));
  const path = join(folder, 'pile.zip');
  const bytes = await zipOf(path, (zip) => {
    zip.addBuffer(picture, 'a.png');
    zip.addBuffer(picture, 'Schühe 👟/b.png');
    zip.addBuffer(picture, '__MACOSX/._a.png');
    zip.addBuffer(picture, 'XX/XX/out.png');
    zip.addBuffer(Buffer.from('PK'), 'inner.zip');
    zip.addBuffer(Buffer.alloc(20_000_000), 'bomb.png');
    zip.addBuffer(Buffer.from('/etc/passwd'), 'link.png', { mode: 0o120777 });
  });
  await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('XX/XX', '../..'), 'latin1'));
  const found = await listed(path);
  expect(Object.fromEntries(Object.entries(found).map(([at, { ends }]) => [at, ends]))).toEqual({
    'a.png': `${picture.length} bytes`,
    'Schühe 👟/b.png': `${picture.length} bytes`,
    '../../out.png': 'PICTURE_REFUSED outside',
    'inner.zip': 'PICTURE_REFUSED nested',
    'bomb.png': 'PICTURE_REFUSED grows',
    'link.png': 'PICTURE_REFUSED link',
  });
  // Known when it is listed, so that it need not be read.
  expect(found['bomb.png']?.fault).toMatchObject({ code: 'PICTURE_REFUSED' });
  for (const cut of [bytes.length - 10, 100, 0]) {
    await writeFile(path, bytes.subarray(0, cut));
    await expect(listed(path)).rejects.toMatchObject({
      code: 'COMPARISON_SOURCE_UNUSABLE',
      fault: { params: { reason: 'zip-damaged', path } },
    });
  }
});

test('a table gives what its rows name, with what they say of it', async () => {
  const folder = await temporaryFolder();
  const picture = Buffer.from(await drawPicture(1));
  await writeFile(join(folder, 'Mäntel 1.png'), picture);
  const path = join(folder, 'prices.csv');
  const lines = [
    'Bild;Bezeichnung;Preis;Währung;Wettbewerber',
    'Mäntel 1.png;Mantel, grün;1.299,90;EUR;Harrow',
    'gone.png;=cmd();7;EUR;Harrow',
    ';ohne Bild;;;Harrow',
    'http://127.0.0.1:9/a.png;privat;1;EUR;Harrow',
    '\\\\evil\\share\\a.png;fremd;1;EUR;Harrow',
    'zu;wenig',
  ];
  // As Excel saves it in Western Europe.
  await writeFile(path, Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'));
  const found = Object.values(await listed(path));
  expect(found[0]).toMatchObject({
    ends: `${picture.length} bytes`,
    line: 2,
    facts: { title: 'Mantel, grün', price: 1299.9, currency: 'EUR', competitor: 'Harrow' },
  });
  expect(found.map(({ ends }) => ends).slice(1)).toEqual([
    'IMAGE_MISSING no-file',
    expect.stringMatching(/IMAGE_MISSING/),
    'PICTURE_ADDRESS_PRIVATE',
    expect.stringMatching(/IMAGE_MISSING (?:other-computer|no-file)/),
    expect.stringMatching(/IMAGE_MISSING/),
  ]);
  expect(found[1]?.facts?.title).toBe('=cmd()');
  expect(found[2]?.fault).toMatchObject({ code: 'IMAGE_MISSING' });
  expect(found[5]?.fault).toMatchObject({ code: 'ITEM_INVALID' });

  await writeFile(path, 'Mäntel 1.png\ngone.png\n');
  expect(Object.values(await listed(path)).map(({ ends }) => ends)).toEqual([
    `${picture.length} bytes`,
    'IMAGE_MISSING no-file',
  ]);
  await writeFile(path, 'Mantel,Preis\nrot,5\n');
  await expect(listed(path)).rejects.toMatchObject({
    fault: { params: { reason: 'no-picture-column', columns: ['Mantel', 'Preis'] } },
  });
});

test('a table among the pictures of a folder is their price list', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'more'));
  const picture = await drawPicture(1);
  for (const name of ['a.png', 'b.png', 'more/c.png']) await writeFile(join(folder, name), picture);
  const lines = [
    'file,title,price,currency',
    'a.png,Coat,39.5,EUR',
    'more/c.png,Boot,20,EUR',
    'd.png,Gone,1,EUR',
  ];
  await writeFile(join(folder, 'prices.csv'), lines.join('\n'));
  const found = await listed(folder);
  expect(Object.keys(found)).toEqual(['a.png', 'b.png', 'more/c.png', 'd.png']);
  expect(found['a.png']).toMatchObject({ line: 2, facts: { title: 'Coat', price: 39.5 }, fault: null });
  expect(found['b.png']).toMatchObject({ line: null, facts: null });
  expect(found['more/c.png']).toMatchObject({ line: 3, facts: { price: 20 } });
  expect(found['d.png']?.fault).toMatchObject({ code: 'IMAGE_MISSING' });
  // Which of two is meant, nobody can tell.
  await writeFile(join(folder, 'other.csv'), lines.join('\n'));
  expect(Object.keys(await listed(folder))).toEqual([
    'a.png',
    'b.png',
    'other.csv',
    'prices.csv',
    'more/c.png',
  ]);
});

test.skipIf(process.platform !== 'linux')(
  'a folder gives files whose names are not UTF-8, and waits for no pipe',
  async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'more'));
    const picture = await drawPicture(1);
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/more/`), Buffer.from('Schühe.png', 'latin1')]),
      picture,
    );
    await writeFile(join(folder, 'more', 'ok.png'), picture);
    // Opening it would wait for ever.
    execFileSync('mkfifo', [join(folder, 'more', 'pipe.png')]);
    const found = await listed(folder);
    expect(Object.values(found).map(({ ends }) => ends)).toEqual([
      `${picture.length} bytes`,
      'IMAGE_MISSING no-file',
      `${picture.length} bytes`,
    ]);
  },
);
