import { expect, test } from 'vitest';
import { Families } from './families.ts';

const row = (sku: string) => ({ cells: { sku }, rest: {}, place: `line of ${sku}` });

test('what a family is kept for is bounded, and what is beyond is one problem each', () => {
  const families = new Families<'sku'>(10);
  expect([...families.child(row('early'), 'A')]).toEqual([]);
  expect([...families.child(row('too long'), 'A')]).toMatchObject([
    { problem: { item: 'line of too long', code: 'FAMILY_TOO_FAR', params: { count: 1 } } },
  ]);
  const parent = row('A');
  expect([...families.parent(parent, ['A'])]).toEqual([{ row: row('early'), parent }]);
  // A joined row is not kept any more, and a variation that follows its product is not kept at all.
  expect([...families.child(row('a long name'), 'A')]).toEqual([{ row: row('a long name'), parent }]);
  expect([...families.child(row('B'), 'none')]).toEqual([]);
  expect([...families.rest()]).toEqual([{ row: row('B'), parent: null }]);
});
