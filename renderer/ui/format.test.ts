import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCounted,
  formatDuration,
  formatMilliseconds,
  formatPrice,
} from './format.ts';

test('whole prices go without zeros, others keep their cents', () => {
  expect(formatPrice(189, 'EUR')).toMatch(/189/);
  expect(formatPrice(189, 'EUR')).not.toMatch(/00/);
  expect(formatPrice(19.9, 'EUR')).toMatch(/19[.,]90/);
});

test('a currency that is none is shown as it came', () => {
  expect(formatPrice(10, 'pieces')).toBe('10 pieces');
  expect(formatPrice(10, null)).toBe('10');
});

test('times are told in the largest unit that fits', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  expect(formatAgo('2026-03-01T11:59:40Z', now)).toBe('just now');
  expect(formatAgo('2026-03-01T09:50:00Z', now)).toMatch(/2/);
  expect(formatAgo('2025-03-01T12:00:00Z', now)).not.toMatch(/365/);
});

test('durations are short', () => {
  expect([0.2, 40, 59.6, 360, 3600, 7500].map(formatDuration)).toEqual([
    '1 s',
    '40 s',
    '1 min',
    '6 min',
    '1 h',
    '2 h 5 min',
  ]);
});

test('one is one', () => {
  expect([formatCounted(1, 'product'), formatCounted(0, 'product')]).toEqual(['1 product', '0 products']);
});

test('milliseconds have no fraction', () => {
  expect([0.2, 8.6].map(formatMilliseconds)).toEqual(['0', '9']);
});

test('sizes are short', () => {
  expect([0, 900, 412_000_000, 1_440_000_000, 999_900].map(formatBytes)).toEqual([
    '0 kB',
    '1 kB',
    '412 MB',
    '1.4 GB',
    '1.0 MB',
  ]);
});
