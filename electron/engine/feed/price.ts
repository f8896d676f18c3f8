/** An amount of money as a shop wrote it. The currency is null when the text has none, or one that several share. */
export interface Price {
  amount: number;
  currency: string | null;
  /** The text has a sign that several currencies share: "$", "¥", "kr". */
  sharedSign: boolean;
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** Null: several currencies write themselves so. */
const SIGNS: Record<string, string | null> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₽': 'RUB',
  '₺': 'TRY',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '₴': 'UAH',
  '₦': 'NGN',
  '฿': 'THB',
  us$: 'USD',
  ca$: 'CAD',
  au$: 'AUD',
  nz$: 'NZD',
  hk$: 'HKD',
  r$: 'BRL',
  zł: 'PLN',
  kč: 'CZK',
  ft: 'HUF',
  lei: 'RON',
  $: null,
  '¥': null,
  kr: null,
  'kr.': null,
  rs: null,
  'rs.': null,
};

/** A currency sign or ISO 4217 code as its code; null when several share the sign, undefined when it is neither. */
export function readCurrency(written: string): string | null | undefined {
  const mark = written.trim();
  if (CURRENCIES.has(mark.toUpperCase())) return mark.toUpperCase();
  return Object.hasOwn(SIGNS, mark.toLowerCase()) ? SIGNS[mark.toLowerCase()] : undefined;
}

/**
 * Reads "12.00 EUR", "1.299,00 €", "₹10,999", "CHF 1'299.-". Which of "." and "," parts the decimals is told by how the
 * digits are grouped. "1.299" alone could be either and is not guessed at: only a currency sign says that people wrote
 * it for people, who part thousands so.
 * @param currency the ISO code when the feed gives it beside the price
 * @returns null when it is not one clear amount
 */
export function readPrice(written: string, currency: string | null): Price | null {
  const parts = /^([^\d-]{0,6}?)\s*(\d(?:[\d.,'’\s]*\d)?)(?:[.,][-–—])?\s*([^\d-]{0,6})$/.exec(
    written.trim(),
  );
  if (!parts) return null;
  const marks = [parts[1], parts[3]].map((mark) => mark?.trim() ?? '').filter((mark) => mark !== '');
  const currencies = new Set<string>();
  let sharedSign = false;
  for (const mark of marks) {
    const meant = readCurrency(mark);
    if (meant === undefined) return null;
    if (meant === null) sharedSign = true;
    else currencies.add(meant);
  }
  if (currencies.size > 1) return null;
  const [own = null] = currencies;
  const signed = marks.some((mark) => !CURRENCIES.has(mark.toUpperCase()));
  const amount = readAmount(parts[2] ?? '', signed, decimalsOf(own ?? currency));
  return amount === null ? null : { amount, currency: own, sharedSign };
}

/** @param signed whether a currency sign stands beside the digits */
function readAmount(digits: string, signed: boolean, decimals: number | null): number | null {
  const plain = digits.replaceAll(/[\s’]/g, "'");
  const separators = plain.replaceAll(/\d/g, '');
  const last = separators.at(-1);
  if (last === undefined) return Number(plain);
  const alone = separators.length === 1;
  if (alone && /^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) {
    // Dinars have three decimals, and so "1,299" is no clearer than "1.299".
    const thousands = decimals !== 3 && (last === ',' || signed);
    return thousands ? Number(plain.replace(last, '')) : null;
  }
  const once = separators.indexOf(last) === separators.length - 1;
  const hasDecimals = last !== "'" && once && (alone || new Set(separators).size === 2);
  const cut = hasDecimals ? plain.lastIndexOf(last) : plain.length;
  const whole = ungrouped(plain.slice(0, cut));
  return whole === null ? null : Number(`${whole}.${plain.slice(cut + 1) || '0'}`);
}

/** Digits without their separators, if these part them as thousands are parted, the Indian way included. */
function ungrouped(whole: string): string | null {
  const grouped = /^\d+$|^\d{1,3}([.,'])\d{3}(?:\1\d{3})*$|^\d{1,2}(?:,\d{2})+,\d{3}$/;
  return grouped.test(whole) ? whole.replaceAll(/\D/g, '') : null;
}

const knownDecimals = new Map<string, number | null>();

/** How many decimals amounts of the currency are written with. */
function decimalsOf(currency: string | null): number | null {
  if (currency === null) return null;
  let decimals = knownDecimals.get(currency);
  if (decimals === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    decimals = format.resolvedOptions().maximumFractionDigits ?? null;
    knownDecimals.set(currency, decimals);
  }
  return decimals;
}
