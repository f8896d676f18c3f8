import { expect, test } from 'vitest';
import { readTypedPrice } from './typed-price.ts';

test.each([
  ['99', 99],
  ['99,5', 99.5],
  ['99.50', 99.5],
  [',5', 0.5],
  ['0.125', 0.125],
  ['1 299', 1299],
  ['1\u202f299,00', 1299],
  ['1,299', 1299],
  ['1.299', 1299],
  ['1.299,95', 1299.95],
  ['1,299.95', 1299.95],
  ['1,299,000', 1_299_000],
  ["1'299.-", 1299],
  ['€ 99,5', 99.5],
  ['99,50 €', 99.5],
  ['$99', 99],
  ['686000', 686_000],
  ['１２０', 120],
  ['٩٩٫٥', 99.5],
])('%s', (typed, amount) => {
  expect(readTypedPrice(typed)).toBe(amount);
});

test.each(['', 'cheap', '-5', '1,2,3', '12.34.5', '1.2,3.4', '10 to 20', '.'])('%j is no price', (typed) => {
  expect(readTypedPrice(typed)).toBeNull();
});
