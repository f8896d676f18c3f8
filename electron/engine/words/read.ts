import { bothClauses, type Clause } from './conditions.ts';
import {
  asksForSize,
  endsNegation,
  isConnector,
  isFunctionWord,
  isVague,
  isVietnameseWord,
  negationAt,
} from './cues.ts';
import { isEveryday } from './everyday.ts';
import { type Token, tokensOf } from './forms.ts';
import type { Lexicon } from './lexicon.ts';
import { isVietnamese, LONGEST_PHRASE } from './names.ts';
import { type AskedPrice, ordersOf, type PriceOrder, pricesOf } from './prices.ts';
import type { Sense, SenseKind } from './sense.ts';

/** A part of a text that has one meaning. */
export interface ReadPart {
  kind: SenseKind | 'price' | 'order' | 'text';
  /** As it was typed, with the words that say that it is not wanted. */
  text: string;
  /** The same without the words that say that it is not wanted. */
  bare: string;
  /** UTF-16 offsets of `text` in the whole text. */
  span: readonly [start: number, end: number];
  /** Not wanted. */
  not: boolean;
  /** The known word that was read instead of a misspelt one. */
  readAs: string | null;
  /** Known words that may have been meant, where nothing was found. */
  suggestions: readonly string[];
  sense: Pick<Sense, 'values' | 'levels' | 'near' | 'related'>;
  /** Which price comes first; null for a part that says nothing of it. */
  order: PriceOrder | null;
  /** Joined to the part before by "or", "and" or a comma. */
  joined: boolean;
}

interface Place {
  text: string;
  tokens: readonly Token[];
  /** The token that is looked at. */
  at: number;
}

type Found = Pick<ReadPart, 'kind' | 'readAs' | 'suggestions' | 'sense'> & {
  order?: PriceOrder;
  from: number;
  to: number;
};

/**
 * Reads a text as the parts that have a meaning in a catalog: prices, colours, kinds, properties, sizes, brands, words of titles,
 * and words without a meaning. Words that carry none ("a", "in", "looking for") are left out.
 * @param allNot the whole text says what is not wanted
 * @param ranges ranges without a currency that are prices (see `bareRangesOf`)
 */
export function readWords(
  text: string,
  lexicon: Lexicon,
  { allNot = false, ranges = [] }: { allNot?: boolean; ranges?: readonly AskedPrice[] } = {},
): ReadPart[] {
  const prices = pricePartsOf(text, ranges);
  const tokens = tokensOf(text);
  const found: { part: Found; not: boolean; start: number; end: number }[] = [];
  let negation: { start: number; taken: number } | null = allNot ? { start: -1, taken: 0 } : null;
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    if (!token) break;
    const gap = text.slice(tokens[at - 1]?.end ?? 0, token.start);
    if (!allNot && negation && negation.taken > 0 && /[,;.]/.test(gap)) negation = null;
    const price = prices.find(({ start, end }) => token.start >= start && token.start < end);
    if (price) {
      // "Not striped under 50 navy" is a navy one.
      if (!allNot && negation && negation.taken > 0) negation = null;
      const isNegated = allNot || negation !== null;
      const next = tokens.findIndex(({ start }) => start >= price.end);
      const to = next < 0 ? tokens.length : next;
      const { start, end, part } = price;
      // "Not the cheapest" says of no price which is meant.
      if (part.kind === 'price' || !isNegated)
        found.push({ part: { ...part, from: at, to }, not: false, start, end });
      else if (!allNot) negation = null;
      at = to;
      continue;
    }
    const isLimit = (index: number) => prices.some(({ start, end }) => inside(tokens[index], start, end));
    const place = { text, tokens, at };
    const cue = negationAt(tokens, at);
    // "Ohne Muster" is a name of what is plain.
    const phrase = cue > 0 ? phraseAt(place, lexicon, isLimit) : null;
    const named = phrase && phrase.to > at + 1 && phrase.sense.levels.length > 0 ? phrase : null;
    if (cue > 0 && !named) {
      negation = { start: token.start, taken: 0 };
      at += cue;
      continue;
    }
    if (!allNot && negation && isVague(token)) negation = null;
    const isOver = endsNegation(token) || asksForSize(token);
    if (!allNot && negation && negation.taken > 0 && isOver) negation = null;
    const part = named ?? partAt(place, lexicon, isLimit);
    if (part) {
      const start = negation && negation.taken === 0 && negation.start >= 0 ? negation.start : token.start;
      const end = tokens[part.to - 1]?.end ?? token.end;
      found.push({ part, not: negation !== null, start, end });
      if (negation) negation.taken++;
    }
    at = part ? part.to : at + 1;
  }
  const parts = found.map(({ part, not, start, end }, i): ReadPart => {
    const { kind, readAs, suggestions, sense, order = null } = part;
    const joined = i > 0 && isJoined(tokens, found[i - 1]?.part.to ?? 0, part.from, text);
    const bare = text.slice(tokens[part.from]?.start ?? start, end);
    return {
      kind,
      text: text.slice(start, end),
      bare,
      span: [start, end],
      not,
      readAs,
      suggestions,
      sense,
      order,
      joined,
    };
  });
  return allNot ? parts : headKinds(keepKinds(parts), text);
}

const inside = (token: Token | undefined, start: number, end: number) =>
  token !== undefined && token.start >= start && token.start < end;

/** What a text says of prices, and where. */
function pricePartsOf(text: string, ranges: readonly AskedPrice[]) {
  const limits = [...pricesOf(text), ...ranges].map((price) => ({ ...price, part: priceFound(price) }));
  const orders = ordersOf(text)
    .filter(({ start, end }) => !limits.some((limit) => start < limit.end && limit.start < end))
    .map((order) => ({ ...order, part: orderFound(order.order) }));
  return [...limits, ...orders];
}

/** Every product with a price can be put in its order. */
function orderFound(order: PriceOrder): Omit<Found, 'from' | 'to'> {
  const levels = [[{ price: {} }]];
  const sense = { values: [`${order} price first`], levels, near: [], related: [] };
  return { kind: 'order', readAs: null, suggestions: [], sense, order };
}

function priceFound({ min, max, first }: AskedPrice): Omit<Found, 'from' | 'to'> {
  const price = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  const clause = (limits: Clause['price']): Clause[] => [{ price: limits ?? {} }];
  const levels = [clause(first), clause(price)];
  const values = [min, max].flatMap((limit, i) =>
    limit === undefined ? [] : [`${i === 0 ? '>=' : '<='} ${Number(limit.toFixed(2))}`],
  );
  return { kind: 'price', readAs: null, suggestions: [], sense: { values, levels, near: [], related: [] } };
}

/** The part at a place; null for a word that carries no meaning. */
function partAt(place: Place, lexicon: Lexicon, isLimit: (at: number) => boolean): Found | null {
  const { tokens, at } = place;
  const word = tokens[at];
  if (!word) return null;
  const before = tokens[at - 1];
  const isSize = before !== undefined && asksForSize(before);
  const phrase = phraseAt(place, lexicon, isLimit);
  const isMeant = isSize || (isVietnameseWord(word) && isVietnamese(place.text));
  const carriesNone = !isMeant && (isFunctionWord(word) || asksForSize(word) || isVague(word));
  if (phrase && !(carriesNone && phrase.to === at + 1)) return phrase;
  if (isSize) return { ...NOTHING, kind: 'size', from: at, to: at + 1 };
  return carriesNone ? null : unknownAt(place, word, lexicon);
}

/** The longest words from a place that mean something together; null for none. */
function phraseAt(place: Place, lexicon: Lexicon, isLimit: (at: number) => boolean): Found | null {
  const { tokens, at } = place;
  let empty: Found | null = null;
  for (let length = Math.min(LONGEST_PHRASE, tokens.length - at); length > 0; length--) {
    const words = tokens.slice(at, at + length);
    if (words.some((_, i) => isLimit(at + i)) || isParted(place.text, words)) continue;
    const sense = lexicon.sense(
      words.map(({ written }) => written),
      words.map(({ folded }) => folded),
    );
    if (!sense || (sense.kind === 'size' && isLoneLetter(place, length))) continue;
    const found = foundOf(sense, at, at + length);
    // "Rain coat" may be no kind of this catalog while "coat" is: a shorter name that is found is better.
    if (sense.levels.length > 0) return found;
    empty ??= found;
  }
  return empty;
}

/** "Navy, black" is no name of one colour. */
function isParted(text: string, words: readonly Token[]): boolean {
  return words.some((word, i) => i > 0 && /[,;/()]/.test(text.slice(words[i - 1]?.end ?? 0, word.start)));
}

const NOTHING = {
  readAs: null,
  suggestions: [],
  sense: { values: [], levels: [], near: [], related: [] },
} as const;

const foundOf = (
  { kind, ...sense }: Sense,
  from: number,
  to: number,
  readAs: string | null = null,
): Found => ({
  kind,
  readAs,
  suggestions: [],
  sense,
  from,
  to,
});

/** "s" is a size when it is asked for as one or typed as "S". */
function isLoneLetter({ text, tokens, at }: Place, length: number): boolean {
  const token = tokens[at];
  if (!token || length > 1) return false;
  const typed = text.slice(token.start, token.end);
  const before = tokens[at - 1];
  const isAsked = before !== undefined && asksForSize(before);
  return !isAsked && typed.length === 1 && typed !== typed.toUpperCase();
}

/** A word that is not known as it stands: a compound, the beginning of a word, a misspelt one, or none of these. */
function unknownAt({ text, tokens, at }: Place, word: Token, lexicon: Lexicon): Found {
  if (isEveryday(word.folded)) return { ...NOTHING, kind: 'text', from: at, to: at + 1 };
  const compound = lexicon.compound(word.folded);
  const correction = lexicon.correction(word.folded);
  const corrected = correction === null ? null : lexicon.sense([correction], [correction]);
  const isCorrected = corrected !== null && corrected.levels.length > 0;
  // "Camisseta" is no silk camisole.
  if (compound && (compound.second.kind === 'category' || !isCorrected)) {
    const { first, second } = compound;
    const kind = second.kind === 'category' ? 'category' : second.kind;
    // A compound is one word for two things: both have to hold.
    return { ...foundOf({ ...second, kind }, at, at + 1), sense: bothOf(first, second) };
  }
  const isLast = at === tokens.length - 1 && text.trimEnd() === text;
  const completion = isLast ? lexicon.completion(word.folded) : null;
  if (completion) return foundOf(completion, at, at + 1);
  if (isCorrected) return foundOf(corrected, at, at + 1, correction);
  const head = lexicon.headOf(word.folded);
  if (head) return foundOf(head, at, at + 1);
  const suggestions = correction === null ? lexicon.suggestions(word.folded) : [correction];
  return { ...NOTHING, kind: 'text', suggestions, from: at, to: at + 1 };
}

/** Clauses that hold where both senses hold, best first. */
function bothOf(first: Sense, second: Sense): ReadPart['sense'] {
  const all = ({ levels, near }: Sense) => [...levels, ...near].flat();
  const levels = second.levels.map((level) =>
    level.flatMap((clause) => all(first).map((other) => bothClauses(clause, other))),
  );
  const values = [...first.values, ...second.values];
  return {
    values,
    levels: levels.filter((level) => level.length > 0),
    near: second.levels,
    related: second.related,
  };
}

/** Whether nothing but a comma, "or" or "and" stands between two parts. */
function isJoined(tokens: readonly Token[], from: number, to: number, text: string): boolean {
  const between = tokens.slice(from, to);
  if (between.some((word) => !isConnector(word))) return false;
  if (between.length > 0) return true;
  const gap = text.slice(tokens[from - 1]?.end ?? 0, tokens[to]?.start ?? 0);
  return /[,/&+]/.test(gap);
}

/** Of two kinds side by side the last one is meant, and the one before says how it looks: "chino shorts", "shirt dress". */
function headKinds(parts: readonly ReadPart[], text: string): ReadPart[] {
  return parts.map((part, i) => {
    const next = parts[i + 1];
    if (part.kind !== 'category' || next?.kind !== 'category' || part.not || next.not || next.joined)
      return part;
    if (text.slice(part.span[1], next.span[0]).trim() !== '') return part;
    // A kind that the catalog does not have says nothing about what else is wanted.
    if (next.sense.levels.length === 0) return part;
    const { levels, near, related } = part.sense;
    const titles = [...levels, ...near, ...related].flat().flatMap(({ title }) => (title ? [{ title }] : []));
    if (titles.length === 0) return part;
    return {
      ...part,
      kind: 'title',
      sense: { values: [part.bare], levels: [titles], near: [], related: [] },
    };
  });
}

/** Keeps the kind wanted where something is said of it that it should not be: "no striped shirts", "not black boots". */
function keepKinds(parts: readonly ReadPart[]): ReadPart[] {
  const isWanted = parts.some(({ kind, not }) => kind === 'category' && !not);
  const isSaid = parts.some(({ kind, not }) => not && kind !== 'category');
  if (isWanted || !isSaid) return [...parts];
  return parts.map((part) => {
    if (part.kind !== 'category' || !part.not) return part;
    return { ...part, not: false };
  });
}
