import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveImageRef, splitImageRefs } from './image-refs.ts';
import { readPicture } from './picture.ts';
import { never, readAll, readText, serve, temporaryFolder } from './test-feed.ts';

const WEB = 'https://shop.example/feeds/feed.json';
const FILE = '/feeds/feed.json';

test.each([
  ['https://c.example/a.jpg?w=400&amp;h=600', 'https://c.example/a.jpg?w=400&h=600'],
  ['https://c.example/a.jpg?w=400&amp;amp;h=600', 'https://c.example/a.jpg?w=400&h=600'],
  ['https://c.example/a.jpg?w=400&#38;h=600', 'https://c.example/a.jpg?w=400&h=600'],
  ['https://c.example/a.jpg?w=400&#x26;h=600', 'https://c.example/a.jpg?w=400&h=600'],
  ['https:&#x2F;&#x2F;c.example&#x2F;a.jpg?w&#x3D;1', 'https://c.example/a.jpg?w=1'],
  ['https://c.example/a.jpg?w=400&h=600', 'https://c.example/a.jpg?w=400&h=600'],
  ['https://c.example/a.jpg?a=1&copy=2', 'https://c.example/a.jpg?a=1&copy=2'],
  ['"https://c.example/a.jpg"', 'https://c.example/a.jpg'],
  ["['https://c.example/a.jpg']", 'https://c.example/a.jpg'],
  ['<https://c.example/a.jpg>', 'https://c.example/a.jpg'],
  [' https://c.example/a.jpg, ', 'https://c.example/a.jpg'],
  [',https://c.example/a.jpg;', 'https://c.example/a.jpg'],
  ['https:\\\\c.example\\i\\a.jpg', 'https://c.example/i/a.jpg'],
  ['https:/c.example/a.jpg', 'https://c.example/a.jpg'],
  ['HTTPS://C.example/a.jpg', 'https://c.example/a.jpg'],
  ['//c.example/a.jpg', 'https://c.example/a.jpg'],
  ['www.c.example/a.jpg', 'https://www.c.example/a.jpg'],
  ['https://c.example/Mäntel/rot 1.jpg', 'https://c.example/M%C3%A4ntel/rot%201.jpg'],
])('an address written as %s', (written, meant) => {
  expect(resolveImageRef(written, WEB)).toBe(meant);
  const local = resolveImageRef(written, FILE);
  expect(local && new URL(local).href).toBe(meant);
});

test.each([
  ['Tom&amp;Jerry.jpg', '/feeds/Tom&amp;Jerry.jpg'],
  ['[1].jpg', '/feeds/[1].jpg'],
  ['a (1).jpg', '/feeds/a (1).jpg'],
  ['"a.jpg"', '/feeds/a.jpg'],
  ['ftp://c.example/a.jpg', null],
  ['javascript:alert(1)', null],
])('a file written as %s', (written, path) => {
  expect(resolveImageRef(written, FILE)).toBe(path);
});

const LOCAL = 'C:\\feeds\\feed.csv';
const SHARE = '\\\\nas\\shop\\feed.csv';
test.each([
  ['a.png', LOCAL, 'C:\\feeds\\a.png'],
  ['\\img\\a.png', LOCAL, 'C:\\img\\a.png'],
  ['D:/img/a.png', LOCAL, 'D:\\img\\a.png'],
  ['file:///D:/img/a.png', LOCAL, 'D:\\img\\a.png'],
  ['\\\\evil\\share\\a.png', LOCAL, null],
  ['"\\\\evil\\share\\a.png"', LOCAL, null],
  ['\\/evil/share/a.png', LOCAL, null],
  ['/\\evil\\share\\a.png', LOCAL, null],
  ['file://evil/share/a.png', LOCAL, null],
  ['FILE://evil/share/a.png', LOCAL, null],
  ['file:\\\\evil\\share\\a.png', LOCAL, null],
  ['file:////evil/share/a.png', LOCAL, null],
  ['file:///%5C%5Cevil/share/a.png', LOCAL, null],
  ['\\\\?\\UNC\\evil\\share\\a.png', LOCAL, null],
  ['\\\\.\\pipe\\evil', LOCAL, null],
  ['\\\\?\\GLOBALROOT\\Device\\Mup\\evil\\share\\a.png', LOCAL, null],
  ['a.png', SHARE, '\\\\nas\\shop\\a.png'],
  ['..\\..\\other\\a.png', SHARE, '\\\\nas\\shop\\other\\a.png'],
  ['\\\\NAS\\pictures\\a.png', SHARE, '\\\\NAS\\pictures\\a.png'],
  ['\\\\?\\UNC\\nas\\pictures\\a.png', SHARE, '\\\\?\\UNC\\nas\\pictures\\a.png'],
  ['file://nas/pictures/a.png', SHARE, '\\\\nas\\pictures\\a.png'],
  ['\\\\nas.evil\\share\\a.png', SHARE, null],
  ['file://evil/share/a.png', SHARE, null],
  ['\\\\?\\UNC\\evil\\share\\a.png', SHARE, null],
])('on Windows a picture written as %s in %s', (written, base, path) => {
  expect(resolveImageRef(written, base, true)).toBe(path);
});

test('a picture on another computer is refused by name', async () => {
  const images = ['file://evil/share/a.png', 'file://evil/share/b.png'];
  const { problems } = await readText(
    JSON.stringify({ version: 1, products: [{ id: '1', title: 'A', images }] }),
  );
  expect(problems.slice(0, 2)).toMatchObject(
    images.map((image) => ({ image, code: 'IMAGE_MISSING', params: { reason: { kind: 'other-computer' } } })),
  );
});

test('a feed from the network names no file of this machine', () => {
  for (const ref of ['file:///etc/passwd', '"file:///etc/passwd"', 'C:\\a.jpg'])
    expect(resolveImageRef(ref, WEB)).toBeNull();
});

test.each([
  [
    'https://c.example/a,b.jpg, https://c.example/c.jpg',
    ['https://c.example/a,b.jpg', 'https://c.example/c.jpg'],
  ],
  ['https://c.example/a.jpg?w=1&amp;h=2;d.jpg', ['https://c.example/a.jpg?w=1&h=2', 'd.jpg']],
  ['https://c.example/a.jpg;jsessionid=1', ['https://c.example/a.jpg;jsessionid=1']],
  [
    '"https://c.example/a.jpg","https://c.example/b.jpg"',
    ['"https://c.example/a.jpg"', '"https://c.example/b.jpg"'],
  ],
  ['["https://c.example/a.jpg", "b.jpg"]', ['https://c.example/a.jpg', 'b.jpg']],
  ['https://proxy.example/?u=https://c.example/a.jpg', ['https://proxy.example/?u=https://c.example/a.jpg']],
  ['front.jpg, back.jpg', ['front.jpg', 'back.jpg']],
  ['front.jpg back.jpg', ['front.jpg', 'back.jpg']],
  ['Coat, red.jpg', ['Coat, red.jpg']],
  ['red coat.jpg', ['red coat.jpg']],
  ['Tom&amp;Jerry.jpg;b.jpg', ['Tom&amp;Jerry.jpg', 'b.jpg']],
  ['front,back', ['front', 'back']],
  [' , ;| ', []],
])('the references in a cell: %s', (cell, refs) => {
  expect(splitImageRefs(cell)).toEqual(refs);
});

test('addresses are read back whatever parts them and however they are escaped', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abz09-_äö'), minLength: 1, maxLength: 6 });
  const address = fc
    .tuple(word, word, fc.option(word))
    .map(
      ([path, name, query]) =>
        `https://c.example/${path}/${name}.jpg${query === null ? '' : `?w=1&h=${query}`}`,
    );
  const mark = fc.constantFrom(',', ', ', ' ', '|', ' | ', ';', '\n', '\r\n', ',\n');
  const escaped = fc.constantFrom('&', '&amp;', '&#38;', '&#x26;', '&amp;amp;');
  const quote = fc.constantFrom('', '"', "'");
  fc.assert(
    fc.property(
      fc.array(address, { minLength: 1, maxLength: 5 }),
      mark,
      escaped,
      quote,
      (refs, by, amp, around) => {
        const cell = refs.map((ref) => around + ref.replaceAll('&', amp) + around).join(by);
        const read = splitImageRefs(cell).map((ref) => resolveImageRef(ref, WEB));
        expect(read).toEqual(refs.map((ref) => new URL(ref).href));
      },
    ),
  );
});

test('hostile text is read in time that grows with its length', () => {
  for (const part of [' ', ';', '&amp;', '&', '"', ',\n', 'https://', '[']) {
    const text = `https://c.example/a${part.repeat(100_000 / part.length)}x`;
    splitImageRefs(text);
    resolveImageRef(text.slice(0, 2000), WEB);
  }
});

test('JSON: several addresses in one text, and a product page that is escaped', async () => {
  const { products } = await readText(
    JSON.stringify([
      {
        id: 'a',
        title: 'A',
        image: 'https://c.example/1.jpg?a=1&amp;b=2, https://c.example/2,2.jpg',
        url: 'https://shop.example/?p=1&amp;q=2',
      },
    ]),
  );
  expect(products).toMatchObject([
    {
      images: ['https://c.example/1.jpg?a=1&b=2', 'https://c.example/2,2.jpg'],
      url: 'https://shop.example/?p=1&q=2',
    },
  ]);
});

const REQUEST = {
  maxBytes: 1000,
  timeoutMs: 10_000,
  reason: 'picture',
  errors: { unreachable: 'IMAGE_MISSING', tooLarge: 'IMAGE_TOO_LARGE' },
  signal: never,
} as const;

test('an address is asked for as it is written first, and then as it may be meant', async () => {
  const asked: string[] = [];
  const site = await serve((request, answer) => {
    asked.push(request.url ?? '');
    if (request.url === '/M%C3%A4ntel%201.jpg') answer.end('picture');
    else answer.writeHead(404).end();
  });
  const request = { ...REQUEST, ownHost: new URL(site).host };
  expect(await readPicture(`${site}/M%25C3%25A4ntel%25201.jpg`, request)).toMatchObject({
    bytes: Buffer.from('picture'),
  });
  expect(asked).toEqual(['/M%25C3%25A4ntel%25201.jpg', '/M%C3%A4ntel%201.jpg']);
  asked.length = 0;
  await expect(readPicture(`${site}/none.jpg`, request)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  expect(asked).toEqual(['/none.jpg']);
});

test.each([
  ['Mäntel.jpg'.normalize('NFD'), 'Mäntel.jpg'.normalize('NFC')],
  ['Jörg/Größe.jpg'.normalize('NFC'), `${'Jörg'.normalize('NFC')}/${'Größe.jpg'.normalize('NFD')}`],
  ['Jörg/Größe.jpg'.normalize('NFC'), `${'Jörg'.normalize('NFD')}/${'Größe.jpg'.normalize('NFC')}`],
  ['images\\a.jpg', 'images/a.jpg'],
  ['images/a%20b.jpg', 'images/a b.jpg'],
  ['images/a&amp;b.jpg', 'images/a&b.jpg'],
  ['images/c.jpg?v=3', 'images/c.jpg'],
])('a file that the feed calls %j', async (written, name) => {
  const folder = await temporaryFolder();
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), 'picture');
  await writeFile(join(folder, 'feed.json'), JSON.stringify([{ id: 'a', title: 'A', image: written }]));
  const { products } = await readAll(join(folder, 'feed.json'));
  const [image = ''] = products[0]?.images ?? [];
  expect(await readPicture(image, REQUEST)).toMatchObject({ bytes: Buffer.from('picture') });
});
