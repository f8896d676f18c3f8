import { expect, test } from 'vitest';
import { QUICK_FILTERS, quickFilterOf, withQuickFilter, withText, withValue } from './quick-filters.ts';

test('each quick filter is recognised from its filters, whatever was there before', () => {
  let filters = {};
  for (const quick of [...QUICK_FILTERS, ...QUICK_FILTERS.toReversed()]) {
    filters = withQuickFilter(filters, quick);
    expect(quickFilterOf(filters)).toBe(quick);
  }
  expect(filters).toEqual({});
});

test('a quick filter leaves the other filters, and the bands of “weak” go with it', () => {
  const filters = withText(withValue({}, 'category', 'Tops'), ' breton ');
  const weak = withQuickFilter(filters, 'weak');
  expect(weak).toMatchObject({ category: ['Tops'], text: 'breton', band: ['similar', 'other', 'nothing'] });
  expect(withQuickFilter(weak, 'same')).toEqual({ category: ['Tops'], text: 'breton', match: ['same'] });
});

test('a band that a person chose stays with another quick filter, and turns “weak” into “undecided”', () => {
  const close = withValue({}, 'band', 'close');
  expect(withQuickFilter(close, 'same')).toEqual({ band: ['close'], match: ['same'] });
  expect(quickFilterOf(withValue(withQuickFilter({}, 'weak'), 'band', 'other'))).toBe('undecided');
  expect(withValue(close, 'band', 'close')).toEqual({});
});
