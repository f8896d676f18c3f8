import { expect, test } from 'vitest';
import type { Facets } from '../../electron/contract/search.ts';
import { activeFilters, setPriceRange, steadyValues, toggleAttribute, toggleValue } from './filters.ts';

const FACETS: Facets = {
  category: [
    { value: 'Coats', count: 3 },
    { value: 'Shoes', count: 4 },
  ],
  brand: [],
  color: [{ value: 'navy', count: 0 }],
  availability: [],
  price: { min: 10, max: 90 },
  attributes: [],
};

test('a value is ticked, and ticked again is gone without leaving an empty filter', () => {
  const ticked = toggleValue({}, 'color', 'navy');
  expect(ticked).toEqual({ color: ['navy'] });
  expect(toggleValue(ticked, 'color', 'navy')).toEqual({});
  expect(toggleAttribute(toggleAttribute({}, 'fit', 'slim'), 'fit', 'slim')).toEqual({});
});

test('an availability the contract does not know is never asked for', () => {
  expect(toggleValue({}, 'availability', 'sold')).toEqual({});
});

test('a price at the end of the scale is no limit', () => {
  const ends = { min: 10, max: 90 };
  expect(setPriceRange({}, { min: 10, max: 50 }, ends)).toEqual({ price: { max: 50 } });
  expect(setPriceRange({ price: { max: 50 } }, ends, ends)).toEqual({});
});

test('each filter in force can be taken away by itself, and says what that leaves where the facets tell', () => {
  const filters = { category: ['Coats'], color: ['navy', 'red'], attributes: { fit: ['slim'] } };
  const [coats, navy, red, slim] = activeFilters(filters, FACETS, 'EUR');
  expect(coats).toMatchObject({ field: 'Category', label: 'Coats', leaves: 7 });
  expect(coats?.without).toEqual({ color: ['navy', 'red'], attributes: { fit: ['slim'] } });
  expect(navy).toMatchObject({ label: 'Navy', leaves: null });
  expect(red?.without).toMatchObject({ color: ['navy'] });
  expect(slim?.without).toEqual({ category: ['Coats'], color: ['navy', 'red'] });
});

test('values keep the order they were first seen in, and a ticked one stays in sight', () => {
  const facet = [
    { value: 'red', count: 9 },
    { value: 'navy', count: 2 },
  ];
  expect(steadyValues(facet, ['navy', 'red', 'green', 'black'], ['green'])).toEqual([
    { value: 'navy', count: 2 },
    { value: 'red', count: 9 },
    { value: 'green', count: 0 },
  ]);
});
