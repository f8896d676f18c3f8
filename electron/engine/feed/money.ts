import type { Product } from '../../contract/catalog.ts';
import type { FaultParams } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';
import { plainText } from './plain-text.ts';
import { readCurrency, readPrice } from './price.ts';
import { invalidItem, problem } from './problem.ts';

const MOST = 1e9;
const DAY_MS = 86_400_000;
/** Characters of a value that the report shows, enough to recognise it. */
const SHOWN_CHARACTERS = 60;

/** The fields of an item about money, as the feed wrote them. */
export interface WrittenMoney {
  price?: unknown;
  currency?: unknown;
  salePrice?: unknown;
  /**
   * First and last moment of the sale. Without them it has always been on, or has no end. A date alone means that whole day.
   */
  saleFrom?: unknown;
  saleUntil?: unknown;
}

export interface Money extends Pick<Product, 'price' | 'currency'> {
  onSale: boolean;
}

interface Amount {
  amount: number;
  currency: string | null;
}

/**
 * Reads what a product costs now: the sale price during a sale, and else its price. When the sale price cannot be read, is
 * not lower, or does not apply now, the price counts.
 * @param problems values that were not understood are added here
 */
export function readMoney(written: WrittenMoney, id: string, problems: ImportProblem[]): Money {
  const given = readGivenCurrency(written.currency, id, problems);
  const regular = readRegular(written.price, given, id, problems);
  const currency = regular?.currency ?? given;
  const sale = readSale(written, currency, id, problems);
  // No shop sells at 0: a regular price of 0 next to a sale price means that there is no regular price.
  if (sale && regular && regular.amount > 0 && sale.amount >= regular.amount) {
    // Exports write "no sale" by repeating the price as the sale price.
    if (sale.amount > regular.amount) problems.push(ignoredSale(id, 'above-price'));
    return { price: regular.amount, currency, onSale: false };
  }
  if (sale) return { price: sale.amount, currency: currency ?? sale.currency, onSale: true };
  return { price: regular?.amount ?? null, currency, onSale: false };
}

function readGivenCurrency(written: unknown, id: string, problems: ImportProblem[]): string | null {
  if (isAbsent(written)) return null;
  const code = typeof written === 'string' ? readCurrency(written) : undefined;
  if (!code) problems.push(unknownValue(id, 'currency', written));
  return code ?? null;
}

function readRegular(
  written: unknown,
  given: string | null,
  id: string,
  problems: ImportProblem[],
): Amount | null {
  if (isAbsent(written)) return null;
  const money = readAmount(written, given);
  if (money === 'unreadable') {
    problems.push(unknownValue(id, 'price', written));
    return null;
  }
  if (money === 'other-currency') {
    // A price can be in another currency only when the feed gives a currency.
    if (given !== null) {
      problems.push(invalidItem(id, { reason: 'other-currency', value: shown(written), currency: given }));
    }
    return null;
  }
  if (money.unclearSign !== null) {
    const params = { sign: money.unclearSign, count: 1 };
    problems.push(problem(id, { code: 'CURRENCY_UNCLEAR', params }));
  }
  return money;
}

/** The sale price if it applies now, whatever the regular price is. */
function readSale(
  { salePrice, saleFrom, saleUntil }: WrittenMoney,
  currency: string | null,
  id: string,
  problems: ImportProblem[],
): Amount | null {
  if (isAbsent(salePrice)) return null;
  const sale = readAmount(salePrice, currency);
  if (sale === 'unreadable') {
    problems.push(unknownValue(id, 'salePrice', salePrice));
    return null;
  }
  if (sale !== 'other-currency' && sale.amount === 0) return null;
  const on = isOn(saleFrom, saleUntil);
  if (on === null) problems.push(ignoredSale(id, 'dates'));
  if (!on) return null;
  if (sale !== 'other-currency') return sale;
  problems.push(ignoredSale(id, 'other-currency'));
  return null;
}

function readAmount(written: unknown, currency: string | null) {
  const price =
    typeof written === 'number'
      ? { amount: written, currency, unclearSign: null }
      : typeof written === 'string'
        ? readPrice(plainText(written), currency)
        : 'unreadable';
  if (typeof price === 'string') return price;
  return price.amount >= 0 && price.amount <= MOST ? price : 'unreadable';
}

/** Whether the present time is between the two; null when one of them cannot be read. */
function isOn(from: unknown, until: unknown): boolean | null {
  const begin = isAbsent(from) ? Number.NEGATIVE_INFINITY : readMoment(from, 'begin');
  const end = isAbsent(until) ? Number.POSITIVE_INFINITY : readMoment(until, 'end');
  if (begin === null || end === null) return null;
  return begin <= Date.now() && Date.now() <= end;
}

/**
 * "2026-02-24T11:07+0100", "2026-02-24 11:07:00", "2026-02-24", "24.02.2026". A time without a zone is in this machine's
 * zone. "02/03/2026" means different days in different countries, and is not read.
 */
function readMoment(written: unknown, which: 'begin' | 'end'): number | null {
  const text = String(written).trim();
  const [, day, month, year, after = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)$/.exec(text) ?? [];
  const iso = year ? `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}${after}` : text;
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?:(Z)|([+-]\d\d):?(\d\d)?)?)?$/i.exec(iso);
  if (!parts) return null;
  const [, date, time = '00:00', utc, hours, minutes = '00'] = parts;
  const zone = utc ? 'Z' : hours ? `${hours}:${minutes}` : '';
  const moment = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(moment)) return null;
  return which === 'end' && parts[2] === undefined ? moment + DAY_MS - 1 : moment;
}

/** Whether a feed has left a field empty. */
export const isAbsent = (written: unknown): boolean =>
  written === undefined || written === null || (typeof written === 'string' && written.trim() === '');

const shown = (written: unknown): string => (JSON.stringify(written) ?? '').slice(0, SHOWN_CHARACTERS);

/** A problem for a value that was not understood. */
export function unknownValue(
  item: string,
  field: FaultParams['VALUE_UNKNOWN']['field'],
  written: unknown,
): ImportProblem {
  const value = (typeof written === 'string' ? written.trim() : shown(written)).slice(0, SHOWN_CHARACTERS);
  return problem(item, { code: 'VALUE_UNKNOWN', params: { field, value, count: 1 } });
}

function ignoredSale(item: string, reason: FaultParams['SALE_IGNORED']['reason']): ImportProblem {
  return problem(item, { code: 'SALE_IGNORED', params: { reason, count: 1 } });
}
