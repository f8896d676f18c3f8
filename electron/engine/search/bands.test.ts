import fc from 'fast-check';
import { expect, test } from 'vitest';
import { band } from '../../contract/search.ts';
import { bandsOf, probabilities, type RankedEvidence } from './bands.ts';

const result = (visual: number, color: number, similarity = 0.8): RankedEvidence => ({
  evidence: { visual, color, category: null },
  similarity,
});
const deviations = fc.double({ min: -3, max: 6, noNaN: true });
const results = fc
  .array(fc.tuple(deviations, deviations), { maxLength: 30 })
  .map((all) => all.map(([visual, color]) => result(visual, color)));
const familiarity = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));

/** Of a photo that is taken as the catalog's pictures are. */
const USUAL = 0.5;

test('down an answer, bands only get weaker', () => {
  fc.assert(
    fc.property(results, familiarity, (answer, familiar) => {
      const ranks = bandsOf(answer, familiar).map((name) => band.options.indexOf(name));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(ranks).toHaveLength(answer.length);
    }),
  );
});

test('a result is the more probable the more it is alike and the further it is ahead', () => {
  const first = (...answer: RankedEvidence[]) => probabilities(answer)[0] ?? 0;
  expect(first(result(3, 2), result(1, 1))).toBeGreaterThan(first(result(2, 2), result(0, 1)));
  expect(first(result(3, 2), result(3, 3))).toBeGreaterThan(first(result(3, 2), result(3, 3.5)));
  expect(first(result(3, 2), result(1, 1))).toBeGreaterThan(first(result(3, 2), result(3, 1.9)));
  // Colours that are further apart than ordinary ones say no more than that.
  expect(first(result(3, -2), result(1, 0))).toBe(first(result(3, 0), result(1, 0)));
});

test('what stands out in look and colour is the same, what is as an ordinary product is no match', () => {
  expect(bandsOf([result(3.5, 2.8), result(1.5, 0.5)], USUAL)).toEqual(['same', 'other']);
  expect(bandsOf([result(0.5, 0.5), result(0.4, 0)], USUAL)).toEqual(['other', 'other']);
  // Two as good as each other: either may be the one.
  expect(bandsOf([result(3, 2), result(3, 1.9)], USUAL)[0]).toBe('close');
});

test('a photo of another kind than the catalog has, and a catalog that was not measured, take more to be sure of', () => {
  const answer = [result(3, 1.8), result(1.8, 0.5)];
  expect(bandsOf(answer, USUAL)[0]).toBe('same');
  expect(bandsOf(answer, 0.05)[0]).toBe('close');
  expect(bandsOf(answer, null)[0]).toBe('close');
  expect(bandsOf([result(5, 2.6), result(1, 0)], null)[0]).toBe('same');
});

test('the very picture is the same even in a catalog of one picture over and over', () => {
  expect(bandsOf([result(0, 0, 1), result(0, 0, 1)], null)).toEqual(['same', 'same']);
});

test('a result has to be ahead of what filters leave out too', () => {
  const answer = [result(3, 2), result(1, 1)];
  expect(bandsOf(answer, USUAL)[0]).toBe('same');
  const leftOut = [{ evidence: { visual: 4.5, color: 2.5, category: null } }];
  expect(bandsOf(answer, USUAL, { leftOut })).toEqual(['other', 'other']);
});
