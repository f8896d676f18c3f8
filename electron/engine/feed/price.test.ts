import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCurrency, readPrice } from './price.ts';

test.each([
  ['12', 12, null],
  ['12.50', 12.5, null],
  ['12,50', 12.5, null],
  ['12.00 EUR', 12, 'EUR'],
  ['EUR 12', 12, 'EUR'],
  ['1.299,00 €', 1299, 'EUR'],
  ['1.299 €', 1299, 'EUR'],
  ['€1.299', 1299, 'EUR'],
  ['₹10,999', 10999, 'INR'],
  ['₹1,10,999.50', 110999.5, 'INR'],
  ['10,999', 10999, null],
  ['£1,299', 1299, 'GBP'],
  ['1 299,00 €', 1299, 'EUR'],
  ['1\u202f299,00\u00a0€', 1299, 'EUR'],
  ["CHF 1'299.50", 1299.5, 'CHF'],
  ['CHF 1’299.-', 1299, 'CHF'],
  ['12,-', 12, null],
  ['1.234.567', 1234567, null],
  ['34.0000', 34, null],
  ['0.500', 0.5, null],
  ['1299.500', 1299.5, null],
  ['1.299.000,50 zł', 1299000.5, 'PLN'],
  ['US$12.00', 12, 'USD'],
  ['$12.00 USD', 12, 'USD'],
  ['12.345,678 KWD', 12345.678, 'KWD'],
])('"%s" is %d %s', (written, amount, currency) => {
  expect(readPrice(written, null)).toEqual({ amount, currency, sharedSign: written === '$12.00 USD' });
});

test.each(['$1,299.00', '¥1,299', '1299 kr'])(
  '"%s" is an amount of a currency that it does not say',
  (written) => {
    expect(readPrice(written, null)).toEqual({ amount: 1299, currency: null, sharedSign: true });
  },
);

test.each([
  ['both decimals and thousands', '1.299', null],
  ['both decimals and thousands', '1.299 EUR', null],
  ['both decimals and thousands, of dinars', '1,299', 'KWD'],
  ['two currencies', '€12 USD', null],
  ['a range', '12.00 - 15.00', null],
  ['a range', 'from 12.00', null],
  ['negative', '-12', null],
  ['nothing', '', null],
  ['words', 'free', null],
  ['not a currency', '12 kg', null],
  ['oddly grouped', '1,29,9.00', null],
  ['oddly grouped', '12 50', null],
  ['two decimal points', '1.2.3', null],
])('what could be %s is not guessed at: "%s"', (_, written, currency) => {
  expect(readPrice(written, currency)).toBeNull();
});

test('every amount is read back as each country writes it', () => {
  const countries = [
    ['en-US', 'USD'],
    ['de-DE', 'EUR'],
    ['fr-FR', 'EUR'],
    ['en-IN', 'INR'],
    ['de-CH', 'CHF'],
    ['pl-PL', 'PLN'],
    ['pt-BR', 'BRL'],
  ] as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.constantFrom(...countries),
      (cents, [locale, currency]) => {
        const amount = cents / 100;
        const written = new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          minimumFractionDigits: 2,
        }).format(amount);
        expect(readPrice(written, currency)?.amount).toBe(amount);
      },
    ),
  );
});

test('anything at all is either an amount or not, and never a wrong number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (written) => {
      const price = readPrice(written, null);
      expect(price === null || (Number.isFinite(price.amount) && price.amount >= 0)).toBe(true);
    }),
  );
});

test.each([
  ['eur', 'EUR'],
  ['€', 'EUR'],
  [' Kč ', 'CZK'],
  ['$', null],
  ['euros', undefined],
  ['constructor', undefined],
])('the currency "%s" is %s', (written, code) => {
  expect(readCurrency(written)).toBe(code);
});
