import { expect, test } from 'vitest';
import { asCustomersPhoto } from './altered.ts';
import { loadSharp } from './sharp-build.ts';

const SIZE = 32;

/** A red square on white, and where it is. */
async function pictureOfRedSquare() {
  const sharp = await loadSharp();
  const square = {
    input: { create: { width: 120, height: 120, channels: 3, background: '#c01010' } },
  } as const;
  const picture = await sharp({ create: { width: 240, height: 240, channels: 3, background: '#fff' } })
    .composite([{ ...square, left: 60, top: 60 }])
    .png()
    .toBuffer();
  const inside = (at: number) => at >= SIZE / 4 && at < (3 * SIZE) / 4;
  const mask = Float32Array.from({ length: SIZE * SIZE }, (_, i) =>
    Number(inside(i % SIZE) && inside(Math.floor(i / SIZE))),
  );
  return { picture, subject: { mask, size: SIZE } };
}

/** Numbers that begin with this one and are in the middle from then on: light as it is, nothing turned. */
const beginningWith = (first: number) => {
  let called = false;
  return () => {
    if (called) return 0.5;
    called = true;
    return first;
  };
};

async function shareOf(photo: Uint8Array, isIt: (r: number, g: number, b: number) => boolean) {
  const sharp = await loadSharp();
  const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 0; i < data.length; i += 3)
    count += Number(isIt(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0));
  return count / (info.width * info.height);
}
const isRed = (r: number, g: number, b: number) => r > 2 * g && r > 2 * b;
const isBlue = (r: number, g: number, b: number) => b > 1.3 * r && b > 1.3 * g;

test('the subject lies on another picture, in other light, and its own background is gone', async () => {
  const sharp = await loadSharp();
  const { picture, subject } = await pictureOfRedSquare();
  const blue = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#1030c0' } })
    .png()
    .toBuffer();
  const photo = await asCustomersPhoto(picture, subject, blue, beginningWith(0));
  expect(await shareOf(photo, isRed)).toBeGreaterThan(0.05);
  expect(await shareOf(photo, isBlue)).toBeGreaterThan(0.4);
  expect(await shareOf(photo, (r, g, b) => Math.min(r, g, b) > 190)).toBeLessThan(0.02);
});

test('without a mask it is a part of the picture, and the same numbers give the same photo', async () => {
  const { picture } = await pictureOfRedSquare();
  const photo = await asCustomersPhoto(picture, null, picture, beginningWith(0));
  expect(await shareOf(photo, isRed)).toBeGreaterThan(0.4);
  expect(await asCustomersPhoto(picture, null, picture, beginningWith(0))).toEqual(photo);
});
