import { expect, test } from 'vitest';
import { colorSignature } from '../images/color.ts';
import { colorSimilarity, toColorBytes } from './color-bytes.ts';

const SIZE = 24;

/** A picture of tiles whose colours differ a little between seeds. */
function tiles(seed: number): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < pixels.length; i++) {
    const place =
      Math.floor((Math.floor(i / 3) % SIZE) / 6) * 31 + Math.floor(i / 3 / SIZE / 6) * 17 + (i % 3) * 7;
    pixels[i] = Math.imul(place, 2654435761) >>> 24;
  }
  for (let i = 0; i < 12; i++) pixels[(seed * 12 + i) % pixels.length] = 200;
  return pixels;
}

test('of many near-duplicates none has more of a picture’s colours than the picture itself', () => {
  const signatures = Array.from({ length: 60 }, (_, seed) => toColorBytes(colorSignature(tiles(seed), SIZE)));
  for (const one of signatures) {
    expect(colorSimilarity(one, one)).toBeCloseTo(1, 12);
    for (const other of signatures) expect(colorSimilarity(one, other)).toBeLessThanOrEqual(1 + 1e-12);
  }
});

test('colours in common are a share: none, some, all', () => {
  const one = new Uint8Array([200, 100, 0, 0]);
  expect(colorSimilarity(one, new Uint8Array([0, 0, 90, 10]))).toBe(0);
  expect(colorSimilarity(one, new Uint8Array([100, 50, 0, 0]))).toBeCloseTo(1, 12);
  expect(colorSimilarity(one, new Uint8Array([100, 50, 60, 0]))).toBeGreaterThan(0.8);
  expect(colorSimilarity(one, new Uint8Array(4))).toBe(0);
});
