import { decimalsOf, type Mark, readMark } from './currencies.ts';

/** An amount of money as a shop wrote it. */
export interface Price {
  amount: number;
  /** ISO 4217; null when the text has no currency, or only a sign that several currencies share. */
  currency: string | null;
  /** That shared sign ("$", "kr"), when `currency` is null because of it. */
  unclearSign: string | null;
}

/** Why a text is not a price: it is not one clear amount, or its currency is not the product's. */
export type NoPrice = 'unreadable' | 'other-currency';

/** A longer text is a description. Prices are shorter, even with notes. */
const MOST_CHARACTERS = 100;

/** Reads a currency sign or ISO 4217 code; null when several currencies share the sign, undefined when it is neither. */
export function readCurrency(written: string): string | null | undefined {
  const mark = readMark(normalised(written));
  if (!mark) return undefined;
  return mark.currencies.length === 1 ? mark.currencies[0] : null;
}

/**
 * Reads a price as people and programs write it: "12.00 EUR", "1.299,00 €", "USD $12.50", "₹1,10,999", "CHF 1'299.–",
 * "129:-", "From $19.99", "12,50 € inkl. MwSt.", "١٬٢٩٩ ر.س". Of a range ("$10 - $20") it reads the lowest price.
 *
 * Whether "." or "," is the decimal separator follows from how the digits are grouped. "1.299" alone could be either. It is
 * a thousand when the currency has no decimals ("12.000" of VND), or when there is a sign: then people wrote it for people,
 * who group thousands this way. Otherwise it is not guessed.
 * @param currency the ISO 4217 code that the feed gives beside the price, null when it gives none
 */
export function readPrice(written: string, currency: string | null): Price | NoPrice {
  if (written.length > MOST_CHARACTERS) return 'unreadable';
  const text = withoutNotes(normalised(written));
  const range = RANGE.exec(text);
  if (!range) return readOne(text, currency);
  const [, low = '', sure, high = ''] = range;
  const one = readSingle(low, currency);
  const other = readSingle(high, currency);
  // "10-20" without a space, a sign or decimals could be anything.
  const isRange = sure?.trim() !== sure || [one, other].some((each) => each?.marks.length || each?.decimals);
  if (!one || !other || !isRange) return 'unreadable';
  const lowest = one.amount <= other.amount ? one : other;
  return priced(lowest.amount, [...one.marks, ...other.marks], currency);
}

function readOne(text: string, currency: string | null): Price | NoPrice {
  const single = readSingle(text, currency);
  return single ? priced(single.amount, single.marks, currency) : 'unreadable';
}

interface Marked extends Mark {
  text: string;
}

function priced(amount: number, marks: readonly Marked[], given: string | null): Price | NoPrice {
  const [first, ...others] = marks;
  const fitting = first?.currencies.filter((code) => others.every((mark) => mark.currencies.includes(code)));
  if (fitting?.length === 0) return 'unreadable';
  if (!fitting) return { amount, currency: given, unclearSign: null };
  if (given) {
    return fitting.includes(given) ? { amount, currency: given, unclearSign: null } : 'other-currency';
  }
  const [only = null, ...more] = fitting;
  return more.length === 0
    ? { amount, currency: only, unclearSign: null }
    : { amount, currency: null, unclearSign: first?.text ?? null };
}

const NUMBER = /\d(?:[\d.,' ]*\d)?/.source;
/** Amounts without cents: "129,-", "129.–", "129,--", Swedish "129:-" and Indian "1,999/-". */
const WHOLE = /\s*[.,:/]\s*[-–—]{1,2}/.source;
const SINGLE = new RegExp(`^([^\\d]*?)\\s*(${NUMBER})(${WHOLE})?\\s*([^\\d]*)$`);
/** The sign as decimal separator, as in French and Irish shop windows: "12€50". */
const SIGN_AS_POINT = /^(\d+)\s?(€|£)\s?(\d\d)$/;
const RANGE = new RegExp(
  `^([^\\d]*${NUMBER}[^\\d–—~-]*?)(\\s*[-–—~〜]\\s*|\\s+(?:to|bis|à|a|al|bis zu|tot|t/m|đến)\\s+)([^\\d–—~-]*${NUMBER}[^\\d]*)$`,
  'i',
);

interface Single {
  amount: number;
  marks: Marked[];
  decimals: boolean;
}

function readSingle(written: string, given: string | null): Single | null {
  const text = written.trim().replace(SIGN_AS_POINT, '$2$1.$3');
  const parts = SINGLE.exec(text);
  if (!parts) return null;
  const [, before = '', digits = '', whole = '', after = ''] = parts;
  const marks = [...marksOf(before), ...marksOf(after)];
  if (whole.includes(':')) marks.push(marked(':-'));
  const known = marks.filter((mark) => mark !== null);
  if (known.length < marks.length) return null;
  const codes = known.flatMap(({ currencies }) => (currencies.length === 1 ? currencies : []));
  const currency = codes[0] ?? given;
  const forPeople = whole !== '' || known.some(({ isSign }) => isSign);
  const amount = readAmount(digits, forPeople, currency === null ? null : decimalsOf(currency));
  return amount === null ? null : { amount, marks: known, decimals: /[.,]\d\d?$/.test(digits) };
}

/** The marks of "USD $", "US$" and "$ CAD"; null for each part that is no mark. */
function marksOf(text: string): (Marked | null)[] {
  const all = text.trim();
  if (all === '') return [];
  const together = marked(all);
  if (together) return [together];
  const parts = all.match(/^[a-z]{3}(?=\W)|(?<=\W)[a-z]{3}$|\S+?(?=\s|[a-z]{3}$|$)/gi) ?? [];
  return parts.map((part) => marked(part.trim()));
}

function marked(text: string): Marked | null {
  const mark = readMark(text);
  return mark && { ...mark, text };
}

/**
 * @param forPeople whether there is a sign beside the digits, so that people wrote the price for people
 * @param decimals of the currency, null when unknown
 */
function readAmount(digits: string, forPeople: boolean, decimals: number | null): number | null {
  const plain = digits.replaceAll(/\s/g, "'");
  const separators = plain.replaceAll(/\d/g, '');
  const last = separators.at(-1);
  if (last === undefined) return Number(plain);
  const alone = separators.length === 1;
  if (alone && /^[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) {
    // Dinars have three decimals, so with them "1,299" is as ambiguous as "1.299".
    const thousands = decimals === 0 || (decimals !== 3 && (last === ',' || forPeople));
    return thousands ? Number(plain.replace(last, '')) : null;
  }
  const once = separators.indexOf(last) === separators.length - 1;
  const hasDecimals = last !== "'" && once && (alone || new Set(separators).size === 2);
  const cut = hasDecimals ? plain.lastIndexOf(last) : plain.length;
  const whole = ungrouped(plain.slice(0, cut));
  return whole === null ? null : Number(`${whole}.${plain.slice(cut + 1) || '0'}`);
}

/** The digits without separators, if these group thousands, also in the Indian way; else null. */
function ungrouped(whole: string): string | null {
  const grouped = /^\d+$|^\d{1,3}([.,'])\d{3}(?:\1\d{3})*$|^\d{1,2}(?:,\d{2})+,\d{3}$/;
  return grouped.test(whole) ? whole.replaceAll(/\D/g, '') : null;
}

/** The zeros of other decimal digits that shops write: Arabic, Persian, Devanagari, Bengali, Thai. */
const ZEROS = ['٠', '۰', '०', '০', '๐'].map((zero) => zero.charCodeAt(0));

/**
 * Normalises characters that look alike: ASCII digits, plain spaces and apostrophes, no direction marks. Small raised digits
 * ("19⁹⁹") and fractions could be cents or footnotes, so they stay, and the price is not read.
 */
function normalised(written: string): string {
  if (/\p{No}|\p{Nl}/u.test(written)) return written;
  return written
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\u00ad]/gu, '')
    .replaceAll(/\p{Nd}/gu, asciiDigit)
    .replaceAll('٫', '.')
    .replaceAll('٬', ',')
    .replaceAll(/[’‘ʼ`´]/g, "'")
    .replaceAll('−', '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function asciiDigit(digit: string): string {
  const zero = ZEROS.find((first) => digit.charCodeAt(0) - first >= 0 && digit.charCodeAt(0) - first <= 9);
  return zero === undefined ? digit : String(digit.charCodeAt(0) - zero);
}

/** Words before a price that do not change it. */
const BEFORE =
  /^(?:(?:from|starting (?:at|from)|as low as|now|only|just|price|sale|our price|ab|nur|jetzt|preis|à partir de|dès|seulement|prix|desde|a partir de|solo|ahora|precio|a partire da|da|prezzo|vanaf|nu|prijs|slechts|từ|giá|giá bán|chỉ từ|chỉ)\s*:?(?=[\s\d]|[^\p{L}\s])\s*)+/iu;
/**
 * Words after a price that do not change it. Words for a price without tax, by weight, or of several pieces are not here,
 * because such a price is another one.
 */
const BEHIND = new Set(
  `incl incl. including included inc inc. inkl inkl. inklusive incl.vat inkl.mwst. ttc tva iva vat mwst mwst. ust ust. btw gst
  tax taxes moms dph kdv dahil incluido incluida incluidos inclus incluse inclusa comprise compris compresa i.i. gesetzl.
  gesetzlicher each ea ea. pro je per la al por stück piece pièce stuk pezzo unidad /stk /stk. /stück /st /pc /piece /pièce
  * ** tasse taxe taxes % đã bao gồm`.split(/\s+/),
);

function withoutNotes(written: string): string {
  let text = written.replace(BEFORE, '').replaceAll(/(\d) %/g, '$1%');
  for (;;) {
    const last = /[\s,()]*([^\s,()]+?)(\**)[\s,()]*$/.exec(text);
    if (!last) return text.trim();
    const [, word = '', stars] = last;
    if (BEHIND.has(word.toLowerCase()) || /^\d{1,2}%$/.test(word)) text = text.slice(0, last.index);
    else return (stars ? text.slice(0, text.lastIndexOf(stars)) : text).trim();
  }
}
