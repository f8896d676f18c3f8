import { expect, test } from 'vitest';
import type { Facets, Filters } from '../../electron/contract/search.ts';
import { SNAPSHOT } from '../engine/test-engine.ts';
import {
  activeFilters,
  noPriceWords,
  setPriceLimit,
  steadyValues,
  toggleAttribute,
  toggleValue,
  valueName,
} from './filters.ts';

const FACETS: Facets = {
  category: [
    { value: 'Coats', count: 3 },
    { value: 'Shoes', count: 4 },
  ],
  brand: [],
  color: [{ value: 'navy', count: 0 }],
  availability: [],
  source: [],
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

test('a price limit is kept as it was typed, and taken away by itself', () => {
  const upTo50 = setPriceLimit({ color: ['navy'] }, 'max', 50);
  expect(upTo50).toEqual({ color: ['navy'], price: { max: 50 } });
  expect(setPriceLimit(upTo50, 'min', 20).price).toEqual({ min: 20, max: 50 });
  expect(setPriceLimit(upTo50, 'min', 80).price).toEqual({ min: 50, max: 80 });
  expect(setPriceLimit(upTo50, 'max', null)).toEqual({ color: ['navy'] });
});

test('a price limit that lets nothing through is named with the price that is nearest', () => {
  const range = { min: 229, max: 499 };
  const words = (price: Filters['price']) => noPriceWords({ price }, range, 'EUR');
  expect(words({ max: 50 })).toBe('Nothing up to €50; the cheapest is €229.');
  expect(words({ min: 10, max: 50 })).toBe('Nothing from €10 to €50; the cheapest is €229.');
  expect(words({ min: 900 })).toBe('Nothing from €900; the dearest is €499.');
  expect(words({ min: 230, max: 240 })).toBe('Nothing from €230 to €240; the prices go from €229 to €499.');
  expect(words(undefined)).toBeNull();
  expect(noPriceWords({ price: { max: 50 } }, null, 'EUR')).toBeNull();
});

test('each filter in force can be taken away by itself, and says what that leaves where the facets tell', () => {
  const filters = { category: ['Coats'], color: ['navy', 'red'], attributes: { fit: ['slim'] } };
  const [coats, navy, red, slim] = activeFilters(filters, { facets: FACETS, snapshot: SNAPSHOT }, 'EUR');
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

test('a source is asked for by its id and shown by its name', () => {
  const shop = {
    id: 'shop',
    name: 'Shop',
    ref: '/shop.json',
    sample: false,
    products: 3,
    images: 3,
    version: 7,
  };
  const snapshot = { ...SNAPSHOT, sources: [shop, { ...shop, id: '', name: 'Sample catalog' }] };
  const filters = toggleValue(toggleValue({}, 'source', 'shop'), 'source', '');
  expect(filters).toEqual({ source: ['shop', ''] });
  const labels = activeFilters(filters, { facets: FACETS, snapshot }, null).map(({ label }) => label);
  expect(labels).toEqual(['Shop', 'Sample catalog']);
  // A source that was removed since is still named, so that its filter can be removed.
  expect(valueName('source', 'outlet', snapshot)).toBe('outlet');
});
