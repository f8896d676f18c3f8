import { expect, test } from 'vitest';
import { colorSignature } from './color.ts';
import { colorName } from './color-name.ts';

const SIZE = 96;
type Color = readonly [number, number, number];

/** A garment lit from above, in the middle of a white picture. Two colours make stripes. */
function garment(...colors: Color[]): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3).fill(252);
  for (let y = 12; y < 90; y++) {
    for (let x = 24; x < 72; x++) {
      const color = colors[Math.floor(y / 8) % colors.length] ?? [0, 0, 0];
      const light = 1.05 - (0.3 * y) / SIZE;
      pixels.set(
        color.map((value) => Math.min(255, value * light)),
        (y * SIZE + x) * 3,
      );
    }
  }
  return pixels;
}

const nameOf = (...colors: Color[]) => colorName(colorSignature(garment(...colors), SIZE));

test.each<[name: string, color: Color]>([
  ['black', [28, 28, 30]],
  ['grey', [125, 125, 128]],
  ['beige', [214, 196, 162]],
  ['brown', [110, 72, 44]],
  ['red', [200, 40, 46]],
  ['burgundy', [104, 28, 44]],
  ['pink', [228, 150, 172]],
  ['yellow', [230, 188, 56]],
  ['green', [56, 130, 70]],
  ['teal', [34, 124, 124]],
  ['blue', [46, 96, 176]],
  ['navy', [30, 42, 78]],
  ['purple', [112, 68, 148]],
])('a garment that a shop would call %s', (name, color) => {
  expect(nameOf(color)).toBe(name);
});

test('of many colours, none is named', () => {
  expect(nameOf([200, 40, 46], [230, 188, 56], [46, 96, 176], [56, 130, 70], [228, 150, 172])).toBe(
    'multicoloured',
  );
});
