import { describe, expect, it } from 'vitest';
import type { CropBox } from '../../contract/search.ts';
import type { PixelSpec } from './model-square.ts';
import { readPixels } from './photo.ts';
import { loadSharp } from './sharp-build.ts';

const sharp = await loadSharp();
const COVER: PixelSpec = { size: 100, resize: 'cover', kernel: 'cubic' };

type Rgb = { data: Uint8Array; width: number; height: number };

function rgb(width: number, height: number, color: (x: number, y: number) => number[]): Rgb {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) data.set(color(at % width, Math.floor(at / width)), at * 3);
  return { data, width, height };
}

function png({ data, width, height }: Rgb): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Threads, weaves and edges: as hard to resize as clothes are. */
const textile = (width: number, height: number) =>
  rgb(width, height, (x, y) => [
    128 + 90 * Math.sin(x / 5 + y / 11),
    (Math.floor(x / 13) + Math.floor(y / 17)) % 2 ? 210 : 60,
    128 + 60 * Math.sin((x * y) / 3000),
  ]);

/** Pillow's BICUBIC with antialiasing, reimplemented from its documentation in plain floating point. */
function pillowBicubic(source: Rgb, width: number, height: number): Rgb {
  const across = resizeRows(source, width);
  return transpose(resizeRows(transpose(across), height));
}

function resizeRows({ data, width, height }: Rgb, to: number): Rgb {
  const scale = width / to;
  const support = Math.max(scale, 1);
  return rgb(to, height, (i, y) => {
    const centre = (i + 0.5) * scale;
    const [first, end] = [
      Math.max(0, Math.trunc(centre - 2 * support + 0.5)),
      Math.min(width, Math.trunc(centre + 2 * support + 0.5)),
    ];
    const sums = [0, 0, 0];
    let total = 0;
    for (let x = first; x < end; x++) {
      const weight = catmullRom((x - centre + 0.5) / support);
      total += weight;
      for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + weight * (data[(y * width + x) * 3 + c] ?? 0);
    }
    return sums.map((sum) => Math.min(255, Math.max(0, Math.round(sum / total))));
  });
}

function catmullRom(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function transpose({ data, width, height }: Rgb): Rgb {
  return rgb(height, width, (x, y) => [...data.subarray((x * width + y) * 3, (x * width + y) * 3 + 3)]);
}

function part({ data, width }: Rgb, left: number, top: number, w: number, h: number): Rgb {
  return rgb(w, h, (x, y) => {
    const at = ((y + top) * width + x + left) * 3;
    return [...data.subarray(at, at + 3)];
  });
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}

describe('cover', () => {
  it('cuts exactly the middle columns of a landscape, with the odd one on the right', async () => {
    // At scale 1 nothing is interpolated: column x has the value x, and the square keeps 100 of 301 columns.
    const file = await png(rgb(301, 100, (x) => [x % 256, x >> 8, 0]));
    const { pixels } = await readPixels(file, COVER);
    expect([...pixels.subarray(0, 3)]).toEqual([100, 0, 0]);
    expect([...pixels.subarray(99 * 3, 100 * 3)]).toEqual([199, 0, 0]);
  });

  it('cuts exactly the middle rows of a portrait', async () => {
    const file = await png(rgb(100, 301, (_, y) => [y % 256, y >> 8, 0]));
    const { pixels } = await readPixels(file, COVER);
    expect([...pixels.subarray(0, 3)]).toEqual([100, 0, 0]);
    expect([...pixels.subarray(99 * 300, 99 * 300 + 3)]).toEqual([199, 0, 0]);
  });

  it.each(['landscape', 'portrait'])('loses the red third of a %s and nothing more', async (kind) => {
    // 900 to 300 pixels, whose middle 100 are the ramp: 2.55 levels per output pixel, so that a shift of half a pixel shows.
    const ramp = (at: number) => (at < 300 ? [255, 0, 0] : [0, 0, Math.min(255, ((at - 300) / 299) * 255)]);
    const file = await png(
      kind === 'landscape' ? rgb(900, 300, (x) => ramp(x)) : rgb(300, 900, (_, y) => ramp(y)),
    );
    const { pixels } = await readPixels(file, COVER);
    const step = kind === 'landscape' ? 3 : 300;
    for (let i = 2; i < 98; i++) {
      const wanted = ((3 * i + 1) / 299) * 255;
      expect(pixels[i * step]).toBeLessThanOrEqual(1);
      expect(Math.abs((pixels[i * step + 2] ?? 0) - wanted)).toBeLessThan(1.2);
    }
  });

  it.each([
    [640, 427],
    [427, 640],
  ])('gives what Pillow and CLIP give for %i x %i', async (width, height) => {
    const source = textile(width, height);
    const shortest = Math.min(width, height);
    const [w, h] = [Math.floor((100 * width) / shortest), Math.floor((100 * height) / shortest)];
    const resized = pillowBicubic(source, w, h);
    const [left, top] = [Math.floor((w - 100) / 2), Math.floor((h - 100) / 2)];
    const reference = part(resized, left, top, 100, 100).data;
    const beside = part(resized, left + 1, top + 1, 100, 100).data;
    const file = await png(source);
    const jpeg = await sharp(file).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    for (const bytes of [file, jpeg]) {
      const difference = meanDifference((await readPixels(bytes, COVER)).pixels, reference);
      // The pattern's edges are hard, so an offset of one pixel gives a large difference.
      expect(difference).toBeLessThan(meanDifference(reference, beside) / 10);
    }
  });
});

it('squash keeps everything', async () => {
  const source = textile(300, 200);
  const { pixels } = await readPixels(await png(source), { ...COVER, resize: 'squash' });
  expect(meanDifference(pixels, pillowBicubic(source, 100, 100).data)).toBeLessThan(1.5);
});

describe('crop', () => {
  const source = textile(800, 600);
  it.each([
    ['shrunk', { x: 0.1125, y: 0.25, width: 0.5, height: 0.5 }, [90, 150, 400, 300]],
    ['shrunk, thin', { x: 0.5, y: 0, width: 0.25, height: 1 }, [400, 0, 200, 600]],
    ['enlarged', { x: 0.9, y: 0.9, width: 0.1, height: 0.1 }, [720, 540, 80, 60]],
    ['enlarged, thin', { x: 0, y: 0.5, width: 1, height: 0.05 }, [0, 300, 800, 30]],
  ] as const)('sees what a cut-out file would show: %s', async (_, crop, [left, top, width, height]) => {
    const cropped = await readPixels(await png(source), COVER, crop);
    const alone = await readPixels(await png(part(source, left, top, width, height)), COVER);
    expect([cropped.width, cropped.height]).toEqual([800, 600]);
    // At its edge the crop is interpolated with its neighbours, which the cut-out does not have; hence the tolerance.
    expect(meanDifference(cropped.pixels, alone.pixels)).toBeLessThan(4);
  });

  it.each([
    ['a point', { x: 0.999999, y: 0.999999, width: 1e-9, height: 1e-9 }],
    ['a sum of fractions beyond 1', { x: 0.7, y: 0.9, width: 0.30000000000000004, height: 0.1 }],
  ])('reads %s', async (_, crop) => {
    expect((await readPixels(await png(source), COVER, crop)).pixels.length).toBe(30_000);
  });

  it.each<[string, CropBox]>([
    ['to the right', { x: 0.6, y: 0, width: 0.5, height: 1 }],
    ['below', { x: 0, y: 1, width: 1, height: 0.1 }],
    ['to the left', { x: -0.1, y: 0, width: 0.5, height: 0.5 }],
    ['nowhere', { x: Number.NaN, y: 0, width: 0.5, height: 0.5 }],
    ['in no area', { x: 0, y: 0, width: 0, height: 0.5 }],
  ])('refuses a box that lies %s', async (_, crop) => {
    await expect(readPixels(await png(source), COVER, crop)).rejects.toMatchObject({ code: 'CROP_INVALID' });
  });
});
