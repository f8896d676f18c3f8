import type { WordsPart } from '../../electron/contract/search.ts';

/** The text of a query. */
export interface Words {
  /** As typed; the engine reads what is not wanted in it ("without stripes"). */
  text: string;
  /** What the product should not be, in queries that an earlier version kept. */
  without: string;
}

export const NO_WORDS: Words = { text: '', without: '' };

/** The contract's own limit. */
export const MOST_CHARACTERS = 500;

function tidy(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/\s+,/g, ',')
    .replace(/,(?:\s*,)+/g, ',')
    .replace(/^[\s,]+|[\s,]+$/g, '')
    .slice(0, MOST_CHARACTERS);
}

/** The text without extra spaces, and with what an earlier version kept beside it: "dress", "stripes" is "dress without stripes". */
export function settled({ text, without }: Words): Words {
  const unwanted = without
    .split(',')
    .map(tidy)
    .filter((part) => part !== '');
  return { text: tidy([text, ...unwanted.map((part) => `without ${part}`)].join(' ')), without: '' };
}

export function hasText(words: Words): boolean {
  return settled(words).text !== '';
}

/** Joins a part to the words before it, and stays behind when the part is taken out. */
const LEFT_BEHIND =
  /(?:^|\s)(?:in|or|and|but|with|oder|und|mit|ou|et|en|avec|o|y|con|e|of|met|và|hoặc|màu)\s*$/i;

/** Where a part stands in a text now; null when the text has changed and lacks it. */
function placeOf(text: string, part: WordsPart): [start: number, end: number] | null {
  const { start, end } = part.span;
  if (text.slice(start, end) === part.text) return [start, end];
  const at = text.indexOf(part.text);
  return at < 0 ? null : [at, at + part.text.length];
}

/** The text without a part of it. */
export function withoutPart(words: Words, part: WordsPart): Words {
  const { text } = settled(words);
  const place = placeOf(text, part);
  if (!place) return settled(words);
  const before = text.slice(0, place[0]).replace(LEFT_BEHIND, '');
  return settled({ text: `${before} ${text.slice(place[1])}`, without: '' });
}

/** The text with a word instead of a part of it. */
export function withWord(words: Words, part: WordsPart, word: string): Words {
  const { text } = settled(words);
  const place = placeOf(text, part);
  if (!place) return settled(words);
  return settled({ text: `${text.slice(0, place[0])}${word}${text.slice(place[1])}`, without: '' });
}

/** The prices that a text asks for. */
export interface PriceLimits {
  min: number;
  max: number;
}

export function priceLimits(parts: readonly WordsPart[]): PriceLimits {
  const limits = { min: 0, max: Number.POSITIVE_INFINITY };
  for (const { kind, values } of parts) {
    for (const value of kind === 'price' ? values : []) {
      const [sign, number] = value.split(' ');
      if (sign === '>=') limits.min = Math.max(limits.min, Number(number));
      else limits.max = Math.min(limits.max, Number(number));
    }
  }
  return limits;
}

/** Which way a price is out of the limits; null for one within them, and for no price. */
export function besideLimits(price: number | null, { min, max }: PriceLimits): 'dearer' | 'cheaper' | null {
  if (price === null) return null;
  return price > max ? 'dearer' : price < min ? 'cheaper' : null;
}

/** Says that styles are shown whose price is not what was asked for. */
export function outOfPriceWords({ min, max }: PriceLimits): string {
  const which = max === Number.POSITIVE_INFINITY ? 'Cheaper' : min === 0 ? 'Dearer' : 'Dearer and cheaper';
  return `${which} ones are shown too, and marked.`;
}

/** What a part of the text was understood as, for whoever wants to know more of it. */
export function partMeaning({ kind, text, not, values, readAs, found }: WordsPart): string {
  if (found === 0)
    return values.length > 0 ? `found nothing; nearest: ${values.join(', ')}` : 'found nothing';
  const named =
    values.length > 0 && kind !== 'code'
      ? values.map((value) => value.replace(/^>=/, 'from').replace(/^<=/, 'up to'))
      : [];
  const read = readAs === null ? [] : [`typed: ${text}`];
  const meant = named.length > 0 ? [`${not ? 'not ' : ''}${named.join(kind === 'price' ? ' ' : ', ')}`] : [];
  const seen = found === null ? ['compared with the pictures'] : [];
  return [...read, ...meant, ...seen].join('; ');
}
