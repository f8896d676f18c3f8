import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { PixelSpec } from './model-square.ts';
import { makePreview, openPhoto, photoFault, readForCatalog, readPixels } from './photo.ts';
import { loadSharp } from './sharp-build.ts';

const sharp = await loadSharp();
const SQUASH: PixelSpec = { size: 32, resize: 'squash', kernel: 'cubic' };
const [RED, GREEN, BLUE, WHITE] = [
  [220, 60, 50],
  [60, 180, 80],
  [60, 80, 200],
  [255, 255, 255],
];
type Color = readonly number[];

function picture(width: number, height: number, color: (x: number, y: number) => Color) {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) pixels.set(color(at % width, Math.floor(at / width)), at * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** 120 x 80: red, green above blue, white. */
const quarter = (x: number, y: number) => (y < 40 ? (x < 60 ? RED : GREEN) : x < 60 ? BLUE : WHITE);
const quarters = () => picture(120, 80, quarter);

/** The colours at the centres of the four quarters of a square. */
function quartersOf(pixels: Uint8Array, size = 32): Color[] {
  const at = (x: number, y: number) => [...pixels.subarray((y * size + x) * 3, (y * size + x) * 3 + 3)];
  const [low, high] = [size / 4, (3 * size) / 4];
  return [at(low, low), at(high, low), at(low, high), at(high, high)];
}

function expectColors(found: Color[], wanted: (Color | undefined)[], tolerance: number) {
  const worst = Math.max(
    ...found.flatMap((color, i) => color.map((v, c) => Math.abs(v - (wanted[i]?.[c] ?? -999)))),
  );
  expect(worst, `${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`).toBeLessThanOrEqual(tolerance);
}

const readWhole = async (bytes: Uint8Array, spec: PixelSpec) => (await openPhoto(bytes)).whole(spec);
const fourColors = [RED, GREEN, BLUE, WHITE];
const refusal = (bytes: Uint8Array) => readPixels(bytes, SQUASH).catch((error: unknown) => error);

describe('formats', () => {
  it.each([
    ['JPEG', quarters().jpeg({ quality: 95 })],
    ['progressive JPEG', quarters().jpeg({ quality: 95, progressive: true })],
    ['PNG', quarters().png()],
    ['PNG with a palette', quarters().png({ palette: true })],
    ['16-bit PNG', quarters().toColourspace('rgb16').png()],
    ['WebP', quarters().webp({ quality: 95 })],
    ['AVIF', quarters().avif({ quality: 90 })],
    ['GIF', quarters().gif()],
    ['TIFF', quarters().tiff({ compression: 'lzw' })],
    ['16-bit TIFF', quarters().toColourspace('rgb16').tiff()],
    ['PNG in Display P3', quarters().withIccProfile('p3').png()],
  ] as const)('reads %s', async (format, file) => {
    const bytes = await file.toBuffer();
    const { pixels, width, height } = await readPixels(bytes, SQUASH);
    expect([width, height]).toEqual([120, 80]);
    expectColors(quartersOf(pixels), fourColors, 12);
    // A query reads several squares of a photo that it has opened once: the same as opening it for each.
    const photo = await openPhoto(bytes);
    const part = { x: 0.2, y: 0.1, width: 0.6, height: 0.8 };
    for (const crop of [undefined, part]) {
      const { pixels: expected } = await readPixels(bytes, SQUASH, crop);
      const { pixels: found } = await (crop ? photo.square(SQUASH, crop) : photo.whole(SQUASH));
      const differences = found.map((value, i) => Math.abs(value - (expected[i] ?? 999)));
      // 16-bit pictures are rounded to 8 bits before they are made smaller.
      expect(Math.max(...differences)).toBeLessThanOrEqual(format.startsWith('16-bit') ? 2 : 0);
    }
  });

  it('reads HEIC in the colours of its profile', async () => {
    const file = await readFile(new URL('fixtures/display-p3.heic', import.meta.url));
    const { pixels, width, height } = await readPixels(file, SQUASH);
    expect([width, height]).toEqual([120, 80]);
    // Without the profile, these numbers read as sRGB would be the red (203, 71, 58).
    expectColors(quartersOf(pixels), [RED, GREEN, RED, BLUE], 4);
  });

  it('reads CMYK, in the colours that ink can print', async () => {
    const cmyk = await quarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expectColors(quartersOf((await readPixels(cmyk, SQUASH)).pixels), fourColors, 50);
  });

  it('reads greys as three equal channels', async () => {
    const grey = await picture(120, 80, (x) => (x < 60 ? [40, 40, 40] : [200, 200, 200]))
      .greyscale()
      .jpeg()
      .toBuffer();
    const { pixels } = await readPixels(grey, SQUASH);
    const [dark, light] = [Array(3).fill(40), Array(3).fill(200)];
    expectColors(quartersOf(pixels), [dark, light, dark, light], 3);
  });

  it('takes the first frame of a moving picture', async () => {
    const frames = picture(120, 160, (_, y) => (y < 80 ? RED : BLUE));
    const rgb = await frames.raw().toBuffer();
    const raw = { width: 120, height: 160, channels: 3, pageHeight: 80 } as const;
    for (const file of [sharp(rgb, { raw }).gif(), sharp(rgb, { raw }).webp({ quality: 95 })]) {
      const { pixels, height } = await readPixels(await file.toBuffer(), SQUASH);
      expect(height).toBe(80);
      expectColors(quartersOf(pixels), [RED, RED, RED, RED], 8);
    }
  });

  it('takes the first frame of an animated AVIF', async () => {
    const file = await readFile(new URL('fixtures/red-then-blue.avif', import.meta.url));
    const { pixels } = await readPixels(file, SQUASH);
    expectColors(quartersOf(pixels), [RED, RED, RED, RED], 4);
  });

  it('lays what is transparent on white', async () => {
    const clear = sharp({ create: { width: 50, height: 50, channels: 4, background: '#0000' } });
    const { pixels } = await readPixels(await clear.png().toBuffer(), SQUASH);
    expect(new Set(pixels)).toEqual(new Set([255]));
  });
});

describe('further squares of a photo', () => {
  /** As of a phone: a smooth picture with an edge, stored on its side. */
  const ofPhone = picture(2000, 3800, (x, y) => [
    x % 500 < 250 ? 40 : 200,
    Math.floor(y / 16),
    Math.floor(x / 10),
  ])
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 90 });
  const spec: PixelSpec = { size: 224, resize: 'cover', kernel: 'cubic' };

  it('are those of the file, whether they were prepared or not', async () => {
    const bytes = await ofPhone.toBuffer();
    const [photo, other] = [await openPhoto(bytes), await openPhoto(bytes)];
    other.prepare();
    // Of the last one the picture that is kept has too few pixels.
    for (const side of [1, 0.6, 0.2]) {
      const crop = { x: 0.3 * (1 - side), y: 0.5 * (1 - side), width: side, height: side };
      const { pixels: expected } = await readPixels(bytes, spec, crop);
      const found = await photo.square(spec, crop);
      expect(found).toMatchObject({ width: 3800, height: 2000, turned: true, incomplete: false });
      const differences = found.pixels.map((value, i) => Math.abs(value - (expected[i] ?? 999)));
      expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(1);
      expect(Buffer.compare((await other.square(spec, crop)).pixels, found.pixels)).toBe(0);
    }
  });

  it('are read of a photo that breaks off as far as it goes', async () => {
    const bytes = await ofPhone.toBuffer();
    const photo = await openPhoto(bytes.subarray(0, bytes.length * 0.6));
    photo.prepare();
    expect(await photo.square(spec)).toMatchObject({ incomplete: true });
  });
});

describe('orientation', () => {
  // The position in the upright 120 x 80 picture of the pixel at (x, y) of the file, by EXIF 2.32, table 6.
  const [r, b] = [119, 79];
  const stored: Record<number, (x: number, y: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y) => [r - x, y],
    3: (x, y) => [r - x, b - y],
    4: (x, y) => [x, b - y],
    5: (x, y) => [y, x],
    6: (x, y) => [r - y, x],
    7: (x, y) => [r - y, b - x],
    8: (x, y) => [y, b - x],
  };
  const at = (orientation: number, x: number, y: number) => stored[orientation]?.(x, y) ?? [0, 0];
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns EXIF orientation %i upright', async (orientation) => {
    const [width, height] = orientation < 5 ? [120, 80] : [80, 120];
    const file = await picture(width, height, (x, y) => quarter(...at(orientation, x, y)))
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const whole = await readPixels(file, SQUASH);
    expect([whole.width, whole.height]).toEqual([120, 80]);
    expectColors(quartersOf(whole.pixels), fourColors, 8);
    const crop = await readPixels(
      file,
      { ...SQUASH, resize: 'cover' },
      { x: 0.5, y: 0, width: 0.5, height: 0.5 },
    );
    expectColors(quartersOf(crop.pixels), [GREEN, GREEN, GREEN, GREEN], 8);
    const thumbnail = await sharp((await readForCatalog(file, SQUASH)).thumbnail).metadata();
    expect([thumbnail.width, thumbnail.height]).toEqual([120, 80]);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])(
    'gives orientation %i the pixels of a file that is stored upright',
    async (orientation) => {
      const detail = (x: number, y: number) => [x * 2, y * 3, 128 + 99 * Math.sin((x * y) / 300)];
      const [width, height] = orientation < 5 ? [120, 80] : [80, 120];
      const turned = picture(width, height, (x, y) => detail(...at(orientation, x, y)));
      const file = await turned.withMetadata({ orientation }).png().toBuffer();
      const uprightFile = await picture(120, 80, detail).png().toBuffer();
      for (const resize of ['cover', 'squash'] as const) {
        for (const crop of [undefined, { x: 0.1, y: 0.25, width: 0.6, height: 0.5 }]) {
          const spec = { size: 24, resize, kernel: 'cubic' } as const;
          const { pixels } = await readPixels(file, spec, crop);
          const expected = (await readPixels(uprightFile, spec, crop)).pixels;
          const furthest = Math.max(...pixels.map((value, i) => Math.abs(value - (expected[i] ?? 0))));
          expect(furthest).toBeLessThanOrEqual(2);
        }
      }
    },
  );
});

describe('sizes', () => {
  it.each([
    [1, 1],
    [1, 5000],
    [5000, 1],
    [3, 2],
    [8660, 5774],
  ])('reads %i x %i', async (width, height) => {
    const file = await sharp({ create: { width, height, channels: 3, background: '#3c50c8' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    for (const resize of ['cover', 'squash'] as const) {
      const result = await readForCatalog(file, { size: 224, resize, kernel: 'cubic' });
      expect([result.width, result.height]).toEqual([height, width]);
      expectColors(quartersOf(result.pixels, 224), [BLUE, BLUE, BLUE, BLUE], 3);
      const thumbnail = await sharp(result.thumbnail).metadata();
      expect(Math.max(thumbnail.width, thumbnail.height)).toBe(Math.min(320, Math.max(width, height)));
    }
  });

  it('reads a JPEG of 108 megapixels at a fraction of its size', async () => {
    const file = await sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#3c50c8' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 60 })
      .toBuffer();
    const photo = await readWhole(file, { size: 224, resize: 'cover', kernel: 'cubic' });
    expect([photo.width, photo.height]).toEqual([9_000, 12_000]);
    expectColors(quartersOf(photo.pixels, 224), [BLUE, BLUE, BLUE, BLUE], 3);
    expect(await makePreview(file)).toMatchObject({ width: 9_000, height: 12_000 });
    // A progressive JPEG would be held in memory as a whole.
    const progressive = sharp({ create: { width: 10_000, height: 6_001, channels: 3, background: '#fff' } });
    expect(
      await refusal(await progressive.jpeg({ progressive: true, quality: 10 }).toBuffer()),
    ).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
  });

  it('says which photos are turned by their EXIF', async () => {
    const turned = await quarters().withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await readWhole(turned, SQUASH)).toMatchObject({ turned: true, width: 80, height: 120 });
    expect(await readWhole(await quarters().png().toBuffer(), SQUASH)).toMatchObject({ turned: false });
  });

  it('gives a search and an import the same pixels', async () => {
    const spec = { size: 224, resize: 'cover', kernel: 'cubic' } as const;
    const photo = picture(800, 1000, (x, y) => [
      128 + 99 * Math.sin(x / 9),
      128 + 99 * Math.sin(y / 7),
      (x ^ y) & 255,
    ]);
    for (const file of [photo.clone().jpeg(), photo.clone().webp(), photo.clone().png()]) {
      const bytes = await file.toBuffer();
      const [query, imported] = await Promise.all([readPixels(bytes, spec), readForCatalog(bytes, spec)]);
      expect(Buffer.compare(query.pixels, imported.pixels)).toBe(0);
    }
  });

  it('makes a preview that a browser can show, and says how large the photo itself is', async () => {
    const file = await picture(1800, 900, (x) => (x < 900 ? RED : BLUE))
      .tiff()
      .toBuffer();
    const preview = await makePreview(file);
    expect([preview.width, preview.height]).toEqual([1800, 900]);
    expect(await sharp(preview.bytes).metadata()).toMatchObject({ format: 'webp', width: 1600, height: 800 });
  });
});

describe('refusals', () => {
  const named: [string, string | Uint8Array, string, RegExp][] = [
    ['nothing', '', 'IMAGE_UNREADABLE', /empty/],
    ['text', 'dear customer', 'IMAGE_UNREADABLE', /not a picture/],
    ['a web page', '\ufeff\n<!DOCTYPE html><html><svg></svg>', 'IMAGE_UNSUPPORTED', /web page/],
    [
      'an SVG',
      '<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>',
      'IMAGE_UNSUPPORTED',
      /SVG/,
    ],
    ['a PDF', '%PDF-1.7', 'IMAGE_UNSUPPORTED', /PDF/],
    ['a BMP', 'BM6\0\0\0', 'IMAGE_UNSUPPORTED', /BMP/],
    ['a video', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'IMAGE_UNSUPPORTED', /video/],
    ['40 MB and a byte', new Uint8Array(40e6 + 1), 'IMAGE_TOO_LARGE', /40 MB/],
  ];
  it.each(named)('names %s', async (_, content, code, message) => {
    const error = await refusal(typeof content === 'string' ? Buffer.from(content) : content);
    expect(error).toMatchObject({ name: 'LookalikeError', code, fault: saying(message) });
  });

  it('refuses more than 60 megapixels before decoding them', async () => {
    const file = sharp({ create: { width: 10_000, height: 6001, channels: 3, background: '#fff' } });
    expect(await refusal(await file.png().toBuffer())).toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('refuses a cut-off %s', async (format) => {
    const whole = await picture(120, 120, (x, y) => [(x * y) & 255, x & 255, y & 255])
      [format]()
      .toBuffer();
    expect(await refusal(whole.subarray(0, whole.length * 0.8))).toMatchObject({
      code: 'IMAGE_UNREADABLE',
      fault: saying(/damaged or incomplete/),
    });
  });

  it('reads a JPEG of which only the end marker is missing, into a catalog too', async () => {
    const file = await quarters().jpeg({ quality: 95 }).toBuffer();
    for (const missing of [1, 2]) {
      const { pixels } = await readForCatalog(file.subarray(0, -missing), SQUASH);
      expectColors(quartersOf(pixels), fourColors, 8);
    }
    expect(await readWhole(file.subarray(0, -2), SQUASH)).toMatchObject({ incomplete: false });
    expect(await photoFault(file.subarray(0, -2))).toBeNull();
    expect(await photoFault(new Uint8Array([1, 2, 3]))).toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  it.each(['jpeg', 'png'] as const)('reads a customer’s cut-off %s as far as it goes', async (format) => {
    const noise = picture(120, 80, (x, y) => (y < 40 ? RED : [(x * y * 7) & 255, (x * 31) & 255, y & 255]));
    const whole = await noise[format]().toBuffer();
    const photo = await readWhole(whole.subarray(0, whole.length * 0.9), SQUASH);
    expect(photo).toMatchObject({ incomplete: true, width: 120, height: 80 });
    expectColors(quartersOf(photo.pixels).slice(0, 2), [RED, RED], 12);
    expect(await readWhole(whole, SQUASH)).toMatchObject({ incomplete: false });
  });

  it('refuses a cut-off HEIC', async () => {
    const whole = await readFile(new URL('fixtures/display-p3.heic', import.meta.url));
    expect(await refusal(whole.subarray(0, 1000))).toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  it('reads the whole photos that Samsung phones write with a wrong scan header', async () => {
    const file = await quarters().jpeg({ quality: 95 }).toBuffer();
    const scan = file.indexOf(Buffer.from([0xff, 0xda]));
    const spectralEnd = scan + 4 + 1 + 2 * (file[scan + 4] ?? 0) + 1;
    expect(file[spectralEnd]).toBe(63);
    file[spectralEnd] = 0;
    expectColors(quartersOf((await readPixels(file, SQUASH)).pixels), fourColors, 12);
  });

  it('answers a damaged file with whole pixels or an error of ours', async () => {
    const files = await Promise.all([
      quarters().jpeg().toBuffer(),
      quarters().greyscale().jpeg().toBuffer(),
      quarters().webp().toBuffer(),
      quarters().gif().toBuffer(),
    ]);
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    const damaged = fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
      const bytes = Uint8Array.from(file);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const result = await readPixels(bytes, SQUASH).catch((error: unknown) => error);
      if (result instanceof LookalikeError) return;
      expect(result).toMatchObject({ pixels: { length: 32 * 32 * 3 } });
    });
    await fc.assert(damaged, { numRuns: 300 });
  });
});
