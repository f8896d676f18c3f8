import { expect, test } from 'vitest';
import { LENSES, lensOf, withLens, withText, withValue } from './lens.ts';

test('each lens is recognised from its filters, whatever was there before', () => {
  let filters = {};
  for (const lens of [...LENSES, ...LENSES.toReversed()]) {
    filters = withLens(filters, lens);
    expect(lensOf(filters)).toBe(lens);
  }
  expect(filters).toEqual({});
});

test('a lens leaves the other filters, and the bands of “weak” go with it', () => {
  const filters = withText(withValue({}, 'category', 'Tops'), ' breton ');
  const weak = withLens(filters, 'weak');
  expect(weak).toMatchObject({ category: ['Tops'], text: 'breton', band: ['similar', 'other', 'nothing'] });
  expect(withLens(weak, 'same')).toEqual({ category: ['Tops'], text: 'breton', match: ['same'] });
});

test('a band that a person chose stays with another lens, and turns “weak” into “undecided”', () => {
  const close = withValue({}, 'band', 'close');
  expect(withLens(close, 'same')).toEqual({ band: ['close'], match: ['same'] });
  expect(lensOf(withValue(withLens({}, 'weak'), 'band', 'other'))).toBe('undecided');
  expect(withValue(close, 'band', 'close')).toEqual({});
});
