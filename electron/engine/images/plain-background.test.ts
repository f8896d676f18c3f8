import { expect, test } from 'vitest';
import { colorSignature, subjectSignature } from './color.ts';
import { maskOnPlain } from './plain-background.ts';

const SIZE = 128;
type Color = readonly [number, number, number];
const WHITE: Color = [250, 250, 250];
const BLUE: Color = [40, 70, 160];
const SKIN: Color = [214, 165, 135];
const RED: Color = [190, 30, 45];

/** Boxes of colours (left, top, right, bottom) on a background. */
function draw(background: Color, ...boxes: [color: Color, box: readonly number[]][]): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let at = 0; at < SIZE * SIZE; at++) {
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    const inside = boxes.findLast(
      ([, [left = 0, top = 0, right = 0, bottom = 0]]) => x >= left && x < right && y >= top && y < bottom,
    );
    pixels.set(inside?.[0] ?? background, at * 3);
  }
  return pixels;
}

function subjectOf(pixels: Uint8Array) {
  const mask = maskOnPlain(pixels, SIZE);
  return mask && subjectSignature({ pixels, mask, size: SIZE });
}

const likeness = (one: Float32Array | null, other: Float32Array | null) =>
  one?.reduce((sum, value, at) => sum + value * (other?.[at] ?? 0), 0) ?? 0;

test('white inside a blue border is part of the subject, and the white around it is not', () => {
  const framed = draw(WHITE, [BLUE, [30, 30, 98, 98]], [WHITE, [36, 36, 92, 92]]);
  const mask = maskOnPlain(framed, SIZE);
  expect(mask?.[64 * SIZE + 64]).toBe(1);
  expect(mask?.[10 * SIZE + 64]).toBe(0);
  const white = subjectOf(draw(BLUE, [WHITE, [30, 30, 98, 98]]));
  expect(likeness(subjectOf(framed), white)).toBeGreaterThan(0.8);
  // By the background's colour alone, all white is taken away.
  expect(likeness(colorSignature(framed, SIZE), white)).toBeLessThan(0.1);
});

test('who wears a thing counts less than the thing, and a thing of the colour of skin keeps its colour', () => {
  const body: readonly number[] = [40, 10, 88, 118];
  const worn = draw(WHITE, [SKIN, body], [RED, [40, 70, 88, 118]]);
  const red = subjectOf(draw(WHITE, [RED, body]));
  expect(likeness(subjectOf(worn), red)).toBeGreaterThan(likeness(colorSignature(worn, SIZE), red) + 0.1);
  const coat = draw(WHITE, [SKIN, body]);
  expect(likeness(subjectOf(coat), colorSignature(coat, SIZE))).toBeGreaterThan(0.95);
});

test('in a scene no two corners agree, and nothing is taken for background', () => {
  const corners = draw(WHITE, [RED, [0, 0, 64, 64]], [BLUE, [64, 0, 128, 64]], [SKIN, [0, 64, 64, 128]]);
  expect(maskOnPlain(corners, SIZE)).toBeNull();
});

test('a mask of nothing has no colours, and part of a picture has those of the subject in it', () => {
  const pixels = draw(WHITE, [RED, [10, 40, 54, 88]], [BLUE, [74, 40, 118, 88]]);
  const size = SIZE;
  expect(subjectSignature({ pixels, mask: new Float32Array(size * size), size })).toBeNull();
  const mask = maskOnPlain(pixels, size) ?? new Float32Array();
  const left = subjectSignature({ pixels, mask, size }, { x: 0, y: 0, width: 0.5, height: 1 });
  expect(likeness(left, subjectOf(draw(WHITE, [RED, [10, 40, 54, 88]])))).toBeGreaterThan(0.99);
});
