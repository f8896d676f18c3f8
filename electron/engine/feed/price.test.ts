import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCurrency, readPrice } from './price.ts';

test.each([
  ['12', 12, null],
  ['12.50', 12.5, null],
  ['12,50', 12.5, null],
  ['12.00 EUR', 12, 'EUR'],
  ['EUR 12', 12, 'EUR'],
  ['EUR12.50', 12.5, 'EUR'],
  ['1.299,00 €', 1299, 'EUR'],
  ['1.299 €', 1299, 'EUR'],
  ['€1.299', 1299, 'EUR'],
  ['12€50', 12.5, 'EUR'],
  ['₹10,999', 10999, 'INR'],
  ['₹1,10,999.50', 110999.5, 'INR'],
  ['10,999', 10999, null],
  ['£1,299', 1299, 'GBP'],
  ['1 299,00 €', 1299, 'EUR'],
  ['1\u202f299,00\u00a0€', 1299, 'EUR'],
  ['1\u2009299,00 €', 1299, 'EUR'],
  ["CHF 1'299.50", 1299.5, 'CHF'],
  ['CHF 1’299.-', 1299, 'CHF'],
  ["CHF 1'299.–", 1299, 'CHF'],
  ['Fr. 12.50', 12.5, 'CHF'],
  ['12,-', 12, null],
  ['12,-- €', 12, 'EUR'],
  ['1.234.567', 1234567, null],
  ['34.0000', 34, null],
  ['0.500', 0.5, null],
  ['1299.500', 1299.5, null],
  ['1.299.000,50 zł', 1299000.5, 'PLN'],
  ['1 290 Kč', 1290, 'CZK'],
  ['12 990 Ft', 12990, 'HUF'],
  ['₺1.299,90', 1299.9, 'TRY'],
  ['1.299,90 TL', 1299.9, 'TRY'],
  ['R$ 1.299,00', 1299, 'BRL'],
  ['RM 12.90', 12.9, 'MYR'],
  ['US$12.00', 12, 'USD'],
  ['C$12.50', 12.5, 'CAD'],
  ['A$12.50', 12.5, 'AUD'],
  ['NT$1,299', 1299, 'TWD'],
  ['USD $12.50', 12.5, 'USD'],
  ['$12.50 USD', 12.5, 'USD'],
  ['CAD$12.50', 12.5, 'CAD'],
  ['12.345,678 KWD', 12345.678, 'KWD'],
  ['12.000₫', 12000, 'VND'],
  ['12.000 đ', 12000, 'VND'],
  ['12.000 VND', 12000, 'VND'],
  ['1.299.000 vnđ', 1299000, 'VND'],
  ['1,200円', 1200, 'JPY'],
  ['12,000원', 12000, 'KRW'],
  ['Rp 129.000', 129000, 'IDR'],
  ['129.000 IDR', 129000, 'IDR'],
  ['١٬٢٩٩٫٥٠ ر.س', 1299.5, 'SAR'],
  ['۱۲۳۴', 1234, null],
  ['１２．５０', 12.5, null],
  ['\u200f12,50\u200e €', 12.5, 'EUR'],
  ['12.50 incl. VAT', 12.5, null],
  ['12,50 € inkl. 19 % MwSt.', 12.5, 'EUR'],
  ['€12.50 (inc. VAT)', 12.5, 'EUR'],
  ['12,50 € TTC', 12.5, 'EUR'],
  ['£12.99 each*', 12.99, 'GBP'],
  ['from 12.00', 12, null],
  ['ab 12,50 €', 12.5, 'EUR'],
  ['à partir de 12,50 €', 12.5, 'EUR'],
  ['Từ 120.000đ', 120000, 'VND'],
  ['Price: 9.99', 9.99, null],
  ['12.00 - 15.00', 12, null],
  ['€ 12,50 bis € 15,00', 12.5, 'EUR'],
  ['£20–£10', 10, 'GBP'],
])('"%s" is %d %s', (written, amount, currency) => {
  expect(readPrice(written, null)).toEqual({ amount, currency, unclearSign: null });
});

test.each([
  ['$1,299.00', 1299, '$'],
  ['¥1,299', 1299, '¥'],
  ['￥1,299', 1299, '¥'],
  ['1299 kr', 1299, 'kr'],
  ['129:-', 129, ':-'],
  ['1 299:-', 1299, ':-'],
  ['129,- kr.', 129, 'kr.'],
  ['Rs. 1,999', 1999, 'Rs.'],
  ['Rs.1,999/-', 1999, 'Rs.'],
  ['From $19.99', 19.99, '$'],
  ['$10 - $20', 10, '$'],
  ['$10–20', 10, '$'],
])('"%s" is %d of a currency that it does not say', (written, amount, unclearSign) => {
  expect(readPrice(written, null)).toEqual({ amount, currency: null, unclearSign });
});

test.each([
  ['$12', 'CAD', 12],
  ['kr 129', 'NOK', 129],
  ['129:-', 'SEK', 129],
  ['12.000', 'VND', 12000],
  ['1.299', 'JPY', 1299],
  ['12.000', 'IDR', 12000],
])('"%s" beside %s is %d of it', (written, currency, amount) => {
  expect(readPrice(written, currency)).toEqual({ amount, currency, unclearSign: null });
});

test.each([
  ['$12', 'EUR'],
  ['12 EUR', 'USD'],
  ['129 kr', 'GBP'],
])('"%s" beside %s contradicts it', (written, currency) => {
  expect(readPrice(written, currency)).toBe('other-currency');
});

test.each([
  ['both decimals and thousands', '1.299', null],
  ['both decimals and thousands', '1.299 EUR', null],
  ['both decimals and thousands', '1.299', 'EUR'],
  ['both decimals and thousands, of dinars', '1,299', 'KWD'],
  ['two currencies', '€12 USD', null],
  ['two currencies', 'EUR $12', null],
  ['two prices', 'was $20 now $15', null],
  ['two prices', '$20 $15', null],
  ['of several pieces', '2 for $10', null],
  ['of several pieces', '3 x $20', null],
  ['of a weight', '$12.50/kg', null],
  ['without tax', '12.50 excl. VAT', null],
  ['without tax', '12,50 € netto', null],
  ['without tax', '12,50 HT', null],
  ['a range or hundredths', '10-20', null],
  ['a time', '12:50', null],
  ['a date', '12.05.2026', null],
  ['with raised cents', '$19⁹⁹', null],
  ['a fraction', '12½', null],
  ['hundredths of a currency', '99p', null],
  ['negative', '-12', null],
  ['negative', '12.50-', null],
  ['negative', '(12.00)', null],
  ['a power', '1e5', null],
  ['nothing', '', null],
  ['words', 'free', null],
  ['a share', '20 %', null],
  ['not a currency', '12 kg', null],
  ['oddly grouped', '1,29,9.00', null],
  ['oddly grouped', '12 50', null],
  ['two decimal points', '1.2.3', null],
])('what could be %s is not guessed at: "%s"', (_, written, currency) => {
  expect(readPrice(written, currency)).toBe('unreadable');
});

const COUNTRIES = [
  ['en-US', 'USD'],
  ['en-CA', 'CAD'],
  ['de-DE', 'EUR'],
  ['fr-FR', 'EUR'],
  ['nl-NL', 'EUR'],
  ['it-IT', 'EUR'],
  ['es-ES', 'EUR'],
  ['en-IN', 'INR'],
  ['de-CH', 'CHF'],
  ['pl-PL', 'PLN'],
  ['pt-BR', 'BRL'],
  ['sv-SE', 'SEK'],
  ['nb-NO', 'NOK'],
  ['cs-CZ', 'CZK'],
  ['tr-TR', 'TRY'],
  ['vi-VN', 'VND'],
  ['ja-JP', 'JPY'],
  ['ko-KR', 'KRW'],
  ['th-TH', 'THB'],
] as const;

test('every amount is read back as each country writes it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.constantFrom(...COUNTRIES),
      fc.constantFrom('symbol', 'narrowSymbol', 'code'),
      (cents, [locale, currency], currencyDisplay) => {
        const whole = ['VND', 'JPY', 'KRW'].includes(currency);
        const amount = whole ? cents : cents / 100;
        const digits = whole ? 0 : 2;
        const written = new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          currencyDisplay,
          minimumFractionDigits: digits,
        }).format(amount);
        expect(readPrice(written, currency)).toMatchObject({ amount });
      },
    ),
    { numRuns: 500 },
  );
});

test('of any country and currency an amount is read rightly or not at all', () => {
  const locales = [
    'ar-EG',
    'ar-AE',
    'fa-IR',
    'hi-IN-u-nu-deva',
    'bn-BD',
    'mr-IN',
    'ur-PK',
    'he-IL',
    'ru-RU',
    'hu-HU',
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9_999_999_999 }),
      fc.constantFrom(...locales, ...COUNTRIES.map(([locale]) => locale)),
      fc.constantFrom(...Intl.supportedValuesOf('currency')),
      fc.constantFrom('symbol', 'narrowSymbol', 'code', 'name'),
      fc.boolean(),
      (hundredths, locale, currency, currencyDisplay, given) => {
        const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay });
        const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
        const amount = Number((hundredths / 100).toFixed(digits));
        const price = readPrice(format.format(amount), given ? currency : null);
        if (typeof price === 'string') return;
        expect(price.amount).toBe(amount);
        if (currencyDisplay === 'code') expect(price.currency).toBe(currency);
      },
    ),
    { numRuns: 2000 },
  );
});

test('anything at all is either an amount or not, and never a wrong number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (written) => {
      const price = readPrice(written, null);
      expect(typeof price === 'string' || (Number.isFinite(price.amount) && price.amount >= 0)).toBe(true);
    }),
  );
});

test.each([`${'incl '.repeat(20_000)}x`, `${'1 '.repeat(40)}x`, `${'from '.repeat(19)}x`, '-'.repeat(100)])(
  'a long text is no price, and is seen at once (%#)',
  (written) => {
    expect(readPrice(written, null)).toBe('unreadable');
  },
);

test.each([
  ['eur', 'EUR'],
  ['€', 'EUR'],
  ['Euro', 'EUR'],
  [' Kč ', 'CZK'],
  ['VNĐ', 'VND'],
  ['$', null],
  ['crowns', undefined],
  ['constructor', undefined],
])('the currency "%s" is %s', (written, code) => {
  expect(readCurrency(written)).toBe(code);
});
