import fc from 'fast-check';
import { expect, test } from 'vitest';
import { band } from '../../contract/search.ts';
import { type BandLimits, bandsOf, limitsFrom, usualLimits } from './bands.ts';

const IDENTICAL = 5;
const score = fc.double({ min: -2, max: IDENTICAL, noNaN: true });
const topTwo = fc.tuple(score, score).map(([a, b]) => ({ first: Math.max(a, b), second: Math.min(a, b) }));
const limits: fc.Arbitrary<BandLimits> = fc.oneof(
  fc.constant(usualLimits(IDENTICAL)),
  fc.array(topTwo, { minLength: 30, maxLength: 60 }).map((heldOut) => limitsFrom(heldOut, IDENTICAL)),
);

/** Held-out queries whose best scores lie evenly between two scores, the second ones a little lower. */
const between = (from: number, to: number) =>
  Array.from({ length: 100 }, (_, i) => {
    const first = from + ((to - from) * i) / 100;
    return { first, second: first - 0.2 };
  });

test('down an answer, bands only get weaker', () => {
  fc.assert(
    fc.property(fc.array(score, { maxLength: 30 }), limits, (combinedScores, measured) => {
      const ranks = bandsOf(combinedScores, measured).map((name) => band.options.indexOf(name));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(ranks).toHaveLength(combinedScores.length);
    }),
  );
});

test('the picture itself is the same and an ordinary product is no match, whatever the catalog', () => {
  fc.assert(
    fc.property(fc.array(topTwo, { minLength: 30, maxLength: 60 }), (heldOut) => {
      expect(bandsOf([IDENTICAL], limitsFrom(heldOut, IDENTICAL))).toEqual(['same']);
    }),
  );
  expect(bandsOf([0], limitsFrom(between(1, 3), IDENTICAL))).toEqual(['other']);
  expect(bandsOf([IDENTICAL, 0], usualLimits(IDENTICAL))).toEqual(['same', 'other']);
});

test('the same score means another band in a catalog whose products are more alike', () => {
  expect(bandsOf([2.4], limitsFrom(between(0, 2), IDENTICAL))).toEqual(['same']);
  expect(bandsOf([2.4], limitsFrom(between(1, 3.5), IDENTICAL))).toEqual(['close']);
  expect(bandsOf([2.4], limitsFrom(between(2.2, 4.5), IDENTICAL))).toEqual(['similar']);
  expect(bandsOf([2.4], limitsFrom(between(3, 4.5), IDENTICAL))).toEqual(['other']);
});

test('a good match that stands alone is the same; beside another as good it is only close', () => {
  const measured = limitsFrom(between(1, 3), IDENTICAL);
  expect(bandsOf([2.5, 1.2], measured)).toEqual(['same', 'similar']);
  expect(bandsOf([2.5, 2.45], measured)).toEqual(['close', 'close']);
});

test('in a catalog of one picture over and over, the picture itself is the same', () => {
  const heldOut = between(IDENTICAL, IDENTICAL).map(({ first }) => ({ first, second: first }));
  expect(bandsOf([IDENTICAL, IDENTICAL], limitsFrom(heldOut, IDENTICAL))).toEqual(['same', 'same']);
});
