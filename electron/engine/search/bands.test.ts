import fc from 'fast-check';
import { expect, test } from 'vitest';
import { band } from '../../contract/schemas.ts';
import { bandsOf } from './bands.ts';

const cosine = fc.double({ min: -1, max: 1, noNaN: true });
const answer = fc.tuple(
  fc.array(cosine, { maxLength: 30 }).map((scores) => scores.sort((a, b) => b - a)),
  cosine,
);

test('down an answer, bands only get weaker', () => {
  fc.assert(
    fc.property(answer, ([scores, ordinary]) => {
      const ranks = bandsOf(scores, ordinary).map((name) => band.options.indexOf(name));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(ranks).toHaveLength(scores.length);
    }),
  );
});

test('the same picture is "same" and an ordinary product is "other", whatever the model calls ordinary', () => {
  for (const ordinary of [-0.2, 0.3, 0.8, 0.95]) {
    expect(bandsOf([1, ordinary], ordinary)).toEqual(['same', 'other']);
  }
});

test('a good match that stands alone is the same; beside another as good it is only close', () => {
  expect(bandsOf([0.76, 0.5], 0.4)).toEqual(['same', 'other']);
  expect(bandsOf([0.76, 0.74], 0.4)).toEqual(['close', 'close']);
});

test('in a catalog of one picture over and over, the picture itself is the same', () => {
  expect(bandsOf([1, 1, 1], 1)).toEqual(['same', 'same', 'same']);
});
