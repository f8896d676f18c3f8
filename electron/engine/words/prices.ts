// Prices in a text: "under 200", "50 to 80 €", "moins de 80", "ab 100".
import { asksForSize } from './cues.ts';
import { fold, tokensOf } from './forms.ts';

/** A price that a text asks for. */
export interface AskedPrice {
  min?: number;
  max?: number;
  /** What comes first: of one price that price itself, of a limit what is not the limit itself. */
  first: { min?: number; max?: number };
  /** UTF-16 offsets in the text. */
  start: number;
  end: number;
}

/** Which price comes first. */
export type PriceOrder = 'lowest' | 'highest';

const CURRENCY = String.raw`(?:€|\$|£|₫|eur\b|euros?\b|usd\b|dollars?\b|bucks\b|gbp\b|pounds?\b|quid\b|chf\b|franken\b|vnd\b|đồng\b|dong\b)`;
/** "1,299.00", "1.299,00", "1 299", "99", "99.95". */
const NUMBER = String.raw`\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)`;
/** A number that is a length, a weight or a share, and no price. "Under 100 in green" is no length. */
const NO_UNIT = String.raw`(?!\s*(?:(?:cm|mm|m|inch|kg|g|l|ml|%|x\d)(?![\p{L}\p{N}])|in\s*(?:$|[,;.)])))`;
const AMOUNT = String.raw`(?:${CURRENCY}\s*)?(${NUMBER})(?![\p{L}\d])${NO_UNIT}(?:\s*${CURRENCY})?`;
/** Beside a currency a number is a price whatever is said of it. */
const WITH_CURRENCY = String.raw`(?:${CURRENCY}\s*(${NUMBER})|(${NUMBER})\s*(?:,-\s*)?${CURRENCY})(?!\p{L})`;

const words = (list: string) =>
  String.raw`(?<![\p{L}\p{N}])(?:${list
    .trim()
    .split(/\s*[,\n]\s*/)
    .map((word) => word.replace(/ /g, String.raw`\s+`))
    .join('|')})(?![\p{L}\p{N}])`;

const AT_MOST = `(?:${words(`
under, below, less than, no more than, not more than, not over, not above, nothing over, nothing above, nothing more than, up to, at most, max, maximum, cheaper than, within, budget, budget of, until
unter, bis, bis zu, bis maximal, höchstens, maximal, weniger als, nicht mehr als, nicht über, günstiger als, billiger als
moins de, moins cher que, jusqu'à, jusqu’à, jusqu à, au maximum, maxi, sous, en dessous de, en-dessous de, pas plus de, inférieur à
menos de, hasta, por debajo de, máximo, como máximo, no más de, bajo
meno di, fino a, sotto, sotto i, al massimo, massimo, non più di, entro
onder, onder de, tot, minder dan, maximaal, hoogstens, niet meer dan, goedkoper dan
dưới, ít hơn, tối đa, không quá, rẻ hơn`)}|<=?|≤)`;

const AT_LEAST = `(?:${words(`
over, above, more than, at least, from, min, minimum, starting at, upwards of, no less than, not under, not below, nothing under, nothing below
über, ab, mindestens, mehr als, von, nicht unter
plus de, à partir de, a partir de, au moins, dès, au-dessus de, au dessus de, supérieur à
más de, desde, a partir de, mínimo, como mínimo, al menos, por encima de
più di, oltre, almeno, a partire da, sopra, da, minimo
boven, vanaf, meer dan, minstens, minimaal
trên, từ, hơn, ít nhất, tối thiểu`)}|>=?|≥)`;

const ABOUT = words(`
around, about, approximately, approx, roughly, circa, ca, etwa, ungefähr, um die, rund, environ, autour de, unos, alrededor de, aproximadamente, ongeveer, rond, khoảng, tầm`);

const BETWEEN = words('between, from, zwischen, von, entre, de, tra, fra, da, tussen, van, từ, giữa, desde');
const TO = String.raw`\s*(?:-|–|—|${words('and, to, till, until, und, bis, et, à, a, y, hasta, e, en, tot, đến, tới, và')})\s*`;

const pattern = (source: string) => new RegExp(source, 'giu');

/** In the order in which they are looked for: what is part of a longer one comes later. */
const PATTERNS: readonly {
  pattern: RegExp;
  read: (numbers: number[]) => Omit<AskedPrice, 'start' | 'end'>;
}[] = [
  { pattern: pattern(`${BETWEEN}\\s*${AMOUNT}${TO}${AMOUNT}`), read: range },
  { pattern: pattern(`${AMOUNT}${TO}${WITH_CURRENCY}`), read: range },
  { pattern: pattern(`${WITH_CURRENCY}${TO}${AMOUNT}`), read: range },
  // "60 to 100" without a currency: a dash may stand in a code, "to" does not.
  {
    pattern: pattern(
      `(${NUMBER})\\s+${words('to, bis, à, hasta, tot, fino a, đến, tới')}\\s+(${NUMBER})(?![\\p{L}\\d])${NO_UNIT}`,
    ),
    read: range,
  },
  { pattern: pattern(`${AT_MOST}[.:]?\\s*${AMOUNT}`), read: atMost },
  { pattern: pattern(`${AT_LEAST}[.:]?\\s*${AMOUNT}`), read: atLeast },
  {
    pattern: pattern(
      `${AMOUNT}\\s*${words('max, maximum, or less, or under, oder weniger, maximal, ou moins, o menos, o meno, of minder, trở xuống')}`,
    ),
    read: atMost,
  },
  {
    pattern: pattern(
      `${WITH_CURRENCY}\\s*(?:\\+|${words('and up, or more, upwards, und mehr, oder mehr, aufwärts, et plus, ou plus, o más, o più, of meer, trở lên')})`,
    ),
    read: atLeast,
  },
  { pattern: pattern(`${ABOUT}[.:]?\\s*${WITH_CURRENCY}`), read: about },
  { pattern: pattern(WITH_CURRENCY), read: about },
];

const NUMBERS = pattern(`(?<![\\p{N}.,])(?:${NUMBER})${TO}(?:${NUMBER})`);

/** Where a text has ranges of sizes, which are no prices: "size 8 to 10". */
function sizesIn(text: string): { start: number; end: number }[] {
  const ranges = Array.from(text.matchAll(NUMBERS), ({ 0: all, index }) => ({
    start: index,
    end: index + all.length,
  }));
  return ranges.filter(({ start }) => {
    const before = tokensOf(text.slice(0, start)).at(-1);
    return before !== undefined && asksForSize(before);
  });
}

/** "100-150": a price, or a size, a code or a year. */
const BARE_RANGE = pattern(
  `(?<![\\p{L}\\p{N}.,/#-])([1-9]\\d{0,4}(?:[.,]\\d{2})?)\\s*[-–—]\\s*([1-9]\\d{0,4}(?:[.,]\\d{2})?)(?![\\p{L}\\p{N}/-])${NO_UNIT}`,
);

/** The words that ask for the lowest or the highest price first. */
const ORDERS: readonly { pattern: RegExp; order: PriceOrder }[] = [
  {
    order: 'lowest',
    pattern: pattern(
      `${words(`
the cheapest, cheapest, cheapest ones, least expensive, most affordable, lowest price, lowest priced, lowest prices, sort by price, sorted by price, by price, low to high
am billigsten, am günstigsten, am guenstigsten, am preiswertesten, billigste, billigsten, billigster, billigstes, günstigste, günstigsten, günstigster, günstigstes, guenstigste, preiswerteste, preiswertesten, preisgünstigste, niedrigster preis, niedrigste preise, nach preis
le moins cher, la moins chère, la moins chere, les moins chers, les moins chères, moins cher, moins chère, moins chers, moins chères, meilleur marché, le prix le plus bas, prix le plus bas, par prix
el más barato, la más barata, los más baratos, las más baratas, lo más barato, más barato, más barata, más baratos, más baratas, mas barato, mas barata, mas baratos, mas baratas, menos caro, menos cara, más económico, más económica, precio más bajo, por precio
il più economico, la più economica, i più economici, le più economiche, più economico, più economica, più economici, più economiche, piu economico, piu economica, meno caro, meno cara, meno costoso, meno costosa, più conveniente, prezzo più basso, per prezzo
goedkoopste, voordeligste, minst duur, minst dure, laagste prijs, op prijs
giá rẻ nhất, rẻ nhất, giá thấp nhất, re nhat, theo giá`)}(?:\\s+${words('first, zuerst, eerst, prima')})?`,
    ),
  },
  {
    order: 'highest',
    pattern: pattern(
      `${words(`
the most expensive, most expensive, dearest, priciest, costliest, highest price, highest priced, high to low
am teuersten, teuerste, teuersten, teuerster, teuerstes, höchster preis
le plus cher, la plus chère, les plus chers, les plus chères, plus cher, plus chère, prix le plus élevé
el más caro, la más cara, los más caros, las más caras, más caro, más cara, más caros, más caras, mas caro, mas cara
il più caro, la più cara, più caro, più cara, più cari, più care, più costoso, più costosa, piu caro, piu cara
duurste, hoogste prijs
đắt nhất, mắc nhất, giá cao nhất`)}(?:\\s+${words('first, zuerst, eerst, prima')})?`,
    ),
  },
];

/** How far from a price that is given alone products may be. */
const ABOUT_SHARE = { min: 0.8, max: 1.15 };

/** Some mean less than the limit by "under", others the limit too. */
const SMALLEST_COIN = 0.01;

function atMost([max = 0]: number[]) {
  return { max, first: { max: max - SMALLEST_COIN } };
}

function atLeast([min = 0]: number[]) {
  return { min, first: { min: min + SMALLEST_COIN } };
}

function range([one = 0, other = 0]: number[]) {
  const limits = { min: Math.min(one, other), max: Math.max(one, other) };
  return { ...limits, first: limits };
}

function about([price = 0]: number[]) {
  return { min: price * ABOUT_SHARE.min, max: price * ABOUT_SHARE.max, first: { min: price, max: price } };
}

/** The prices that a text asks for, in its order. They do not overlap. */
export function pricesOf(text: string): AskedPrice[] {
  if (!/\d/.test(text)) return [];
  const found: AskedPrice[] = [];
  const sizes = sizesIn(text);
  for (const { pattern, read } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if ([...found, ...sizes].some((each) => start < each.end && each.start < end)) continue;
      const numbers = match.slice(1).flatMap((number) => (number === undefined ? [] : [numberOf(number)]));
      found.push({ ...read(numbers), start, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/**
 * Ranges without a currency ("100-150"), in the text's order. Whether they are prices depends on the catalog. They overlap none of
 * `pricesOf`.
 */
export function bareRangesOf(text: string): AskedPrice[] {
  const taken = [...pricesOf(text), ...sizesIn(text)];
  return Array.from(text.matchAll(BARE_RANGE), ({ 0: all, 1: one = '', 2: other = '', index }) => {
    const [start, end] = [index, index + all.length];
    return { numbers: [numberOf(one), numberOf(other)], start, end };
  }).flatMap(({ numbers, start, end }) => {
    const [min = 0, max = 0] = numbers;
    const isTaken = taken.some((each) => start < each.end && each.start < end);
    return isTaken || min >= max ? [] : [{ ...range(numbers), start, end }];
  });
}

/** Where a text asks for the lowest or the highest price first ("cheapest"). */
export function ordersOf(text: string): { order: PriceOrder; start: number; end: number }[] {
  return ORDERS.flatMap(({ pattern, order }) =>
    Array.from(text.matchAll(pattern), ({ 0: all, index }) => ({
      order,
      start: index,
      end: index + all.length,
    })),
  );
}

/** The last separator before one or two digits is a decimal point; any other one groups thousands. */
function numberOf(written: string): number {
  const [, whole = '', decimals = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(fold(written)) ?? [];
  return Number(`${whole.replace(/\D/g, '')}.${decimals || '0'}`);
}
