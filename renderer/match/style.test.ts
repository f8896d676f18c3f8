import { expect, test } from 'vitest';
import type { StyleSize } from '../../electron/contract/catalog.ts';
import {
  askedSize,
  countWords,
  isOut,
  pickedSize,
  sizeName,
  sizesInStock,
  skuToCopy,
  stockWords,
  styleTitle,
} from './style.ts';
import { resultOf } from './test-answer.ts';

const size = (name: string | null, more: Partial<StyleSize> = {}): StyleSize => ({
  uid: `shop/${name}`,
  sku: `40101-NVY-${name}`,
  size: name,
  color: 'navy',
  stock: null,
  availability: null,
  ...more,
});

const SHIRT = {
  ...{ uid: 'shop/S', styleId: 'shirt', styleSku: '40101-NVY', colors: [] },
  sizes: [size('S'), size('M'), size('L')],
};

test('without a size that was asked for, the SKU that all sizes share is copied', () => {
  expect(skuToCopy(SHIRT, null)).toEqual({ sku: '40101-NVY', of: 'all sizes' });
  expect(askedSize(SHIRT, null)).toBeNull();
});

test('the size that was picked is copied, then the one that was typed, then the only one', () => {
  expect(skuToCopy(SHIRT, 'shop/M')).toEqual({ sku: '40101-NVY-M', of: 'M' });
  expect(skuToCopy({ ...SHIRT, typed: true }, null)).toEqual({ sku: '40101-NVY-S', of: 'S' });
  expect(skuToCopy({ ...SHIRT, typed: true }, 'shop/L')).toEqual({ sku: '40101-NVY-L', of: 'L' });
  expect(skuToCopy({ ...SHIRT, sizes: [size('S')] }, 'elsewhere/M')).toMatchObject({ of: 'S' });
  expect(skuToCopy({ ...SHIRT, sizes: [size(null, { sku: 'MUG' })] }, null)).toEqual({
    sku: 'MUG',
    of: null,
  });
});

test('a style whose sizes share no SKU says which size it copies', () => {
  const sizes = [size('S', { sku: '881' }), size('M', { sku: '902' })];
  expect(skuToCopy({ uid: 'shop/S', styleId: 'tee', styleSku: '881', sizes, colors: [] }, null)).toEqual({
    sku: '881',
    of: 'S',
  });
});

test('sizes of a card that stands for several colours say the colour', () => {
  const sizes = [size('S'), size('S', { color: 'white' })];
  expect(sizes.map((each) => sizeName(each, sizes))).toEqual(['S, navy', 'S, white']);
  expect(sizeName(size(null), [size(null)])).toBeNull();
});

test('stock is what the feed says of it', () => {
  expect(stockWords(size('S', { stock: 12 }))).toBe('12 in stock');
  expect(stockWords(size('S', { stock: 0, availability: 'in stock' }))).toBe('Out of stock');
  expect(stockWords(size('S', { availability: 'out of stock' }))).toBe('Out of stock');
  expect(stockWords(size('S', { stock: 0, availability: 'preorder' }))).toBe('Preorder');
  expect(stockWords(size('S'))).toBe('');
  expect(isOut(size('S', { stock: -2 }))).toBe(true);
  expect(isOut(size('S', { stock: 0, availability: 'backorder' }))).toBe(false);
});

test('how many sizes are in stock is told where any says so', () => {
  expect(sizesInStock([size('S', { stock: 1 }), size('M', { stock: 0 })])).toBe('1 of 2 sizes in stock');
  expect(sizesInStock([size('S'), size('M')])).toBeNull();
});

test.each([
  ['Tee – Navy / S', 'Tee – Navy'],
  ['Tee (s)', 'Tee'],
  ['Tee, S', 'Tee'],
  ['Dress', 'Dress'],
  ['S', 'S'],
  ['S-Tee', 'S-Tee'],
])('the title "%s" of size S is the style “%s”', (title, expected) => {
  expect(styleTitle({ ...SHIRT, title, size: 'S' })).toBe(expected);
});

test('a product of one size keeps its title', () => {
  expect(styleTitle({ ...SHIRT, sizes: [size('S')], title: 'Tee / S', size: 'S' })).toBe('Tee / S');
});

test('cards are counted as styles where any has several sizes', () => {
  expect(countWords({ results: [resultOf('a', { sizes: SHIRT.sizes })], total: 60 })).toBe('60 styles');
  expect(countWords({ results: [resultOf('a')], total: 1 })).toBe('1 product');
});

test('a filter that leaves one size asks for it, whatever the feed calls it; what is picked goes first', () => {
  const shown = { uid: 'shop/M', size: 'M' };
  expect(pickedSize(shown, null, { attributes: { Größe: ['M'] } })).toBe('shop/M');
  expect(pickedSize(shown, null, { attributes: { Größe: ['M', 'L'] } })).toBeNull();
  expect(pickedSize(shown, null, { attributes: { fit: ['slim'] } })).toBeNull();
  expect(pickedSize(shown, 'shop/L', { attributes: { Größe: ['M'] } })).toBe('shop/L');
});
