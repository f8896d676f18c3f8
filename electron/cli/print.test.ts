import { expect, test, vi } from 'vitest';
import type { SearchResponse } from '../contract/search.ts';
import { printLearning, rankedBy } from './print.ts';

const PLAIN: SearchResponse['ranking'] = {
  ...{ crop: null, closer: false, photoShift: 0, learned: null, confirmed: null, probability: null },
  color: { weight: 0.3, from: 'calibrated', of: 'subject' },
  ...{ words: null, search: 'exact', answeredBy: 'memory', approximate: [] },
};

test('an answer says what was learned that it owes to, and what was not', () => {
  expect(rankedBy(PLAIN)).toBe(' (exact, colour 0.30 (calibrated, of the subject))');
  expect(rankedBy({ ...PLAIN, photoShift: 0.12 })).toContain(
    "0.12 of what photos have in common taken out (by the catalog's calibration)",
  );
  const learned = rankedBy({
    ...PLAIN,
    learned: { photos: 41 },
    confirmed: { photos: 30, products: 1, firstWithout: 4 },
    color: { weight: 0.7, from: 'use', of: 'picture' },
  });
  expect(learned).toContain('adjusted to 41 photos searched before, 30 confirmed photos of 1 product used');
  expect(learned).toContain('colour 0.70 (learned here, of the picture)');
});

test('one photo is one photo', () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const feedback = { confirmed: 1, products: 1, gone: 0, absent: 0, counts: false, color: null };
  printLearning({ on: true, photos: 1, feedback });
  const text = written.mock.calls.join('');
  written.mockRestore();
  expect(text).toContain('Learning is on; 1 photo was learned from.');
  expect(text).toContain('1 shows a product (1 product), 0 show none');
});
