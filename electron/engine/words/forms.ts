// The forms of written words: without case and accents, without endings, and one letter apart.

/** Texts without accents. */
const ASCII = /^[\x20-\x7e]*$/;

/** Letters that are no base letter with a mark, and what people type instead of them. */
const LETTERS: Readonly<Record<string, string>> = { đ: 'd', ø: 'o', ł: 'l', ß: 'ss', æ: 'ae', œ: 'oe' };

/** A text without case, accents and extra spaces, for comparing texts. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  const plain = ASCII.test(lower)
    ? lower
    : lower
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[đøłßæœ]/g, (letter) => LETTERS[letter] ?? letter);
  return plain.replace(/\s+/g, ' ').trim();
}

/** A word of a text, and where it stands there. */
export interface Token {
  /** As written, in composed letters and lower case. */
  written: string;
  /** See `fold`. */
  folded: string;
  /** See `stemOf`. */
  stem: string;
  /** UTF-16 offsets in the text. */
  start: number;
  end: number;
}

const WORD = /[\p{Alphabetic}\p{M}\p{N}]+/gu;

/** The words of a text. Signs and spaces are left out. */
export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(WORD), (match) => {
    const [word] = match;
    const folded = fold(word);
    const written = word.normalize('NFC').toLowerCase();
    return { written, folded, stem: stemOf(folded), start: match.index, end: match.index + word.length };
  });
}

/** Endings, longest first, each with the least length of a word that loses it. */
const ENDINGS: readonly (readonly [ending: RegExp, least: number, instead: string])[] = [
  [/(?<=eau|eu|ou|al)x$/, 5, ''],
  [/(?<!s|u|i)s$/, 4, ''],
  [/ie$/, 5, 'y'],
  [/(?:ed|ing)$/, 6, ''],
  [/(?:en|er)$/, 6, ''],
  [/[aeio]$/, 5, ''],
];
const LEAST_STEM = 3;
const stems = new Map<string, string>();
/** Words of queries and catalogs are remembered, up to so many. */
const MOST_STEMS = 200_000;

/**
 * The part of a folded word that its singular, plural and inflected forms share, in English, German, Dutch, French, Spanish and
 * Italian: "dresses" and "dress", "striped" and "stripes", "Jacken" and "Jacke", "rossa" and "rosso". It needs no language, as a
 * shop's titles often mix several, and is cruder than Snowball's stemmers: two words with one stem are seldom different things.
 */
export function stemOf(folded: string): string {
  const known = stems.get(folded);
  if (known !== undefined) return known;
  const stem = /\d/.test(folded) ? folded : shortened(folded);
  if (stems.size >= MOST_STEMS) stems.clear();
  stems.set(folded, stem);
  return stem;
}

function shortened(word: string): string {
  let stem = word;
  for (let before = ''; before !== stem; ) {
    before = stem;
    for (const [ending, least, instead] of ENDINGS) {
      const shorter = stem.replace(ending, instead);
      if (stem.length < least || shorter === stem || shorter.length < LEAST_STEM) continue;
      stem = shorter;
      break;
    }
  }
  // "knitted" has lost its ending and keeps a second t; "scarf" and "scarves" end alike.
  return stem.replace(/(?<=...)([bcdfgklmnprst])\1$/, '$1').replace(/f$/, 'v');
}

/** Whether two words differ by at most one letter added, missing or another, or by two that changed places. */
export function isOneEdit(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const rest = (text: string, from: number) => text.slice(from);
  if (short.length < long.length) return rest(short, at) === rest(long, at + 1);
  if (rest(short, at + 1) === rest(long, at + 1)) return true;
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return swapped && rest(short, at + 2) === rest(long, at + 2);
}

/** Whether two words are at most two such edits apart, of which the first letter is none. */
export function isTwoEdits(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 2 || one[0] !== other[0]) return false;
  return edits(one, other) <= 2;
}

/** Levenshtein's distance, with swapped neighbours as one edit (optimal string alignment). */
function edits(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min((last[j - 1] ?? 0) + (same ? 0 : 1), (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
