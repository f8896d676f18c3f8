import { expect, test } from 'vitest';
import { standsOut } from './band-names.ts';

test('the best result of a photo has a large card unless nothing is alike; of words only a typed SKU', () => {
  const of = (band: 'same' | 'other', typed = false) => ({ band, typed });
  expect([standsOut(of('same'), 'photo'), standsOut(of('other'), 'photo')]).toEqual([true, false]);
  expect([standsOut(of('same'), 'words'), standsOut(of('same', true), 'words')]).toEqual([false, true]);
  expect(standsOut(undefined, 'photo')).toBe(false);
});
