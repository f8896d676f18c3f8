import { expect, test } from 'vitest';
import { subjectBox } from './subject-box.ts';

const SIZE = 100;

/** A mask with the value 1 in these boxes (left, top, right, bottom). */
function mask(...boxes: [number, number, number, number][]): Float32Array {
  const values = new Float32Array(SIZE * SIZE).fill(0.1);
  for (const [left, top, right, bottom] of boxes) {
    for (let y = top; y < bottom; y++) values.fill(0.9, y * SIZE + left, y * SIZE + right);
  }
  return values;
}

test('a box around the subject, with a little room', () => {
  const box = subjectBox(mask([20, 30, 60, 80]), SIZE);
  expect(box?.x).toBeCloseTo(0.14, 3);
  expect(box?.y).toBeCloseTo(0.225, 3);
  expect(box?.width).toBeCloseTo(0.52, 3);
  expect(box?.height).toBeCloseTo(0.65, 3);
});

test('both shoes of a pair, but not a speck beside them', () => {
  const box = subjectBox(mask([10, 40, 35, 60], [60, 40, 85, 60], [95, 2, 98, 5]), SIZE);
  expect(box?.x).toBeLessThan(0.1);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeCloseTo(0.9625, 3);
  expect(box?.y).toBeGreaterThan(0.3);
});

test('at the edge the room ends with the picture', () => {
  const box = subjectBox(mask([0, 0, 50, 50]), SIZE);
  expect(box).toMatchObject({ x: 0, y: 0 });
});

test.each([
  ['nothing stands out', mask()],
  ['only a speck does', mask([50, 50, 60, 60])],
  ['the subject fills the picture', mask([10, 8, 92, 95])],
])('no box when %s', (_, nothing) => {
  expect(subjectBox(nothing, SIZE)).toBeNull();
});
