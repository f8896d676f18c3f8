import { expect, test } from 'vitest';
import { chooseStrength } from './calibration.ts';
import { measureShift, withoutShift } from './photo-shift.ts';

const vector = (...values: number[]) => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
/** Altered, pictures gain the third number; the first two say which product it is. */
const pairs = [
  { original: vector(1, 0, 0), vector: vector(1, 0, 1) },
  { original: vector(0, 1, 0), vector: vector(0, 1, 1) },
];
const shift = { ...measureShift(pairs), strength: 1 };

test('what altered pictures have in common is taken out of a photo as far as it has it', () => {
  const photo = withoutShift(vector(2, 1, 3), shift);
  expect(photo.taken).toBeGreaterThan(0.5);
  expect(Math.hypot(...photo.vector)).toBeCloseTo(1);
  expect(Math.abs(photo.vector[2] ?? 1)).toBeLessThan(0.6); // 0.8 before
  expect(photo.vector[0]).toBeGreaterThan(photo.vector[1] ?? 1);
  expect(withoutShift(vector(2, 1, 3), { ...shift, strength: 0.5 }).taken).toBeCloseTo(photo.taken / 2);
  expect(withoutShift(vector(0, 1, 40), shift).taken).toBe(1);
});

test('nothing is taken out of a picture like the catalog’s', () => {
  const picture = vector(2, 1, -0.5);
  expect(withoutShift(picture, shift)).toEqual({ vector: picture, common: null, taken: 0 });
});

test('a catalog shows how much is taken out; where it shows nothing that is half', () => {
  const tried = (...means: number[]) =>
    [0, 0.5, 1].map((strength, at) => ({
      strength,
      found: Array.from({ length: 60 }, (_, i) => (means[at] ?? 0) + ((i * (at + 1)) % 7) / 20),
    }));
  expect(chooseStrength(tried(0.5, 0.5, 0.5))).toBe(0.5);
  expect(chooseStrength(tried(0.6, 0.3, 0.1))).toBe(0);
  expect(chooseStrength(tried(0.2, 0.4, 0.7))).toBe(1);
});
